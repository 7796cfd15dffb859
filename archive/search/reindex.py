"""Makes the vectors of many articles anew: what is behind, or all of them."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from django.db import connection

from archive.models import ArticleIndex
from archive.models.articleindex import ArticleIndexQuerySet
from archive.search.index import BATCH, refresh_batch
from archive.search.processes import side_by_side
from archive.text import ANALYZER_VERSION

Progress = Callable[[int], None]


def behind() -> ArticleIndexQuerySet:
    """The index rows that are not in step with their articles, or with this version's analyser."""
    return ArticleIndex.objects.behind(ANALYZER_VERSION)


def reindex(
    *,
    in_step_too: bool = False,
    limit: int | None = None,
    batch: int = BATCH,
    jobs: int = 1,
    progress: Progress | None = None,
) -> int:
    """Make anew the vectors that are behind, newest articles first, at most `limit`; or all of them.

    Each batch is a transaction of its own. So this can run while the archive serves, several can run side by
    side, and one that is broken off goes on where it stopped when it is run again (but for `in_step_too`,
    which begins anew). `jobs` is the number of processes. `progress` gets the number of articles of each
    batch, those included that somebody else had in hand. Returns how many vectors were made.
    """
    if in_step_too:
        add_missing()
    rows = ArticleIndex.objects.all() if in_step_too else behind()
    work = partial(refresh_batch, in_step_too=in_step_too)
    chunks = _chunks(rows, batch, limit)
    made = 0
    if jobs > 1:
        results = side_by_side(work, chunks, jobs, connection.settings_dict["NAME"])
    else:
        results = ((ids, work(ids)) for ids in chunks)
    for ids, done in results:
        made += done
        if progress:
            progress(len(ids))
    return made


def add_missing() -> None:
    """Add index rows that are missing, which they are only if triggers were switched off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO archive_articleindex (article_id, published_at)"
            " SELECT id, published_at FROM archive_article a"
            " WHERE NOT EXISTS (SELECT FROM archive_articleindex i WHERE i.article_id = a.id)"
            " ON CONFLICT DO NOTHING"
        )


def _chunks(rows: ArticleIndexQuerySet, size: int, limit: int | None) -> Iterator[list[int]]:
    ids = rows.newest_first().values_list("pk", flat=True)[:limit].iterator(chunk_size=10_000)
    while chunk := list(islice(ids, size)):
        yield chunk
