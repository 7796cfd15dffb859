"""What OPTIONS answers: what an address is, and what it takes."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from rest_framework.metadata import BaseMetadata
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request


class Metadata(BaseMetadata):
    """A few words on an address, its methods and what parameters a read takes. The rest is in the schema."""

    def determine_metadata(self, request: Request, view: Any) -> dict[str, Any]:
        return {
            "name": view.get_view_name(),
            "description": view.get_view_description(),
            "methods": view.allowed_methods,
            "parameters": sorted(_parameters(view)),
            "schema": request.build_absolute_uri(reverse("schema")),
        }


def _parameters(view: Any) -> Iterable[str]:
    """The query parameters of a read at the address of `view`."""
    if not callable(view.parameters):
        return view.parameters
    asked, view.action = view.action, view.action_map["get"]
    try:
        return view.parameters()
    finally:
        view.action = asked


class JsonOptions:
    """A view whose OPTIONS answers in JSON, whatever else it answers in and whatever the client accepts."""

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple:
        if request.method == "OPTIONS":
            return JSONRenderer(), JSONRenderer.media_type
        return super().perform_content_negotiation(request, force)
