"""Which tables a backup holds, and how their rows are written down."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

# What is not in a backup, and why.
LEFT_OUT = {
    "django_migrations": "restore applies the migrations, and so fills it",
    "django_session": "who was signed in signs in again: a session is a key, and no backup should hold keys",
    "archive_readyrecord": "made anew from the records",
    "archive_stalerecord": "says what of the table before is behind",
}
# Columns that mean nothing in another database: the number of a transaction that another server counted.
# Rows that are behind say so by their version too.
EMPTIED = {("archive_articleindex", "changed")}

# So that a value is written in one way, whatever server and whoever's settings.
PLAINLY = (
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres';"
    " SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL xmlbinary = 'base64'"
)


@dataclass(frozen=True)
class Table:
    """A table, and its columns in the order of their names: that does not depend on how it came about."""

    name: str
    columns: tuple[str, ...]

    @property
    def copy_out(self) -> str:
        shown = (
            f"NULL AS {quoted(column)}" if (self.name, column) in EMPTIED else quoted(column)
            for column in self.columns
        )
        return f"COPY (SELECT {', '.join(shown)} FROM {quoted(self.name)}) TO STDOUT"

    @property
    def copy_in(self) -> str:
        return f"COPY {quoted(self.name)} ({', '.join(map(quoted, self.columns))}) FROM STDIN"

    def rows(self) -> Iterator[bytes]:
        """Each row as COPY writes it, a line with its end. Inside a transaction that has set `PLAINLY`."""
        with connection.cursor() as cursor, cursor.copy(self.copy_out) as copy:
            for row in copy:
                yield bytes(row)


def quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def tables() -> list[Table]:
    """The tables that a backup holds, by name. What is unlogged PostgreSQL itself takes for expendable."""
    caches = {
        cache["LOCATION"] for cache in settings.CACHES.values() if cache["BACKEND"].endswith("DatabaseCache")
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, array_agg(a.attname ORDER BY a.attname) FROM pg_class c"
            " JOIN pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'"
            " AND c.relpersistence = 'p' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''"
            " AND NOT c.relname = ANY(%s) GROUP BY c.relname ORDER BY c.relname",
            [[*LEFT_OUT, *caches]],
        )
        return [Table(name, tuple(columns)) for name, columns in cursor.fetchall()]


def sequences() -> dict[str, int | None]:
    """The last value that each sequence gave; None where it gave none yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema() ORDER BY 1"
        )
        return dict(cursor.fetchall())


def estimated_rows() -> int:
    """About how many rows there are in all tables, for who wants to know how far a backup has come."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint FROM pg_class"
            " WHERE relname = ANY(%s) AND relnamespace = current_schema()::regnamespace",
            [[table.name for table in tables()]],
        )
        return cursor.fetchone()[0]
