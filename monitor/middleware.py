"""What every request gets: a language, and a name for what it writes."""

import uuid

from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponse
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
    """Gives a request an id, and lets the history rows that it causes say who and which request.

    pghistory's own middleware follows `request.user`, which the API sets later than the admin.
    """

    def get_context(self, request: HttpRequest) -> dict:
        return {**super().get_context(request), "request": request.id}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = str(uuid.uuid4())
        response = super().__call__(request)
        response["X-Request-Id"] = request.id
        return response
