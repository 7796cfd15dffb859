"""JSON in, strictly: what PostgreSQL cannot store, or nobody can mean, is refused before it gets anywhere."""

import json
import math
from collections.abc import Collection
from typing import Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import JSONParser
from rest_framework.utils.mediatypes import _MediaType

from archive.api.errors import BadParameters, NotHonoured
from archive.models.sql import UNSTORABLE

UTF_8 = ("utf-8", "utf8")
NOT_HONOURED = ("If-None-Match", "If-Unmodified-Since")
# With which writes a header means something.
GOES_WITH = {"If-Match": ("PATCH", "DELETE"), "Idempotency-Key": ("POST",)}


class StrictJSONParser(JSONParser):
    """UTF-8 JSON without NaN, duplicate keys, NUL, lone surrogates, or nesting without end."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: dict | None = None) -> Any:
        charset = _MediaType(media_type or "").params.get("charset", "utf-8")
        if charset.lower() not in UTF_8:
            message = _("The charset %(charset)s is not read: JSON is UTF-8.")
            raise UnsupportedMediaType("", detail=message % {"charset": charset[:50]})
        try:
            text = stream.read().decode("utf-8")
        except UnicodeDecodeError as error:
            raise ParseError(_("The body is not UTF-8: byte %(byte)s.") % {"byte": error.start}) from None
        try:
            value = json.loads(
                text,
                parse_constant=_no_constant,
                parse_float=_finite,
                parse_int=_whole,
                object_pairs_hook=_no_duplicates,
            )
        except RecursionError:
            raise ParseError(_("The body is nested too deeply.")) from None
        except ValueError as error:
            raise ParseError(_("The body is not JSON: %(reason)s") % {"reason": error}) from None
        _refuse_unstorable(value)
        return value


def check_method(view: Any, request: Any) -> None:
    """Raise MethodNotAllowed at once: what the parameters of such a request would be, nobody has said."""
    if not hasattr(view, request.method.lower()):
        view.http_method_not_allowed(request)


def check_query(query: Any) -> None:
    """Raise BadParameters for a query parameter that holds NUL or bytes that are not UTF-8."""
    problems = {
        _shown(name): _("NUL and text that is not UTF-8 are not allowed.")
        for name, values in query.lists()
        if any(UNSTORABLE.search(text) or "\ufffd" in text for text in (name, *values))
    }
    if problems:
        raise BadParameters(problems)


def check_names(query: Any, known: Collection[str]) -> None:
    """Raise BadParameters for a parameter that is not `known`: to ignore it would answer another question."""
    if unknown := [name for name in query if name not in known]:
        message = _("There is no such parameter here. Use: %(allowed)s.") % {
            "allowed": ", ".join(sorted(known)) or _("none")
        }
        raise BadParameters(dict.fromkeys(unknown, message))


def check_headers(request: Any) -> None:
    """Refuse a write with a header that would be ignored: what it asks for does not happen here."""
    for header in NOT_HONOURED:
        if header in request.headers:
            raise NotHonoured(header)
    for header, methods in GOES_WITH.items():
        if header in request.headers and request.method not in methods:
            raise ParseError(
                _("The header %(header)s goes with %(methods)s.")
                % {"header": header, "methods": ", ".join(methods)}
            )
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("", detail=_("Send the body without a Content-Encoding."))


def _shown(text: str) -> str:
    return UNSTORABLE.sub("\ufffd", text)[:100]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _out_of_range(text)
    return number


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:  # more digits than Python reads
        raise _out_of_range(text) from None


def _out_of_range(text: str) -> ValueError:
    return ValueError(_("the number %(number)s is out of range") % {"number": f"{text[:20]}…"})


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(key for key, _value in pairs if sum(key == other for other, _other in pairs) > 1)
        raise ValueError(f"the key {_shown(twice)!r} stands twice in one object")
    return found


def _refuse_unstorable(value: Any) -> None:
    # A loop, not a recursion: the depth is the sender's choice.
    waiting = [("", value)]
    while waiting:
        pointer, found = waiting.pop()
        if isinstance(found, dict):
            waiting += [(f"{pointer}/{_shown(key)}", item) for key, item in found.items()]
            waiting += [(f"{pointer}/{_shown(key)}", key) for key in found if UNSTORABLE.search(key)]
        elif isinstance(found, list):
            waiting += [(f"{pointer}/{index}", item) for index, item in enumerate(found)]
        elif isinstance(found, str) and UNSTORABLE.search(found):
            raise ParseError(
                _("NUL and lone surrogates are not allowed: %(pointer)s") % {"pointer": pointer or "/"}
            )
