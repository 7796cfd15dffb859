"""Counts in how many articles each term stands: a rare term says more of an article than a common one."""

from collections.abc import Callable

from django.db import connection, transaction

from archive.models import ArticleIndex, TermFrequency
from archive.models.termfrequency import ALL_DOCUMENTS
from archive.search.vectors import IN_TITLE, PAIR

# Articles whose terms are counted in one statement.
CHUNK = 20_000
# What has grown by less than this part is not worth a count: a logarithm is taken of it.
WORTH = 0.01


def refresh_frequencies(progress: Callable[[int], None] | None = None) -> int:
    """Count anew. Nobody waits for it: readers have the old counts until all of the new are there.

    One at a time: a second one waits for the first. `progress` gets the number of articles of each
    chunk. Returns how many terms have a count.
    """
    # ts_stat takes its query as text, and so no parameters. Nothing is ranked by pairs, nor by a title's own
    # terms.
    count = (
        "INSERT INTO counted SELECT word, ndoc FROM ts_stat(format('SELECT vector FROM archive_articleindex"
        " WHERE vector IS NOT NULL AND article_id > %%s AND article_id <= %%s', %s::bigint, %s::bigint))"
        " WHERE left(word, 1) <> ALL (%s)"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE archive_termfrequency IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("CREATE TEMPORARY TABLE counted (term text, documents int) ON COMMIT DROP")
        after = documents = 0
        while last := _last_of_chunk(after):
            cursor.execute(count, [after, last, [PAIR, IN_TITLE]])
            documents += (here := _vectors(after, last))
            after = last
            if progress:
                progress(here)
        cursor.execute(
            "CREATE TEMPORARY TABLE summed ON COMMIT DROP AS"
            " SELECT term, sum(documents)::int AS documents FROM counted GROUP BY term"
            " HAVING sum(documents) > 1 UNION ALL SELECT %s, %s",
            [ALL_DOCUMENTS, documents],
        )
        cursor.execute("CREATE INDEX ON summed (term)")
        cursor.execute("ANALYZE summed")
        cursor.execute(
            "DELETE FROM archive_termfrequency f"
            " WHERE NOT EXISTS (SELECT FROM summed WHERE summed.term = f.term)"
        )
        cursor.execute(
            "INSERT INTO archive_termfrequency AS f SELECT term, documents FROM summed"
            " ON CONFLICT (term) DO UPDATE SET documents = EXCLUDED.documents"
            " WHERE f.documents <> EXCLUDED.documents"
        )
        cursor.execute("DROP TABLE counted, summed")
        return TermFrequency.objects.count() - 1


def worth_refreshing(changed: int = 0) -> bool:
    """Whether a hundredth of the articles came, went, or were `changed`, since terms were counted."""
    known = TermFrequency.objects.filter(term=ALL_DOCUMENTS).values_list("documents", flat=True).first()
    now = ArticleIndex.objects.filter(vector__isnull=False).count()
    return abs(now - (known or 0)) + changed > WORTH * (known or 0)


def _last_of_chunk(after: int) -> int | None:
    ids = ArticleIndex.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    return ids[CHUNK - 1 : CHUNK].first() or ids.last()


def _vectors(after: int, last: int) -> int:
    return ArticleIndex.objects.filter(pk__gt=after, pk__lte=last, vector__isnull=False).count()
