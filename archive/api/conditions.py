"""What a request asks of a list's rows, once its parameters are read.

Articles that a list leaves can be had in two ways: as rows of the table of articles, or, where one of the
conditions is that they name one person, country, source or event, as rows of `ArticleSubject`, which has
those of one subject together, in order, and with what lists and counts ask of them.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, NamedTuple

from django.db import models
from django.db.models import (
    BooleanField,
    DateTimeField,
    Exists,
    Expression,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Least
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThan

from archive.api.counting import counting, resting
from archive.models import Article, ArticleSubject, Fact
from archive.models.articlesubject import counts, looked_up
from archive.models.marks import Marks
from archive.models.ordering import MONTH, WINTER, Bounds, lasting


@dataclass(frozen=True)
class Link:
    """The related rows that a filter asks about: `model` rows whose `outer` is the list's row.

    Filters with equal links ask about the same related row. A related row that is a fact, or follows
    from facts, has to count, and so have the facts at its columns `rests_on`. `of` is the column of the
    list's row that `outer` equals.
    """

    model: type[models.Model]
    outer: str
    name: str
    rests_on: tuple[str, ...] = ()
    of: str = "pk"

    def rows(self, condition: Q, statuses: list[str], **of: Any) -> QuerySet:
        """The rows of `model` that count and for which `condition` holds, and `of`."""
        if issubclass(self.model, Fact):
            condition &= counting(statuses, *self.rests_on)
        elif issubclass(self.model, ArticleSubject):
            condition &= counts(statuses) & resting(statuses, *self.rests_on)
        return self.model.objects.filter(condition, **of)


# Where a link leads from an article to what it names.
OF_ARTICLES: Final = (ArticleSubject, "article")


@dataclass(frozen=True)
class Condition:
    """`holds` of a list's row, or where there is a `link`, of a row that it leads to; `negated`, of none.

    `names` are the filters that ask for it, lookups left out.
    """

    names: frozenset[str]
    holds: Q
    link: Link | None = None
    negated: bool = False

    def to_one(self) -> Link | None:
        """The link, where what is asked is that an article names one certain subject."""
        if self.negated or self.link is None or (self.link.model, self.link.outer) != OF_ARTICLES:
            return None
        match self.holds.children:
            case [(str(), [_one])]:
                return self.link
        return None


# The columns of an article that a row of ArticleSubject has too. Others it has by its article.
CARRIED: Final = {
    "pk": "article",
    "source": "publisher",
    **{name: name for name in ("language", "published_lower", "published_upper", "published_at")},
}
# Of several subjects asked for, the rows of one are gone through. An event is in few articles, a country in
# many.
RAREST_FIRST: Final = ("event", "person", "source", "country")


class Walk(NamedTuple):
    """An order by the moment of a `date` that rows are gone through in: its key, and that of an outer row."""

    key: Expression
    outer: Expression
    date: str


class Day(Func):
    """A moment on or before which, in whatever zone, a day begins; `plus` that many days later."""

    output_field = DateTimeField()

    def __init__(self, day: Any, plus: int) -> None:
        # Zones are 14 hours apart from UTC at most.
        self.template = f"((%(expressions)s)::date + {plus:d})::timestamp AT TIME ZONE 'UTC'"
        super().__init__(Value(day))


class NotBefore(Func):
    """Whether a moment is not before one that is yet to be found.

    Compared as rows: of a walk with two ends that it does not know PostgreSQL expects next to nothing.
    """

    output_field = BooleanField()
    conditional = True
    template = "(%(expressions)s, 0)"
    arg_joiner = ", 0) >= ("


@dataclass(frozen=True)
class Listed:
    """Those rows of a list for which `conditions` hold."""

    whole: QuerySet
    conditions: "Conditions"

    @property
    def of_all(self) -> bool:
        """Whether these are, of all rows there are of the list's table, those for which `conditions` hold."""
        return not self.whole.query.where

    @cached_property
    def rows(self) -> QuerySet:
        """As rows of the list's own table."""
        return self.conditions.on(self.whole)

    def along(self, walk: Walk) -> QuerySet:
        """The same, to be gone through in an order."""
        bounds = self.conditions.within(walk.date, self.whole, self.whole)
        return self.rows.filter(bounds.of(walk.key))

    def all(self) -> QuerySet:
        """All of them, in the way that is counted soonest."""
        subjects = self.conditions.on_subjects()
        return self.rows if subjects is None else subjects


@dataclass(frozen=True)
class Conditions:
    """All that a request asks, besides a search; of facts those with `statuses` count."""

    every: tuple[Condition, ...]
    statuses: list[str] = field(compare=False)

    def lifted(self) -> "tuple[Conditions, dict[Any, Any]]":
        """The same with marks in the place of ids and days; and what the marks stand for.

        Conditions that differ in those alone are equal when lifted, and have one statement.
        """
        marks = Marks()
        every = tuple(replace(one, holds=marks.lift(one.holds)) for one in self.every)
        return replace(self, every=every), marks.values

    def without(self, names: Collection[str]) -> "Conditions":
        """All but what the filters `names` ask."""
        return replace(self, every=tuple(one for one in self.every if one.names.isdisjoint(names)))

    def only(self, names: Collection[str]) -> "Conditions":
        """Of it, what the filters `names` ask."""
        return replace(self, every=tuple(one for one in self.every if one.names <= set(names)))

    def on(self, rows: QuerySet) -> QuerySet:
        """Those of `rows`, of the list's own table, for which all of it holds."""
        return rows.filter(*(self._of_list(one) for one in self.every))

    def on_subjects(self, walk: Walk | None = None) -> QuerySet | None:
        """The same articles, each once, as rows of ArticleSubject; None where no one subject is asked for.

        `newest_first` of these is a walk of an index, and so is a count by what the rows carry. Said in which
        order they are gone through, they can be met side by side with those of another subject.
        """
        found = [(link, one) for one in self.every if (link := one.to_one())]
        if not found:
            return None
        link, base = min(found, key=lambda pair: RAREST_FIRST.index(pair[0].name))
        others = replace(self, every=tuple(one for one in self.every if one is not base))
        rows = link.rows(base.holds, self.statuses)
        found = others.among(rows, walk)
        if walk:
            bounds = others.within(walk.date, rows, Article.objects.order_by())
            found = found.filter(bounds.of(walk.key))
        return found

    def carried(self) -> bool:
        """Whether rows of ArticleSubject alone can tell if all of it holds."""
        return all(one.link is None and _paths(one.holds) <= CARRIED.keys() for one in self.every)

    def of_one_subject(self) -> bool:
        """Whether the rows of one subject alone can tell: whatever it is, they are a piece of one index."""
        linked = [one for one in self.every if one.link]
        others = replace(self, every=tuple(one for one in self.every if one.link is None))
        return len(linked) == 1 and linked[0].to_one() is not None and others.carried()

    def among(self, rows: QuerySet, walk: Walk | None = None) -> QuerySet:
        """Those of `rows`, of ArticleSubject, for whose articles all of it holds."""
        return rows.filter(*(self._of_subject(one, walk) for one in self.every))

    def dated(self, date: str) -> bool:
        """Whether what has no such date is left out by what is asked of its days."""
        return any(path.startswith((f"{date}_lower__", f"{date}_upper__")) for path, _day in self._days())

    def within(self, date: str, rows: QuerySet, whole: QuerySet, *, looking: bool = False) -> Bounds:
        """Where a walk of some `rows` by a date may begin and end, as follows from what is asked of days.

        None, or bounds of a part that has no row without a date. Rows stand where their dates begin. Where
        the first begins that may reach to a day, the rows tell; of dates that last very long, the `whole`
        list. `looking`, that is looked up now, for a plan that is made by what it is.
        """
        found = [*self.begun(date)]
        for path, day in self._days():
            if path != f"{date}_upper__gte":
                continue
            moment = f"{date}_at"
            reaching = {path: day, f"{moment}__gte": Day(day, -1 - WINTER)}
            long = rows.filter(lasting(date, MONTH), **reaching).order_by(moment)
            ages = whole.filter(lasting(date, WINTER), **{path: day}).order_by(moment)
            first = Least(
                Day(day, -1 - MONTH),
                *(Subquery(lasts.values(moment)[:1]) for lasts in (long, ages)),
                output_field=DateTimeField(),
            )
            if not looking:
                found.append((NotBefore, first))
            elif known := whole.order_by().values_list(first).first():
                found.append((GreaterThanOrEqual, *known))
        return Bounds(found)

    def begun(self, date: str) -> Bounds:
        """The same, as far as the days asked for alone tell."""
        found = []
        for path, day in self._days():
            if path == f"{date}_lower__lte":
                found.append((LessThan, Day(day, 2)))
            elif path == f"{date}_lower__gte":
                found.append((GreaterThanOrEqual, Day(day, -1)))
        return Bounds(found)

    def _days(self) -> Iterator[tuple[str, Any]]:
        """What is compared with what, of all that has to hold of a list's own row."""
        for one in self.every:
            if one.link or one.negated or one.holds.negated or one.holds.connector != Q.AND:
                continue
            for child in one.holds.children:
                match child:
                    case (str(path), day) if path.endswith(("__lte", "__gte")):
                        yield path, day

    def _of_list(self, one: Condition) -> Q:
        holds = self._linked(one.link, one.holds, one.link.of) if one.link else one.holds
        return ~holds if one.negated else holds

    def _of_subject(self, one: Condition, walk: Walk | None) -> Q:
        if one.link is None:
            holds = _moved(one.holds)
        elif walk and one.to_one():
            # The rows of both subjects are in the same order: one walk of each is enough.
            together = Q(Exact(walk.key, walk.outer)) & self.begun(walk.date).of(walk.key)
            rows = one.link.rows(one.holds & together, self.statuses, article=OuterRef("article"))
            holds = Q(Exists(rows))
        else:
            holds = self._linked(one.link, one.holds, _carried(one.link.of))
        return ~holds if one.negated else holds

    def _linked(self, link: Link, holds: Q, of: str) -> Q:
        if (link.model, link.outer) == OF_ARTICLES:
            holds = holds & looked_up(link.name)
        return Q(Exists(link.rows(holds, self.statuses, **{link.outer: OuterRef(of)})))


def _carried(path: str) -> str:
    """A path from an article, as one from a row of ArticleSubject."""
    first, _, rest = path.partition("__")
    return "__".join(filter(None, (CARRIED.get(first, f"article__{first}"), rest)))


def _paths(condition: Q) -> set[str]:
    """What a condition compares, as paths from an article; an expression is none of these."""
    found: set[str] = set()
    for child in condition.children:
        if isinstance(child, Q):
            found |= _paths(child)
        else:
            found.add(child[0].rpartition("__")[0] if isinstance(child, tuple) else "")
    return found


def _moved(condition: Q) -> Q:
    """A condition on an article, as one on a row of ArticleSubject."""

    def moved(child: Any) -> Any:
        if isinstance(child, Q):
            return _moved(child)
        return (_carried(child[0]), child[1]) if isinstance(child, tuple) else child

    children = [moved(child) for child in condition.children]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)
