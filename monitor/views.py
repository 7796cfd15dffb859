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


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a mistake of ours. It names the request, by which the log says what went wrong; nothing else."""
    if not request.path.startswith(API):
        return defaults.server_error(request)
    message = _("The archive failed to answer. Its log says why, under the request %(id)s.")
    return problem(500, message % {"id": request.id}, request=request.id)


def problem(status: int, detail: str, **members: str) -> HttpResponse:
    """An error in the API's one shape, where no view is there to answer (archive.api.problems)."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        **members,
    }
    return JsonResponse(
        body,
        status=status,
        content_type="application/problem+json",
        json_dumps_params={"ensure_ascii": False},
    )
