"""Who took part in an event, and as what."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.models import leaving, triggers
from archive.models.base import Fact, recorded
from archive.models.constraints import exactly_one, one_of
from archive.models.event import Event
from archive.models.ordering import filter_index


class Role(models.TextChoices):
    """What a participant does in an event."""

    ACTOR = "actor", _("Actor")
    RECIPIENT = "recipient", _("Recipient")
    HOST = "host", _("Host")
    VISITOR = "visitor", _("Visitor")
    CHAIR = "chair", _("Chair")
    SIGNATORY = "signatory", _("Signatory")
    ORGANISER = "organiser", _("Organiser")
    SPEAKER = "speaker", _("Speaker")
    PARTICIPANT = "participant", _("Participant")


@recorded(part_of="event", leave_out=triggers.CARRIED_FROM_EVENT)
class Participation(Fact):
    """One person's or country's part in an event."""

    NATURAL_KEY = ("event__slug", "person__slug", "country__code", "role")

    event = models.ForeignKey(Event, models.CASCADE, related_name="participations", verbose_name=_("event"))
    person = models.ForeignKey(
        "Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("person"),
    )
    country = models.ForeignKey(
        "Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        verbose_name=_("country"),
    )
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, help_text=_("What it did there."))
    # Copies of the event's dates, so that a participant's newest events are one walk of an
    # index. The database fills them and keeps them right; what a writer puts here is dropped.
    start_lower = models.DateField(null=True, editable=False)
    end_upper = models.DateField(null=True, editable=False)
    start_at = models.DateTimeField(null=True, editable=False)

    class Meta(Fact.Meta):
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering: ClassVar = ["event_id", "role", "id"]
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            exactly_one(["person", "country"], "one_participant", _("Name one person or one country.")),
            one_of("role", Role),
            models.UniqueConstraint(
                fields=["event", "person", "country", "role"], name="participation_once", nulls_distinct=False
            ),
        ]
        indexes: ClassVar = [
            filter_index("partic", "person", "start_at"),
            filter_index("partic", "country", "start_at"),
            models.Index(fields=["role", "event"], name="partic_role"),
            models.Index(fields=["status", "event"], name="partic_status"),
        ]
        triggers: ClassVar = [triggers.take_start, leaving.carry_status_by("participation_id")]

    def __str__(self) -> str:
        return f"{self.person or self.country}: {self.get_role_display()}"
