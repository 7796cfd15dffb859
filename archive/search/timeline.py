"""How many articles were published in each day, week, month or year."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from archive.search.counts import NAMED, RECORDS, Budget, Rows, counted, named

INTERVALS: Final = ("day", "week", "month", "year")
MOST_POINTS: Final = 2000


class TooManyPoints(ValueError):
    """A time has more than MOST_POINTS intervals: so many from `first` to `last`."""

    def __init__(self, first: date, last: date, points: int) -> None:
        super().__init__(first, last, points)
        self.first, self.last, self.points = first, last, points


@dataclass(frozen=True)
class Span:
    """One interval: its name (`2021-08-23`, `2021-W34`, `2021-08`, `2021`), its first and its last day."""

    name: str
    first: date
    last: date


@dataclass(frozen=True)
class Counts:
    """Articles by the first day of the interval that they were surely published in.

    `imprecise` were published in one of several intervals, of `undated` it is not known when.
    """

    points: dict[date, int]
    imprecise: int
    undated: int


@dataclass
class Series:
    """The articles that have one value of a dimension, by the first day of their interval."""

    key: str | None
    name: str | None
    points: dict[date, int] = field(default_factory=dict)


def timeline(rows: Rows, interval: str, budget: Budget) -> Counts:
    """Count articles by interval. Raises TookTooLong."""
    points: dict[date, int] = {}
    imprecise = undated = 0
    if base := counted(rows, "lower", "upper"):
        select, parameters = base
        statement = (
            f"WITH found (lower, upper) AS ({select}),"
            " dates AS (SELECT lower, upper, count(*) AS n FROM found GROUP BY 1, 2)"
            f" SELECT {_point(interval)} AS point, lower IS NULL AS undated, sum(n)::bigint FROM dates"
            " GROUP BY 1, 2"
        )
        for point, unknown, n in budget.run(statement, parameters):
            if unknown:
                undated = n
            elif point is None:
                imprecise = n
            else:
                points[point] = n
    return Counts(points, imprecise, undated)


def series(
    rows: Rows, interval: str, by: str, *, size: int, statuses: list[str], budget: Budget
) -> tuple[list[Series], int]:
    """The `size` values of the dimension `by` that most articles have, and how many more there are.

    Of facts those with `statuses` count. Raises TookTooLong.
    """
    own = by not in NAMED
    base = counted(rows, by if own else "article", "lower", "upper")
    if base is None:
        return [], 0
    select, parameters = base
    table, key, name = RECORDS.get(by, (None, "value", "NULL"))
    join = f"LEFT JOIN {table} r ON r.id = value" if table else ""
    statement = (
        f"WITH found ({'own' if own else 'article'}, lower, upper) AS ({select}),"
        f" dates AS (SELECT {'own' if own else 'named'} AS value, lower, upper, count(*) AS n"
        f" FROM found {'' if own else named(by, statuses)} GROUP BY 1, 2, 3),"
        f" points AS (SELECT value, {_point(interval)} AS point, sum(n)::bigint AS n"
        " FROM dates GROUP BY 1, 2),"
        " totals AS (SELECT value, sum(n) AS total, count(*) OVER () AS every FROM points"
        f" WHERE point IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {size:d})"
        f" SELECT {key}, {name}, point, n, every FROM totals JOIN points USING (value) {join}"
        " WHERE point IS NOT NULL ORDER BY total DESC, value"
    )
    found: dict[str | None, Series] = {}
    rows = list(budget.run(statement, parameters))
    for own_key, own_name, point, n, _every in rows:
        found.setdefault(own_key, Series(own_key, own_name)).points[point] = n
    every = rows[-1][-1] if rows else 0
    return list(found.values()), max(every - size, 0)


def _point(interval: str) -> str:
    """The first day of the interval that a date surely falls in; else NULL."""
    first = f"date_trunc('{interval}', lower)"
    return f"CASE WHEN {first} = date_trunc('{interval}', upper) THEN {first}::date END"


def spans(interval: str, first: date, last: date) -> list[Span]:
    """The intervals from that of the day `first` to that of the day `last`. Raises TooManyPoints."""
    if (points := _number(interval, last) - _number(interval, first) + 1) > MOST_POINTS:
        raise TooManyPoints(first, last, points)
    return list(_spans(interval, first, last))


def _number(interval: str, day: date) -> int:
    """The number of a day's interval, so that the next one has the next."""
    return {
        "day": day.toordinal(),
        "week": (day.toordinal() - 1) // 7,
        "month": day.year * 12 + day.month,
        "year": day.year,
    }[interval]


def _spans(interval: str, first: date, last: date) -> Iterator[Span]:
    number = _number(interval, first)
    while number <= _number(interval, last):
        begins = _begins(interval, number)
        try:
            ends = _begins(interval, number + 1) - timedelta(1)
        except (ValueError, OverflowError):
            ends = date.max
        yield Span(_name(interval, begins), begins, ends)
        number += 1


def _begins(interval: str, number: int) -> date:
    match interval:
        case "day":
            return date.fromordinal(number)
        case "week":
            # Day 1 of the calendar is a Monday.
            return date.fromordinal(number * 7 + 1)
        case "month":
            return date((number - 1) // 12, (number - 1) % 12 + 1, 1)
        case _:
            return date(number, 1, 1)


def _name(interval: str, begins: date) -> str:
    if interval == "week":
        year, week, _day = begins.isocalendar()
        return f"{year:04}-W{week:02}"
    return begins.isoformat()[: {"day": 10, "month": 7, "year": 4}[interval]]
