"""One shape for every error: RFC 9457, `application/problem+json`.

    {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "...",
     "errors": [{"parameter": "published", "code": "parameter", "detail": "..."}]}

An error in a query names its `parameter`, and where in its value it is (`position`, `length`) if that is
known; one in a body has a JSON `pointer` (RFC 6901). A conflict names the `records` that stand in the way.
"""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core import exceptions as django
from django.db import IntegrityError, OperationalError
from django.db.models import Model, ProtectedError, RestrictedError
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions as drf
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from archive.api import records
from archive.api.errors import (
    BadParameters,
    BadRows,
    ChangedMeanwhile,
    Needed,
    TooLarge,
    TooSlow,
    Unavailable,
)
from archive.api.gone import gone
from archive.api.refusals import Refusal, refusal, too_long
from archive.curate.review import PERMISSION
from archive.models import Fact, Status
from archive.models.sending import CANCELED

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
    request = context.get("request")
    body["detail"] = _said(error)
    if isinstance(error, BadParameters):
        body["errors"] = [
            {"parameter": name, "code": "parameter", "detail": str(detail), **error.details.get(name, {})}
            for name, detail in error.problems.items()
        ]
    elif isinstance(error, BadRows):
        body["errors"] = [
            {**one, "pointer": f"/{index}{one['pointer']}"}
            for index, found in sorted(error.rows.items())
            for one in _in_row(found, request.data[index])
        ]
    elif isinstance(error, Refusal | drf.ValidationError):
        body["errors"] = _in_body(error, request.data if request is not None else None)
    else:
        body |= getattr(error, "members", {})
    if request is not None and (there := _in_the_way(error, request)):
        body["records"] = records.named(there, request)
    response = Response(body, status=error.status_code, headers=headers)
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
    if isinstance(error, ProtectedError | RestrictedError):  # nothing did when it was looked for
        return ChangedMeanwhile()
    if isinstance(error, IntegrityError):
        return refusal(error)
    if isinstance(error, OperationalError):
        sqlstate = getattr(error.__cause__, "sqlstate", None) or ""
        if sqlstate in MEANWHILE:
            return ChangedMeanwhile()
        if sqlstate == CANCELED:
            return TooSlow()
        # 54: PostgreSQL's own limits, as on what an index holds. The database does answer.
        return too_long(error) if sqlstate.startswith("54") else Unavailable()
    if isinstance(error, django.ObjectDoesNotExist):  # it was there a moment ago
        return ChangedMeanwhile()
    if isinstance(error, django.RequestDataTooBig):
        return TooLarge()
    if isinstance(error, django.TooManyFieldsSent):
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return drf.ParseError(_("A query has at most %(most)s parameters.") % {"most": most})
    if isinstance(error, django.SuspiciousOperation):
        return drf.ParseError(str(error))
    return None


def _said(error: drf.APIException) -> str:
    if isinstance(error, drf.ValidationError):
        return _("The request's body is not valid.")
    return str(error.detail)


def _in_row(error: drf.APIException, row: Any) -> list[dict[str, str]]:
    """What is wrong with a row of a list, at its places or as a whole."""
    return _in_body(error, row) or [
        {"pointer": "", "code": str(error.default_code), "detail": str(error.detail)}
    ]


def _in_body(error: drf.APIException, body: Any) -> list[dict[str, str]]:
    """What is wrong with a body, at its places; nothing where `error` speaks of none."""
    if isinstance(error, drf.ValidationError):
        return list(_flat(error.detail, ""))
    if isinstance(error, Refusal):
        said = {"code": error.default_code, "detail": str(error.detail)}
        return [{"pointer": pointer, **said} for pointer in _given(error, body)]
    return []


def _in_the_way(error: drf.APIException, request: Any) -> list[Model]:
    """The records that `error` speaks of, of those that who asks may see."""
    if isinstance(error, BadRows):
        return [row for found in error.rows.values() for row in _in_the_way(found, request)]
    if isinstance(error, Needed):
        return error.records
    if not isinstance(error, Refusal) or error.taken is None:
        return []
    there = error.taken
    if issubclass(there.model, Fact) and not request.user.has_perm(PERMISSION):
        there = there.exclude(status=Status.REJECTED)
    return list(there[:1])


def _given(error: Refusal, body: Any) -> list[str]:
    """The pointers of `error`; of a conflict, those that lead to a value in the body."""
    if error.status_code != HTTPStatus.CONFLICT or body is None:
        return error.pointers
    return [pointer for pointer in error.pointers if _value(body, pointer) is not None]


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
