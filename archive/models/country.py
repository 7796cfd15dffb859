"""Today's and former states and territories, and their names."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.models import leaving
from archive.models.base import Record, recorded
from archive.models.constraints import bounds_derived, check, in_order, not_empty, one_of
from archive.models.fields import BoundField, EDTFField, FoldedField, SoundField
from archive.models.name import Name, found_by_name, name_constraints, name_indexes
from archive.models.ordering import time_indexes


class CountryKind(models.TextChoices):
    """What an entry of ISO 3166 stands for."""

    STATE = "state", _("State")
    TERRITORY = "territory", _("Territory")
    DESIGNATION = "designation", _("Former designation")


@recorded()
class Country(Record):
    """A state or territory of ISO 3166, of today or gone."""

    NATURAL_KEY = ("code",)

    code = models.CharField(
        _("code"),
        unique=True,
        max_length=4,
        help_text=_("ISO 3166-1 alpha-2 (IQ); for a former one ISO 3166-3 alpha-4 (SUHH)."),
    )
    alpha3 = models.CharField(_("alpha-3"), max_length=3, blank=True, help_text=_("ISO 3166-1 alpha-3: IRQ."))
    numeric = models.CharField(
        _("numeric"), max_length=3, blank=True, help_text=_("ISO 3166-1 numeric: 368.")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("The name as lists show it."))
    name_folded = FoldedField("name")
    name_sound = SoundField("name")
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=CountryKind.choices,
        default=CountryKind.STATE,
        help_text=_("A designation is a former name or code of a country that goes on."),
    )
    existed_from = EDTFField(_("existed from"))
    existed_from_lower = BoundField("existed_from", "lower")
    existed_from_upper = BoundField("existed_from", "upper")
    existed_until = EDTFField(_("existed until"))
    existed_until_lower = BoundField("existed_until", "lower")
    existed_until_upper = BoundField("existed_until", "upper")
    note = models.TextField(_("note"), blank=True, help_text=_("What the dates and the kind do not say."))
    reference = models.CharField(
        _("reference"), max_length=500, blank=True, help_text=_("Where the dates of existence are from.")
    )

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering: ClassVar = ["name_folded", "id"]
        constraints: ClassVar = [
            check(
                Q(code__regex=r"^[A-Z]{2}([A-Z]{2})?$"),
                "code_well_formed",
                _("Use two capital letters for a country of today (IQ), four for a former one (SUHH)."),
            ),
            check(
                Q(alpha3__regex=r"^([A-Z]{3})?$"), "alpha3_well_formed", _("Use three capital letters: IRQ.")
            ),
            check(Q(numeric__regex=r"^([0-9]{3})?$"), "numeric_well_formed", _("Use three digits: 368.")),
            # YUG and SCG, both gone, share 891.
            models.UniqueConstraint(
                fields=["alpha3"],
                condition=Q(code__regex=r"^..$") & ~Q(alpha3=""),
                name="country_alpha3_once_today",
            ),
            models.UniqueConstraint(
                fields=["numeric"],
                condition=Q(code__regex=r"^..$") & ~Q(numeric=""),
                name="country_numeric_once_today",
            ),
            not_empty("name"),
            one_of("kind", CountryKind),
            *bounds_derived("existed_from", "existed_until"),
            in_order("existed_from", "existed_until", "ends_after_start", _("It ended before it began.")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_folded", "id"], name="country_by_name"),
            models.Index(fields=["kind", "name_folded", "id"], name="country_kind"),
            models.Index(fields=["existed_from_lower", "existed_from_upper"], name="country_existed_from"),
            models.Index(fields=["existed_until_lower", "existed_until_upper"], name="country_existed_until"),
            models.Index(fields=["alpha3"], name="country_alpha3"),
            models.Index(fields=["numeric"], name="country_numeric"),
            *time_indexes("country"),
            *found_by_name("country_name", "name"),
        ]
        triggers: ClassVar = leaving.keyed("countries", "code")

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


@recorded(part_of="country")
class CountryName(Name):
    """A name that a country goes by: its own, its capital's, or its nisba."""

    NATURAL_KEY = ("country__code", "text", "language", "kind")

    country = models.ForeignKey(Country, models.CASCADE, related_name="names", verbose_name=_("country"))

    class Meta:
        verbose_name = _("country's name")
        verbose_name_plural = _("countries' names")
        ordering: ClassVar = ["country_id", "kind", "language", "id"]
        constraints: ClassVar = name_constraints("country")
        indexes: ClassVar = name_indexes("countryname", "country")
