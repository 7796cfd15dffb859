"""Fields that hold imprecise dates, and columns that are derived from other columns.

A derived column is declared beside its source and says how it follows from it::

    published = EDTFField()
    published_lower = BoundField("published", "lower")

It is never assigned. Django calls a field's `pre_save` for `save()` and `bulk_create()`;
a raw save (`loaddata`) skips it, so a signal fills the columns there. `RecordQuerySet`
refuses the one way that is left, `update()` of a source without its derived columns.
The database refuses rows whose derived columns are missing, by a named constraint.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.signals import pre_save
from django.utils.translation import gettext_lazy as _

from archive.text import EdtfError, fold, parse_edtf, sound

EDTF_HELP = _(
    "A date as precise as it is known (EDTF): 2021, 2021-08, 2021-08-23; "
    "195X for the fifties; ? uncertain, ~ about, % both. Empty if unknown."
)


def validate_edtf(value: str) -> None:
    """Raise ValidationError, with the parser's reason, unless `value` is one EDTF date."""
    try:
        parse_edtf(value)
    except EdtfError as error:
        raise ValidationError(_(error.message), code=error.code, params=error.params) from error


class EDTFField(models.CharField):
    """One EDTF date as text, e.g. `1955-01` or `2021-08-23?`; null where unknown."""

    default_validators: ClassVar = [validate_edtf]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("help_text", EDTF_HELP)
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> str | None:
        # Forms and fixtures may say "" for unknown: there is one way to store that.
        return super().to_python(value) or None

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return None if value == "" else value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"empty_value": None, **kwargs})


class Derived:
    """Mixin of a column whose value follows from the field named `of`."""

    def __init__(self, of: str = "", **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()  # type: ignore[misc]
        return name, path, args, {**kwargs, "of": self.of}

    def derive(self, instance: models.Model) -> Any:
        value = self.value_from_source(getattr(instance, self.of))
        setattr(instance, self.attname, value)  # type: ignore[attr-defined]
        return value

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        return self.derive(instance)


class BoundField(Derived, models.DateField):
    """First ("lower") or last ("upper") calendar day that an EDTF field can mean."""

    def __init__(self, of: str = "", bound: str = "lower", **kwargs: Any) -> None:
        self.bound = bound
        kwargs.setdefault("null", True)
        super().__init__(of, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "bound": self.bound}

    def value_from_source(self, source: str | None) -> Any:
        return getattr(parse_edtf(source), self.bound) if source else None


class MomentField(Derived, models.DateTimeField):
    """The instant an EDTF field sorts at: its time of day if it has one, else its first day, UTC."""

    def __init__(self, of: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("null", True)
        super().__init__(of, **kwargs)

    def value_from_source(self, source: str | None) -> datetime | None:
        if not source:
            return None
        date = parse_edtf(source)
        return date.instant or datetime.combine(date.lower, time.min, UTC)


class FoldedField(Derived, models.TextField):
    """`archive.text.fold` of another field: what search compares and lists sort by."""

    def __init__(self, of: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        super().__init__(of, **kwargs)

    def value_from_source(self, source: str | None) -> str:
        # None is for the database to refuse, with a message that names the column.
        return fold(source) if source else ""


class SoundField(Derived, models.TextField):
    """`archive.text.sound` of another field: under which search finds a name across scripts."""

    def __init__(self, of: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        super().__init__(of, **kwargs)

    def value_from_source(self, source: str | None) -> str:
        return sound(source) if source else ""


def derived_fields(model: type[models.Model], changed: Iterable[str] | None = None) -> list[Derived]:
    """The derived columns of `model`; only those that follow from the fields `changed`, if given."""
    changed = None if changed is None else set(changed)
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, Derived) and (changed is None or field.of in changed)
    ]


def derive(instance: models.Model) -> None:
    """Set every derived column of `instance` from its sources. Raises EdtfError on a bad date."""
    for field in derived_fields(type(instance)):
        field.derive(instance)


def _derive_when_raw(sender: type[models.Model], instance: models.Model, raw: bool, **kwargs: Any) -> None:
    if raw:
        derive(instance)


def derive_on_raw_save() -> None:
    """Let `loaddata`, whose saves skip `Field.pre_save`, fill derived columns too."""
    pre_save.connect(_derive_when_raw, dispatch_uid="archive.derive_when_raw")
