"""SQL that Django's ORM lacks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, Final

from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    Func,
    IntegerField,
    JSONField,
    Lookup,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from psycopg import RawCursor

# PostgreSQL's text holds no NUL, and UTF-8 no half of a surrogate pair.
UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Statement:
    """A statement as text, and its parameters."""

    sql: str
    parameters: Sequence[Any]

    @classmethod
    def of(cls, rows: QuerySet) -> "Statement | None":
        """What selects `rows`; None where nothing can be among them."""
        try:
            return cls(*rows.query.sql_with_params())
        except EmptyResultSet:
            return None

    def filled(self, values: Mapping[Any, Any]) -> "Statement":
        """The statement with a value in the place of each parameter that is one of the marks in `values`.

        Raises LookupError for a mark that is none of the parameters: its value would be ignored.
        """
        if not values:
            return self
        plain = {mark for mark in self.parameters if mark.__hash__ and mark in values}
        if missing := values.keys() - plain:
            raise LookupError(missing)
        return Statement(
            self.sql, [values[one] if one.__hash__ and one in plain else one for one in self.parameters]
        )

    def inlined(self) -> "Statement":
        """The statement with its parameters as constants in the SQL."""
        return Statement(connection.ops.compose_sql(self.sql, self.parameters).replace("%", "%%"), ())

    def fetch(self, *, prepared: bool = False, binary: bool = False) -> list[tuple]:
        """All rows.

        `prepared`, by a plan that the connection keeps for the next time: for a statement that is asked again
        and again, and whose best plan no parameter changes. To plan it can take longer than to run it.
        `binary`, as PostgreSQL itself has them: long bytes then cost nothing, where text has two digits each.
        """
        if connection.queries_logged or not (prepared or binary):  # a log shows values, a prepared one none
            with connection.cursor() as cursor:
                cursor.execute(self.sql, self.parameters)
                return cursor.fetchall()
        connection.ensure_connection()
        # As Django's cursors do it, values are part of what is not prepared: it is planned by them.
        sql, values = (
            (_numbered(self.sql), self.parameters)
            if prepared
            else (connection.ops.compose_sql(self.sql, self.parameters), None)
        )
        with connection.wrap_database_errors, RawCursor(connection.connection) as cursor:
            cursor.execute(sql, values, prepare=prepared, binary=binary)
            return cursor.fetchall()


@lru_cache(256)
def _numbered(sql: str) -> bytes:
    """`sql` with its parameters as PostgreSQL names them. psycopg would look for them each time."""
    parts = re.split("(%[s%])", sql)
    numbers = count(1)
    marks = {"%s": lambda: f"${next(numbers)}", "%%": lambda: "%"}
    return "".join(marks[part]() if part in marks else part for part in parts).encode()


class Constant(Value):
    """A moment that stands in the statement itself, so that a prepared one meets the index that has it."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list]:
        return f"'{self.value.isoformat()}'::timestamptz", []


class Sha256(Func):
    """SHA-256 of a text's UTF-8, as 64 lower-case hexadecimal digits."""

    arity = 1
    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = CharField()


@SearchVectorField.register_lookup
class Matches(Lookup):
    """`vector__matches=text`: the vector answers a tsquery, given as PostgreSQL writes it.

    Django's own way in, SearchQuery, has the server parse words; these are finished terms.
    """

    lookup_name = "matches"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple]:
        vector, of_vector = self.process_lhs(compiler, connection)
        query, of_query = self.process_rhs(compiler, connection)
        return f"{vector} @@ {query}::tsquery", (*of_vector, *of_query)


class WordSet(Func):
    """The words of a text that single spaces part, as PostgreSQL's text search compares them."""

    arity = 1
    template = "array_to_tsvector(string_to_array(%(expressions)s, ' '))"
    output_field = SearchVectorField()


class HasWords(Func):
    """Whether a text that single spaces part has the words of a tsquery. An index on WordSet answers it."""

    output_field = BooleanField()
    conditional = True
    arity = 2
    arg_joiner = " @@ "
    template = "%(expressions)s::tsquery"

    def __init__(self, words: str, query: str) -> None:
        super().__init__(WordSet(words), Value(query))


class ValueOf(Func):
    """The whole number that `numbers` has for the value of a column of whole numbers."""

    output_field = IntegerField()
    arg_joiner = " ->> "
    template = "(%(expressions)s)::integer"

    def __init__(self, numbers: dict[int, int], column: str) -> None:
        # One constant, looked up by halves: a CASE would be gone through row by row.
        super().__init__(Value(numbers, JSONField()), Cast(column, TextField()))
