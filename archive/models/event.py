"""What happened, or is planned, or is claimed to have happened."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from archive.models import leaving, triggers
from archive.models.base import Fact, recorded
from archive.models.constraints import (
    bounds_derived,
    check,
    in_order,
    not_empty,
    one_of,
    slug_well_formed,
)
from archive.models.fields import BoundField, EDTFField, FoldedField, MomentField
from archive.models.ordering import filter_index, moment_indexes, newest_first, time_indexes
from archive.models.plover import MODES, EventContext, EventMode, EventType


class Occurrence(models.TextChoices):
    """Whether an event took place, as far as the evidence says."""

    OCCURRED = "occurred", _("Occurred")
    PLANNED = "planned", _("Planned")
    CLAIMED = "claimed", _("Claimed")


def _mode_of_type() -> Q:
    allowed = Q(mode="")
    for kind, modes in MODES.items():
        if modes:
            allowed |= Q(type=kind.value, mode__in=[mode.value for mode in modes])
    return allowed


@recorded()
class Event(Fact):
    """Something that happened, is planned, or is claimed to have happened."""

    NATURAL_KEY = ("slug",)

    slug = models.SlugField(
        _("slug"),
        unique=True,
        max_length=150,
        help_text=_("The address in the API: iraq-ussr-friendship-treaty-1972. Lower-case Latin letters."),
    )
    title = models.CharField(_("title"), max_length=300, help_text=_("What happened, in a line."))
    title_folded = FoldedField("title")
    type = models.CharField(
        _("type"),
        max_length=12,
        choices=EventType.choices,
        help_text=_("One of PLOVER's types, or exhibition."),
    )
    mode = models.CharField(
        _("mode"),
        max_length=20,
        blank=True,
        choices=EventMode.choices,
        help_text=_("How it was done, where the type has modes."),
    )
    contexts = ArrayField(
        models.CharField(max_length=30, choices=EventContext.choices),
        default=list,
        blank=True,
        verbose_name=_("contexts"),
        help_text=_("What it was about."),
    )
    start = EDTFField(_("start"))
    start_lower = BoundField("start", "lower")
    start_upper = BoundField("start", "upper")
    start_at = MomentField("start")
    end = EDTFField(_("end"))
    end_lower = BoundField("end", "lower")
    end_upper = BoundField("end", "upper")
    place = models.CharField(
        _("place"), max_length=200, blank=True, help_text=_("Where, as the text names it.")
    )
    country = models.ForeignKey(
        "Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted_events",
        verbose_name=_("host country"),
        help_text=_("The country it took place in, if the text tells."),
    )
    occurrence = models.CharField(
        _("occurrence"),
        max_length=10,
        choices=Occurrence.choices,
        default=Occurrence.OCCURRED,
        help_text=_("Whether it took place, as far as the evidence says."),
    )

    class Meta(Fact.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering: ClassVar = newest_first("start_at")
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            slug_well_formed(),
            not_empty("title"),
            one_of("type", EventType),
            check(_mode_of_type(), "mode_of_type", _("The type of the event has no such mode.")),
            check(
                Q(contexts__contained_by=EventContext.values),
                "contexts",
                _("A context is not one of the choices."),
            ),
            one_of("occurrence", Occurrence),
            *bounds_derived("start", "end"),
            in_order("start", "end", "ends_after_start", _("The event ends before it starts.")),
        ]
        indexes: ClassVar = [
            *moment_indexes("event", "start"),
            filter_index("event", "type", "start_at"),
            filter_index("event", "mode", "start_at"),
            filter_index("event", "country", "start_at"),
            filter_index("event", "place", "start_at"),
            filter_index("event", "occurrence", "start_at"),
            filter_index("event", "status", "start_at"),
            models.Index(fields=["start_lower", "start_upper"], name="event_start"),
            models.Index(fields=["start_upper"], name="event_start_upper"),
            models.Index(fields=["end_lower", "end_upper"], name="event_end"),
            models.Index(fields=["end_upper"], name="event_end_upper"),
            *time_indexes("event"),
            GinIndex(fields=["contexts"], name="event_contexts"),
            GinIndex(OpClass(F("title_folded"), "gin_trgm_ops"), name="event_title_trigrams"),
        ]
        triggers: ClassVar = [triggers.carry_start, *leaving.event_triggers]

    def __str__(self) -> str:
        return self.title
