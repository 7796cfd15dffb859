"""Who decided what on which fact, when, and why."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.models.base import Status, tracked
from archive.models.constraints import exactly_one, one_of

TARGETS = ("mention", "citation", "event", "participation", "office", "link", "succession")


def _target(model: str, name) -> models.ForeignKey:
    return models.ForeignKey(
        model, models.CASCADE, null=True, blank=True, related_name="reviews", verbose_name=name
    )


@tracked
class Review(models.Model):
    """One decision of one editor on one fact. Rows are added, never changed.

    A fact that is deleted takes its reviews along; the history keeps them.
    """

    decision = models.CharField(
        _("decision"), max_length=10, choices=Status.choices, help_text=_("What the fact's status became.")
    )
    reason = models.TextField(_("reason"), blank=True, help_text=_("Why, in the editor's words."))
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", verbose_name=_("editor")
    )
    decided_at = models.DateTimeField(_("decided at"), db_default=Now(), editable=False)
    mention = _target("Mention", _("mention"))
    citation = _target("Citation", _("citation"))
    event = _target("Event", _("event"))
    participation = _target("Participation", _("participation"))
    office = _target("Office", _("office"))
    link = _target("EventLink", _("event link"))
    succession = _target("Succession", _("succession"))

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering: ClassVar = ["-decided_at", "-id"]
        constraints: ClassVar = [
            one_of("decision", Status),
            exactly_one(TARGETS, "one_target", _("A review decides exactly one fact.")),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-decided_at", "-id"], name="review_newest"),
            models.Index(fields=["decision", "-decided_at", "-id"], name="review_decision"),
            models.Index(fields=["editor", "-decided_at", "-id"], name="review_editor"),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.target}"

    @property
    def target(self):
        """The fact that was decided."""
        return next(fact for name in TARGETS if (fact := getattr(self, name)) is not None)
