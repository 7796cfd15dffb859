"""What was taken down: a stone that says so, and keeps it from coming back."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.models.base import tracked
from archive.models.constraints import not_empty

# How a hash that an identifier names is written there.
URN = "urn:sha256:"
# Who writes what could be refused shares this lock, and a takedown has it alone, each until its transaction
# ends. Else what is written beside a takedown would not see the stone, nor would the takedown see it.
LOCK = "hashtext('archive_purge')"


def refuse_purged(column: str, *, of_text: bool = False) -> pgtrigger.Trigger:
    """Refuses a row whose `column` names what was taken down: an address or identifier, or a text's hash."""
    digest = f"encode(sha256(convert_to(NEW.{column}, 'UTF8')), 'hex')"
    if of_text:
        digest = f"NEW.{column}"
    elif column == "identifier":
        named = f"substr(NEW.{column}, {len(URN) + 1})"
        digest = f"CASE WHEN starts_with(NEW.{column}, '{URN}') THEN {named} ELSE {digest} END"
    return pgtrigger.Trigger(
        name="not_purged",
        # After, as the row may have waited for one of the same address that is being taken down.
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(column),
        declare=[("stone", "record")],
        func=f"""
            PERFORM pg_advisory_xact_lock_shared({LOCK});
            SELECT reason, purged_at::date AS day INTO stone FROM archive_purge
            WHERE keys @> ARRAY[{digest}]::varchar[] LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'this was taken down on %, and may not be taken in again: %',
                    stone.day, stone.reason
                USING ERRCODE = 'exclusion_violation',
                    CONSTRAINT = replace(TG_TABLE_NAME, 'archive_', '') || '_not_purged',
                    DETAIL = stone.reason, HINT = stone.day::text;
            END IF;
            RETURN NULL;
        """,
    )


@tracked
class Purge(models.Model):
    """An article that was taken down: its id, why, and the hashes by which it is known if it comes again.

    Of what it said nothing is kept (archive.curate.purge). To delete the row is to allow it again.
    """

    article = models.BigIntegerField(
        _("article"), unique=True, editable=False, help_text=_("The id that it had.")
    )
    reason = models.TextField(
        _("reason"), help_text=_("Why it was taken down. Everybody who may read the archive can read this.")
    )
    purged_at = models.DateTimeField(_("taken down at"), db_default=Now(), editable=False)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="purges",
        verbose_name=_("editor"),
    )
    # SHA-256 of its identifier, its addresses and its texts. Addresses too often hold the words of a title.
    keys = ArrayField(models.CharField(max_length=64), verbose_name=_("hashes"), editable=False)

    class Meta:
        verbose_name = _("takedown")
        verbose_name_plural = _("takedowns")
        ordering: ClassVar = ["-purged_at", "-id"]
        default_permissions: ClassVar = ("view", "delete")
        constraints: ClassVar = [not_empty("reason")]
        indexes: ClassVar = [
            GinIndex(fields=["keys"], name="purge_keys"),
            models.Index(fields=["-purged_at", "-id"], name="purge_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.article} ({self.purged_at:%Y-%m-%d})"
