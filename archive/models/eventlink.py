"""How one event bears on another."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from archive.models import leaving
from archive.models.base import Fact, recorded
from archive.models.constraints import check, one_of
from archive.models.event import Event


class LinkKind(models.TextChoices):
    """How one event bears on another."""

    PART_OF = "part_of", _("Part of")
    RESTORES = "restores", _("Restores")
    BREAKS = "breaks", _("Breaks")
    FOLLOWS = "follows", _("Follows")
    IMPLEMENTS = "implements", _("Implements")


@recorded(part_of="event")
class EventLink(Fact):
    """That one event bears on another."""

    NATURAL_KEY = ("event__slug", "other__slug", "kind")

    event = models.ForeignKey(
        Event,
        models.CASCADE,
        related_name="links",
        verbose_name=_("event"),
        help_text=_("The later, or the part."),
    )
    other = models.ForeignKey(
        Event,
        models.CASCADE,
        related_name="linked",
        verbose_name=_("other event"),
        help_text=_("The earlier, or the whole."),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=LinkKind.choices, help_text=_("How the first bears on the other.")
    )

    class Meta(Fact.Meta):
        verbose_name = _("event link")
        verbose_name_plural = _("event links")
        ordering: ClassVar = ["event_id", "kind", "id"]
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            models.UniqueConstraint(fields=["event", "other", "kind"], name="eventlink_once"),
            check(~Q(event=F("other")), "not_itself", _("No event bears on itself.")),
            one_of("kind", LinkKind),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "event"], name="eventlink_kind"),
            models.Index(fields=["status", "event"], name="eventlink_status"),
        ]
        triggers: ClassVar = [leaving.carry_status_by("link_id")]

    def __str__(self) -> str:
        return f"{self.event} · {self.get_kind_display()} · {self.other}"
