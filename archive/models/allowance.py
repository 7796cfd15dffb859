"""How much of its rate somebody has used up: what the throttles count by."""

from math import ceil
from typing import ClassVar, NamedTuple

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from archive.models.sql import Statement

# A function of the database (migration 0020): 0, or the seconds to wait. To who asks it is no write,
# and so nothing that the history has to know of.
TAKE = "SELECT archive_take(%s, %s, %s)"
FORGET = "DELETE FROM archive_allowance WHERE due < statement_timestamp()"


class Rate(NamedTuple):
    """So many in so many seconds; that many at once, and from then on one as soon as it is earned back."""

    most: int
    seconds: int


class Allowances(models.Manager):
    """Takes, and forgets what is earned back."""

    def take(self, key: str, rate: Rate) -> int:
        """Take one from what `key` may have by `rate`: 0, or where nothing is left, the seconds to wait.

        Not to be called within a transaction that goes on: it would keep others with the same key waiting.
        """
        (wait,) = Statement(TAKE, [key, rate.seconds / rate.most, rate.seconds], one_plan=True).fetch()[0]
        return ceil(wait)

    def forget(self) -> int:
        """Remove the rows that say no more than none would; how many there were."""
        with connection.cursor() as cursor:
            cursor.execute(FORGET)
            return cursor.rowcount


class Allowance(models.Model):
    """What a user or an address has used up of a rate.

    Of no worth for longer than the rate's time, so the table is not logged: to write it waits for no disk,
    and a crash of the database empties it.
    """

    key = models.TextField(_("key"), primary_key=True)
    due = models.DateTimeField(_("due"))

    objects = Allowances()

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.key} ({self.due})"
