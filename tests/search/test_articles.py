"""How the database is led to look for articles."""

import pytest
from django.db import connection
from django.db.models import Q

from archive.models import Article
from archive.models.ordering import newest
from archive.search import articles as ways
from archive.search.articles import Found
from archive.search.query import parse
from tests.factories import ArticleFactory

pytestmark = pytest.mark.django_db


def found(query: str, articles=None) -> Found:
    return Found(Article.objects.all() if articles is None else articles, parse(query), ["accepted"])


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE archive_article, archive_articleindex")


@pytest.fixture
def hundred() -> list[Article]:
    """A hundred articles, two of which have a rare word."""
    made = [ArticleFactory(title="وزير قمح" if n % 50 == 7 else "وزير") for n in range(100)]
    analyze()
    return made


def test_rare_words_are_few_and_common_ones_many(monkeypatch, hundred):
    # Both ways cost the same where WALK x 1 x 100 is the square of what is expected: here, of ten.
    monkeypatch.setattr(ways, "WALK", 1)
    assert found("قمح").few(1)
    assert not found("وزير").few(1)


@pytest.mark.parametrize("query", ["وزير", "lang:ar", "وزير OR lang:ar", "-قمح", "-(قمح lang:ar)"])
def test_what_many_answer_is_met_on_a_walk_of_the_newest(monkeypatch, hundred, query):
    monkeypatch.setattr(ways, "WALK", 0)
    with connection.cursor() as cursor:
        for method in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{method} = off")
    plan = found(query).newest_first(1)[:1].explain()
    assert "articleindex_newest" in plan, plan
    assert "Sort" not in plan, plan


def test_few_are_looked_up_by_their_words_and_sorted(monkeypatch, hundred):
    monkeypatch.setattr(ways, "WALK", 1_000_000)
    with connection.cursor() as cursor:
        for method in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{method} = off")
    plan = found("قمح").newest_first(1)[:1].explain()
    assert "articleindex_vector" in plan, plan
    assert "articleindex_newest" not in plan, plan


def test_of_no_articles_none_is_found(hundred):
    nothing = found("وزير", Article.objects.none())
    key = newest("index__published_at").expression
    assert nothing.first(5, key, descending=True, after=Q()) is None
    assert list(nothing.newest_first(5)) == list(nothing.best()) == []
