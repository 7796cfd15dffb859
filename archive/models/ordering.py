"""How lists are ordered, so that every order has an index and no row is left out of it.

A moment may be unknown. SQL sorts NULL first or last, but no comparison finds it, and a
keyset page is a comparison: so lists sort by the moment or, where there is none, by one
that comes last in that direction. The indexes hold the same expressions.
"""

from datetime import UTC, datetime

from django.db.models import DateField, ExpressionWrapper, F, Index, OrderBy, Q, Value
from django.db.models.functions import Coalesce

BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)
AFTER_ALL = datetime(9999, 12, 31, tzinfo=UTC)
# Days: no month begins earlier before its last one.
MONTH = 31


def newest(moment: str) -> OrderBy:
    """`moment`, latest first; rows without one come last."""
    return Coalesce(F(moment), Value(BEFORE_ALL)).desc()


def oldest(moment: str) -> OrderBy:
    """`moment`, earliest first; rows without one come last."""
    return Coalesce(F(moment), Value(AFTER_ALL)).asc()


def newest_first(moment: str) -> list:
    """A whole ordering: newest first, ties by id, so that it is total."""
    return [newest(moment), F("id").desc()]


def long(date: str) -> Q:
    """Whether what a date may mean is longer than a month: a year, a season, a decade.

    A row stands where its date begins. Of those that may reach to some day, all but the long ones begin at
    most a month before that; where these begin, `long_index` tells.
    """
    a_month_on = ExpressionWrapper(F(f"{date}_lower") + Value(MONTH), DateField())
    return Q(**{f"{date}_upper__gt": a_month_on})


def long_index(table: str, date: str, *of: str) -> Index:
    """Serves the rows with a long date, of one `of` alone, by where it begins and how far it reaches."""
    condition = long(date) & Q(**{f"{column}__isnull": False for column in of})
    name, include = "_".join((table, *of, "long")), [f"{date}_upper"]
    return Index(fields=[*of, f"{date}_at"], include=include, condition=condition, name=name)


def moment_indexes(table: str, date: str) -> list[Index]:
    """The indexes that serve `newest` and `oldest` of a date's moment, ties by id; and `long_index`."""
    return [
        Index(newest(f"{date}_at"), F("id").desc(), name=f"{table}_newest"),
        Index(oldest(f"{date}_at"), F("id").asc(), name=f"{table}_oldest"),
        long_index(table, date),
    ]


def time_indexes(table: str) -> list[Index]:
    """What keeps a copy in step asks for: what was added, or changed, since when."""
    return [
        Index(fields=["added", "id"], name=f"{table}_added"),
        Index(fields=["modified", "id"], name=f"{table}_modified"),
    ]


def filter_index(table: str, field: str, moment: str) -> Index:
    """Serves `field` = value, newest first: one walk of the index, no sort."""
    return Index(F(field), newest(moment), F("id").desc(), name=f"{table}_{field}_newest"[:30])
