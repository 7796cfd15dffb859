"""What every request gets: a language, and a name for what it writes."""

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from pghistory import middleware as pghistory

API = "/api/"


class LanguageMiddleware(LocaleMiddleware):
    """Django's choice of language; but the API answers a program that names none in English."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path.startswith(API) and "HTTP_ACCEPT_LANGUAGE" not in request.META:
            translation.activate("en")
            request.LANGUAGE_CODE = translation.get_language()
        else:
            super().process_request(request)


class PageMessageMiddleware(MessageMiddleware):
    """Django's messages to the person in front of a page. The API has none."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.path.startswith(API):
            super().process_request(request)


class HistoryMiddleware(pghistory.HistoryMiddleware):
    """Lets the history rows that a request causes say who and which request (monitor.tracing).

    pghistory's own middleware follows `request.user`, which the API sets later than the admin.
    """

    def get_context(self, request: HttpRequest) -> dict:
        return {**super().get_context(request), "request": request.id}
