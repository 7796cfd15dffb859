"""Statements that select the rows of a page: the first so many of a list in an order, after a certain row.

One that is made is kept, for all requests that differ in ids, days and the place of the page alone: to have
the ORM make it takes longer than to run it.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import BooleanField, Expression, F, Func, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from archive.api.conditions import Conditions, Listed, Walk
from archive.models.ordering import AFTER_ALL, BEFORE_ALL
from archive.models.sql import Constant, Statement
from archive.search.articles import Found

# Where the key and the id of the row stand that a page starts from.
VALUE, PK = object(), object()
# Statements that are kept: one for each combination of filters that is asked for often.
KEPT = 256


@dataclass(frozen=True)
class Order:
    """What a list sorts by: a column that is never null, ties by id."""

    column: str

    def key(self, descending: bool) -> Expression:
        return F(self.column)

    def searched_key(self, descending: bool) -> Expression:
        """The key in a search for articles' words."""
        return self.key(descending)

    def load(self, value: str) -> Any:
        """A key from its text."""
        return value


@dataclass(frozen=True)
class Instant(Order):
    """A time that is never null."""

    def load(self, value: str) -> datetime:
        return datetime.fromisoformat(value)


@dataclass(frozen=True)
class Moment(Instant):
    """A time that may be unknown; what has none comes last in either direction.

    `searched` is where the table that articles are searched in has the same time.
    """

    searched: str = ""

    def key(self, descending: bool) -> Expression:
        return self._known(self.column, descending)

    def searched_key(self, descending: bool) -> Expression:
        return self._known(self.searched, descending)

    @staticmethod
    @lru_cache
    def _known(column: str, descending: bool, ref: type[F] = F) -> Expression:
        # The same each time: what an expression hashes to is worked out once.
        return Coalesce(ref(column), Constant(BEFORE_ALL if descending else AFTER_ALL))

    def walk(self, descending: bool) -> Walk:
        """The order, as conditions know it."""
        outer = self._known(self.column, descending, OuterRef)
        return Walk(self.key(descending), outer, self.date)

    @property
    def date(self) -> str:
        return self.column.removesuffix("_at")


@dataclass(frozen=True)
class Relevance(Order):
    """How well rows fit what the list was searched for: a number, least where they fit best, or `most`."""

    most: bool = False

    def load(self, value: str) -> float:
        return float(value)


class RowCompare(Func):
    """`(key, id) < (value, id)`, or with > and >=: one condition that an index on both answers."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, key: Expression, pk: str, operator: str, value: Any, value_pk: Any) -> None:
        super().__init__(key, F(pk), Value(value), Value(value_pk))
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        (key, pk, value, value_pk) = (sql for sql, _params in parts)
        params = [param for _sql, more in parts for param in more]
        return f"({key}, {pk}) {self.operator} ({value}, {value_pk})", params


class After(NamedTuple):
    """Where a page starts: at the rows whose key and id stand so to these."""

    operator: str
    value: Any
    pk: int


def first(
    listed: Any, order: Order, after: After | None, count: int, *, descending: bool, down: bool
) -> Statement | None:
    """Selects id and key of the first `count` rows of a list, from `after` on. None where there can be none.

    The order is `descending` or not; rows are gone through `down` or, for the page before, the other way.
    """
    operator = after and after.operator
    if isinstance(listed, Found) and not isinstance(order, Relevance):
        key = order.searched_key(descending or listed.dated)
        place = RowCompare(key, "pk", after.operator, VALUE, PK) if after else Q()
        ids = listed.first(count, key, descending=down, after=place)
        return ids and ids.filled({VALUE: after.value, PK: after.pk} if after else {})
    marks = {VALUE: after.value, PK: after.pk} if after else {}
    if isinstance(listed, Listed) and listed.of_all:
        conditions, values = listed.conditions.lifted()
        statuses = tuple(conditions.statuses)
        ids = _ids_of_all(
            listed.whole.model, conditions, statuses, order, operator, count, descending=descending, down=down
        )
        marks |= values
    else:
        ids = _ids(listed, order, operator, count, descending=descending, down=down)
    return ids and ids.filled(marks)


@lru_cache(KEPT)
def _ids_of_all(
    model: type[Model],
    conditions: Conditions,
    _statuses: tuple[str, ...],
    order: Order,
    *page: Any,
    **directions: bool,
) -> Statement | None:
    """`_ids` of all rows for which lifted `conditions` hold: made once for all that ask for the like."""
    found = _ids(Listed(model._default_manager.all(), conditions), order, *page, **directions)
    # Every page of all, or of one subject's articles by date, is a walk of one index.
    of_one = isinstance(order, Moment) and conditions.of_one_subject()
    return found and replace(found, one_plan=of_one or not conditions.every)


def _ids(
    listed: Any, order: Order, operator: str | None, count: int, *, descending: bool, down: bool
) -> Statement | None:
    """What `first` gives, before it is filled in; with an `operator`, after the row of VALUE and PK."""
    if isinstance(order, Moment) and isinstance(listed, Listed) and listed.conditions.dated(order.date):
        # All have a date: either way they are in the order that every index of theirs has.
        descending = True
    rows, pk = _ways(listed, order, descending)
    key = order.key(descending)
    after = RowCompare(key, pk, operator, VALUE, PK) if operator else Q()
    by = (key.desc(), F(pk).desc()) if down else (key.asc(), F(pk).asc())
    return Statement.of(
        rows.filter(after).annotate(keyset=key).order_by(*by).values_list(pk, "keyset")[:count]
    )


def _ways(listed: Any, order: Order, descending: bool) -> tuple[QuerySet, str]:
    """The rows of a list in the table that `order` is met soonest in, and where these have the list's id."""
    match listed:
        case Found():
            return listed.best(), "pk"
        case Listed() if isinstance(order, Moment):
            walk = order.walk(descending)
            subjects = listed.conditions.on_subjects(walk)
            return (listed.along(walk), "pk") if subjects is None else (subjects, "article")
        case Listed():
            return listed.rows, "pk"
        case _:
            return listed, "pk"
