"""Articles like one article: those that share its rarest terms."""

from itertools import accumulate

from django.db import connection

from archive.models import TermFrequency
from archive.search.tsquery import lexeme

# How many terms find an article's neighbours, and how many articles they may find to choose from.
MOST_TERMS = 25
MOST_ARTICLES = 5000


def rarest_terms(article_id: int) -> list[str]:
    """The terms that set an article apart, rarest first; [] where it has none.

    Only terms that another article has too, as far as is known from the last count.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT f.term, f.documents FROM archive_articleindex i, unnest(i.vector) v"
            f" JOIN {TermFrequency._meta.db_table} f ON f.term = v.lexeme"
            " WHERE i.article_id = %s AND strpos(v.lexeme, ':') = 0"
            " ORDER BY f.documents, f.term LIMIT %s",
            [article_id, MOST_TERMS],
        )
        found = cursor.fetchall()
    reached = accumulate(documents for _term, documents in found)
    # The first is asked for however common it is: else nothing would be.
    return [
        term
        for number, ((term, _n), total) in enumerate(zip(found, reached, strict=True))
        if not number or total <= MOST_ARTICLES
    ]


def any_of(terms: list[str]) -> str:
    """The tsquery that finds whoever has one of `terms`; there has to be one."""
    return " | ".join(map(lexeme, terms))
