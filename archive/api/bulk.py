"""Many rows in one request: a POST of a JSON list adds, changes or does either, all of them or none.

A row is what a POST or a PATCH of one record takes, and is written by the same serializer. What is the same
record is said by its key (`Meta.identity`), or where records have one, by its `id`.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Model, Q
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ErrorDetail, ValidationError

from archive.api.errors import BadParameters, BadRows, PreconditionFailed
from archive.api.permissions import MODES
from archive.api.reading import JsonAnswer
from archive.api.refusals import refusal
from archive.api.serializers.base import is_key
from archive.api.tags import Microseconds, check_version, version
from archive.models import Record

MOST: Final = 1_000
# Rows of their nested lists together: each takes as long as a row, and the request holds a thread meanwhile.
MOST_NESTED: Final = 10_000
# Members of a row that say which record it is of, and what of it the client has seen.
ID, IF_MATCH = "id", "if_match"


def write_rows(view: Any, given: list, modes: list[str]) -> HttpResponse:
    """Write `given` to the list of `view`, inside a transaction. `modes` are the values of `mode`.

    Raises BadParameters, ValidationError for a list that is too long or empty, BadRows.
    """
    if len(modes) != 1 or modes[0] not in MODES:
        message = _("Say what to do with a list of rows, once: %(modes)s.") % {"modes": ", ".join(MODES)}
        raise BadParameters({"mode": message})
    if not 0 < len(given) <= MOST:
        raise ValidationError(
            {
                "non_field_errors": _("A list has 1 to %(most)s rows, not %(rows)s.")
                % {"most": MOST, "rows": len(given)}
            }
        )
    if (nested := _nested(given)) > MOST_NESTED:
        raise ValidationError(
            {
                "non_field_errors": _(
                    "The rows have %(most)s rows in lists of their own at most, not %(rows)s."
                )
                % {"most": MOST_NESTED, "rows": nested}
            }
        )
    try:
        with transaction.atomic():
            written = Rows(view, given, modes[0]).write()
    except BadRows:
        raise
    except (APIException, IntegrityError):
        # The first row that the database refuses ends the transaction. Again, each row by itself: to tell all
        # that are wrong, or to find that somebody else has added just now what is there to be changed.
        written = Rows(view, given, modes[0]).write(one_by_one=True)
    return JsonAnswer(json.dumps({"results": written}, ensure_ascii=False).encode())


class Id(NamedTuple):
    """The key of a row that names its record by that."""

    pk: int


class Rows:
    """The rows of one request on their way into the database. Everything is by their places in the list."""

    def __init__(self, view: Any, given: list, mode: str) -> None:
        self.view, self.given, self.mode = view, given, mode
        self.serializer = view.get_serializer()
        self.identity: tuple[str, ...] = self.serializer.Meta.identity
        # Where a record's address is its id, rows may say it by that: the key itself can then be changed.
        self.by_id = mode == "update" and view.lookup_field == "pk"
        self.wrong: dict[int, APIException] = {}
        self.keys: dict[int, tuple] = {}
        self.places: dict[tuple, int] = {}
        self.claimed: dict[int, int] = {}
        self.there: dict[int, Record] = {}
        self.values: dict[int, dict] = {}
        self.written: dict[int, Record] = {}

    def write(self, *, one_by_one: bool = False) -> list[dict[str, str]]:
        """Write all. Returns what became of them. Raises BadRows, or what the first row fails with.

        `one_by_one`: each row in a savepoint, so that all are tried; as they are where some are not valid.
        """
        self.serializer.look_up(row for row in self.given if isinstance(row, dict))
        self.attempt(range(len(self.given)), self.identify)
        if self.mode != "create":
            self.find()
        self.attempt(list(self.keys), self.validate)
        # In one order everywhere, so that two who write the same rows wait for each other, and not crosswise.
        places = sorted(self.values, key=lambda place: str(self.keys[place]))
        if one_by_one or self.wrong:
            self.attempt(places, self.save, transaction.atomic)
        else:
            for place in places:
                self.save(place)
        if self.wrong:
            raise BadRows(self.wrong, of=len(self.given))
        return self.results()

    def attempt(
        self,
        places: Iterable[int],
        do: Callable[[int], None],
        each: Callable[[], AbstractContextManager] = nullcontext,
    ) -> None:
        """Do something with each row; what is wrong with one is kept, to be told with the others."""
        for place in places:
            try:
                with each():
                    do(place)
            except IntegrityError as error:
                self.wrong[place] = refusal(error)
            except APIException as error:
                self.wrong[place] = error

    # --- Row by row ---------------------------------------------------------------------

    def identify(self, place: int) -> None:
        """Read the key of a row. One that is wrong is wrong with all that is wrong with the row."""
        row = self.given[place]
        try:
            key = self.key(row)
        except ValidationError:
            if self.mode != "update":
                self.view.validated(self.serializer, None, self.members(row))
            raise
        if (first := self.places.setdefault(key, place)) != place:
            raise _twice(first)
        self.keys[place] = key

    def key(self, row: Any) -> tuple:
        if not isinstance(row, dict):
            self.serializer.run_validation(row)
        if self.by_id and ID in row:
            if type(row[ID]) is not int or not is_key(row[ID]):
                raise ValidationError({ID: [_("Give the record's id, a whole number.")]})
            return Id(row[ID])
        return tuple(self.part(name, row) for name in self.identity)

    def part(self, name: str, row: dict) -> Any:
        """A part of the key of a row as its column has it."""
        field = self.serializer.fields[name]
        if name not in row and field.required:
            raise ValidationError({name: [ErrorDetail(field.error_messages["required"], "required")]})
        if name not in row:
            return self.view.model._meta.get_field(name).get_default()
        try:
            value = field.run_validation(row[name])
        except ValidationError as error:
            raise ValidationError({name: error.detail}) from error
        return value.pk if isinstance(value, Model) else value

    def find(self) -> None:
        """Lock the records that there are of the rows' keys."""
        ids = [key.pk for key in self.keys.values() if isinstance(key, Id)]
        keys = [key for key in self.keys.values() if not isinstance(key, Id)]
        fields = [self.view.model._meta.get_field(name) for name in self.identity]
        # By the parts that are never empty. That may find a few more than are meant.
        parts = {
            f"{field.name}__in": set(values)
            for field, values in zip(fields, zip(*keys, strict=True), strict=bool(keys))
            if not field.null
        }
        sought = Q(pk__in=ids) | Q(**parts) if keys else Q(pk__in=ids)
        found: dict[tuple, Record] = {}
        for row in self.view.visible().filter(sought).order_by("pk").select_for_update(of=("self",)):
            found[Id(row.pk)] = found[tuple(getattr(row, field.attname) for field in fields)] = row
        self.there = {place: found[key] for place, key in self.keys.items() if key in found}

    def validate(self, place: int) -> None:
        row, there = self.given[place], self.there.get(place)
        if there is None and self.mode == "update":
            raise ValidationError(_("There is no such record."))
        # One row may name it by its id, another by its key.
        if there and (first := self.claimed.setdefault(there.pk, place)) != place:
            raise _twice(first)
        if self.mode != "create":
            self.compare(row, there)
        self.values[place] = self.view.validated(self.serializer, there, self.members(row))

    def compare(self, row: dict, there: Record | None) -> None:
        """See whether the record is what the row says that the client has seen."""
        wanted = row.get(IF_MATCH)
        if IF_MATCH in row and not isinstance(wanted, str):
            raise ValidationError({IF_MATCH: [_("Give what If-Match takes, as a text.")]})
        if there:
            check_version(there, wanted)
        elif wanted is not None:
            raise PreconditionFailed()

    def members(self, row: Any) -> Any:
        """A row without what only says which record it is of."""
        if self.mode == "create" or not isinstance(row, dict):
            return row
        other = (IF_MATCH, ID) if self.by_id else (IF_MATCH,)
        return {name: value for name, value in row.items() if name not in other}

    def save(self, place: int) -> None:
        self.written[place] = self.view.save(self.serializer, self.there.get(place), self.values[place])

    def results(self) -> list[dict[str, str]]:
        """What became of each row, and the address and version of its record."""
        rows = self.view.model.objects.filter(pk__in=[row.pk for row in self.written.values()])
        now = {
            pk: (str(key), f"{pk}-{modified}")
            for pk, key, modified in rows.values_list("pk", self.view.lookup_field, Microseconds("modified"))
        }
        found = []
        for place, row in sorted(self.written.items()):
            key, is_now = now[row.pk]
            there = self.there.get(place)
            found.append(
                {
                    "key": key,
                    "url": self.view.reverse_action("detail", args=[key]),
                    # The row was read before it was changed, and the database has moved `modified` since.
                    "result": "created"
                    if not there
                    else "unchanged"
                    if version(there) == is_now
                    else "changed",
                    IF_MATCH: f'"{is_now}"',
                }
            )
        return found


def _nested(given: list) -> int:
    """How many rows the rows have in lists of their own."""
    rows = (row.values() for row in given if isinstance(row, dict))
    return sum(len(value) for values in rows for value in values if isinstance(value, list))


def _twice(first: int) -> ValidationError:
    return ValidationError(_("This is the same record as /%(row)s.") % {"row": first})
