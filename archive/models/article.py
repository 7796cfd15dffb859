"""Articles, the versions of their text, their abstracts and addresses."""

from typing import Any, ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from archive.models import indexing, leaving, purge, subjects, triggers
from archive.models.base import Record, recorded
from archive.models.constraints import bounds_derived, check, language_well_formed, not_empty, one_of
from archive.models.fields import BoundField, EDTFField, FoldedField, MomentField
from archive.models.ordering import filter_index, moment_indexes, newest_first, time_indexes
from archive.models.sql import Sha256
from archive.text import sha256_hex

IDENTIFIER = r"^(https?://[^\s]+|urn:sha256:[0-9a-f]{64})$"
SHA256 = r"^[0-9a-f]{64}$"


class TitleOrigin(models.TextChoices):
    """Where an article's title is from."""

    PRINTED = "printed", _("Printed by the source")
    DEVISED = "devised", _("Devised by the archive")


@recorded()
class Article(Record):
    """One article of one source."""

    NATURAL_KEY = ("source__slug", "identifier")

    source = models.ForeignKey(
        "Source",
        models.PROTECT,
        related_name="articles",
        verbose_name=_("source"),
        help_text=_("Who published it."),
    )
    identifier = models.CharField(
        _("identifier"),
        max_length=2000,
        help_text=_("Its canonical URL; where it has none, urn:sha256: and the hash of its text."),
    )
    title = models.CharField(
        _("title"), max_length=500, help_text=_("The headline, or a title that says what it is.")
    )
    title_folded = FoldedField("title")
    title_origin = models.CharField(
        _("title's origin"),
        max_length=10,
        choices=TitleOrigin.choices,
        default=TitleOrigin.PRINTED,
        help_text=_("Devised where the source prints no headline."),
    )
    byline = models.CharField(
        _("byline"), blank=True, max_length=300, help_text=_("Who wrote it, as printed.")
    )
    section = models.CharField(
        _("section"), blank=True, max_length=200, help_text=_("The section it ran in.")
    )
    dateline = models.CharField(
        _("dateline"), blank=True, max_length=200, help_text=_("The place it was filed from, as printed.")
    )
    language = models.CharField(
        _("language"), max_length=35, help_text=_("The language of the text, as a BCP 47 tag: ar, en, ru.")
    )
    published = EDTFField(_("published"))
    published_lower = BoundField("published", "lower")
    published_upper = BoundField("published", "upper")
    published_at = MomentField("published")

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering: ClassVar = newest_first("published_at")
        permissions: ClassVar = [
            ("read_text", "Can read the texts of publishers"),
            ("purge_article", "Can take articles down for good"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source", "identifier"],
                name="article_identifier_once",
                violation_error_message=_("This source already has an article with this identifier."),
            ),
            check(
                Q(identifier__regex=IDENTIFIER),
                "identifier_well_formed",
                _("Use the canonical URL (https://...), or urn:sha256: and 64 hexadecimal digits."),
            ),
            not_empty("title"),
            one_of("title_origin", TitleOrigin),
            language_well_formed(),
            *bounds_derived("published"),
        ]
        indexes: ClassVar = [
            *moment_indexes("article", "published"),
            filter_index("article", "source", "published_at"),
            filter_index("article", "language", "published_at"),
            filter_index("article", "byline", "published_at"),
            filter_index("article", "section", "published_at"),
            filter_index("article", "dateline", "published_at"),
            filter_index("article", "title_origin", "published_at"),
            models.Index(fields=["identifier"], name="article_identifier"),
            models.Index(fields=["published_lower", "published_upper"], name="article_published"),
            models.Index(fields=["published_upper"], name="article_published_upper"),
            *time_indexes("article"),
            GinIndex(OpClass(F("title_folded"), "gin_trgm_ops"), name="article_title_trigrams"),
        ]
        triggers: ClassVar = [
            triggers.carry_published,
            subjects.carry_to_subjects,
            *indexing.article_triggers,
            *leaving.article_triggers,
            purge.refuse_purged("identifier"),
        ]

    def __str__(self) -> str:
        return self.title


@recorded(part_of="article")
class ArticleAbstract(Record):
    """What an article says, in our own words, in one language."""

    NATURAL_KEY = ("article__source__slug", "article__identifier", "language")

    article = models.ForeignKey(Article, models.CASCADE, related_name="abstracts", verbose_name=_("article"))
    language = models.CharField(
        _("language"),
        max_length=35,
        help_text=_("The language of the abstract, as a BCP 47 tag: ar, en, ru."),
    )
    text = models.TextField(_("abstract"), help_text=_("In our own words; never the publisher's sentences."))

    class Meta:
        verbose_name = _("abstract")
        verbose_name_plural = _("abstracts")
        ordering: ClassVar = ["article_id", "language"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "language"], name="articleabstract_once"),
            language_well_formed(),
            not_empty("text"),
        ]
        triggers: ClassVar = indexing.abstract_triggers

    def __str__(self) -> str:
        return f"{self.article} [{self.language}]"


@recorded(part_of="article")
class ArticleAddress(Record):
    """A URL that an article is known under."""

    NATURAL_KEY = ("url",)

    article = models.ForeignKey(Article, models.CASCADE, related_name="addresses", verbose_name=_("article"))
    url = models.URLField(
        _("URL"),
        unique=True,
        max_length=2000,
        help_text=_("An address under which this very article was found."),
    )

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering: ClassVar = ["article_id", "url"]
        constraints: ClassVar = [
            check(
                Q(url__regex=r"^https?://\S+$"),
                "url_well_formed",
                _("Use a URL that starts with https:// or http://."),
            )
        ]
        triggers: ClassVar = [purge.refuse_purged("url")]

    def __str__(self) -> str:
        return self.url


class Obtained(models.TextChoices):
    """How the archive came by a text."""

    FILE = "file", _("From a file")
    PAGE = "page", _("From a web page")
    FEED = "feed", _("From a feed")
    API = "api", _("Over the API")


@recorded(part_of="article", leave_out=["body"])
class ArticleText(Record):
    """One version of an article's text, never changed. Evidence points into it."""

    NATURAL_KEY = ("article__source__slug", "article__identifier", "sha256")

    article = models.ForeignKey(Article, models.CASCADE, related_name="texts", verbose_name=_("article"))
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, help_text=_("Of the text's UTF-8, as 64 hexadecimal digits.")
    )
    length = models.PositiveIntegerField(_("length"), help_text=_("In Unicode code points."))
    body = models.TextField(
        _("body"),
        null=True,
        blank=True,
        help_text=_("The text itself, where the archive may keep it. It must match the hash and the length."),
    )
    obtained = models.CharField(
        _("obtained"), max_length=10, choices=Obtained.choices, help_text=_("How the archive came by it.")
    )
    obtained_at = models.DateTimeField(
        _("obtained at"), null=True, blank=True, help_text=_("When, if that is known.")
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering: ClassVar = ["article_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["article", "sha256"], name="articletext_once"),
            check(Q(sha256__regex=SHA256), "sha256_well_formed", _("Use 64 lower-case hexadecimal digits.")),
            check(Q(length__gt=0), "length_positive", _("A text has at least one character.")),
            check(
                Q(body__isnull=True) | (Q(sha256=Sha256(F("body"))) & Q(length=Length(F("body")))),
                "body_matches",
                _("The body does not match the hash and the length."),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["sha256"], name="articletext_sha256")]
        triggers: ClassVar = [
            triggers.text_never_changes,
            triggers.carry_article,
            *indexing.text_triggers,
            purge.refuse_purged("sha256", of_text=True),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:12]} ({self.length})"

    @classmethod
    def from_body(cls, body: str, **fields: Any) -> "ArticleText":
        """An unsaved version that holds `body`, with its hash and its length in code points."""
        return cls(body=body, sha256=sha256_hex(body), length=len(body), **fields)
