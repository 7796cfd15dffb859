"""SQL that Django's ORM lacks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from django.contrib.postgres.search import SearchVectorField
from django.core.exceptions import EmptyResultSet
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

from archive.models.sending import MOST_PIECES, PLACE, inlined, send

# PostgreSQL's text holds no NUL, and UTF-8 no half of a surrogate pair.
UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True)
class Statement:
    """A statement as text, and its parameters.

    `one_plan` where no parameter changes what plan is the best: the connection keeps it, for whoever asks the
    same again. To plan a statement can take longer than to run it.
    """

    sql: str
    parameters: Sequence[Any]
    one_plan: bool = False

    @classmethod
    def of(cls, rows: QuerySet) -> "Statement | None":
        """What selects `rows`; None where nothing can be among them."""
        try:
            return cls(*rows.query.sql_with_params())
        except EmptyResultSet:
            return None

    def filled(self, values: Mapping[Any, Any]) -> "Statement":
        """The statement with a value in the place of each parameter that is one of the marks in `values`.

        A value that is a statement, of one row and column, stands there as a subquery. Raises LookupError for
        a mark that is none of the parameters: its value would be ignored.
        """
        if not values:
            return self
        plain = {mark for mark in self.parameters if mark.__hash__ and mark in values}
        if missing := values.keys() - plain:
            raise LookupError(missing)
        filled = [values[one] if one.__hash__ and one in plain else one for one in self.parameters]
        inner = tuple(one.sql if isinstance(one, Statement) else None for one in filled)
        if not any(inner):
            return Statement(self.sql, filled, self.one_plan)
        each = [one.parameters if isinstance(one, Statement) else [one] for one in filled]
        return Statement(_nested(self.sql, inner), [*chain.from_iterable(each)], self.one_plan)

    def inlined(self) -> "Statement":
        """The statement with its parameters as constants in the SQL."""
        return Statement(inlined(self.sql, self.parameters), ())

    def fetch(self) -> list[tuple]:
        """All rows, with values as Python has them."""
        result, transformer = send(self.sql, self.parameters, prepared=self.one_plan)
        transformer.set_pgresult(result)
        try:
            return transformer.load_rows(0, result.ntuples, tuple)
        finally:  # the connection keeps it, and is not to keep the answer
            transformer.set_pgresult(None)

    def texts(self) -> list[tuple[bytes | None, ...]]:
        """The same, with values as PostgreSQL writes them, in UTF-8: of JSON nobody need know more."""
        result, _transformer = send(self.sql, self.parameters, prepared=self.one_plan)
        columns, value = range(result.nfields), result.get_value
        return [tuple([value(row, column) for column in columns]) for row in range(result.ntuples)]


@lru_cache(MOST_PIECES)
def _nested(sql: str, inner: tuple[str | None, ...]) -> str:
    """`sql` with a subquery in the place of each parameter that has one in `inner`.

    Each is one value, found once. Bare, IN would take it for a set, and a plan for a join with that.
    """
    queries = iter(inner)

    def place(found: re.Match) -> str:
        query = next(queries) if found[0] == "%s" else None
        return f"coalesce(({query}))" if query else found[0]

    return PLACE.sub(place, sql)


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
