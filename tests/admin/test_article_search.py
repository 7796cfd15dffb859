"""The list of articles is searched in the language of queries, and says what it does not understand."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.urls import reverse

from archive.search import articles as ways
from tests.factories import (
    ArticleAddressFactory,
    ArticleFactory,
    MentionFactory,
    PersonFactory,
    PersonNameFactory,
)

pytestmark = pytest.mark.django_db
LIST = reverse("admin:archive_article_changelist")


def found(client, query: str, **filters: str) -> list[str]:
    """The titles that the list shows, in order."""
    page = client.get(LIST, {"q": query, **filters})
    assert not told(page)
    return [article.title for article in page.context["cl"].result_list]


def told(page) -> list[str]:
    return [str(message) for message in get_messages(page.wsgi_request)]


@pytest.fixture
def articles() -> dict:
    """By title: four articles, newest first."""
    person = PersonFactory(name="فؤاد حسين", slug="fuad")
    PersonNameFactory(person=person, text="Fuad Hussein")
    rows = {
        title: ArticleFactory(title=title, published=published, language=language)
        for title, published, language in (
            ("وزير الخارجية في موسكو", "2021-08-25", "ar"),
            ("الوزير يزور بغداد", "2021-08-24", "ar"),
            ("وزير النفط والخارجية", "2021-08-23", "ar"),
            ("Minister in Moscow", None, "en"),
        )
    }
    MentionFactory(text__article=rows["الوزير يزور بغداد"], person=person)
    MentionFactory(text__article=rows["وزير النفط والخارجية"], person=person, status="rejected")
    return rows


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("وزير", [0, 1, 2]),
        ("الوزير", [0, 1, 2]),
        ('"وزير الخارجية"', [0]),
        ("«وزير الخارجية»", [0]),
        ("وزير -موسكو", [1, 2]),
        ("بغداد OR النفط", [1, 2]),
        ("دبلوم* OR خارج*", [0, 2]),
        ("وزير NEAR/2 الخارجية", [0, 2]),
        ("title:موسكو", [0]),
        ('person:"فواد حسين"', [1]),
        ("lang:en", [3]),
        ("minister OR وزير", [0, 1, 2, 3]),
        ("وزير published:2021-08-24..", [0, 1]),
    ],
)
def test_the_list_answers_queries_newest_first(admin_client, articles, query, places):
    assert found(admin_client, query) == [list(articles)[place] for place in places]


def test_other_filters_go_with_a_query(admin_client, articles):
    assert found(admin_client, "وزير OR minister", language="en") == ["Minister in Moscow"]
    assert found(admin_client, "وزير", published_lower__year="1999") == []


@pytest.mark.parametrize("address", ["https://news.example/here", "https://news.example/there"])
def test_an_address_finds_its_article(admin_client, articles, address):
    article = ArticleFactory(title="هنا", identifier="https://news.example/here")
    ArticleAddressFactory(article=article, url="https://news.example/there")
    assert found(admin_client, f" {address} ") == ["هنا"]


@pytest.mark.parametrize("address", ["https://news.example/nowhere", "urn:sha256:0123"])
def test_an_address_that_the_archive_lacks_is_no_mistake(admin_client, articles, address):
    assert found(admin_client, address) == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ('وزير "الخارجية', "This quote has no partner. (character 6)"),
        ("foo:bar", "There is no field foo"),
        ("person:nobody", "There is no person nobody"),
        ("the", "Too common"),
        ("س" * 1001, "1000 characters"),
    ],
)
def test_a_mistake_is_told_and_the_list_is_empty(admin_client, articles, query, says):
    page = admin_client.get(LIST, {"q": query}, HTTP_ACCEPT_LANGUAGE="en")
    assert page.status_code == 200
    [message] = told(page)
    assert says in message
    assert list(page.context["cl"].result_list) == []


def test_a_mistake_is_told_in_arabic(admin_client, articles):
    page = admin_client.get(LIST, {"q": '"وزير'}, HTTP_ACCEPT_LANGUAGE="ar")
    assert told(page)[0].endswith("(عند الحرف رقم 1)")
    assert "رابط كامل" in page.content.decode()


@pytest.mark.parametrize(
    ("term", "places"),
    [
        ("موسكو", [0]),
        ("وزير الخارج", [0, 2]),
        ('"وزير الخارجية"', [0]),
        ("وزير (", []),
        ("https://news.example/nowhere", []),
        ("…", []),
        ("\0", []),
    ],
)
def test_an_autocomplete_takes_words_that_are_only_begun_and_says_nothing(
    admin_client, articles, term, places
):
    asked = {"app_label": "archive", "model_name": "articleaddress", "field_name": "article", "term": term}
    answer = admin_client.get(reverse("admin:autocomplete"), asked)
    assert [row["text"] for row in answer.json()["results"]] == [list(articles)[n] for n in places]
    assert not told(answer)


def test_what_takes_too_long_is_told(admin_client, slow_search):
    page = admin_client.get(LIST, {"q": "وزير"}, HTTP_ACCEPT_LANGUAGE="en")
    assert page.status_code == 200
    assert "too long" in told(page)[0]
    assert list(page.context["cl"].result_list) == []


def test_an_autocomplete_that_takes_too_long_finds_nothing(admin_client, slow_search):
    asked = {"app_label": "archive", "model_name": "articleaddress", "field_name": "article", "term": "وزير"}
    answer = admin_client.get(reverse("admin:autocomplete"), asked)
    assert answer.json()["results"] == []


def test_a_rare_word_is_looked_up_and_a_common_one_met_on_a_walk(admin_client, monkeypatch, articles):
    """The planner sees an order that an index has, or one that none has."""

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE archive_articleindex")
    for walk, looked_up in ((0, False), (1_000_000, True)):
        monkeypatch.setattr(ways, "WALK", walk)
        changelist = admin_client.get(LIST, {"q": "وزير"}).context["cl"]
        assert ("interval" in str(changelist.queryset.query)) is looked_up
        assert [article.title for article in changelist.result_list] == list(articles)[:3]


def test_a_page_of_what_was_found_names_no_years(admin_client, articles):
    """They would cost a look at all that was found."""
    assert "change-list" in admin_client.get(LIST).content.decode()
    assert admin_client.get(LIST).context["cl"].date_hierarchy == "published_lower"
    assert admin_client.get(LIST, {"q": "وزير"}).context["cl"].date_hierarchy is None
