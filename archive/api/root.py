"""The way in, and what stands at addresses that are none."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import APIRootView
from rest_framework.views import APIView

from archive.api.errors import not_found


@extend_schema(exclude=True)
class Root(APIRootView):
    """The archive's resources. Readable pages are at `docs/`, the schema at `schema/`."""

    permission_classes = (AllowAny,)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().get(request, *args, **kwargs)
        for name in ("schema", "docs"):
            response.data[name] = request.build_absolute_uri(f"{request.path}{name}/")
        return response


@extend_schema(exclude=True)
class NothingHere(APIView):
    """Answers 404 in the one shape of errors, where Django would answer with a page."""

    permission_classes = (AllowAny,)
    authentication_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise not_found(request)
