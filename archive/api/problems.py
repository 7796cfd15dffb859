"""One shape for every error: RFC 9457, `application/problem+json`.

    {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "...",
     "errors": [{"parameter": "published", "code": "parameter", "detail": "..."}]}

An error in a query names its `parameter`, and where in its value it is (`position`, `length`) if that is
known; one in a body has a JSON `pointer` (RFC 6901).
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core import exceptions as django
from django.db import IntegrityError, OperationalError
from django.db.models import ProtectedError, RestrictedError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions as drf
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from archive.api.errors import BadParameters, ChangedMeanwhile, Conflict, TooLarge, TooSlow, Unavailable
from archive.api.gone import gone
from archive.api.refusals import Refusal, refusal
from archive.search.articles import CANCELED

# Where DRF and Django put what is wrong with a whole record.
WHOLE = ("non_field_errors", "__all__")

# PostgreSQL's: a serialization failure and a deadlock. Whoever tries again may succeed.
MEANWHILE = ("40001", "40P01")


class ProblemRenderer(JSONRenderer):
    """Renders an error whatever the client accepts: it asked for something else and got a mistake."""

    media_type = "application/problem+json"
    format = "problem"


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's hook: turn `error` into a problem, or return None for what is truly ours (a 500)."""
    error = _known(error)
    if error is None:
        return None
    if isinstance(error, drf.NotFound):
        error = gone(context.get("view")) or error
    set_rollback()
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(error.status_code).phrase,
        "status": error.status_code,
    }
    if isinstance(error, BadParameters):
        body["detail"] = str(error.detail)
        body["errors"] = [
            {"parameter": name, "code": "parameter", "detail": str(detail), **error.details.get(name, {})}
            for name, detail in error.problems.items()
        ]
    elif isinstance(error, Refusal):
        body["detail"] = str(error.detail)
        body["errors"] = [
            {"pointer": pointer, "code": error.default_code, "detail": str(error.detail)}
            for pointer in _given(error, context.get("request"))
        ]
    elif isinstance(error, drf.ValidationError):
        body["detail"] = _("The request's body is not valid.")
        body["errors"] = list(_flat(error.detail, ""))
    else:
        body["detail"] = str(error.detail)
        body |= getattr(error, "members", {})
    response = Response(body, status=error.status_code, headers=headers)
    request = context.get("request")
    if request is not None:
        # Also after a failed negotiation, when the request has no renderer yet.
        request.accepted_renderer = ProblemRenderer()
        request.accepted_media_type = ProblemRenderer.media_type
    response.content_type = ProblemRenderer.media_type
    return response


def _known(error: Exception) -> drf.APIException | None:
    if isinstance(error, drf.APIException):
        return error
    if isinstance(error, Http404):
        return drf.NotFound()
    if isinstance(error, django.PermissionDenied):
        return drf.PermissionDenied()
    if isinstance(error, django.ValidationError):
        return drf.ValidationError(error.message_dict if hasattr(error, "error_dict") else error.messages)
    if isinstance(error, ProtectedError | RestrictedError):
        held = getattr(error, "protected_objects", None) or error.restricted_objects
        names = sorted(f"{row._meta.model_name} {row.pk}" for row in held)
        more = f" (+{len(names) - 10})" if len(names) > 10 else ""
        return Conflict(
            _("Other records need this one: %(records)s") % {"records": ", ".join(names[:10]) + more}
        )
    if isinstance(error, IntegrityError):
        return refusal(error)
    if isinstance(error, OperationalError):
        sqlstate = getattr(error.__cause__, "sqlstate", None) or ""
        if sqlstate in MEANWHILE:
            return ChangedMeanwhile()
        if sqlstate == CANCELED:
            return TooSlow()
        # 54: PostgreSQL's own limits, as on what an index holds. The database does answer.
        too_long = sqlstate.startswith("54")
        return Refusal(400, _("A value is too long for its index.")) if too_long else Unavailable()
    if isinstance(error, django.ObjectDoesNotExist):  # it was there a moment ago
        return ChangedMeanwhile()
    if isinstance(error, django.RequestDataTooBig):
        return TooLarge()
    if isinstance(error, django.SuspiciousOperation):
        return drf.ParseError(str(error))
    return None


def _given(error: Refusal, request: Any) -> list[str]:
    """The pointers of `error`; of a conflict, those that lead to a value in the request's body."""
    if error.status_code != HTTPStatus.CONFLICT or request is None:
        return error.pointers
    return [pointer for pointer in error.pointers if _value(request.data, pointer) is not None]


def _value(body: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        try:
            body = body[int(step) if isinstance(body, list) else step]
        except LookupError:
            return None
    return body


def _flat(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """DRF's nested details as a list, each with its JSON pointer."""
    if isinstance(detail, dict):
        for key, value in detail.items():
            step = "" if key in WHOLE else "/" + str(key).replace("~", "~0").replace("/", "~1")
            yield from _flat(value, pointer + step)
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            yield from _flat(value, f"{pointer}/{index}" if nested else pointer)
    else:
        yield {"pointer": pointer, "code": str(getattr(detail, "code", "invalid")), "detail": str(detail)}
