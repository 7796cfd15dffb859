"""What left the lists of the API, for those who keep a copy of them."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Deletion(models.Model):
    """A record that left its list: deleted, rejected, or known under another key since.

    Triggers write it (archive.models.leaving), of what everybody could read alone: what was rejected
    before it was deleted had left already. Derived, so it has no history and is in no fixture. History would
    tell the same of what was deleted, but a table for each kind: this one is walked in one order.
    """

    resource = models.CharField(_("resource"), max_length=20, editable=False)
    key = models.CharField(_("key"), max_length=150, editable=False)
    # The key of a record that is still there.
    moved_to = models.CharField(_("moved to"), max_length=150, db_default="", editable=False)
    # Of an article: a copy may know it by these.
    source = models.CharField(_("source"), max_length=100, db_default="", editable=False)
    identifier = models.CharField(_("identifier"), max_length=2000, db_default="", editable=False)
    deleted = models.DateTimeField(_("deleted"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("deletion")
        verbose_name_plural = _("deletions")
        default_permissions: ClassVar = ()
        indexes: ClassVar = [
            models.Index(fields=["deleted", "id"], name="deletion_deleted"),
            models.Index(fields=["resource", "deleted", "id"], name="deletion_resource"),
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.key}"
