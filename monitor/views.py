"""What is answered before any view is reached."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import defaults

from monitor.middleware import API


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, as for a host that is not ours: in the API's one shape of errors, or as a page."""
    if not request.path.startswith(API):
        return defaults.bad_request(request, exception)
    problem = {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": _("The request cannot be understood, or its Host is not one of this archive."),
    }
    return JsonResponse(problem, status=400, content_type="application/problem+json")
