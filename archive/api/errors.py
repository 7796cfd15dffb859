"""What can be wrong with a request. `archive.api.problems` turns it into an answer.

These stand alone: DRF's views import the parsers, filters and pages that raise them.
"""

from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from rest_framework import exceptions as drf
from rest_framework import status


class BadParameters(drf.APIException):
    """400: query parameters that cannot be understood. `problems` maps a parameter to its message.

    `details` says more of some: a `code` of the mistake, and where in the value it is (`position`, `length`
    in code points).
    """

    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "parameter"

    def __init__(self, problems: dict[str, str], details: dict[str, dict] | None = None) -> None:
        super().__init__(gettext_lazy("The query has parameters that cannot be understood."))
        self.problems, self.details = problems, details or {}


class Conflict(drf.APIException):
    """409: the request contradicts what the archive holds."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class Needed(Conflict):
    """409: other `records` need this one. `more` says how many there are besides."""

    def __init__(self, records: list[Model], more: str = "") -> None:
        names = ", ".join(f"{row._meta.model_name} {row.pk}" for row in records)
        names = names or _("some that editors alone see")
        super().__init__(_("Other records need this one: %(records)s") % {"records": names + more})
        self.records = records


class InProgress(Conflict):
    """409: the first request with this Idempotency-Key is under way."""

    default_detail = gettext_lazy("A request with this Idempotency-Key is being answered: try again soon.")
    default_code = "in_progress"
    wait = 1


class ChangedMeanwhile(Conflict):
    """409: somebody else was faster."""

    default_detail = gettext_lazy("This was changed at the same time by somebody else: try again.")


class KeyTaken(drf.APIException):
    """422: an Idempotency-Key that came with another request before."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = gettext_lazy("This Idempotency-Key came with another request before: take a new one.")
    default_code = "key_taken"


class PreconditionFailed(drf.APIException):
    """412: the record is not what the client has seen."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_detail = gettext_lazy("This is not, or no longer, what If-Match names.")
    default_code = "changed"


class PreconditionRequired(drf.APIException):
    """428: a change that does not say what it changes."""

    status_code = status.HTTP_428_PRECONDITION_REQUIRED
    default_detail = gettext_lazy("Send the record's ETag as If-Match, so that nobody's change is lost.")
    default_code = "if_match_required"


class BadRows(drf.APIException):
    """What is wrong with each of some rows of a list, by their place in it. Nothing of it was written.

    The status is that of all of them where they have the same, else 400.
    """

    default_code = "rows"

    def __init__(self, rows: dict[int, drf.APIException], of: int) -> None:
        super().__init__(
            _("Nothing was written: of %(all)s rows %(bad)s cannot be.") % {"all": of, "bad": len(rows)}
        )
        self.rows = rows
        found = {error.status_code for error in rows.values()}
        self.status_code = found.pop() if len(found) == 1 else status.HTTP_400_BAD_REQUEST


class LengthRequired(drf.APIException):
    """411: a body in chunks, of which DRF would read nothing and say nothing."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_detail = gettext_lazy("Send the body with a Content-Length.")
    default_code = "length_required"


class NotHonoured(drf.APIException):
    """501: a header that asks for what the archive does not do."""

    status_code = status.HTTP_501_NOT_IMPLEMENTED
    default_code = "not_implemented"

    def __init__(self, header: str) -> None:
        super().__init__(_("The header %(header)s is not honoured here: leave it out.") % {"header": header})


class TooLarge(drf.APIException):
    """413: the body is longer than the archive reads."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("The body is too large.")
    default_code = "too_large"


class Unavailable(drf.APIException):
    """503: the database does not answer."""

    status_code = status.HTTP_503_SERVICE_UNAVAILABLE
    default_detail = gettext_lazy("The database does not answer. Try again soon.")
    default_code = "unavailable"
    wait = 5


class TooManyRequests(drf.APIException):
    """429: more than the rate allows. `wait` is in how many seconds to try again."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "throttled"

    def __init__(self, wait: int) -> None:
        super().__init__(
            ngettext(
                "Too many requests: try again in %(seconds)s second.",
                "Too many requests: try again in %(seconds)s seconds.",
                wait,
            )
            % {"seconds": wait}
        )
        self.wait = wait


class TooSlow(Unavailable):
    """503: the database was told to stop, as the answer took too long."""

    default_detail = gettext_lazy(
        "This takes too long to find. Ask for less (rarer words, a shorter time), or try again soon."
    )
    default_code = "too_slow"


def not_found(request: HttpRequest) -> Exception:
    """404 for an address below the API that is none."""
    if request.path.endswith("/"):
        message = _("There is nothing at %(path)s.")
    else:
        message = _("There is nothing at %(path)s. Addresses end with a slash.")
    return drf.NotFound(message % {"path": request.path})
