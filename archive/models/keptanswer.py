"""What writes with an `Idempotency-Key` were answered, for who sends them again."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """The answer to one user's POST with an Idempotency-Key.

    It is written in the transaction of what it answers for: one is there if the other is. It is no record: it
    has no history, is in no fixture, and goes when a day has passed (archive.api.keeping).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", editable=False, verbose_name=_("user")
    )
    path = models.CharField(_("path"), max_length=200, editable=False)
    key = models.CharField(_("key"), max_length=255, editable=False)
    # SHA-256 of what was sent: the query and the body.
    sent = models.CharField(_("sent"), max_length=64, editable=False)
    status = models.PositiveSmallIntegerField(_("status"), editable=False)
    location = models.CharField(_("location"), max_length=500, editable=False, blank=True)
    tag = models.CharField(_("ETag"), max_length=100, editable=False, blank=True)
    body = models.TextField(_("body"), editable=False)
    added = models.DateTimeField(_("added"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("kept answer")
        verbose_name_plural = _("kept answers")
        default_permissions: ClassVar = ()
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "path", "key"], name="keptanswer_once")
        ]
        indexes: ClassVar = [models.Index(fields=["added"], name="keptanswer_added")]

    def __str__(self) -> str:
        return f"{self.path} {self.key}"
