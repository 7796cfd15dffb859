"""A request's id, and its line in the log.

The id stands in every line that is logged while the request is answered, in the history rows that it causes,
in its answer (`X-Request-Id`), and in the problem that a failure of ours is told by.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from secrets import token_hex
from time import perf_counter

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path
from django.utils.functional import LazyObject

log = structlog.get_logger("monitor.requests")

# What a proxy may call a request: nginx's own $request_id is 32 hexadecimal digits, and so is ours.
GIVEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")


class TracingMiddleware:
    """Gives a request its id, and logs a line when it is answered. Comes first, so that it misses nothing.

    An id that comes along is believed only from a proxy that is trusted, and if it has the form of one:
    anybody else could have the history name a request that was not his.

    The line has no query, no headers and no bodies: they may hold what is secret, or somebody's text.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = perf_counter()
        request.id = _id(request)
        structlog.contextvars.bind_contextvars(request_id=request.id)
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request.id
            if response.streaming and settings.ARCHIVE_LOG_REQUESTS:
                # What is streamed is made while it is sent: the line comes when all of it went, or broke off.
                response.streaming_content = _until_sent(response.streaming_content, request, response, began)
            elif settings.ARCHIVE_LOG_REQUESTS:
                _tell(request, response.status_code, began)
        finally:
            # The next request that this thread answers is another.
            structlog.contextvars.unbind_contextvars("request_id")
        return response


def _id(request: HttpRequest) -> str:
    given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.PROXIES else ""
    return given if GIVEN.fullmatch(given) else token_hex(16)


def _until_sent(
    chunks: Iterable[bytes], request: HttpRequest, response: HttpResponse, began: float
) -> Iterator[bytes]:
    with structlog.contextvars.bound_contextvars(request_id=request.id):
        try:
            yield from chunks
        finally:
            _tell(request, response.status_code, began)


def _tell(request: HttpRequest, status: int, began: float) -> None:
    log.info(
        "request",
        # Said, as what is streamed may end in another context.
        request_id=request.id,
        method=request.method,
        # As it came over the wire: no letter in it can pass for something else in a terminal.
        path=escape_uri_path(request.path),
        status=status,
        ms=round((perf_counter() - began) * 1000, 1),
        user=_user(request),
    )


def _user(request: HttpRequest) -> int | None:
    """The id of who asks, where the answer had to know; nobody is looked up for the log."""
    user = request.__dict__.get("user")
    if isinstance(user, LazyObject):
        user = request.__dict__.get("_cached_user")
    return getattr(user, "pk", None)
