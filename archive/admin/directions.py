"""Which way a value reads, whatever the page around it: one rule for forms and for lists."""

import re
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from archive.models.fields import EDTFField

# Codes and numbers, which an Arabic page would otherwise turn around at their punctuation.
LTR_TYPES = (EDTFField, models.SlugField, models.URLField, models.IntegerField)
# Embeddings, overrides and isolates (Unicode's UAX 9).
CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
LTR_NAMES = {"alpha3", "code", "identifier", "language", "languages", "numeric", "sha256", "wikidata"}


def direction(field: models.Field) -> str:
    """ "ltr" for codes, "auto" (as its first letter reads) for words in any script, "" for the page's own."""
    if isinstance(field, LTR_TYPES) or field.name in LTR_NAMES:
        return "ltr"
    if field.choices or not isinstance(field, models.CharField | models.TextField | models.ForeignKey):
        return ""
    return "auto"


def isolate(value: Any, way: str = "auto") -> SafeString:
    """`value` in an element that its own characters, bidi controls included, cannot leave."""
    return format_html('<bdi dir="{}">{}</bdi>', way, value)


def isolated_text(value: Any) -> str:
    """`value` between the characters that isolate it, for where no element can stand.

    Without what would end that early, or turn around what follows: Unicode's controls of direction.
    """
    return f"\u2068{CONTROLS.sub('', str(value))}\u2069"


def column(field: models.Field) -> Callable[[models.Model], Any]:
    """A column of a change list that shows `field`, isolated."""
    way = direction(field)

    def show(obj: models.Model) -> Any:
        value = getattr(obj, field.name)
        if isinstance(field, ArrayField):
            value = ", ".join(value)
        return value if value in (None, "") else isolate(value, way)

    # Django makes the column's class of the name.
    show.__name__ = field.name
    return admin.display(show, description=field.verbose_name, ordering=field.name)


def means(name: str, label: str | Promise) -> Callable[[models.Model], Any]:
    """A read-only field that shows the days which the EDTF field `name` can mean."""

    def show(obj: models.Model) -> Any:
        lower, upper = getattr(obj, f"{name}_lower"), getattr(obj, f"{name}_upper")
        if lower is None:
            return "-"
        return isolate(lower if lower == upper else f"{lower} – {upper}", "ltr")

    show.__name__ = f"{name}_means"
    return admin.display(show, description=label)
