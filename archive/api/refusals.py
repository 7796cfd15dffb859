"""What the database refuses to store, as answers: the status, the words, and the fields that are concerned.

The rules live in the database (`archive.models`), and it is asked to keep them: a check
before the write would not see other writers. What comes back is the name of a constraint.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from django.apps import apps
from django.db import IntegrityError, models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from rest_framework import exceptions, status

from archive.curate.violations import explain
from archive.models.fields import Derived

# https://www.postgresql.org/docs/current/errcodes-appendix.html
NOT_NULL, CHECK, UNIQUE = "23502", "23514", "23505"


class Refusal(exceptions.APIException):
    """400 or 409: a rule of the database is broken. `pointers` lead to what it speaks of in the body."""

    default_code = "refused"

    def __init__(self, status_code: int, detail: Any, pointers: Iterable[str] = ()) -> None:
        super().__init__(detail)
        self.status_code, self.pointers = status_code, list(pointers)

    def below(self, *steps: object) -> Self:
        """The same of a row that stands at `steps` in the body."""
        path = "".join(f"/{step}" for step in steps)
        return type(self)(self.status_code, self.detail, [path + pointer for pointer in self.pointers])


@dataclass(frozen=True)
class Rule:
    """A constraint: whose it is, which of its fields a writer can set, and if it has its own words."""

    model: type[models.Model]
    fields: tuple[str, ...]
    explained: bool = False


def refusal(error: IntegrityError) -> Refusal:
    """The answer to a write that broke a constraint: 400 where no other record is concerned, else 409."""
    diagnosis = getattr(error.__cause__, "diag", None)
    sqlstate = getattr(error.__cause__, "sqlstate", None)
    rule = _rules().get(getattr(diagnosis, "constraint_name", None) or "")
    pointers = [f"/{name}" for name in rule.fields] if rule else []
    if sqlstate in (CHECK, NOT_NULL):
        return Refusal(status.HTTP_400_BAD_REQUEST, explain(error), pointers or [""])
    detail: Any = explain(error)
    if sqlstate == UNIQUE and rule and len(rule.fields) == 1:
        detail = rule.model().unique_error_message(rule.model, rule.fields).messages[0]
    elif sqlstate == UNIQUE and rule and not rule.explained:
        detail = _("This is recorded already.")
    return Refusal(status.HTTP_409_CONFLICT, detail, pointers)


@cache
def _rules() -> dict[str, Rule]:
    found = {}
    for model in apps.get_app_config("archive").get_models():
        for constraint in model._meta.constraints:
            names = constraint.fields if isinstance(constraint, models.UniqueConstraint) else ()
            if isinstance(constraint, models.CheckConstraint):
                names = _named(constraint.condition)
            own = constraint.violation_error_message != constraint.default_violation_error_message
            found[constraint.name] = Rule(model, _writable(model, names), own)
        for field in model._meta.local_fields:
            # PostgreSQL's own name of a constraint that stands with its column.
            if field.unique and not field.primary_key:
                found[f"{model._meta.db_table}_{field.column}_key"] = Rule(model, (field.name,))
        for trigger in getattr(model._meta, "triggers", ()):
            table = model._meta.model_name
            if trigger.name == "end_within_text":
                found[f"{table}_end_within_text"] = Rule(model, ("end",))
            elif trigger.name == "never_changes":
                found[f"{table}_never_changes"] = Rule(model, ("sha256", "length"))
            elif trigger.name == "not_purged":
                name = {"article": "identifier", "articleaddress": "url", "articletext": "sha256"}[table]
                found[f"{table}_not_purged"] = Rule(model, (name,))
    return found


def _named(condition: Any) -> Iterator[str]:
    """The fields that a condition speaks of, on both sides of its comparisons."""
    if isinstance(condition, Q):
        for child in condition.children:
            yield from _named(child)
    elif isinstance(condition, tuple):
        yield condition[0].split("__")[0]
        yield from _named(condition[1])
    elif isinstance(condition, F):
        yield condition.name
    elif hasattr(condition, "get_source_expressions"):
        for expression in condition.get_source_expressions():
            yield from _named(expression)


def _writable(model: type[models.Model], names: Iterable[str]) -> tuple[str, ...]:
    """`names` once each, a derived column replaced by what it is derived from."""
    fields = (model._meta.get_field(name) for name in names)
    return tuple(dict.fromkeys(field.of if isinstance(field, Derived) else field.name for field in fields))
