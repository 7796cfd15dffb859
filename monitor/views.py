"""What is answered before any view is reached."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

from monitor.middleware import API


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, as for a host that is not ours: in the API's one shape of errors, or as a page."""
    if not request.path.startswith(API):
        return defaults.bad_request(request, exception)
    return problem(400, _("The request cannot be understood, or its Host is not one of this archive."))


def problem(status: int, detail: str) -> HttpResponse:
    """An error in the API's one shape, where no view is there to answer (archive.api.problems)."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
