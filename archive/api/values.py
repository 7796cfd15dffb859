"""The values that parameters take: form fields that check and convert all values of one parameter at once."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from archive.models import Fact, Status
from archive.models.constraints import said_of
from archive.models.sql import Statement
from archive.search.codes import coded
from archive.search.errors import no_language
from archive.search.names import LONGEST, Asked, UnfitText
from archive.search.parsing import MOST_CHARACTERS
from archive.search.query import Query, parse
from archive.text import LANGUAGE_TAG, Edtf, EdtfError, fold, parse_days

# Beyond this a query is no question any more; PostgreSQL would plan for seconds.
MOST_VALUES = 100


# The names by which the schema calls the form of dates: any, and those without a time.
EDTF: Final = "edtf"
EDTF_DAYS: Final = "edtf-days"
# Text that has something to read, and no NUL; in a query no U+FFFD, which stands for what is no UTF-8.
WORDS: Final = r"^[^\x00]*[^\s\x00][^\x00]*$"
ASKED: Final = WORDS.replace(r"\x00", r"\x00\ufffd")
# Ids are PostgreSQL's bigint, from 1 on.
ID: Final = {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}


def key_of(model: type[models.Model], key: str) -> dict:
    """The schema of what names a record of `model`: its id, or the column `key`."""
    return ID if key in ("pk", "id") else {"type": "string", **said_of(model, key)}


class ValuesField(forms.Field):
    """All values of one parameter, each turned into what the database compares. Raises ValidationError."""

    schema: ClassVar[dict] = {"type": "string", "pattern": ASKED}

    def clean(self, values: Sequence[str]) -> list:
        if len(values) > MOST_VALUES:
            raise ValidationError(_("Give at most %(most)s values."), params={"most": MOST_VALUES})
        if any(not value.strip() for value in values):
            raise ValidationError(_("A value is empty."))
        return self.convert(list(values))

    def convert(self, values: list[str]) -> list:
        return [self.to_python(value) for value in values]


class TextValues(ValuesField):
    """Text as it is."""


class PatternValues(ValuesField):
    """Text of one form: what cannot occur is a mistake, no empty list. `hint` says what would be right.

    It is a text, or a function of the value that makes one.
    """

    def __init__(self, pattern: str, hint: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.pattern, self.hint = re.compile(pattern), hint
        self.schema = {"type": "string", "pattern": pattern}

    def to_python(self, value: str) -> str:
        if self.pattern.fullmatch(value):
            return value
        hint = self.hint(value) if callable(self.hint) else self.hint
        raise ValidationError(_("%(value)s: %(hint)s"), params={"value": value[:50], "hint": hint})


class LanguageValues(PatternValues):
    """Language tags in their canonical letter case."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(LANGUAGE_TAG, no_language, **kwargs)


class FoldedValues(ValuesField):
    """Text, folded as names are."""

    def to_python(self, value: str) -> str:
        if folded := fold(value):
            return folded
        raise ValidationError(_("%(value)s has no letter or digit."), params={"value": value})


class NameValues(ValuesField):
    """Names to search for."""

    schema: ClassVar[dict] = {"type": "string", "minLength": 1, "maxLength": LONGEST}

    def to_python(self, value: str) -> Asked:
        try:
            return Asked(value)
        except UnfitText as error:
            raise ValidationError(str(error)) from None


class QueryValues(ValuesField):
    """A query in the language that docs/search.md describes."""

    schema: ClassVar[dict] = {"type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS}

    def clean(self, values: Sequence[str]) -> list:
        # An empty one is the parser's to refuse: it says what would be right.
        return [self.to_python(value) for value in values]

    def to_python(self, value: str) -> Query:
        return parse(value)


class ChoiceValues(ValuesField):
    """Values of a choice, in lower case."""

    def __init__(self, choices: Iterable[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.values = list(choices)
        self.schema = {"type": "string", "enum": self.values}

    def to_python(self, value: str) -> str:
        if value in self.values:
            return value
        raise ValidationError(
            _("%(value)s is not known. Use one of: %(choices)s."),
            params={"value": value, "choices": ", ".join(self.values)},
        )


class BooleanValues(ChoiceValues):
    """true or false."""

    schema: ClassVar[dict] = {"type": "boolean"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(["true", "false"], **kwargs)
        self.schema = {"type": "boolean"}

    def to_python(self, value: str) -> bool:
        return super().to_python(value) == "true"


class NumberValues(ValuesField):
    """Ids."""

    schema: ClassVar[dict] = ID

    def to_python(self, value: str) -> int:
        if value.isascii() and value.isdigit() and int(value[:20]) < 2**63 and len(value) < 20:
            return int(value)
        raise ValidationError(_("%(value)s is no id: use a whole number."), params={"value": value})


class EdtfValues(ValuesField):
    """EDTF dates without a time; a year or a month stands for all its days.

    `sure`, dates that mean the same days everywhere: a season is in other months elsewhere on Earth.
    """

    schema: ClassVar[dict] = {"type": "string", "format": EDTF_DAYS, "examples": ["2021-08"]}

    def __init__(self, *, sure: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.sure = sure
        if sure:
            self.schema = {**self.schema, "pattern": "^[0-9X]{4}(?!-2[1-4])"}

    def to_python(self, value: str) -> Edtf:
        try:
            found = parse_days(value)
        except EdtfError as error:
            raise ValidationError(_(error.message), code=error.code, params=error.params) from None
        if self.sure and found.precision == "season":
            raise ValidationError(
                _("%(value)s is in other months south of the equator: name a month or a quarter (33 to 36)."),
                params={"value": value},
            )
        return found


class InstantValues(ValuesField):
    """Moments: `2021-08-23T10:00:00Z`, or a day in UTC, which is its first moment; `last`, its last one."""

    # The pattern says which offsets there are on Earth.
    schema: ClassVar[dict] = {
        "type": "string",
        "format": "date-time",
        "pattern": "([Zz]|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)$",
    }

    def __init__(self, *, last: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.of_day = time.max if last else time.min

    def to_python(self, value: str) -> datetime:
        # In a query, + means a space: an offset that was not escaped arrives as one.
        text = value.strip().replace(" ", "+") if "T" in value else value.strip()
        try:
            if day := parse_date(text):
                return datetime.combine(day, self.of_day, UTC)
            moment = parse_datetime(text)
            if moment and (
                moment.tzinfo is None or abs(moment.utcoffset() or timedelta()) <= timedelta(hours=14)
            ):
                return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ValidationError(
            _("%(value)s is no moment: use 2021-08-23T10:00:00Z or 2021-08-23."), params={"value": value[:50]}
        )


class RecordValues(ValuesField):
    """Records by slug, code or id.

    One that does not exist is an error: a mistyped slug would find nothing, silently. So is a
    fact that was rejected: nothing that counts rests on it.
    """

    def __init__(self, model: type[models.Model], key: str, *other_keys: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # What `other_keys` name is no value, but tells what was meant.
        self.model, self.key, self.other_keys = model, key, other_keys
        self.schema = key_of(model, key)
        column, type_ = ("id", "bigint") if key == "pk" else (key, "text")
        self.looking_up = (
            f"SELECT {column}, id FROM {model._meta.db_table} WHERE {column} = ANY(%s::{type_}[])"
        )
        if issubclass(model, Fact):
            self.looking_up += f" AND status <> '{Status.REJECTED}'"

    def selecting(self, value: str) -> Statement | None:
        """What selects the id of one record, where its key alone tells whether it counts."""
        if self.key == "pk" or issubclass(self.model, Fact):
            return None
        return Statement(f"SELECT id FROM {self.model._meta.db_table} WHERE {self.key} = %s", (value,))

    def convert(self, values: list[str]) -> list[int]:
        if self.key == "pk":
            values = [str(number) for number in NumberValues().convert(values)]
        rows = Statement(self.looking_up, [values], one_plan=True).texts()
        found = {key.decode(): int(pk) for key, pk in rows}
        missing = sorted(set(values) - found.keys())
        if missing:
            message = _("There is no %(kind)s %(values)s.")
            if meant := self._meant(missing):
                message += " " + _("Meant may be: %(meant)s.")
            raise ValidationError(
                message,
                params={
                    "kind": self.model._meta.verbose_name,
                    "values": ", ".join(missing),
                    "meant": ", ".join(meant),
                },
            )
        return [found[value] for value in values]

    def _meant(self, missing: list[str]) -> list[str]:
        """The keys that `missing` are in other letter case, or of which they are other keys."""
        if self.key == "pk" or issubclass(self.model, Fact):
            return []
        ids = coded(self.model, (self.key, *self.other_keys), *missing)
        rows = self.model._base_manager.filter(pk__in=ids).order_by(self.key)
        return list(rows.values_list(self.key, flat=True))
