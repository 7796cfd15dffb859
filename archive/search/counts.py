"""What counts of articles share: the rows that are counted, and the time that counting may take."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet

from archive.models import ArticleSubject, Status
from archive.models.sending import at_most
from archive.models.sql import Statement
from archive.search.articles import Found


@dataclass(frozen=True)
class Listing:
    """Articles by statements, kept by somebody, that select their columns: None where there are none.

    `one_plan` where these have the same best plan, whatever their parameters.
    """

    select: Callable[[tuple[str, ...]], Statement | None]
    one_plan: bool


# Articles to count: their own rows, or one row of ArticleSubject each, or statements that select these, or
# what a search finds.
Rows = QuerySet | Listing | Found

# What can be counted by, and where the rows have it.
OF_ARTICLES: Final = {
    "article": "pk",
    "source": "source",
    "language": "language",
    "lower": "published_lower",
    "upper": "published_upper",
}
OF_SUBJECTS: Final = {**OF_ARTICLES, "article": "article", "source": "publisher"}

# Of tables that articles name: (table, key that filters take, name).
RECORDS: Final = {
    "source": ("archive_source", "slug", "name"),
    "country": ("archive_country", "code", "name"),
    "person": ("archive_person", "slug", "name"),
    "event": ("archive_event", "slug", "title"),
}


# Of these an article has any number; of all else that is counted by, one, or none.
NAMED: Final = ("country", "person", "event")


@dataclass(frozen=True)
class Naming:
    """Rows of ArticleSubject: each article once for each value that it has in one column, and no others."""

    rows: QuerySet


def named(column: str, statuses: list[str]) -> str:
    """SQL that joins the articles `found` with what they name in `column`: a row each, which is `named`.

    Of facts those with `statuses` count; of an event its own status as well.
    """
    accepted = "" if Status.SUGGESTED in statuses else " AND s.accepted"
    allowed = ", ".join(f"'{Status(status)}'" for status in statuses)
    event = f" JOIN archive_event e ON e.id = named AND e.status IN ({allowed})" if column == "event" else ""
    # OFFSET 0: article by article. Left to itself PostgreSQL reads what all articles name, and joins then:
    # for 2,000 of 100,000 articles that takes 300 ms, and this 10.
    return (
        f"CROSS JOIN LATERAL (SELECT s.{column}_id AS named FROM archive_articlesubject s WHERE"
        f" s.article_id = found.article AND s.{column}_id IS NOT NULL{accepted} OFFSET 0) subjects{event}"
    )


class Budget:
    """Seconds that may be spent on several statements together."""

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    def run(self, statement: str, parameters: list[Any], *, one_plan: bool = False) -> list[tuple]:
        """The rows of one statement. Raises TookTooLong where the time that is left does not do."""
        # A transaction that this stands in is to go on where it is given up.
        apart = transaction.atomic() if connection.in_atomic_block else nullcontext()
        with apart, at_most(self._ends - monotonic()):
            return Statement(statement, parameters, one_plan).fetch()


def counted(rows: Rows, *columns: str) -> tuple[str, list[Any]] | None:
    """SQL that selects `columns`, keys of OF_ARTICLES, of each article; None where there can be none."""
    if isinstance(rows, Listing):
        found = rows.select(columns)
        return (found.sql, list(found.parameters)) if found else None
    if isinstance(rows, Found):
        rows = rows.all()
    names = OF_SUBJECTS if issubclass(rows.model, ArticleSubject) else OF_ARTICLES
    return selected(rows, *(names[column] for column in columns))


def selected(rows: QuerySet, *columns: str) -> tuple[str, list[Any]] | None:
    """SQL that selects `columns` of `rows`, in no order; None where there can be none."""
    try:
        statement, parameters = rows.order_by().values_list(*columns).query.sql_with_params()
    except EmptyResultSet:
        return None
    return statement, list(parameters)
