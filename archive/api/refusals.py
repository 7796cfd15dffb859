"""What the database refuses to store, as answers: the status, the words, and the fields that are concerned.

The rules live in the database (`archive.models`), and it is asked to keep them: a check
before the write would not see other writers. What comes back is the name of a constraint.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from django.apps import apps
from django.db import IntegrityError, OperationalError, models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from rest_framework import exceptions, status

from archive.curate.violations import explain
from archive.models.fields import Derived, EDTFField

# https://www.postgresql.org/docs/current/errcodes-appendix.html
NOT_NULL, CHECK, UNIQUE = "23502", "23514", "23505"


class Refusal(exceptions.APIException):
    """400 or 409: a rule of the database is broken. `pointers` lead to what it speaks of in the body.

    `taken` finds the record that has already what only one may have; it is to be asked when the transaction
    is over, which the database has given up.
    """

    default_code = "refused"

    def __init__(
        self,
        status_code: int,
        detail: Any,
        pointers: Iterable[str] = (),
        taken: models.QuerySet | None = None,
    ) -> None:
        super().__init__(detail)
        self.status_code, self.pointers, self.taken = status_code, list(pointers), taken

    def below(self, *steps: object) -> Self:
        """The same of a row that stands at `steps` in the body."""
        path = "".join(f"/{step}" for step in steps)
        pointers = [path + pointer for pointer in self.pointers]
        return type(self)(self.status_code, self.detail, pointers, self.taken)


@dataclass(frozen=True)
class Rule:
    """A constraint: whose it is, which of its fields a writer can set, and if it has its own words."""

    model: type[models.Model]
    fields: tuple[str, ...]
    explained: bool = False

    def taken(self, row: models.Model) -> models.QuerySet:
        """The rows with the values that `row` was to have."""
        values = {name: getattr(row, self.model._meta.get_field(name).attname) for name in self.fields}
        return self.model._default_manager.filter(
            **{name: value for name, value in values.items() if value is not None},
            **{f"{name}__isnull": True for name, value in values.items() if value is None},
        )


def refusal(error: IntegrityError, row: models.Model | None = None) -> Refusal:
    """The answer to a write, of `row`, that broke a constraint.

    400 where no other record is concerned, else 409.
    """
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
    taken = rule.taken(row) if sqlstate == UNIQUE and rule and isinstance(row, rule.model) else None
    return Refusal(status.HTTP_409_CONFLICT, detail, pointers, taken)


def too_long(error: OperationalError) -> Refusal:
    """The answer to a text that an index cannot hold: how long it may be depends on how well it is packed."""
    named = re.search('"([^"]+)"', str(error))  # PostgreSQL tells the index only in words
    rule = (_rules() | _indexes()).get(named[1]) if named else None
    texts = [name for name in rule.fields if _is_text(rule.model, name)] if rule else []
    pointers = [f"/{name}" for name in texts] or [""]
    return Refusal(status.HTTP_400_BAD_REQUEST, _("A value is too long for its index."), pointers)


@cache
def _indexes() -> dict[str, Rule]:
    found = {}
    for model in apps.get_app_config("archive").get_models():
        for index in model._meta.indexes:
            names = [name for name, _order in index.fields_orders]
            for expression in index.expressions:
                names = [*names, *_named(expression)]
            found[index.name] = Rule(model, _writable(model, names))
    return found


def _is_text(model: type[models.Model], name: str) -> bool:
    field = model._meta.get_field(name)
    return isinstance(field, models.CharField | models.TextField) and not isinstance(field, EDTFField)


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
