"""How well an article answers: the sum of idf x ts_rank over the terms that are asked for.

PostgreSQL's ts_rank knows how often and where a term stands in an article, and not how rare it is
among all; the frequencies that are counted now and then (archive.search.frequencies) say that.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, FloatField, Func

from archive.models import TermFrequency
from archive.models.termfrequency import ALL_DOCUMENTS
from archive.search.tsquery import lexeme

# The weights of terms, in their order: ln(1 + (N - n + 0.5) / (n + 0.5)), as in BM25, for n of N articles
# that have the term. What was not counted is in one article at most. The same for every article:
# PostgreSQL works it out once a query.
_WEIGHTS = f"""
    SELECT array_agg(ln(1 + (articles - had + 0.5) / (had + 0.5)) ORDER BY number)
    FROM (
        SELECT number, least(coalesce(documents, 1), articles) AS had, articles
        FROM unnest(%s::text[]) WITH ORDINALITY AS asked (term, number)
        LEFT JOIN {TermFrequency._meta.db_table} USING (term)
        CROSS JOIN (
            SELECT greatest(max(documents), 1) AS articles
            FROM {TermFrequency._meta.db_table} WHERE term = %s
        ) AS everything
    ) AS known
"""


class Rank(Func):
    """The rank of an article's vector by `terms`: a float, no less than 0; the best have most.

    Normalisation 1 divides by the logarithm of the article's length. The vector is read out of its
    own table (TOAST) once for all terms: ts_rank by itself would read it for each.
    """

    output_field = FloatField()

    def __init__(self, vector: str, terms: Iterable[str]) -> None:
        self.terms = tuple(terms)
        super().__init__(F(vector))

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple]:
        vector, params = compiler.compile(self.source_expressions[0])
        sql = (
            "(SELECT coalesce(sum(asked.weight * ts_rank(had.vector, asked.term, 1)), 0)"
            f" FROM (SELECT {vector} || ''::tsvector AS vector OFFSET 0) AS had,"
            f" unnest(%s::text[]::tsquery[], ({_WEIGHTS})) AS asked (term, weight))"
        )
        lexemes = [lexeme(term) for term in self.terms]
        return sql, (*params, lexemes, list(self.terms), ALL_DOCUMENTS)

    @property
    def identity(self) -> tuple:
        return (*super().identity, self.terms)
