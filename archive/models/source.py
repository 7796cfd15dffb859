"""Publishers, the names they go by, and the sets that desks watch together."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.models import leaving
from archive.models.base import Record, recorded
from archive.models.constraints import languages_well_formed, not_empty, one_of, slug_well_formed
from archive.models.fields import FoldedField, SoundField
from archive.models.name import Name, found_by_name, name_constraints, name_indexes
from archive.models.ordering import time_indexes


class SourceKind(models.TextChoices):
    """What sort of publisher a source is."""

    NEWSPAPER = "newspaper", _("Newspaper")
    MAGAZINE = "magazine", _("Magazine")
    AGENCY = "agency", _("News agency")
    BROADCASTER = "broadcaster", _("Broadcaster")
    WEBSITE = "website", _("Website")
    GOVERNMENT = "government", _("Government body")
    ORGANISATION = "organisation", _("Organisation")
    OTHER = "other", _("Other")


@recorded()
class Source(Record):
    """A publisher."""

    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        _("slug"),
        unique=True,
        max_length=100,
        help_text=_("The address in the API: elaph. Lower-case Latin letters."),
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("The name as lists show it."))
    name_folded = FoldedField("name")
    name_sound = SoundField("name")
    kind = models.CharField(
        _("kind"), max_length=20, choices=SourceKind.choices, help_text=_("What sort of publisher it is.")
    )
    homepage = models.URLField(
        _("homepage"), blank=True, max_length=500, help_text=_("Its main page, if known.")
    )
    country = models.ForeignKey(
        "Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        verbose_name=_("country"),
        help_text=_("Where it is published; empty if unknown."),
    )
    city = models.CharField(
        _("city"), blank=True, max_length=100, help_text=_("The city it is published in.")
    )
    languages = ArrayField(
        models.CharField(max_length=35),
        default=list,
        blank=True,
        verbose_name=_("languages"),
        help_text=_("The languages it publishes in, as BCP 47 tags: ar, en."),
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering: ClassVar = ["name_folded", "id"]
        constraints: ClassVar = [
            slug_well_formed(),
            not_empty("name"),
            one_of("kind", SourceKind),
            languages_well_formed(),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_folded", "id"], name="source_by_name"),
            models.Index(fields=["kind", "name_folded", "id"], name="source_kind"),
            *time_indexes("source"),
            *found_by_name("source_name", "name"),
            GinIndex(fields=["languages"], name="source_languages"),
        ]
        triggers: ClassVar = leaving.keyed("sources", "slug")

    def __str__(self) -> str:
        return self.name


@recorded(part_of="source")
class SourceName(Name):
    """A name that a source goes by."""

    NATURAL_KEY = ("source__slug", "text", "language", "kind")

    source = models.ForeignKey(Source, models.CASCADE, related_name="names", verbose_name=_("source"))

    class Meta:
        verbose_name = _("source name")
        verbose_name_plural = _("source names")
        ordering: ClassVar = ["source_id", "kind", "language", "id"]
        constraints: ClassVar = name_constraints("source")
        indexes: ClassVar = name_indexes("sourcename", "source")


@recorded()
class SourceCollection(Record):
    """A set of sources that a desk watches together."""

    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        _("slug"), unique=True, max_length=100, help_text=_("A short name in Latin letters.")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("The name as lists show it."))
    name_folded = FoldedField("name")
    description = models.TextField(_("description"), blank=True, help_text=_("What the collection is for."))
    sources = models.ManyToManyField(
        Source, through="CollectionMember", related_name="collections", verbose_name=_("sources")
    )

    class Meta:
        verbose_name = _("source collection")
        verbose_name_plural = _("source collections")
        ordering: ClassVar = ["name_folded", "id"]
        constraints: ClassVar = [slug_well_formed(), not_empty("name")]
        indexes: ClassVar = [models.Index(fields=["name_folded", "id"], name="collection_by_name")]

    def __str__(self) -> str:
        return self.name


@recorded(part_of="source")
class CollectionMember(Record):
    """One source's place in a collection."""

    NATURAL_KEY = ("collection__slug", "source__slug")

    collection = models.ForeignKey(
        SourceCollection, models.CASCADE, related_name="members", verbose_name=_("collection")
    )
    source = models.ForeignKey(Source, models.CASCADE, related_name="memberships", verbose_name=_("source"))

    class Meta:
        verbose_name = _("collection member")
        verbose_name_plural = _("collection members")
        ordering: ClassVar = ["collection_id", "source_id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["collection", "source"], name="collectionmember_once"),
        ]

    def __str__(self) -> str:
        return f"{self.collection} · {self.source}"
