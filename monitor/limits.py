"""How what serves requests is connected to the database: for long; and no request keeps that busy long."""

from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError, connections
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from archive.models.sending import CANCELED
from monitor.middleware import API


def connect_for_requests() -> None:
    """Each thread of this process keeps its connection, and no statement takes longer than it may.

    For processes that serve requests, before their first one: no command and no worker, whose work may take
    hours. A connection that is taken for each request, and given back, takes a tenth of the time of a short
    answer. How long a statement may take, locks included, ARCHIVE_STATEMENT_SECONDS says: an option of
    connections, so that it costs a request no statement. What sets itself another time says it
    with its statements (`archive.models.sending`).
    """
    database = connections.settings["default"]
    database["CONN_MAX_AGE"] = None
    database["OPTIONS"]["options"] += f" -c statement_timeout={settings.ARCHIVE_STATEMENT_SECONDS}s"


class SlowMiddleware:
    """Answers 503 where a page took too long for the database. The API has an answer of its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        slow = isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) == CANCELED
        if not slow or request.path.startswith(API):
            return None
        message = _("This takes too long. Ask for less, or try again soon.")
        return HttpResponse(
            message, status=503, content_type="text/plain; charset=utf-8", headers={"Retry-After": "5"}
        )
