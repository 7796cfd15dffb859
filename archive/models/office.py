"""The offices that persons hold."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from archive.models import leaving
from archive.models.base import Fact, recorded
from archive.models.constraints import bounds_derived, in_order, not_empty
from archive.models.fields import BoundField, EDTFField, FoldedField
from archive.models.person import Person


@recorded(part_of="person")
class Office(Fact):
    """An office that a person holds or held."""

    NATURAL_KEY = ("person__slug", "title", "country__code", "start")

    person = models.ForeignKey(Person, models.CASCADE, related_name="offices", verbose_name=_("person"))
    title = models.CharField(
        pgettext_lazy("office", "title"), max_length=200, help_text=_("The office, as the text calls it.")
    )
    title_folded = FoldedField("title")
    country = models.ForeignKey(
        "Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="offices",
        verbose_name=_("country"),
        help_text=_("The country it is an office of; empty for an international body."),
    )
    start = EDTFField(_("from"))
    start_lower = BoundField("start", "lower")
    start_upper = BoundField("start", "upper")
    end = EDTFField(_("until"))
    end_lower = BoundField("end", "lower")
    end_upper = BoundField("end", "upper")

    class Meta(Fact.Meta):
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering: ClassVar = ["person_id", "start_lower", "id"]
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(
                fields=["person", "title", "country", "start"], name="office_once", nulls_distinct=False
            ),
            not_empty("title"),
            *bounds_derived("start", "end"),
            in_order("start", "end", "ends_after_start", _("The office ends before it starts.")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["country", "person"], name="office_country"),
            models.Index(fields=["status", "person"], name="office_status"),
            GinIndex(OpClass(F("title_folded"), "gin_trgm_ops"), name="office_title_trigrams"),
        ]
        triggers: ClassVar = [leaving.carry_status_by("office_id")]

    def __str__(self) -> str:
        return f"{self.title} ({self.person})"
