"""How many articles have each value of a dimension: by source, by person, by month.

Exact, whatever their number. A date counts where it surely falls: `2021-08` has a year and a month, but
no day; `2021` a year alone; what is unknown is None. Which that is, its bounds say.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from archive.models.sending import TookTooLong
from archive.search.counts import NAMED, RECORDS, Budget, Listing, Naming, Rows, counted, named, selected

# How a date is read as the year, month or day that it surely falls in.
DATES: Final = {
    "year": "CASE WHEN date_part('year', lower) = date_part('year', upper) THEN to_char(lower, 'YYYY') END",
    "month": "CASE WHEN date_trunc('month', lower) = date_trunc('month', upper)"
    " THEN to_char(lower, 'YYYY-MM') END",
    "day": "CASE WHEN lower = upper THEN to_char(lower, 'YYYY-MM-DD') END",
}
DIMENSIONS: Final = ("source", *NAMED, "language", *DATES)


# Rows, and the dimensions that are counted over them; over Naming, the one that its rows have.
Group = tuple[Rows | Naming, list[str]]


@dataclass(frozen=True)
class Value:
    """How many articles have a value. `key` is what filters take, None what is unknown."""

    key: str | None
    name: str | None
    count: int


@dataclass(frozen=True)
class Facet:
    """The commonest values of a dimension, and how many more there are."""

    values: list[Value]
    left_out: int


def facets(groups: Iterable[Group], *, size: int, statuses: list[str], budget: Budget) -> dict[str, Facet]:
    """The `size` commonest values of each dimension, counted over the rows beside it.

    Of facts those with `statuses` count. What cannot be counted within the budget is missing.
    """
    found: dict[str, Facet] = {}
    for rows, dimensions in _cheapest_first(groups):
        asked = _statement(rows, dimensions, size, statuses)
        try:
            counts = budget.run(*asked, one_plan=_has_one_plan(rows, dimensions)) if asked else []
        except TookTooLong:
            break
        found |= {dimension: _facet(counts, dimension) for dimension in dimensions}
    return found


def _has_one_plan(rows: Rows | Naming, dimensions: list[str]) -> bool:
    return isinstance(rows, Listing) and rows.one_plan and dimensions[0] not in NAMED


def _cheapest_first(groups: Iterable[Group]) -> Iterator[Group]:
    """Each group as statements: what articles are in one, then each sort of what they name in one."""
    groups = list(groups)
    for rows, dimensions in groups:
        if own := [dimension for dimension in dimensions if dimension not in NAMED]:
            yield rows, own
    for rows, dimensions in groups:
        yield from ((rows, [dimension]) for dimension in dimensions if dimension in NAMED)


def _columns(dimensions: list[str]) -> list[str]:
    columns = ["article"] if dimensions[0] in NAMED else []
    columns += [dimension for dimension in dimensions if dimension in ("source", "language")]
    return [*columns, *(["lower", "upper"] if DATES.keys() & set(dimensions) else [])]


def _statement(
    rows: Rows | Naming, dimensions: list[str], size: int, statuses: list[str]
) -> tuple[str, list[Any]] | None:
    """SQL that counts `rows` by all of `dimensions`; None where there are no rows."""
    if isinstance(rows, Naming):
        columns, base, join = ["named"], selected(rows.rows, dimensions[0]), ""
    else:
        columns = _columns(dimensions)
        base = counted(rows, *columns)
        join = named(dimensions[0], statuses) if dimensions[0] in NAMED else ""
    if base is None:
        return None
    select, parameters = base
    parts = [f"found ({', '.join(columns)}) AS ({select})"]
    if "lower" in columns:
        # Days are few, articles many: what a day falls in is worked out once a day.
        parts.append("dates AS (SELECT lower, upper, count(*) AS n FROM found GROUP BY 1, 2)")
    counts = [_largest(dimension, size, join) for dimension in dimensions]
    return f"WITH {', '.join(parts)} {' UNION ALL '.join(counts)}", parameters


def _largest(dimension: str, size: int, join: str) -> str:
    if dimension in DATES:
        counts = f"SELECT {DATES[dimension]} AS value, sum(n)::bigint AS n FROM dates GROUP BY 1"
    else:
        value = "named" if dimension in NAMED else dimension
        counts = f"SELECT {value} AS value, count(*) AS n FROM found {join} GROUP BY 1"
    largest = (
        f"(SELECT value, n, greatest(count(*) OVER () - {size:d}, 0) AS others FROM ({counts}) counts"
        f" ORDER BY n DESC, value LIMIT {size:d}) largest"
    )
    if dimension not in RECORDS:
        return f"SELECT '{dimension}', value, NULL, n, others FROM {largest}"
    table, key, name = RECORDS[dimension]
    return f"SELECT '{dimension}', r.{key}, r.{name}, n, others FROM {largest} JOIN {table} r ON r.id = value"


def _facet(counts: list[tuple], dimension: str) -> Facet:
    own = [row for row in counts if row[0] == dimension]
    values = [Value(key, name, n) for _dimension, key, name, n, _others in own]
    values.sort(key=lambda value: (-value.count, value.key is None, value.key))
    return Facet(values, own[0][4] if own else 0)
