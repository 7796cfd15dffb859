"""What was taken down: 410 with the reason, in the list of deletions, and no way to bring it back."""

import pytest

from archive.curate.purge import purge
from archive.models import Article
from tests import factories as make
from tests.api.problems import problem

pytestmark = pytest.mark.django_db

REASON = "أمر من المحكمة"


@pytest.fixture
def gone():
    """The id and the identifier of an article that was taken down."""
    text = make.ArticleTextFactory(body="نص طويل")
    article = text.article
    pk = article.pk
    purge(article, REASON)
    article.pk = pk
    return article


@pytest.mark.parametrize("rest", ["", "annotations/"])
def test_its_addresses_say_why_and_when(anonymous, gone, rest):
    answer = problem(anonymous.get(f"/api/v1/articles/{gone.pk}/{rest}"), 410)
    assert answer["reason"] == REASON
    assert answer["purged"].startswith("20")
    assert REASON in answer["detail"]


def test_its_text_too_for_who_may_read_texts(editor, gone):
    assert editor.get(f"/api/v1/articles/{gone.pk}/text/").status_code in (403, 410)


def test_a_change_of_it_too(contributor, gone):
    answer = problem(contributor.patch(f"/api/v1/articles/{gone.pk}/", {"title": "عنوان"}), 410)
    assert answer["reason"] == REASON


def test_what_was_never_there_is_not_gone(anonymous, gone):
    problem(anonymous.get(f"/api/v1/articles/{gone.pk + 1}/"), 404)


def test_another_resource_with_its_number_is_not_gone(anonymous, gone):
    problem(anonymous.get(f"/api/v1/mentions/{gone.pk}/"), 404)


def test_its_lists_do_not_name_it(anonymous, gone):
    assert anonymous.get("/api/v1/articles/").json()["results"] == []


def test_that_it_left_is_listed_without_its_address(anonymous, gone):
    listed = anonymous.get("/api/v1/deletions/", {"resource": "articles"}).json()["results"]
    assert [(row["key"], row["identifier"]) for row in listed] == [(str(gone.pk), None)]


def test_it_is_not_taken_in_again(contributor, gone):
    body = {
        "source": gone.source.slug,
        "identifier": gone.identifier,
        "title": "عنوان",
        "language": "ar",
    }
    answer = problem(contributor.post("/api/v1/articles/", body), 409)
    assert REASON in answer["detail"]
    assert answer["errors"][0]["pointer"] == "/identifier"
    assert not Article.objects.exists()
