"""How lists are ordered, so that every order has an index and no row is left out of it.

A moment may be unknown. SQL sorts NULL first or last, but no comparison finds it, and a
keyset page is a comparison: so lists sort by the moment or, where there is none, by one
that comes last in that direction. The indexes hold the same expressions.
"""

from datetime import UTC, datetime

from django.db.models import F, Index, OrderBy, Value
from django.db.models.functions import Coalesce

BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)
AFTER_ALL = datetime(9999, 12, 31, tzinfo=UTC)


def newest(moment: str) -> OrderBy:
    """`moment`, latest first; rows without one come last."""
    return Coalesce(F(moment), Value(BEFORE_ALL)).desc()


def oldest(moment: str) -> OrderBy:
    """`moment`, earliest first; rows without one come last."""
    return Coalesce(F(moment), Value(AFTER_ALL)).asc()


def newest_first(moment: str) -> list:
    """A whole ordering: newest first, ties by id, so that it is total."""
    return [newest(moment), F("id").desc()]


def moment_indexes(table: str, moment: str) -> list[Index]:
    """The two indexes that serve `newest` and `oldest`, ties by id."""
    return [
        Index(newest(moment), F("id").desc(), name=f"{table}_newest"),
        Index(oldest(moment), F("id").asc(), name=f"{table}_oldest"),
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
