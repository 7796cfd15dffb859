"""What a search for articles says of what it found, in which order, and of what it does not understand."""

import json
import os
import re
from pathlib import Path

import pytest

from archive.models import Article
from archive.search.frequencies import refresh_frequencies
from tests.api import contract
from tests.api.conftest import client_of, user_with, walk
from tests.api.problems import parameters, problem
from tests.factories import (
    ArticleAbstractFactory,
    ArticleFactory,
    ArticleTextFactory,
    CountryFactory,
    MentionFactory,
    PersonFactory,
    PersonNameFactory,
)

pytestmark = pytest.mark.django_db

LIST = "/api/v1/articles/"
DATA = Path(os.environ.get("ARCHIVE_TEST_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
STRINGS = DATA / "strings" / "blns.json"


def found(client, q: str, **more: str) -> list[int]:
    return [row["id"] for row in walk(client, LIST, q=q, fields="id", **more)]


# --- Relevance and likeness -----------------------------------------------------------------


def test_titles_come_before_texts_and_rare_words_before_common_ones(anonymous):
    def article(title: str, body: str) -> int:
        made = ArticleFactory(title=title)
        ArticleTextFactory(article=made, body=body)
        return made.pk

    body = article("عنوان", "زيارة الوزير كانت قصيرة جدا")
    title = article("زيارة", "كانت قصيرة جدا بلا كلام")
    rare = article("عنوان", "معاهدة طويلة بلا كلام كثير")
    for n in range(8):
        article(f"خبر {n}", "زيارة الوزير الى بغداد")
    refresh_frequencies()
    best = found(anonymous, "زيارة", ordering="relevance")
    assert best[0] == title
    assert body in best[1:]
    best = found(anonymous, "معاهدة OR الوزير", ordering="relevance")
    assert best[0] == rare


@pytest.fixture
def alike() -> list[Article]:
    titles = ("معاهدة القمح مع موسكو", "توقيع معاهدة القمح", "مباراة كرة القدم", "نتائج كرة القدم", "فريد")
    made = [ArticleFactory(title=title) for title in titles]
    refresh_frequencies()
    return made


def test_the_neighbour_of_an_article_is_found_and_not_itself(anonymous, alike):
    treaty, other, match, result, alone = (article.pk for article in alike)

    def like(pk: int) -> list[int]:
        return [row["id"] for row in walk(anonymous, LIST, more_like=pk)]

    assert like(treaty) == [other]
    assert like(match) == [result]
    assert like(alone) == []


def test_neighbours_are_among_those_that_other_filters_leave(anonymous, alike):
    treaty, other, *_ = alike
    asked = {"more_like": treaty.pk, "source": other.source.slug}
    assert [row["id"] for row in walk(anonymous, LIST, **asked)] == [other.pk]
    assert walk(anonymous, LIST, **{**asked, "source": treaty.source.slug}) == []


# --- Evidence -------------------------------------------------------------------------------


def test_rejected_mentions_count_nowhere_and_suggested_ones_unless_left_out(anonymous):
    person, country = PersonFactory(slug="fuad"), CountryFactory(code="ZQZQ")
    PersonNameFactory(person=person, text="فؤاد حسين")
    by = {
        (whom, status): MentionFactory(status=status, **{whom: value}).article_id
        for whom, value in (("person", person), ("country", country))
        for status in ("accepted", "suggested", "rejected")
    }
    for whom, q in (("person", 'person:"فواد حسين"'), ("country", "country:ZQZQ")):
        assert set(found(anonymous, q)) == {by[whom, "accepted"], by[whom, "suggested"]}
        assert found(anonymous, q, evidence="accepted") == [by[whom, "accepted"]]


# --- Highlights -----------------------------------------------------------------------------

SECRET = "قال السفير إن المعاهدة جاهزة"


@pytest.fixture
def treaty() -> Article:
    article = ArticleFactory(title="توقيع المعاهدة في موسكو")
    ArticleAbstractFactory(article=article, text="عن المعاهدة الجديدة")
    ArticleTextFactory(article=article, body=SECRET)
    return article


def highlights(client, q: str) -> dict:
    answer = client.get(LIST, {"q": q, "expand": "highlights"})
    contract.answers(answer)
    [row] = answer.json()["results"]
    return row["highlights"]


def marked(fragments: list[dict]) -> list[str]:
    return [piece["text"][start:end] for piece in fragments for start, end in piece["spans"]]


def test_highlights_point_at_the_words(treaty):
    reader = client_of(user_with("read_text"))
    shown = highlights(reader, "معاهدة")
    assert marked(shown["title"]) == ["المعاهدة"]
    assert marked(shown["abstract"]) == ["المعاهدة"]
    assert marked(shown["body"]) == ["المعاهدة"]
    assert shown["title"][0]["text"] == treaty.title
    assert shown["body"][0]["text"] == SECRET
    assert marked(highlights(reader, '"توقيع المعاهدة"')["title"]) == ["توقيع المعاهدة"]
    assert highlights(reader, "title:معاهدة")["body"] == []


@pytest.mark.parametrize("permissions", [None, (), ("view_article", "change_article")])
@pytest.mark.parametrize("q", ["معاهدة", "سفير", "جاهز*"])
def test_nothing_of_a_body_is_shown_without_the_permission(treaty, permissions, q):
    client = client_of(None if permissions is None else user_with(*permissions))
    shown = highlights(client, q)
    assert shown["body"] == []
    assert "جاهزة" not in json.dumps(shown, ensure_ascii=False)
    assert set(marked(shown["title"] + shown["abstract"])) <= {"المعاهدة"}


def test_a_page_with_highlights_is_no_longer_than_usual(anonymous, treaty):
    asked = {"q": "وزير", "expand": "highlights", "page_size": 51}
    assert "page_size" in parameters(anonymous.get(LIST, asked))


def test_highlights_need_a_query(anonymous, treaty):
    for asked in ({}, {"more_like": str(treaty.pk)}):
        said = parameters(anonymous.get(LIST, {**asked, "expand": "highlights"}, HTTP_ACCEPT_LANGUAGE="en"))
        assert "only with q" in said["expand"]
    assert "expand" in parameters(anonymous.get(f"{LIST}{treaty.pk}/", {"expand": "highlights"}))


# --- Mistakes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "says", "position", "length"),
    [
        ('وزير "الخارجية', "no partner", 5, 1),
        ("𐤀𐤁 (وزير", "not closed", 3, 1),
        ("وزير OR", "after OR", 5, 2),
        ("foo:bar", "no field foo", 0, 4),
        ("وزير person:nobody", "no person nobody", 12, 6),
        ("published:2021-13", "month", 10, 7),
        ("في", "Too common", 0, 2),
        ("س" * 1001, "1000 characters", 1000, 1),
        ("س " * 64 + "ص", "64 words", 128, 1),
        ("\u200f\u202e", "empty", 0, 2),
        ("وزير\u202e \u2066—", "No word", 7, 1),
        ("وز*", "at least 3", 0, 3),
    ],
)
def test_a_mistake_is_told_with_its_place(anonymous, q, says, position, length):
    answer = anonymous.get(LIST, {"q": q}, HTTP_ACCEPT_LANGUAGE="en")
    contract.answers(answer)
    [error] = problem(answer, 400)["errors"]
    assert says in error["detail"]
    assert (error["parameter"], error["position"], error["length"]) == ("q", position, length)


@pytest.mark.parametrize(
    ("asked", "wrong", "says"),
    [
        ("q=", "q", "empty"),
        ("q=%20", "q", "empty"),
        ("q=%00", "q", ""),
        ("q=a&q=b", "q", "once"),
        ("ordering=relevance", "ordering", "only with"),
        ("q=oil&ordering=-relevance", "ordering", "Use one of"),
        ("more_like=0", "more_like", ""),
        ("more_like=x", "more_like", ""),
    ],
)
def test_what_cannot_be_searched_for_is_said(anonymous, asked, wrong, says):
    assert says in parameters(anonymous.get(f"{LIST}?{asked}", HTTP_ACCEPT_LANGUAGE="en"))[wrong]


def test_a_list_is_searched_in_one_way(anonymous, treaty):
    said = parameters(anonymous.get(LIST, {"q": "معاهدة", "more_like": treaty.pk}))
    assert said.keys() & {"q", "more_like"}


def test_direction_marks_around_words_change_nothing(anonymous, treaty):
    assert found(anonymous, "\u202b\u200fمعاهدة\u200f\u202c") == [treaty.pk]


@pytest.mark.skipif(
    not STRINGS.exists(), reason=f"naughty strings are not at hand: ARCHIVE_TEST_DATA or {DATA}"
)
def test_naughty_strings_are_answered_or_refused(anonymous, treaty):
    for text in json.loads(STRINGS.read_text(encoding="utf-8")):
        bare = re.sub('["«»“”]', "", text)
        for q in (text, f'"{bare}"'):
            answer = anonymous.get(LIST, {"q": q, "expand": "highlights", "ordering": "relevance"})
            assert answer.status_code in (200, 400), (q, answer.content.decode()[:300])


def test_what_takes_too_long_is_given_up(anonymous, slow_search):
    answer = anonymous.get(LIST, {"q": "وزير"}, HTTP_ACCEPT_LANGUAGE="en")
    assert "too long" in problem(answer, 503)["detail"]
    assert int(answer["Retry-After"]) > 0
