"""Searching articles: what `q` finds, and on which pages."""

import random
from collections.abc import Callable, Iterator
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from archive.models import Article
from archive.search import articles as ways
from tests.api.conftest import pages, walk
from tests.api.problems import parameters
from tests.factories import ArticleFactory, ArticleTextFactory, SourceFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/articles/"
# PostgreSQL's figure of how many answer decides which way is taken: these take it out of its hands.
ALWAYS_WALK, NEVER_WALK = 0, 1_000_000


class Row(NamedTuple):
    """An article and the words of its parts, without articles and clitics."""

    article: Article
    title: list[str]
    body: list[str]

    @property
    def published(self) -> str:
        return self.article.published or ""


def has(*words: str) -> Callable[[Row], bool]:
    return lambda row: all(word in row.title + row.body for word in words)


def near(first: str, second: str, distance: int, *, ordered: bool = False) -> Callable[[Row], bool]:
    def holds(words: list[str]) -> bool:
        return any(
            a == first and b == second and (0 if ordered else -distance - 1) < j - i <= distance and i != j
            for i, a in enumerate(words)
            for j, b in enumerate(words)
        )

    return lambda row: holds(row.title) or holds(row.body)


def both(one: Callable[[Row], bool], other: Callable[[Row], bool]) -> Callable[[Row], bool]:
    return lambda row: one(row) and other(row)


WORDS = ("وزير", "سفير", "موسكو", "بغداد", "قمح", "معرض")
WRITTEN = {"وزير": ("وزير", "الوزير", "ووزير", "بوزير", "والوزير"), "سفير": ("سفير", "السفير", "وسفير")}
DATES = ("2021-08-23", "2021-08", None, "1955", "2021-08-24", "2021-08-23", "2020-12-31")


@pytest.fixture(scope="module")
def rows(django_db_setup, django_db_blocker) -> Iterator[list[Row]]:
    """Forty articles of a few words each, some of them of the same day."""
    chance = random.Random(7)

    def some(most: int) -> list[str]:
        return [chance.choice(WORDS) for _ in range(chance.randint(1, most))]

    def written(words: list[str]) -> str:
        return " ".join(chance.choice(WRITTEN.get(word, (word,))) for word in words)

    with django_db_blocker.unblock(), transaction.atomic():
        sources = [SourceFactory(slug="one", name="إيلاف"), SourceFactory(slug="two")]
        made = []
        for n in range(40):
            title, body = some(2), some(8)
            article = ArticleFactory(source=sources[n % 2], title=written(title), published=DATES[n % 7])
            ArticleTextFactory(article=article, body=f"{written(body)}.\n{n}")
            made.append(Row(article, title, body))
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE archive_article, archive_articleindex")
        yield made
        transaction.set_rollback(True)


def found(client, q: str, **more: str) -> list[int]:
    return [row["id"] for row in walk(client, LIST, q=q, fields="id", **more)]


def ids(rows: list[Row], holds: Callable[[Row], bool]) -> set[int]:
    return {row.article.pk for row in rows if holds(row)}


# --- What is found --------------------------------------------------------------------------

CASES = [
    ("وزير", {}, has("وزير")),
    ("والوزير", {}, has("وزير")),
    ("وَزِير", {}, has("وزير")),
    ("وزير موسكو", {}, has("وزير", "موسكو")),
    ("وزير AND سفير", {}, has("وزير", "سفير")),
    ("قمح OR معرض", {}, lambda row: has("قمح")(row) or has("معرض")(row)),
    ("وزير -موسكو", {}, lambda row: has("وزير")(row) and not has("موسكو")(row)),
    ("-(وزير OR سفير)", {}, lambda row: not has("وزير")(row) and not has("سفير")(row)),
    ('"وزير موسكو"', {}, near("وزير", "موسكو", 1, ordered=True)),
    ("«السفير وزير»", {}, near("سفير", "وزير", 1, ordered=True)),
    ('-"وزير موسكو"', {}, lambda row: not near("وزير", "موسكو", 1, ordered=True)(row)),
    (
        '"وزير موسكو" OR "سفير بغداد"',
        {},
        lambda row: any(near(*pair, 1, ordered=True)(row) for pair in (("وزير", "موسكو"), ("سفير", "بغداد"))),
    ),
    ("وزير NEAR/2 بغداد", {}, near("وزير", "بغداد", 2)),
    ("قمح NEAR/٤ معرض", {}, near("قمح", "معرض", 4)),
    ("موسك*", {}, has("موسكو")),
    ("title:وزير", {}, lambda row: "وزير" in row.title),
    ('title:"سفير بغداد"', {}, lambda row: row.title == ["سفير", "بغداد"]),
    ("-title:وزير وزير", {}, lambda row: "وزير" in row.body and "وزير" not in row.title),
    ("source:one قمح", {}, lambda row: row.article.source.slug == "one" and has("قمح")(row)),
    ("source:إيلاف -قمح", {}, lambda row: row.article.source.slug == "one" and not has("قمح")(row)),
    ("lang:ar", {}, lambda row: True),
    ("lang:en", {}, lambda row: False),
    (
        "published:2021-08-24.. بغداد",
        {},
        lambda row: row.published in ("2021-08", "2021-08-24") and has("بغداد")(row),
    ),
    ("وزير", {"source": "two"}, lambda row: row.article.source.slug == "two" and has("وزير")(row)),
    (
        '"وزير موسكو"',
        {"published__gte": "2021"},
        both(near("وزير", "موسكو", 1, ordered=True), lambda row: row.published >= "2021"),
    ),
    ("وزير", {"published__known": "false"}, both(has("وزير"), lambda row: not row.published)),
]


@pytest.mark.parametrize(("q", "filters", "holds"), CASES, ids=[f"{q} {more or ''}" for q, more, _ in CASES])
@pytest.mark.parametrize("way", [NEVER_WALK, ALWAYS_WALK])
def test_a_query_finds_what_it_says(anonymous, monkeypatch, rows, q, filters, holds, way):
    monkeypatch.setattr(ways, "WALK", way)
    assert set(found(anonymous, q, **filters)) == ids(rows, holds)


def test_the_cases_tell_some_articles_from_others(rows):
    for q, _filters, holds in CASES:
        assert 0 < len(ids(rows, holds)) < len(rows) or q.startswith("lang:"), q


# --- Pages and orders -----------------------------------------------------------------------


def in_order(rows: list[Row], ordering: str) -> list[int]:
    """The ids in one of the orders; without a date comes last either way."""
    articles = [row.article for row in rows]
    if ordering.endswith("added"):
        articles.sort(key=lambda article: (article.added, article.pk), reverse=ordering == "-added")
        return [article.pk for article in articles]
    dated = sorted(
        (article for article in articles if article.published),
        key=lambda article: (article.published_at, article.pk),
        reverse=ordering == "-published",
    )
    rest = sorted(article.pk for article in articles if not article.published)
    return [article.pk for article in dated] + (rest[::-1] if ordering == "-published" else rest)


WAYS = {
    "few are found and sorted": ("وزير", has("وزير"), NEVER_WALK, "interval '0'"),
    "many are met on a walk": ("وزير", has("وزير"), ALWAYS_WALK, ""),
    "a phrase is looked at": (
        '"وزير موسكو" OR "سفير بغداد" OR "قمح وزير"',
        lambda row: any(
            near(*pair, 1, ordered=True)(row)
            for pair in (("وزير", "موسكو"), ("سفير", "بغداد"), ("قمح", "وزير"))
        ),
        NEVER_WALK,
        "OFFSET 0) AS found",
    ),
    "no word at all": ("lang:ar -قمح", lambda row: not has("قمح")(row), ALWAYS_WALK, ""),
}


ORDERINGS = ["published", "-published", "added", "-added", "relevance"]


@pytest.mark.parametrize(
    ("ordering", "way"),
    # Nothing can be ranked where no word is asked for.
    [(o, way) for way in WAYS for o in ORDERINGS if (o, way) != ("relevance", "no word at all")],
)
def test_pages_show_each_row_once_forward_and_back(anonymous, monkeypatch, rows, ordering, way):
    q, holds, constant, sql = WAYS[way]
    monkeypatch.setattr(ways, "WALK", constant)
    expected = [row for row in rows if holds(row)]
    with CaptureQueriesContext(connection) as captured:
        there = list(pages(anonymous, LIST, q=q, ordering=ordering, page_size=3))
    shown = [row["id"] for page in there for row in page["results"]]
    assert sorted(shown) == sorted(row.article.pk for row in expected)
    if ordering != "relevance":
        assert shown == in_order(expected, ordering)
        said = [query["sql"] for query in captured]
        for mark in ("interval '0'", "OFFSET 0) AS found"):
            wanted = bool(sql) and (mark == sql or mark == "interval '0'")
            assert any(mark in statement for statement in said) is wanted
    assert len(there) > 2
    back = [there[-1], *pages(anonymous, there[-1]["previous"], "previous")]
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in there]


def test_a_cursor_belongs_to_its_order(anonymous, rows):
    first = anonymous.get(LIST, {"q": "وزير", "page_size": 1}).json()
    assert "cursor" in parameters(anonymous.get(f"{first['next']}&ordering=relevance"))


def test_a_relevance_is_to_what_was_searched_for(anonymous, rows):
    first = anonymous.get(LIST, {"q": "وزير", "page_size": 1, "ordering": "relevance"}).json()
    cursor = parse_qs(urlsplit(first["next"]).query)["cursor"][0]
    other = {"q": "موسكو", "page_size": 1, "ordering": "relevance", "cursor": cursor}
    assert "cursor" in parameters(anonymous.get(LIST, other))


def test_without_words_nothing_is_ranked(anonymous, rows):
    assert "ordering" in parameters(anonymous.get(LIST, {"q": "lang:ar", "ordering": "relevance"}))


def test_what_is_found_can_be_counted(anonymous, rows):
    answer = anonymous.get(LIST, {"q": '"وزير موسكو"', "count": "true", "page_size": 1}).json()
    holds = near("وزير", "موسكو", 1, ordered=True)
    assert (answer["count"], answer["count_exact"]) == (len(ids(rows, holds)), True)


def test_of_very_many_the_newest_are_ranked(anonymous, monkeypatch, rows):
    monkeypatch.setattr(ways, "MOST_RANKED", 5)
    newest = in_order([row for row in rows if has("وزير")(row)], "-published")[:5]
    assert set(found(anonymous, "وزير", ordering="relevance")) == set(newest)
