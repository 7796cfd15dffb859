"""The JSON of articles that is kept ready is what would be made just now, whatever is written and however."""

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from itertools import product
from json import loads
from random import Random

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.api import ready
from archive.api.expressions import json_of_one
from archive.api.serializers import ArticleSerializer
from archive.models import (
    Article,
    ArticleAbstract,
    ArticleAddress,
    ArticleSubject,
    ArticleText,
    Citation,
    Country,
    Event,
    Mention,
    Person,
    ReadyArticle,
    Source,
    StaleArticle,
    Status,
)
from archive.models.readying import OF
from archive.models.sql import Statement
from tests import factories as make
from tests.api.conftest import walk
from tests.api.plain import plain

pytestmark = pytest.mark.django_db


def in_step() -> dict[int, dict]:
    """The JSON that a list would read, by the article's id."""
    sql, parameters = ready.in_step().sql, ready.in_step().parameters
    found = Statement(f"SELECT pk, ({sql})::text FROM (SELECT id FROM archive_article) page (pk)", parameters)
    return {pk: loads(json) for pk, json in found.fetch() if json}


def right(articles: Iterable[int] | None = None) -> dict[int, dict]:
    """What plain serializers give, for some articles or all."""
    rows = Article.objects.all() if articles is None else Article.objects.filter(pk__in=articles)
    return {row.pk: plain(ArticleSerializer, row, ready.SHAPE) for row in rows}


def test_a_list_gives_the_same_whether_it_is_ready_or_not(world, anonymous):
    before = walk(anonymous, "/api/v1/articles/", page_size=7)
    assert not in_step()
    assert ready.make() == Article.objects.count()
    assert in_step() == right()
    assert walk(anonymous, "/api/v1/articles/", page_size=7) == before
    key = before[0]["id"]
    assert anonymous.get(f"/api/v1/articles/{key}/").json() == before[0]


def test_a_list_reads_what_is_ready(world, anonymous):
    """Seen by a row that says what no article does."""
    ready.make()
    some = Article.objects.first()
    ReadyArticle.objects.filter(pk=some.pk).update(json='{"id":0}')
    assert {"id": 0} in walk(anonymous, "/api/v1/articles/")
    assert {"id": 0} not in walk(anonymous, "/api/v1/articles/", evidence="accepted")
    assert {"id": 0} not in walk(anonymous, "/api/v1/articles/", expand="source")


# --- Every way in which what an article shows can change ------------------------------------------


@pytest.fixture
def shown(world):
    """The world, and whatever else articles show."""
    for article in Article.objects.all()[:5]:
        make.ArticleAbstractFactory(article=article)
        make.ArticleTextFactory(article=article, body=f"نص {article.pk}")
    rejected = make.EventFactory(status=Status.REJECTED)
    make.CitationFactory(text=make.ArticleTextFactory(length=900), start=1, event=rejected)


def some(model, random: Random):
    return random.choice(list(model.objects.order_by("pk")))


def shown_event(random: Random) -> Event:
    """One that an article shows, of all events few; any, where other changes have left none of these."""
    named = ArticleSubject.objects.exclude(event__status=Status.REJECTED).values("event")
    return random.choice(list(Event.objects.filter(pk__in=named).order_by("pk")) or list(Event.objects.all()))


def new_text(random: Random) -> ArticleText:
    return make.ArticleTextFactory(article=some(Article, random), length=900)


CHANGES = {
    "an article's byline": lambda r: Article.objects.filter(pk=some(Article, r).pk).update(byline="كاتب آخر"),
    "an article's title": lambda r: _saved(some(Article, r), title=f"عنوان {r.random()}"),
    "an article's date": lambda r: _saved(some(Article, r), published="1999-05"),
    "an article's source": lambda r: _saved(some(Article, r), source=some(Source, r)),
    "a new article": lambda r: make.ArticleFactory(),
    "a deleted article": lambda r: _deleted_article(some(Article, r)),
    "an abstract": lambda r: make.ArticleAbstractFactory(article=make.ArticleFactory()),
    "all abstracts": lambda r: ArticleAbstract.objects.update(text=f"ملخص {r.random()}"),
    "no abstracts": lambda r: ArticleAbstract.objects.all().delete(),
    "an address": lambda r: make.ArticleAddressFactory(article=some(Article, r)),
    "an address moved": lambda r: ArticleAddress.objects.filter(pk=some(ArticleAddress, r).pk).update(
        article=some(Article, r)
    ),
    "a text": new_text,
    "a text moved": lambda r: ArticleText.objects.filter(pk=new_text(r).pk).update(article=some(Article, r)),
    "a text without body": lambda r: ArticleText.objects.update(body=None),
    "a person named": lambda r: make.MentionFactory(text=new_text(r), start=1, person=some(Person, r)),
    "a country named": lambda r: make.MentionFactory(text=new_text(r), start=1, country=some(Country, r)),
    "an event reported": lambda r: make.CitationFactory(text=new_text(r), start=1, event=some(Event, r)),
    "a mention rejected": lambda r: Mention.objects.filter(pk=some(Mention, r).pk).update(
        status=Status.REJECTED
    ),
    "a mention of another": lambda r: Mention.objects.filter(person__isnull=False).update(
        person=some(Person, r)
    ),
    "a mention deleted": lambda r: some(Mention, r).delete(),
    "a citation rejected": lambda r: Citation.objects.filter(pk=some(Citation, r).pk).update(
        status=Status.REJECTED
    ),
    "a citation of another": lambda r: Citation.objects.filter(event__isnull=False).update(
        event=some(Event, r)
    ),
    "a source's name": lambda r: _saved(some(Source, r), name=f"الصحيفة {r.random()}"),
    "a source's slug": lambda r: _saved(some(Source, r), slug=f"paper-{r.randrange(10**9)}"),
    "a person's name": lambda r: _saved(some(Person, r), name=f"اسم {r.random()}"),
    "a person's slug": lambda r: _saved(some(Person, r), slug=f"person-{r.randrange(10**9)}"),
    "a country's name": lambda r: _saved(some(Country, r), name=f"دولة {r.random()}"),
    "an event's title": lambda r: _saved(shown_event(r), title=f"حدث {r.random()}"),
    "an event's slug": lambda r: _saved(shown_event(r), slug=f"event-{r.randrange(10**9)}"),
    "an event's start": lambda r: _saved(shown_event(r), start="1931-02", end=None),
    "an event rejected": lambda r: Event.objects.filter(pk=shown_event(r).pk).update(status=Status.REJECTED),
    "all events accepted": lambda r: Event.objects.update(status=Status.ACCEPTED),
}


def _saved(row, **values) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def _deleted_article(article: Article) -> None:
    Mention.objects.filter(article=article).delete()
    Citation.objects.filter(article=article).delete()
    article.delete()


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_ready_follows_every_change(shown, change):
    ready.make()
    before = right()
    with transaction.atomic():
        for attempt in range(20):
            CHANGES[change](Random(attempt))
            found, after = in_step(), right()
            assert found.items() <= after.items()
            if after != before:
                break
    assert after != before  # the change is one that shows
    ready.make()
    assert in_step() == after
    assert ready.behind() == 0


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.sampled_from([*CHANGES, "made ready", "a few made ready"]), min_size=3, max_size=12),
    random=st.randoms(use_true_random=False),
)
def test_what_is_ready_follows_any_changes_in_any_order(shown, steps, random):
    with transaction.atomic():
        for step in steps:
            if step in CHANGES:
                CHANGES[step](Random(random.random()))
            else:
                ready.make(batch=3, limit=4 if "few" in step else None)
        now = right()
        assert in_step().items() <= now.items()
        ready.make()
        assert in_step() == now
        transaction.set_rollback(True)


def test_there_is_a_rule_for_every_table_that_the_statement_reads():
    assert set(re.findall(r'"archive_(\w+)"', json_of_one(ArticleSerializer, ready.SHAPE).sql)) == set(OF)


# One of these is another value than a row has, for a column of each type that there is.
OTHERS = [
    "غيره",
    "ZY",
    "ZZZY",
    "1931-02",
    "1931-02-03",
    "accepted",
    "rejected",
    None,
    "{ar}",
    "agree",
    "consult",
]
NAMED = {
    Source: lambda: Article.objects.values_list("source", flat=True),
    **{
        model: partial(ArticleSubject.objects.exclude(**{column: None}).values_list, column, flat=True)
        for model, column in ((Person, "person"), (Country, "country"), (Event, "event"))
    },
}


@pytest.mark.parametrize("model", NAMED)
def test_what_is_ready_follows_every_column_of_what_articles_name(shown, model):
    """Written by hand, past Django: a column that is shown and has no rule would be found."""
    ready.make()
    changed = set()
    for field, other, pk in product(model._meta.concrete_fields, OTHERS, set(NAMED[model]())):
        column = field.column
        if column == "id" or column in changed:
            continue
        with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'UPDATE {model._meta.db_table} SET "{column}" = %s WHERE id = %s', [other, pk])
            found = in_step()
            assert found == right(found), column
            changed.add(column)
            transaction.set_rollback(True)
    columns = {column.strip().strip('"') for column in OF[model._meta.model_name].columns.split(",")}
    assert columns <= changed  # it was tried


# --- Keeping it -----------------------------------------------------------------------------------


def test_a_rename_that_shows_nowhere_marks_nothing(world):
    ready.make()
    Person.objects.update(description="وصف آخر")
    Country.objects.update(note="ملاحظة")
    Source.objects.update(city="البصرة")
    Event.objects.update(place="بغداد")
    assert ready.behind() == 0


def test_a_transaction_marks_an_article_once(world):
    ready.make()
    text = make.ArticleTextFactory(length=900)
    for start in range(5):
        make.MentionFactory(text=text, start=start * 20, person=make.PersonFactory())
    assert StaleArticle.objects.filter(article=text.article).count() == 1


def test_another_version_makes_all_anew(world, monkeypatch):
    ready.make()
    monkeypatch.setattr(ready, "version", lambda: 7)
    assert not in_step()
    assert ready.behind() == Article.objects.count()
    assert ready.make(batch=3) == Article.objects.count()
    assert in_step() == right()


def test_what_is_broken_off_goes_on(world):
    assert ready.make(batch=2, limit=2) == 2
    assert len(in_step()) == 2
    seen = []
    ready.make(batch=2, progress=seen.append)
    assert sum(seen) == Article.objects.count() - 2


def test_nothing_is_kept_of_a_deleted_article(world):
    ready.make()
    article = make.ArticleFactory()
    ready.make()
    article.delete()
    ready.make()
    assert set(ReadyArticle.objects.values_list("pk", flat=True)) == set(
        Article.objects.values_list("pk", flat=True)
    )


def test_the_command(world, capsys):
    call_command("ready_articles")
    assert f"articles made ready: {Article.objects.count()}; behind: 0" in capsys.readouterr().out
