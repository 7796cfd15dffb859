"""Persons, and their names in any script."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.models import leaving
from archive.models.base import Record, recorded
from archive.models.constraints import check, not_empty, slug_well_formed
from archive.models.fields import FoldedField, SoundField
from archive.models.name import Name, found_by_name, name_constraints, name_indexes
from archive.models.ordering import time_indexes


@recorded()
class Person(Record):
    """A person whom articles name."""

    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        _("slug"),
        unique=True,
        max_length=100,
        help_text=_("The address in the API: fuad-hussein. Lower-case Latin letters."),
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("The name as lists show it."))
    name_folded = FoldedField("name")
    name_sound = SoundField("name")
    description = models.TextField(
        _("description"), blank=True, help_text=_("A line that tells this person from others of the name.")
    )
    wikidata = models.CharField(
        _("Wikidata id"),
        max_length=20,
        null=True,
        blank=True,
        unique=True,
        help_text=_("Q and digits; empty unless somebody looked it up."),
    )

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering: ClassVar = ["name_folded", "id"]
        constraints: ClassVar = [
            slug_well_formed(),
            not_empty("name"),
            check(
                Q(wikidata__isnull=True) | Q(wikidata__regex=r"^Q[1-9][0-9]*$"),
                "wikidata_well_formed",
                _("A Wikidata id is Q and digits: Q9545."),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_folded", "id"], name="person_by_name"),
            *time_indexes("person"),
            *found_by_name("person_name", "name"),
        ]
        triggers: ClassVar = leaving.keyed("persons", "slug")

    def __str__(self) -> str:
        return self.name


@recorded(part_of="person")
class PersonName(Name):
    """A name that a person goes by."""

    NATURAL_KEY = ("person__slug", "text", "language", "kind")

    person = models.ForeignKey(Person, models.CASCADE, related_name="names", verbose_name=_("person"))

    class Meta:
        verbose_name = _("person's name")
        verbose_name_plural = _("persons' names")
        ordering: ClassVar = ["person_id", "kind", "language", "id"]
        constraints: ClassVar = name_constraints("person")
        indexes: ClassVar = name_indexes("personname", "person")
