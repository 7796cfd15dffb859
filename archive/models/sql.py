"""SQL that Django's ORM lacks."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import CharField, Func, Lookup


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
