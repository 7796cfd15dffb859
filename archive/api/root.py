"""The way in, and what stands at addresses that are none."""

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView
from rest_framework.views import APIView

from archive.api.errors import not_found
from archive.api.links import link
from archive.api.options import JsonOptions
from archive.api.parsers import check_method, check_names, check_query


class Strict(JsonOptions):
    """Refuses query parameters that a view does not name in `parameters`."""

    parameters: tuple[str, ...] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        check_method(self, request)
        super().initial(request, *args, **kwargs)
        check_query(request.query_params)
        check_names(request.query_params, self.parameters)


@extend_schema(exclude=True)
class Schema(Strict, SpectacularAPIView):
    """The OpenAPI schema."""


@extend_schema(exclude=True)
class Docs(Strict, SpectacularSwaggerSplitView):
    """Readable pages, made of the schema by a script that has an address of its own."""

    parameters = ("script",)
    url_name = "schema"
    template_name = "archive/docs.html"


@extend_schema(exclude=True)
class Root(Strict, APIRootView):
    """The archive's resources. Readable pages are at `docs/`, the schema at `schema/`."""

    permission_classes = (AllowAny,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().get(request, *args, **kwargs)
        for name in ("deletions", "schema", "docs"):
            response.data[name] = request.build_absolute_uri(f"{request.path}{name}/")
        link(response, service_desc=response.data["schema"], service_doc=response.data["docs"])
        return response


@extend_schema(exclude=True)
class NothingHere(APIView):
    """Answers 404 in the one shape of errors, where Django would answer with a page."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise not_found(request)
