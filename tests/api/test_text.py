"""A publisher's words are read with the permission read_text, at one address, and nowhere else."""

import pytest

from archive.models import Article
from tests.api.conftest import MODELS, client_of, user_with
from tests.api.problems import problem
from tests.api.resources import VIEWS
from tests.factories import ArticleFactory, ArticleTextFactory, CitationFactory, MentionFactory, PersonFactory

pytestmark = pytest.mark.django_db

SECRET = "كلمات الناشر التي لا تقرأ"
BODY = f"التقى الوزير في بغداد. {SECRET}. وتحدثا عن العراق."


@pytest.fixture
def article() -> Article:
    """An article whose body is held, with evidence that leaves the secret words out."""
    text = ArticleTextFactory(body=BODY)
    MentionFactory(text=text, start=BODY.index("العراق"))
    CitationFactory(text=text, start=BODY.index(SECRET), end=BODY.index(SECRET) + len(SECRET))
    MentionFactory(text=text, start=0, surface="التقى", person=PersonFactory())
    return text.article


def test_no_answer_holds_a_body(article, contributor, editor):
    every = [f"{verb}_{model}" for model in MODELS for verb in ("add", "change", "delete", "view")]
    for client in (client_of(), contributor, editor, client_of(user_with(*every))):
        for name, view in VIEWS.items():
            resource = view.serializer_class
            # Highlights are there in a search only.
            extra = [field for field in resource.extra if field != "highlights"]
            fields = ",".join(dict.fromkeys([*resource.usual_fields(), *extra]))
            expand = ",".join([*resource.expands, *extra])
            row = view.model.objects.first()
            for where in (f"/api/v1/{name}/", f"/api/v1/{name}/{getattr(row, view.lookup_field)}/"):
                for query in ("", f"?fields={fields}", f"?expand={expand}" if expand else ""):
                    answer = client.get(where + query)
                    assert answer.status_code == 200
                    assert SECRET not in answer.content.decode()
                    assert '"body"' not in answer.content.decode()
                assert SECRET not in client.options(where).content.decode()


def test_no_answer_to_a_write_holds_a_body(article, contributor):
    where = f"/api/v1/articles/{article.pk}/"
    row = {"body": BODY, "obtained": "file"}
    for answer in (
        contributor.patch(where, {"section": "سياسة"}),
        contributor.patch(where, {"texts": [row]}),
        contributor.patch(where, {"texts": [{**row, "length": 1}]}),
    ):
        assert SECRET not in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["fields=body", "expand=body", "expand=texts", "fields=texts.body", "fields=text"]
)
def test_no_query_asks_for_a_body(article, anonymous, query):
    problem(anonymous.get(f"/api/v1/articles/?{query}"), 400)


def test_a_list_does_not_even_load_a_body(article, anonymous, django_assert_max_num_queries):
    with django_assert_max_num_queries(60) as captured:
        anonymous.get("/api/v1/articles/?expand=mentions,citations")
        anonymous.get(f"/api/v1/articles/{article.pk}/")
        anonymous.get("/api/v1/mentions/")
    assert not [q["sql"] for q in captured if '"archive_articletext"."body",' in q["sql"]]


def test_who_may_read_texts_does(article):
    answer = client_of(user_with("read_text")).get(f"/api/v1/articles/{article.pk}/text/")
    assert answer.status_code == 200
    assert answer.json()["body"] == BODY


def test_others_do_not(article, anonymous, editor):
    problem(anonymous.get(f"/api/v1/articles/{article.pk}/text/"), 401)
    answer = editor.get(f"/api/v1/articles/{article.pk}/text/")
    assert "read_text" in problem(answer, 403)["detail"]


def test_the_newest_body_is_the_one(article):
    newer = ArticleTextFactory(article=article, body="نص أحدث")
    ArticleTextFactory(article=article)
    answer = client_of(user_with("read_text")).get(f"/api/v1/articles/{article.pk}/text/").json()
    assert (answer["id"], answer["body"]) == (newer.pk, "نص أحدث")


@pytest.mark.parametrize("key", ["0", "abc", "%00"])
def test_an_article_that_is_none(key):
    problem(client_of(user_with("read_text")).get(f"/api/v1/articles/{key}/text/"), 404)


def test_an_article_without_a_body():
    article = ArticleTextFactory().article
    client = client_of(user_with("read_text"))
    problem(client.get(f"/api/v1/articles/{article.pk}/text/"), 404)
    problem(client.get(f"/api/v1/articles/{ArticleFactory().pk}/text/"), 404)


def test_an_unknown_parameter(article):
    problem(client_of(user_with("read_text")).get(f"/api/v1/articles/{article.pk}/text/?version=1"), 400)
