"""Reads parameters that are no filters, and gathers all that is wrong with them."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from archive.api.errors import BadParameters


class Asking:
    """A request's parameters. Each reader returns a default where there is a problem; `done` raises them."""

    def __init__(self, query: QueryDict) -> None:
        self.query = query
        self.problems: dict[str, str] = {}

    def done(self) -> None:
        """Raise BadParameters, naming each that is wrong."""
        if self.problems:
            raise BadParameters(self.problems)

    def one_of(self, name: str, choices: Sequence[str], default: str | None) -> str | None:
        value = self._single(name)
        if value is not None and value not in choices:
            self.problems[name] = _("Use one of: %(choices)s.") % {"choices": ", ".join(choices)}
        return default if value is None or name in self.problems else value

    def some_of(self, name: str, choices: Sequence[str], default: Sequence[str]) -> list[str]:
        """Values separated by commas, each once, in their order. Without a default there has to be one."""
        given = [part.strip() for value in self.query.getlist(name) for part in value.split(",")]
        if set(given) - set(choices) or not (given or default):
            message = _("Use one or more of these, separated by commas: %(choices)s.")
            self.problems[name] = message % {"choices": ", ".join(choices)}
            return list(default)
        return list(dict.fromkeys(given)) or list(default)

    def flag(self, name: str) -> bool:
        return self.one_of(name, ("true", "false"), "false") == "true"

    def number(self, name: str, most: int, default: int) -> int:
        value = self._single(name)
        if value is None:
            return default
        if value.isascii() and value.isdigit() and len(value) < 9 and 1 <= int(value) <= most:
            return int(value)
        self.problems[name] = _("Use a whole number from 1 to %(most)s.") % {"most": most}
        return default

    def _single(self, name: str) -> str | None:
        values = self.query.getlist(name)
        if len(values) > 1:
            self.problems[name] = _("Give it once.")
        return values[0] if values else None


def described(name: str, schema: dict, description: str, *, required: bool = False) -> OpenApiParameter:
    """A parameter as OpenAPI has it. Of arrays the values are separated by commas."""
    explode = False if schema.get("type") == "array" else None
    return OpenApiParameter(name, schema, required=required, description=description, explode=explode)


def several(choices: Sequence[str]) -> dict[str, Any]:
    """The schema of some of `choices`, separated by commas."""
    return {"type": "array", "items": {"type": "string", "enum": list(choices)}, "minItems": 1}


WHOLE: Final = {"type": "integer", "minimum": 1}
