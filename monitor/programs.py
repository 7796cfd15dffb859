"""A shorter way for programs, which bring the API a token or nothing: no cookie, nor are they given one.

Of what Django does around a view most is for pages, or sets headers that are the same each time. A program's
request takes half the time without.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from monitor.http import HttpMiddleware
from monitor.middleware import API, HistoryMiddleware, LanguageMiddleware, PolicyMiddleware

# What stands around a view, from the outside in.
WAY: Final = (LanguageMiddleware, HttpMiddleware, HistoryMiddleware)
# What sets headers, from the inside out: the same for all that is no page.
HEADERS: Final = (XFrameOptionsMiddleware, PolicyMiddleware, SecurityMiddleware)


def is_of_program(request: HttpRequest) -> bool:
    """Whether a request is for the API, and from no browser that somebody is signed in with."""
    return request.path.startswith(API) and not request.META.get("HTTP_COOKIE")


class ProgramsMiddleware:
    """Answers programs, and hands everybody else on to what follows."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.only_secure = settings.SECURE_SSL_REDIRECT
        self.way = convert_exception_to_response(_View())
        for middleware in reversed(WAY):
            self.way = convert_exception_to_response(middleware(self.way))
        self.sets_headers = [middleware(get_response) for middleware in HEADERS]
        self.headers = {secure: self._headers(secure) for secure in (False, True)}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_of_program(request) or (self.only_secure and not request.is_secure()):
            return self.get_response(request)
        response = self.way(request)
        if not response.headers.get("Content-Type", "text/html").startswith("text/html"):
            for name, value in self.headers[request.is_secure()].items():
                response.setdefault(name, value)
            return response
        for middleware in self.sets_headers:
            response = middleware.process_response(request, response)
        return response

    def _headers(self, secure: bool) -> dict[str, str]:
        """What each answer gets that is no page, by Django's own middleware."""
        request = _Asked(secure)
        response = HttpResponse(content_type="application/json")
        for middleware in self.sets_headers:
            response = middleware.process_response(request, response)
        return {name: value for name, value in response.items() if name != "Content-Type"}


class _View(BaseHandler):
    """From a request to its view and back, as Django goes where no middleware has to do with views.

    The API has no asynchronous ones.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Raises DisallowedHost for one that is not the archive's.
        request.get_host()
        view, arguments, named = self.resolve_request(request)
        response = view(request, *arguments, **named)
        self.check_response(response, view)
        if callable(render := getattr(response, "render", None)):
            return render()
        return response


class _Asked(HttpRequest):
    """Some request for the API."""

    def __init__(self, secure: bool) -> None:
        super().__init__()
        self.path, self.secure = API, secure

    def is_secure(self) -> bool:
        return self.secure
