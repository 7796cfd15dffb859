"""Taking an article down: all that it said is removed for good, and a stone says why (archive.models.purge).

What goes: the article with its abstracts, addresses, texts, mentions, citations and the reviews of these;
what is derived of it; every history row of all of them; what the admin's log says of them; the terms that no
other article has. What stays: persons, countries, sources, events, also those that then rest on nothing: they
are records of the archive in its own words, and the preview names them, for an editor to decide on.

Dead rows stay in the database's files until VACUUM, which a job sees to; backups made before hold the article
still: see docs/operation.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from archive.curate.history import acting
from archive.models import (
    Article,
    ArticleAbstract,
    ArticleAddress,
    ArticleSubject,
    ArticleText,
    Citation,
    Deletion,
    Fact,
    KeptAnswer,
    Mention,
    Purge,
    ReadyRecord,
    Review,
    StaleRecord,
)
from archive.models.citation import TARGETS
from archive.models.purge import LOCK, URN
from archive.models.readying import RESOURCES
from archive.queue import VACUUM_PURGED, enqueue
from archive.search.vectors import ABSTRACT, TITLE, Part, vector
from archive.text import sha256_hex

PERMISSION = "archive.purge_article"
# How long it waits for those who write articles just now: behind it all others who do wait.
PATIENCE = "10s"
# A term that stood in more articles than this when terms were counted stands in another one.
RARE = 1_000

FORGET_TERMS = """
    DELETE FROM archive_termfrequency f WHERE f.documents <= %s
    AND f.term IN (
        SELECT unnest(tsvector_to_array(v::tsvector)) FROM unnest(%s::text[]) v
    )
    AND NOT EXISTS (
        SELECT FROM archive_articleindex i
        WHERE i.vector @@ ('''' || replace(replace(f.term, '\\', '\\\\'), '''', '''''') || '''')::tsquery
    )
"""


@dataclass(frozen=True)
class Removal:
    """What a takedown removes, and what it leaves to be looked at."""

    # Rows by the name of their table, for people; history rows under a name of their own.
    rows: dict[str, int]
    # Facts that no other article is cited for.
    bare: list[Fact]
    # Other articles with one of the same texts: they stay.
    same_text: list[Article]


@dataclass(frozen=True)
class _Parts:
    """The ids of all that is, or ever was and is gone, a part of one article, by table."""

    article: int
    ids: dict[type[Model], set[int]]

    def history(self) -> list[QuerySet]:
        """Every history row that says something of the article or of its parts."""
        ids, of_article = self.ids, Q(article_id=self.article)
        texts = Q(text_id__in=ids[ArticleText])
        ways = {
            Article: Q(pgh_obj_id=self.article),
            ArticleAbstract: of_article | Q(pgh_obj_id__in=ids[ArticleAbstract]),
            ArticleAddress: of_article | Q(pgh_obj_id__in=ids[ArticleAddress]),
            ArticleText: of_article | Q(pgh_obj_id__in=ids[ArticleText]),
            Mention: texts | Q(pgh_obj_id__in=ids[Mention]),
            Citation: texts | Q(pgh_obj_id__in=ids[Citation]),
            Review: Q(mention_id__in=ids[Mention]) | Q(citation_id__in=ids[Citation]),
        }
        return [_history(model).filter(way).order_by() for model, way in ways.items()]


def find(key: str) -> Article:
    """The article that `key` names: its id, its identifier, or an address. Raises ValidationError."""
    if key.isascii() and key.isdigit() and len(key) < 19:
        way = Q(pk=int(key))
    else:
        way = Q(identifier=key) | Q(pk__in=ArticleAddress.objects.filter(url=key).values("article"))
    found = list(Article.objects.filter(way).order_by("pk")[:2])
    if not found:
        raise ValidationError(_("There is no article %(key)s.") % {"key": key})
    if len(found) > 1:
        raise ValidationError(
            _("Several articles have %(key)s: name one by its id, as %(one)s or %(other)s.")
            % {"key": key, "one": found[0].pk, "other": found[1].pk}
        )
    return found[0]


def preview(article: Article) -> Removal:
    """What `purge` would remove now, and leave."""
    return _removal(article, _parts(article))


def purge(article: Article, reason: str, editor: AbstractBaseUser | None = None) -> Removal:
    """Remove `article` and all that it said for good, in one transaction, and leave a stone with `reason`.

    Raises ValidationError where there is no reason, where the article is gone by now, or where others write
    articles without an end.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Say why: the reason is all that stays.")})
    with acting("", user=editor):
        # Before any row: who waits for a row of this one must not have what it waits for.
        _alone()
        # Who adds to the article waits from here on, and then finds no article.
        locked = Article.objects.select_for_update().filter(pk=article.pk).first()
        if locked is None:
            raise ValidationError(_("There is no article %(key)s.") % {"key": article.pk})
        parts = _parts(locked)
        removal = _removal(locked, parts)
        terms = _terms(parts)
        Purge.objects.create(
            article=locked.pk, reason=reason.strip(), editor=editor, keys=sorted(_keys(parts, locked))
        )
        locked.delete()
        ArticleSubject.objects.filter(article_id=parts.article).delete()
        for kept in (ReadyRecord, StaleRecord):
            kept.objects.filter(resource__in=RESOURCES["article"], record=parts.article).delete()
        # Events show the titles of articles that report them: those that showed this one are marked by now.
        events = StaleRecord.objects.filter(resource="event")
        ReadyRecord.objects.filter(resource="event", record__in=events.values("record")).delete()
        # That it left its list is told on, but not under an address that may hold the words of its title.
        Deletion.objects.filter(resource="articles", key=str(parts.article)).update(identifier="")
        # What writes were answered with. To be asked again they would add what is refused from now on.
        KeptAnswer.objects.filter(body__regex=rf'"(id|article)":({{"id":)?{parts.article}\M').delete()
        _forget_history(parts)
        _forget_log(parts)
        with connection.cursor() as cursor:
            cursor.execute(FORGET_TERMS, [RARE, terms])
        enqueue(VACUUM_PURGED, once=VACUUM_PURGED)
    return removal


def _alone() -> None:
    """Wait until who is writing articles, texts and addresses is done; who comes later waits for this one."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
            cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise ValidationError(
            _("Others are writing articles just now, for longer. Try again later.")
        ) from error


def vacuum() -> None:
    """Clear the files and the planner's samples of what purges have removed. Not inside a transaction."""
    models = [
        *(Article, ArticleAbstract, ArticleAddress, ArticleText, Mention, Citation, Review),
        *(ReadyRecord, ArticleSubject, KeptAnswer, LogEntry),
    ]
    tables = [model._meta.db_table for model in models]
    tables += [_history(model).model._meta.db_table for model in models[:7]]
    tables += ["archive_articleindex", "archive_termfrequency", "pghistory_context"]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"VACUUM (ANALYZE) {connection.ops.quote_name(table)}")


def _history(model: type[Model]) -> QuerySet:
    return apps.get_model("archive", f"{model.__name__}History").objects.all()


def _parts(article: Article) -> _Parts:
    ids: dict[type[Model], set[int]] = {Article: {article.pk}}
    for model in (ArticleAbstract, ArticleAddress, ArticleText):
        ids[model] = _ever(model, Q(article_id=article.pk))
    for model in (Mention, Citation):
        ids[model] = _ever(model, Q(text_id__in=ids[ArticleText]))
    ids[Review] = _ever(Review, Q(mention_id__in=ids[Mention]) | Q(citation_id__in=ids[Citation]))
    return _Parts(article.pk, ids)


def _ever(model: type[Model], way: Q) -> set[int]:
    """The ids of rows that are there by `way`, or were until they were deleted: none that moved elsewhere."""
    now = set(model._base_manager.filter(way).values_list("pk", flat=True))
    once = set(_history(model).filter(way).order_by().values_list("pgh_obj_id", flat=True)) - now
    return now | (once - set(model._base_manager.filter(pk__in=once).values_list("pk", flat=True)))


def _removal(article: Article, parts: _Parts) -> Removal:
    rows = {
        str(model._meta.verbose_name_plural): model._base_manager.filter(pk__in=ids).count()
        for model, ids in parts.ids.items()
    }
    rows[_("history rows")] = sum(history.count() for history in parts.history())
    hashes = article.texts.values("sha256")
    same = ArticleText.objects.filter(sha256__in=hashes).exclude(article=article).values("article")
    return Removal(rows, _bare(article), list(Article.objects.filter(pk__in=same).order_by("pk")))


def _bare(article: Article) -> list[Fact]:
    """The facts that are cited from `article` and from no other one."""
    found: list[Fact] = []
    for name in TARGETS:
        model = Citation._meta.get_field(name).related_model
        here = Citation.objects.filter(article=article, **{f"{name}__isnull": False}).values(name)
        elsewhere = Citation.objects.filter(**{f"{name}__in": here}).exclude(article=article).values(name)
        found += model.objects.filter(pk__in=here).exclude(pk__in=elsewhere).order_by("pk")
    return found


def _keys(parts: _Parts, article: Article) -> set[str]:
    """The hashes of the article's identifier, addresses and texts, those that it once had too."""
    names = {article.identifier}
    for model, of, column in (
        (Article, Q(pgh_obj_id=article.pk), "identifier"),
        (ArticleAddress, Q(pgh_obj_id__in=parts.ids[ArticleAddress]), "url"),
    ):
        names |= set(_history(model).filter(of).order_by().values_list(column, flat=True))
    names |= set(article.addresses.values_list("url", flat=True))
    texts = set(article.texts.values_list("sha256", flat=True))
    texts |= set(
        _history(ArticleText)
        .filter(pgh_obj_id__in=parts.ids[ArticleText])
        .order_by()
        .values_list("sha256", flat=True)
    )
    return texts | {name.removeprefix(URN) if name.startswith(URN) else sha256_hex(name) for name in names}


def _terms(parts: _Parts) -> list[str]:
    """The vectors of all that the article says, and of what it said by title and abstract before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT vector::text FROM archive_articleindex WHERE article_id = %s AND vector IS NOT NULL",
            [parts.article],
        )
        vectors = [text for (text,) in cursor.fetchall()]
    before = [
        *(
            Part(title, language, TITLE)
            for title, language in _history(Article)
            .filter(pgh_obj_id=parts.article)
            .order_by()
            .values_list("title", "language")
            .distinct()
        ),
        *(
            Part(text, language, ABSTRACT)
            for text, language in _history(ArticleAbstract)
            .filter(pgh_obj_id__in=parts.ids[ArticleAbstract])
            .order_by()
            .values_list("text", "language")
            .distinct()
        ),
    ]
    return [*vectors, *(vector([part]) for part in before)]


def _forget_history(parts: _Parts) -> None:
    contexts: set = set()
    for history in parts.history():
        contexts |= set(history.exclude(pgh_context=None).values_list("pgh_context_id", flat=True))
        history.delete()
    forget_contexts(contexts)


def forget_contexts(ids: Iterable) -> int:
    """Remove those of history's contexts (who, why, which request) that no history row names any more."""
    tables = [
        model._meta.db_table
        for model in apps.get_app_config("archive").get_models()
        if hasattr(model, "pgh_tracked_model")
    ]
    unnamed = " AND ".join(
        f"NOT EXISTS (SELECT FROM {table} h WHERE h.pgh_context_id = c.id)" for table in tables
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM pghistory_context c WHERE c.id = ANY(%s::uuid[]) AND {unnamed}", [list(ids)]
        )
        return cursor.rowcount


def _forget_log(parts: _Parts) -> None:
    """The admin's own log calls a row by its title, and says what was written into which field."""
    for model, ids in parts.ids.items():
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(model), object_id__in=map(str, ids)
        ).delete()
