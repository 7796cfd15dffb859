"""Two addresses for who watches the archive: `/healthz`, does the process answer; `/readyz`, can it serve.

They are answered before anything else looks at the request: whatever Host a probe names, over plain HTTP, and
without a session. They say nothing that is secret.
"""

import threading
from collections.abc import Callable
from functools import cache
from time import monotonic

import psycopg
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from monitor.views import problem

# Seconds that the database may take to answer a probe.
PATIENCE = 2
# Seconds that an answer holds in this process: who asks without end does not keep the database busy.
HOLDS = 1.0
# Missing migrations that are named.
NAMED = 10


class HealthMiddleware:
    """Answers the probes, and hands everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.readiness = Readiness()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info not in ("/healthz", "/readyz"):
            return self.get_response(request)
        response = self.answer(request)
        response["Cache-Control"] = "no-store"
        return response

    def answer(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            response = problem(405, _("Use GET or HEAD."))
            response["Allow"] = "GET, HEAD"
            return response
        if request.path_info == "/readyz" and (missing := self.readiness.missing()):
            response = problem(503, missing)
            response["Retry-After"] = "5"
            return response
        return JsonResponse({"status": "ok"})


class Readiness:
    """What this process cannot serve without, and whether it is there."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.looked, self.found = -HOLDS, ""

    def missing(self) -> str:
        """What is missing, in words for people; empty where nothing is."""
        with self.lock:
            if monotonic() - self.looked >= HOLDS:
                self.found = _look()
                self.looked = monotonic()
            return self.found


def _look() -> str:
    # Not the thread's own: what that has met before is none of the probe's business.
    parameters = {**connection.get_connection_params(), "connect_timeout": PATIENCE}
    try:
        with psycopg.connect(**parameters) as database:
            database.execute("SELECT set_config('statement_timeout', %s, false)", [f"{PATIENCE}s"])
            applied = set(database.execute("SELECT app, name FROM django_migrations").fetchall())
    except psycopg.errors.UndefinedTable:
        applied = set()
    except psycopg.Error:
        return _("The database does not answer.")
    behind = sorted(f"{app}.{name}" for app, name in _migrations() - applied)
    if not behind:
        return ""
    named = ", ".join(behind[:NAMED]) + (", …" if len(behind) > NAMED else "")
    return _("Migrations are not applied: %(names)s") % {"names": named}


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """The migrations that this version of the archive needs, as (application, name)."""
    return frozenset(MigrationLoader(None).graph.nodes)
