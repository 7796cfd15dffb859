"""How lists are ordered, so that every order has an index and no row is left out of it.

A moment may be unknown. SQL sorts NULL first or last, but no comparison finds it, and a
keyset page is a comparison: so lists sort by the moment or, where there is none, by one
that comes last in that direction. The indexes hold the same expressions.
"""

from datetime import UTC, datetime

from django.db.models import DateField, Expression, F, Func, Index, OrderBy, Q, Value
from django.db.models.functions import Coalesce

BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)
AFTER_ALL = datetime(9999, 12, 31, tzinfo=UTC)
# Days that a date may mean at most: a month; and all that is longer, but no decade or century. A winter may
# be the one at a year's begin or at its end, and has 486.
MONTH, WINTER = 31, 500


def newest(moment: str) -> OrderBy:
    """`moment`, latest first; rows without one come last."""
    return Coalesce(F(moment), Value(BEFORE_ALL)).desc()


def oldest(moment: str) -> OrderBy:
    """`moment`, earliest first; rows without one come last."""
    return Coalesce(F(moment), Value(AFTER_ALL)).asc()


def newest_first(moment: str) -> list:
    """A whole ordering: newest first, ties by id, so that it is total."""
    return [newest(moment), F("id").desc()]


class DaysAfter(Func):
    """The day so many days after one; these stand in the statement: a prepared one meets the index, too."""

    output_field = DateField()

    def __init__(self, day: str, days: int) -> None:
        self.template = f"(%(expressions)s + {days:d})"
        super().__init__(F(day))


def lasting(date: str, days: int) -> Q:
    """Whether a date may mean more days than that from the first to the last.

    A row stands where its date begins, which may be before a day that the date may mean: a month at most,
    unless the date lasts longer. Of dates that do there are few, and indexes of their own.
    """
    return Q(**{f"{date}_upper__gt": DaysAfter(f"{date}_lower", days)})


def lasting_index(table: str, date: str, days: int, *of: str) -> Index:
    """Serves the rows whose date is `lasting`, of one `of` alone, by its first day and its last."""
    condition = lasting(date, days) & Q(**{f"{column}__isnull": False for column in of})
    name = "_".join((table, *of, "long" if days == MONTH else "ages"))
    return Index(fields=[*of, f"{date}_at", f"{date}_upper"], condition=condition, name=name)


def moment_indexes(table: str, date: str) -> list[Index]:
    """The indexes that serve `newest` and `oldest` of a date's moment, ties by id; and dates that last."""
    return [
        Index(newest(f"{date}_at"), F("id").desc(), name=f"{table}_newest"),
        Index(oldest(f"{date}_at"), F("id").asc(), name=f"{table}_oldest"),
        lasting_index(table, date, MONTH),
        lasting_index(table, date, WINTER),
    ]


class Bounds(tuple):
    """Between which moments rows stand in an order: pairs of a comparison of their key, and with what."""

    def of(self, key: Expression) -> Q:
        """The condition on `key`."""
        return Q(*(compares(key, bound) for compares, bound in self))


def time_indexes(table: str) -> list[Index]:
    """What keeps a copy in step asks for: what was added, or changed, since when."""
    return [
        Index(fields=["added", "id"], name=f"{table}_added"),
        Index(fields=["modified", "id"], name=f"{table}_modified"),
    ]


def filter_index(table: str, field: str, moment: str) -> Index:
    """Serves `field` = value, newest first: one walk of the index, no sort."""
    return Index(F(field), newest(moment), F("id").desc(), name=f"{table}_{field}_newest"[:30])
