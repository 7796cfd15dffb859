"""What counts of articles share: the rows that are counted, and the time that counting may take."""

from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from archive.models import ArticleSubject, Status
from archive.search.articles import Found, at_most

# Articles to count: their own rows, or one row of ArticleSubject each, or what a search finds.
Rows = QuerySet | Found

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
    """How the articles `found` are joined with what they name: a row each, which is `column`."""

    column: str
    join: str


def naming(dimension: str, statuses: list[str]) -> Naming | None:
    """How to count by `dimension`, where articles name it; of facts those with `statuses` count."""
    if dimension not in NAMED:
        return None
    column = f"s.{dimension}_id"
    join = f"JOIN archive_articlesubject s ON s.article_id = found.article AND {column} IS NOT NULL"
    if Status.SUGGESTED not in statuses:
        join += " AND s.accepted"
    if dimension == "event":
        # An event's own status counts as well.
        allowed = ", ".join(f"'{Status(status)}'" for status in statuses)
        join += f" JOIN archive_event e ON e.id = s.event_id AND e.status IN ({allowed})"
    return Naming(column, join)


class Budget:
    """Seconds that may be spent on several statements together."""

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    def run(self, statement: str, parameters: list[Any]) -> list[tuple]:
        """The rows of one statement. Raises TookTooLong where the time that is left does not do."""
        # PostgreSQL takes 0 for no limit.
        left = max(self._ends - monotonic(), 0.001)
        with at_most(left), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()


def counted(rows: Rows, *columns: str) -> tuple[str, list[Any]] | None:
    """SQL that selects `columns`, keys of OF_ARTICLES, of each article; None where there can be none."""
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
