"""Which state followed which."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from archive.models import leaving
from archive.models.base import Fact, recorded
from archive.models.constraints import bounds_derived, check, one_of
from archive.models.country import Country
from archive.models.fields import BoundField, EDTFField


class SuccessionKind(models.TextChoices):
    """How one state follows another."""

    CONTINUES = "continues", _("Continues")
    SUCCEEDS = "succeeds", _("Succeeds")
    MERGES = "merges", _("Merges into")
    RENAMES = "renames", _("Is renamed")


@recorded(part_of=("predecessor", "successor"))
class Succession(Fact):
    """That one state followed another."""

    NATURAL_KEY = ("predecessor__code", "successor__code")

    predecessor = models.ForeignKey(
        Country, models.CASCADE, related_name="successions", verbose_name=_("predecessor")
    )
    successor = models.ForeignKey(
        Country, models.CASCADE, related_name="precessions", verbose_name=_("successor")
    )
    kind = models.CharField(
        _("kind"),
        max_length=10,
        choices=SuccessionKind.choices,
        help_text=_("How the one follows the other."),
    )
    date = EDTFField(_("date"))
    date_lower = BoundField("date", "lower")
    date_upper = BoundField("date", "upper")
    reference = models.CharField(
        _("reference"),
        max_length=500,
        blank=True,
        help_text=_("What it rests on, where no article reports it."),
    )

    class Meta(Fact.Meta):
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering: ClassVar = ["predecessor_id", "date_lower", "id"]
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            check(~Q(predecessor=F("successor")), "not_itself", _("No country succeeds itself.")),
            one_of("kind", SuccessionKind),
            *bounds_derived("date"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["status", "id"], name="succession_status"),
            models.Index(fields=["kind", "id"], name="succession_kind"),
            models.Index(fields=["date_lower", "date_upper"], name="succession_date"),
        ]
        triggers: ClassVar = [leaving.carry_status_by("succession_id")]

    def __str__(self) -> str:
        return f"{self.predecessor.code} → {self.successor.code}"
