"""Keeps the vectors of articles in step with what the articles say.

The database marks what falls behind (archive.models.indexing). `refresh` makes vectors anew; who
calls it when:

- a save outside of everything else: at once (`refresh_saved`);
- inside `in_step`, which `archive.curate.history.acting` is: once, at the end, for all that the
  transaction has marked, however it was written;
- everything else, COPY of a million rows or SQL by hand: the worker, every minute, or `manage.py reindex`.

Only vectors are written: no article's `modified` moves, and there is no history of them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import connection, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.signals import post_save

from archive.models import Article, ArticleAbstract, ArticleIndex, ArticleText
from archive.models.indexing import THIS_TRANSACTION
from archive.search.vectors import ABSTRACT, BODY, TITLE, Part, vector
from archive.text import ANALYZER_VERSION

# Articles in one transaction. Whoever edits one of them meanwhile waits for its end, some tenths of a second.
BATCH = 200
# Who has written more articles than this at once need not wait for them: the worker makes their vectors.
AT_ONCE = 2000

_in_step: ContextVar[bool] = ContextVar("in_step", default=False)


def refresh(article_ids: Iterable[int]) -> int:
    """Make the vectors of these articles anew, in step or not. Ids of no article are passed over.

    Takes the rows first and reads the articles then: who edits one meanwhile waits, and marks it
    again after this. Returns how many were made.
    """
    ids = sorted(set(article_ids))
    return sum(_refresh(ids[i : i + BATCH], skip_locked=False) for i in range(0, len(ids), BATCH))


def refresh_batch(ids: list[int], *, in_step_too: bool = False) -> int:
    """One transaction: make anew those of `ids` that are behind, and are in nobody's hands just now.

    Whoever has one in hand sees to it: an editor when done, another `reindex` likewise. Returns how
    many were made.
    """
    return _refresh(ids, skip_locked=True, behind=not in_step_too)


def _refresh(ids: list[int], *, skip_locked: bool, behind: bool = False) -> int:
    rows = ArticleIndex.objects.behind(ANALYZER_VERSION) if behind else ArticleIndex.objects
    with transaction.atomic():
        rows = rows.filter(pk__in=ids).order_by("pk").select_for_update(skip_locked=skip_locked)
        taken = list(rows.values_list("pk", flat=True))
        # A statement of its own, after the locks: it sees all that was committed until then.
        made = vectors_of(taken)
        if made:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE archive_articleindex i SET vector = made.vector::tsvector, version = %s,"
                    " changed = NULL FROM unnest(%s::bigint[], %s::text[]) made (id, vector)"
                    " WHERE i.article_id = made.id",
                    [ANALYZER_VERSION, list(made), list(made.values())],
                )
    return len(made)


def vectors_of(ids: list[int]) -> dict[int, str]:
    """The vectors of these articles as they stand, by the article's id, as text."""
    return {article_id: vector(parts) for article_id, parts in parts_of(ids).items()}


def parts_of(ids: list[int]) -> dict[int, list[Part]]:
    """What these articles say: title, abstracts by language, and the newest body there is."""
    if not ids:
        return {}
    body = ArticleText.objects.filter(article=OuterRef("pk"), body__isnull=False).order_by("-pk")
    articles = (
        Article.objects.filter(pk__in=ids)
        .order_by()
        .values_list("pk", "title", "language", Subquery(body.values("body")[:1]))
    )
    abstracts: dict[int, list[Part]] = {}
    for article_id, text, language in (
        ArticleAbstract.objects.filter(article__in=ids)
        .order_by("language")
        .values_list("article_id", "text", "language")
    ):
        abstracts.setdefault(article_id, []).append(Part(text, language, ABSTRACT))
    return {
        pk: [
            Part(title, language, TITLE),
            *abstracts.get(pk, ()),
            *([Part(text, language, BODY)] if text else ()),
        ]
        for pk, title, language, text in articles
    }


@contextmanager
def in_step() -> Iterator[None]:
    """Inside a transaction: what is written in here has its vectors when this ends, each made once.

    Unless it is more than `AT_ONCE` articles. Nested, the outermost one sees to it.
    """
    if _in_step.get():
        yield
        return
    token = _in_step.set(True)
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT article_id FROM archive_articleindex WHERE changed = {THIS_TRANSACTION}"
                " AND changed IS NOT NULL LIMIT %s",
                [AT_ONCE + 1],
            )
            marked = [article_id for (article_id,) in cursor.fetchall()]
        if len(marked) <= AT_ONCE:
            refresh(marked)
    finally:
        _in_step.reset(token)


def _refresh_saved(sender: type, instance: Any, **kwargs: Any) -> None:
    if not _in_step.get():
        refresh([instance.pk if sender is Article else instance.article_id])


def refresh_saved() -> None:
    """Let every save of an article, an abstract or a text end with a vector in step."""
    for model in (Article, ArticleAbstract, ArticleText):
        post_save.connect(_refresh_saved, model, dispatch_uid=f"archive.refresh_saved.{model.__name__}")
