"""What every request gets: a language, a policy, and a name for what it writes."""

from typing import Any

from csp import middleware as csp
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from pghistory import middleware as pghistory

API = "/api/"


class PolicyMiddleware(csp.CSPMiddleware):
    """django-csp's policy for pages; a browser that is led to show anything else of the API runs nothing."""

    HEADER = "Content-Security-Policy"
    OF_NO_PAGE = "default-src 'none'; frame-ancestors 'none'"

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if not request.path.startswith(API) or response.get("Content-Type", "").startswith("text/html"):
            return super().process_response(request, response)
        # Who is told that what he has is still right goes on by the policy that came with it.
        if response.status_code != 304:
            response[self.HEADER] = self.OF_NO_PAGE
        return response


class LanguageMiddleware(LocaleMiddleware):
    """Django's choice of language; but the API answers a program that names none in English."""

    def __call__(self, request: HttpRequest) -> Any:
        if not request.path.startswith(API) or "HTTP_ACCEPT_LANGUAGE" in request.META:
            return super().__call__(request)
        translation.activate("en")
        request.LANGUAGE_CODE = "en"
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", "en")
        return response


class HistoryMiddleware(pghistory.HistoryMiddleware):
    """Lets the history rows that a request causes say who and which request (monitor.tracing).

    pghistory's own middleware follows `request.user`, which the API sets later than the admin.
    """

    def get_context(self, request: HttpRequest) -> dict:
        return {**super().get_context(request), "request": request.id}
