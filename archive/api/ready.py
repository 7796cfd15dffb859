"""Articles' JSON, made ready: a list reads it, and need not put it together.

The database knows what is behind (archive.models.readying); what it says is behind is made for the answer,
as if nothing were ready. The worker makes it ready again every minute, or `manage.py ready_articles`.
"""

from collections.abc import Callable
from functools import cache
from zlib import crc32

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from archive.api.counting import STATUSES
from archive.api.expressions import json_of_one
from archive.api.serializers import ArticleSerializer
from archive.api.serializers.base import ResourceSerializer
from archive.api.shaping import Shape
from archive.models import ReadyArticle, StaleArticle
from archive.models.readyarticle import IN_STEP
from archive.models.sql import Statement

# Articles in one transaction: some tenths of a second.
BATCH = 1_000
SHAPE = ArticleSerializer.usual_shape(STATUSES["all"])

# Made by one at a time. Marks first, in a statement of their own: what they came with is then seen by the
# statement that makes the JSON, and marks that come later stay.
ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('archive_readyarticle'))"
MAKE = """
    INSERT INTO archive_readyarticle (article_id, version, json)
    SELECT pk, %s, json FROM (
        SELECT page.pk, ({json}) AS json FROM unnest(%s::bigint[]) AS page (pk) ORDER BY page.pk
    ) made WHERE json IS NOT NULL
    ON CONFLICT (article_id) DO UPDATE SET version = excluded.version, json = excluded.json
"""
GONE = """
    DELETE FROM archive_readyarticle r
    WHERE article_id = ANY(%s) AND NOT EXISTS (SELECT FROM archive_article a WHERE a.id = r.article_id)
"""


def is_kept(serializer: type[ResourceSerializer], shape: Shape) -> bool:
    """Whether records in this shape are kept ready."""
    return serializer is ArticleSerializer and shape == SHAPE


def in_step() -> Statement:
    """Selects the JSON of the article whose id is page.pk; nothing where that is behind."""
    return Statement(IN_STEP, [version()])


@cache
def version() -> int:
    """What ready JSON was made by: a statement that makes other JSON has another version."""
    made_by = json_of_one(ArticleSerializer, SHAPE)
    return crc32(f"{made_by.sql}\0{made_by.parameters!r}".encode()) >> 1  # PostgreSQL's integers have a sign


def behind() -> int:
    """How many articles have no JSON that is ready."""
    stale = StaleArticle.objects.values("article")
    return stale.distinct().count() + _of_other_versions().exclude(article__in=stale).count()


def make(
    *, limit: int | None = None, batch: int = BATCH, progress: Callable[[int], None] | None = None
) -> int:
    """Make ready what is behind, newest changes last, at most about `limit` articles. Returns how many.

    Each batch is a transaction of its own: this can run while the archive serves, be broken off, and go on
    where it stopped. Where another makes articles ready just now, this leaves it to that.
    """
    made = 0
    while limit is None or made < limit:
        done = _make_batch(batch)
        if not done:
            break
        made += done
        if progress:
            progress(done)
    return made


def _make_batch(size: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            return 0
        marks = list(StaleArticle.objects.order_by("pk").values_list("pk", "article")[:size])
        articles = {article for _pk, article in marks}
        if not marks:
            articles = set(_of_other_versions().values_list("pk", flat=True)[:size])
        if not articles:
            return 0
        json = json_of_one(ArticleSerializer, SHAPE)
        cursor.execute(MAKE.format(json=json.sql), [version(), *json.parameters, sorted(articles)])
        cursor.execute(GONE, [sorted(articles)])
        StaleArticle.objects.filter(pk__in=[pk for pk, _article in marks]).delete()
        return len(articles)


def _of_other_versions() -> QuerySet:
    return ReadyArticle.objects.filter(Q(version__lt=version()) | Q(version__gt=version())).order_by()
