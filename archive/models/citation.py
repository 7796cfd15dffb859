"""Where a text reports an event, a part in one, an office, a link or a succession."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from archive.models import leaving, subjects, triggers
from archive.models.article import SHA256
from archive.models.base import recorded
from archive.models.constraints import check, exactly_one
from archive.models.evidence import Evidence
from archive.models.ordering import filter_index, moment_indexes, newest_first, time_indexes

TARGETS = ("event", "participation", "office", "link", "succession")


@recorded(leave_out=triggers.CARRIED_FROM_ARTICLE)
class Citation(Evidence):
    """A span of a text that reports one fact. It keeps the span's hash, never its words."""

    NATURAL_KEY = (
        "text__article__source__slug",
        "text__article__identifier",
        "text__sha256",
        "start",
        "end",
        "event__slug",
        "participation__event__slug",
        "participation__person__slug",
        "participation__country__code",
        "participation__role",
        "office__person__slug",
        "office__title",
        "office__country__code",
        "office__start",
        "link__event__slug",
        "link__other__slug",
        "link__kind",
        "succession__predecessor__code",
        "succession__successor__code",
    )

    sha256 = models.CharField(
        _("SHA-256"), max_length=64, help_text=_("Of the span's UTF-8, as 64 hexadecimal digits.")
    )
    event = models.ForeignKey(
        "Event", models.PROTECT, null=True, blank=True, related_name="citations", verbose_name=_("event")
    )
    participation = models.ForeignKey(
        "Participation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="citations",
        verbose_name=_("participation"),
    )
    office = models.ForeignKey(
        "Office", models.PROTECT, null=True, blank=True, related_name="citations", verbose_name=_("office")
    )
    link = models.ForeignKey(
        "EventLink",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="citations",
        verbose_name=_("event link"),
    )
    succession = models.ForeignKey(
        "Succession",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="citations",
        verbose_name=_("succession"),
    )

    class Meta(Evidence.Meta):
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering: ClassVar = newest_first("published_at")
        constraints: ClassVar = [
            *Evidence.Meta.constraints,
            exactly_one(TARGETS, "one_target", _("A citation reports exactly one fact.")),
            check(Q(sha256__regex=SHA256), "sha256_well_formed", _("Use 64 lower-case hexadecimal digits.")),
            models.UniqueConstraint(
                fields=["text", "start", "end", *TARGETS], name="citation_once", nulls_distinct=False
            ),
        ]
        indexes: ClassVar = [
            *moment_indexes("citation", "published"),
            *(filter_index("citation", target, "published_at") for target in TARGETS),
            filter_index("citation", "status", "published_at"),
            models.Index(fields=["article", "start"], name="citation_article"),
            models.Index(fields=["published_lower", "published_upper"], name="citation_published"),
            *time_indexes("citation"),
        ]
        triggers: ClassVar = [
            triggers.take_article,
            triggers.end_within_text("citation"),
            *subjects.fact_triggers("citation", subjects.REPORTED),
            *leaving.citation_triggers,
        ]

    def __str__(self) -> str:
        return f"[{self.start}, {self.end})"
