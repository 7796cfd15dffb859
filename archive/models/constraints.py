"""The rules that many tables share, each as a named database constraint."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast
from django.db.models.lookups import Regex
from django.utils.translation import gettext_lazy as _

from archive.text.languages import LANGUAGE_TAG

NOT_EMPTY = r"\S"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def check(condition: Q, name: str, message) -> models.CheckConstraint:
    """A check named `<class>_<name>` whose violation reads `message`."""
    return models.CheckConstraint(
        condition=condition, name=f"%(class)s_{name}", violation_error_message=message
    )


def one_of(field: str, choices: type[models.TextChoices], blank: bool = False) -> models.CheckConstraint:
    """`field` holds one of `choices` (or "" where `blank`)."""
    values = [*choices.values, ""] if blank else choices.values
    return check(Q(**{f"{field}__in": values}), field, _("The value is not one of the choices."))


def slug_well_formed(field: str = "slug") -> models.CheckConstraint:
    """`field` is lower-case Latin letters and digits, in groups joined by single hyphens."""
    return check(
        Q(**{f"{field}__regex": SLUG}),
        f"{field}_well_formed",
        _("Use lower-case Latin letters and digits, joined by single hyphens: fuad-hussein."),
    )


def not_empty(field: str) -> models.CheckConstraint:
    """`field` holds at least one character that is no space."""
    return check(
        Q(**{f"{field}__regex": NOT_EMPTY}),
        f"{field}_not_empty",
        _("This may not be empty."),
    )


def language_well_formed(field: str = "language") -> models.CheckConstraint:
    """`field` is a well-formed BCP 47 tag."""
    return check(
        Q(**{f"{field}__regex": LANGUAGE_TAG}),
        f"{field}_well_formed",
        _("Use a BCP 47 language tag: ar, en, ru, ckb, sr-Latn."),
    )


def languages_well_formed(field: str = "languages") -> models.CheckConstraint:
    """Every element of the array `field` is a well-formed BCP 47 tag.

    PostgreSQL writes an array as {ar,en}, and what could be mistaken for that in quotes.
    """
    tag = LANGUAGE_TAG.removeprefix("^").removesuffix("$")
    return check(
        Q(Regex(Cast(F(field), models.TextField()), Value(rf"^\{{({tag}(,{tag})*)?\}}$"))),
        f"{field}_well_formed",
        _("Use BCP 47 language tags: ar, en, ru, ckb, sr-Latn."),
    )


def bounds_derived(*fields: str) -> list[models.CheckConstraint]:
    """Each EDTF field has both its bounds, in order, or is null and has none."""
    return [
        check(
            Q(**{f"{f}__isnull": True, f"{f}_lower__isnull": True, f"{f}_upper__isnull": True})
            | Q(
                **{
                    f"{f}__isnull": False,
                    f"{f}_lower__isnull": False,
                    # Said too, as a comparison with NULL is no violation.
                    f"{f}_upper__isnull": False,
                    f"{f}_upper__gte": F(f"{f}_lower"),
                }
            ),
            f"{f}_bounds",
            _("The date and its derived bounds do not agree."),
        )
        for f in fields
    ]


def in_order(start: str, end: str, name: str, message) -> models.CheckConstraint:
    """What `end` may mean at the latest is not before what `start` may mean at the earliest."""
    return check(
        Q(**{f"{start}__isnull": True})
        | Q(**{f"{end}__isnull": True})
        | Q(**{f"{end}_upper__gte": F(f"{start}_lower")}),
        name,
        message,
    )


def exactly_one(
    fields: Iterable[str], name: str, message, or_none_if: Q | None = None
) -> models.CheckConstraint:
    """Exactly one of the foreign keys `fields` is set; none may be where `or_none_if` holds."""
    fields = list(fields)
    cases = Q()
    for chosen in fields:
        cases |= Q(**{f"{field}__isnull": field != chosen for field in fields})
    if or_none_if is not None:
        cases |= Q(**{f"{field}__isnull": True for field in fields}) & or_none_if
    return check(cases, name, message)


def said_of(model: type[models.Model], field: str) -> dict[str, Any]:
    """What the constraints of `model` ask of the value of `field` alone, as keywords of JSON Schema."""
    found: dict[str, Any] = {}
    for constraint in model._meta.constraints:
        children = getattr(getattr(constraint, "condition", None), "children", ())
        for path, value in (child for child in children if isinstance(child, tuple)):
            # Of an id that is unset or well-formed: what is unset, the schema says by itself.
            if path == f"{field}__regex" and (len(children) == 1 or (f"{field}__isnull", True) in children):
                found["pattern"] = value
            elif path == f"{field}__gt" and isinstance(value, int) and len(children) == 1:
                found["minimum"] = value + 1
    return found
