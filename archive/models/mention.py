"""Where a text names a person, a country or a source."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from archive.models import leaving, subjects, triggers
from archive.models.base import Status, recorded
from archive.models.constraints import check, exactly_one, one_of
from archive.models.evidence import Evidence
from archive.models.ordering import filter_index, moment_indexes, newest_first, time_indexes


class How(models.TextChoices):
    """The way a mention names what it names."""

    NAME = "name", _("By name")
    NISBA = "nisba", _("By nisba")
    CAPITAL = "capital", _("By its capital")
    DATELINE = "dateline", _("In the dateline")


@recorded(leave_out=triggers.CARRIED_FROM_ARTICLE)
class Mention(Evidence):
    """A span of a text that names one person, country or source."""

    NATURAL_KEY = (
        "text__article__source__slug",
        "text__article__identifier",
        "text__sha256",
        "start",
        "end",
        "person__slug",
        "country__code",
        "source__slug",
        "proposed_name",
    )

    surface = models.CharField(
        _("surface"), max_length=100, help_text=_("The words of the span, as printed.")
    )
    how = models.CharField(
        _("how"),
        max_length=10,
        choices=How.choices,
        default=How.NAME,
        help_text=_("How it names what it names."),
    )
    person = models.ForeignKey(
        "Person", models.PROTECT, null=True, blank=True, related_name="mentions", verbose_name=_("person")
    )
    country = models.ForeignKey(
        "Country", models.PROTECT, null=True, blank=True, related_name="mentions", verbose_name=_("country")
    )
    source = models.ForeignKey(
        "Source", models.PROTECT, null=True, blank=True, related_name="mentions", verbose_name=_("source")
    )
    proposed_name = models.CharField(
        _("proposed name"),
        max_length=200,
        blank=True,
        help_text=_("While suggested and nobody is chosen yet: whom the span may name."),
    )

    class Meta(Evidence.Meta):
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        ordering: ClassVar = newest_first("published_at")
        constraints: ClassVar = [
            *Evidence.Meta.constraints,
            exactly_one(
                ["person", "country", "source"],
                "one_target",
                _("A mention names one person, country or source; or, unless accepted, a proposed name."),
                # A proposal that is wrong can be rejected, though nobody was ever chosen.
                or_none_if=~Q(status=Status.ACCEPTED) & Q(proposed_name__regex=r"\S"),
            ),
            one_of("how", How),
            check(
                Q(end=F("start") + Length("surface")),
                "surface_fills_span",
                _("The surface is as long as the span."),
            ),
            models.UniqueConstraint(
                fields=["text", "start", "end", "person", "country", "source", "proposed_name"],
                name="mention_once",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar = [
            *moment_indexes("mention", "published"),
            filter_index("mention", "person", "published_at"),
            filter_index("mention", "country", "published_at"),
            filter_index("mention", "source", "published_at"),
            filter_index("mention", "how", "published_at"),
            filter_index("mention", "status", "published_at"),
            models.Index(fields=["article", "start"], name="mention_article"),
            models.Index(fields=["surface"], name="mention_surface"),
            models.Index(fields=["proposed_name"], name="mention_proposed_name"),
            models.Index(fields=["published_lower", "published_upper"], name="mention_published"),
            *time_indexes("mention"),
        ]
        triggers: ClassVar = [
            triggers.take_article,
            triggers.end_within_text("mention"),
            *subjects.fact_triggers("mention", subjects.NAMED),
            *leaving.mention_triggers,
        ]

    def __str__(self) -> str:
        return f"{self.surface} [{self.start}, {self.end})"
