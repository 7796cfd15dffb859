"""Who and what articles name together."""

from dataclasses import dataclass
from math import log2
from typing import Final

from django.db.models import QuerySet

from archive.models.sending import TookTooLong
from archive.search.counts import RECORDS, Budget, named, selected

# Of those named most often together, so many are looked at when the most telling ones are asked for: of all
# together, those named once each would tell most.
POOL: Final = 500
ORDERS: Final = ("count", "pmi")


@dataclass(frozen=True)
class Related:
    """What is named together with something: `count` articles name both, `total` articles name it.

    `pmi` is their pointwise mutual information in bits, log2(count x all / (of the one x of the other)):
    0 where they meet as often as chance has it, 1 where twice as often.
    """

    key: str
    name: str
    count: int
    total: int
    pmi: float


@dataclass(frozen=True)
class Together:
    """`count` of `total` articles name something; by kind, what they name besides, as far as counted."""

    count: int
    total: int
    kinds: dict[str, list[Related]]


@dataclass(frozen=True)
class Question:
    """What is named together with the subject whose id the column `column` of ArticleSubject has as `key`?

    Of `articles`, and of the subjects that they name, `among`; an event counts with one of `statuses`.
    """

    column: str
    key: int
    articles: QuerySet
    among: QuerySet
    statuses: list[str]

    @property
    def naming(self) -> QuerySet:
        """The articles that name it."""
        return self.among.filter(**{self.column: self.key})

    def of_kind(self, kind: str) -> QuerySet:
        """All that articles name of a kind."""
        rows = self.among.filter(**{f"{kind}__isnull": False})
        return rows.filter(event__status__in=self.statuses) if kind == "event" else rows


def related(asked: Question, kinds: list[str], *, order: str, size: int, budget: Budget) -> Together:
    """The `size` first of each of `kinds`, in `order`.

    Raises TookTooLong where not even the articles can be counted within the budget.
    """
    count, total = (_number(rows, budget) for rows in (asked.naming, asked.articles))
    found: dict[str, list[Related]] = {}
    for kind in kinds:
        pool = size if order == "count" else POOL
        try:
            rows = _together(asked, kind, pool, budget)
        except TookTooLong:
            break
        pairs = [
            Related(key, name, n, every, log2(n * total / (count * every))) for key, name, n, every in rows
        ]
        pairs.sort(key=lambda pair: (-pair.count if order == "count" else -pair.pmi, -pair.count, pair.key))
        found[kind] = pairs[:size]
    return Together(count, total, found)


def _number(rows: QuerySet, budget: Budget) -> int:
    if (base := selected(rows, "pk")) is None:
        return 0
    select, parameters = base
    [(number,)] = budget.run(f"SELECT count(*) FROM ({select}) counted", parameters)
    return number


def _together(asked: Question, kind: str, pool: int, budget: Budget) -> list[tuple[str, str, int, int]]:
    """(key, name, articles that name both, articles that name it) of the `pool` named together most often."""
    naming, of_kind = selected(asked.naming, "article"), selected(asked.of_kind(kind), kind)
    if naming is None or of_kind is None:
        return []
    table, key, name = RECORDS[kind]
    itself = f"WHERE named <> {asked.key:d}" if kind == asked.column else ""
    statement = (
        f"WITH found (article) AS ({naming[0]}),"
        f" together AS (SELECT named AS value, count(*) AS n FROM found {named(kind, asked.statuses)}"
        f" {itself} GROUP BY 1 ORDER BY n DESC, value LIMIT {pool:d}),"
        f" each AS (SELECT value, count(*) AS every FROM ({of_kind[0]}) of_kind (value)"
        " WHERE value IN (SELECT value FROM together) GROUP BY 1)"
        f" SELECT r.{key}, r.{name}, n, every FROM together JOIN each USING (value)"
        f" JOIN {table} r ON r.id = value"
    )
    return budget.run(statement, [*naming[1], *of_kind[1]])
