"""What the names of persons, countries and sources have in common."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from archive.models.base import Record
from archive.models.constraints import language_well_formed, not_empty, one_of
from archive.models.fields import FoldedField, SoundField
from archive.models.sql import WordSet


class NameKind(models.TextChoices):
    """How a name stands for what it names."""

    OFFICIAL = "official", _("Official")
    ALIAS = "alias", _("Alias")
    NISBA = "nisba", _("Nisba")
    CAPITAL = "capital", _("Capital")
    ABBREVIATION = "abbreviation", _("Abbreviation")


class Name(Record):
    """A name in one language, with the folded form that search compares, and its sound."""

    text = models.CharField(_("name"), max_length=200, help_text=_("The name, as it is written."))
    text_folded = FoldedField("text")
    text_sound = SoundField("text")
    language = models.CharField(
        _("language"),
        max_length=35,
        help_text=_("The language it is written in, as a BCP 47 tag: ar, en, ru."),
    )
    kind = models.CharField(
        _("kind"),
        max_length=12,
        choices=NameKind.choices,
        default=NameKind.ALIAS,
        help_text=_("How it stands for what it names."),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.text


def name_constraints(owner: str) -> list[models.BaseConstraint]:
    """The rules of a table of names that belong to `owner`."""
    return [
        not_empty("text"),
        language_well_formed(),
        one_of("kind", NameKind),
        models.UniqueConstraint(fields=[owner, "text", "language", "kind"], name="%(class)s_once"),
    ]


def found_by_name(table: str, column: str) -> list[models.Index]:
    """What search by name asks of `column`: its folded form, how that begins, any part, and its sound."""
    folded, sound = f"{column}_folded", f"{column}_sound"
    return [
        # Serves equality too. A plain index serves a prefix only in a database that sorts by code points.
        models.Index(OpClass(F(folded), "text_pattern_ops"), name=f"{table}_folded"),
        GinIndex(OpClass(F(folded), "gin_trgm_ops"), name=f"{table}_trigrams"),
        GinIndex(WordSet(F(sound)), name=f"{table}_sounds"),
    ]


def name_indexes(table: str, owner: str) -> list[models.Index]:
    """Names are found by their folded form, whole or in part, and by sound, and listed by their owner."""
    return [
        *found_by_name(table, "text"),
        models.Index(fields=[owner, "kind", "language", "id"], name=f"{table}_of_{owner}"),
    ]
