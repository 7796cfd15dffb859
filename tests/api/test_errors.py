"""Errors have one shape everywhere, whatever goes wrong and whatever was asked for."""

import pytest
from django.db import OperationalError
from django.db.backends.utils import CursorWrapper

from tests.api.conftest import client_of, user_with
from tests.api.problems import pointers, problem
from tests.factories import (
    ArticleFactory,
    CitationFactory,
    CountryFactory,
    MentionFactory,
    PersonFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

NOWHERE = [
    "/api/v1/nothing/",
    "/api/v1/nothing/extra/",
    "/api/v1/sources",
    "/api/v1/sources/x/y/",
    "/api/v1/sources.json",
    "/api/v2/",
    "/api/",
    "/api/v1/articles/1/texts/",
]


@pytest.mark.parametrize("address", NOWHERE)
@pytest.mark.parametrize("method", ["get", "post", "delete", "options", "head"])
def test_an_address_that_is_none(anonymous, address, method):
    response = getattr(anonymous, method)(address)
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    if method != "head":
        detail = problem(response, 404)["detail"]
        assert address in detail
        assert ("slash" in detail) == (not address.endswith("/"))


def test_a_record_that_is_none(anonymous):
    problem(anonymous.get("/api/v1/persons/nobody/"), 404)


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("put", "/api/v1/sources/", "GET, POST, HEAD, OPTIONS"),
        ("delete", "/api/v1/sources/", "GET, POST, HEAD, OPTIONS"),
        ("post", "/api/v1/sources/{slug}/", "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("put", "/api/v1/sources/{slug}/", "GET, PATCH, DELETE, HEAD, OPTIONS"),
        ("trace", "/api/v1/sources/", "GET, POST, HEAD, OPTIONS"),
        ("post", "/api/v1/schema/", "GET, HEAD, OPTIONS"),
        ("post", "/api/v1/", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_method_that_is_none(contributor, anonymous, method, address, allowed):
    address = address.format(slug=SourceFactory().slug)
    for client in (anonymous, contributor):
        response = client.generic(method.upper(), address, b"{}", content_type="application/json")
        problem(response, 405)
        assert response["Allow"] == allowed


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*"])
def test_an_answer_that_is_not_json(anonymous, accept):
    problem(anonymous.get("/api/v1/sources/", HTTP_ACCEPT=accept), 406)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, */*;q=0.1", "application/*"])
def test_an_answer_that_may_be_json(anonymous, accept):
    assert anonymous.get("/api/v1/sources/", HTTP_ACCEPT=accept).status_code == 200


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_body_that_is_not_json(contributor, content_type):
    response = contributor.generic("POST", "/api/v1/sources/", b"slug=x", content_type=content_type)
    problem(response, 415)


def test_a_problem_is_json_for_who_accepts_anything(anonymous):
    for accept in ("application/json", "text/html", "*/*", "application/problem+json"):
        problem(
            anonymous.get("/api/v1/sources/?x=1", HTTP_ACCEPT=accept),
            406 if "html" in accept or "problem" in accept else 400,
        )


def test_problems_are_in_the_language_that_was_asked_for(anonymous):
    english = problem(anonymous.get("/api/v1/persons/nobody/"), 404)["detail"]
    arabic = problem(anonymous.get("/api/v1/persons/nobody/", HTTP_ACCEPT_LANGUAGE="ar"), 404)["detail"]
    assert english.isascii()
    assert any("\u0600" <= letter <= "\u06ff" for letter in arabic)
    ours = anonymous.get("/api/v1/persons/?page_size=0", HTTP_ACCEPT_LANGUAGE="ar")
    [error] = problem(ours, 400)["errors"]
    assert (error["parameter"], error["detail"].isascii()) == ("page_size", False)


@pytest.mark.parametrize(
    "header",
    ["Token \u00e9", "Token \u00ff\u00fe", "\u00e9", "Token \0", "Token a b", "Token", "Token " + "a" * 9000],
)
def test_an_authorization_that_is_none(anonymous, header):
    response = anonymous.get("/api/v1/sources/", HTTP_AUTHORIZATION=header)
    if header == "\u00e9":  # another scheme, which is nobody's here
        assert response.status_code == 200
    else:
        problem(response, 401)
        assert response["WWW-Authenticate"] == "Token"


def test_a_record_that_others_need_stays(contributor):
    mention = MentionFactory()
    detail = problem(contributor.delete(f"/api/v1/countries/{mention.country.code}/"), 409)["detail"]
    assert f"mention {mention.pk}" in detail
    article = ArticleFactory()
    detail = problem(contributor.delete(f"/api/v1/sources/{article.source.slug}/"), 409)["detail"]
    assert f"article {article.pk}" in detail


def test_a_few_of_many_that_need_a_record_are_named(contributor):
    country = CountryFactory()
    for start in range(12):
        MentionFactory(country=country, start=start)
    detail = problem(contributor.delete(f"/api/v1/countries/{country.code}/"), 409)["detail"]
    assert detail.count("mention") == 10
    assert detail.endswith("(+2)")


def test_a_value_that_is_taken(contributor):
    person = PersonFactory(wikidata="Q1")
    again = {"slug": person.slug, "name": "آخر"}
    assert pointers(contributor.post("/api/v1/persons/", again), 409).keys() == {"/slug"}
    again = {"slug": "other", "name": "آخر", "wikidata": "Q1"}
    assert pointers(contributor.post("/api/v1/persons/", again), 409).keys() == {"/wikidata"}
    article = ArticleFactory()
    again = {"source": article.source.slug, "identifier": article.identifier, "title": "x", "language": "ar"}
    found = pointers(contributor.post("/api/v1/articles/", again), 409)
    assert found.keys() == {"/source", "/identifier"}
    assert "already" in found["/identifier"]


def test_what_a_body_cannot_name_is_refused_with_its_place(contributor):
    citation = CitationFactory()
    patched = contributor.patch(
        f"/api/v1/citations/{citation.pk}/", {"nonsense": 1, "article": 3, "a/b~c": 1}
    )
    found = pointers(patched)
    assert found.keys() == {"/nonsense", "/article", "/a~1b~0c"}
    assert "sha256" in found["/nonsense"]


class TestAnonymousReadingOff:
    """With ARCHIVE_ANONYMOUS_READ off, the way in is all that a stranger sees."""

    @pytest.fixture(autouse=True)
    def _off(self, settings):
        settings.ANONYMOUS_READ = False

    @pytest.mark.parametrize(
        "name", ["sources", "articles", "persons", "countries", "events", "mentions", "citations"]
    )
    def test_lists_and_details_are_closed(self, anonymous, name):
        for address in (f"/api/v1/{name}/", f"/api/v1/{name}/1/"):
            for method in ("get", "head", "options"):
                response = getattr(anonymous, method)(address)
                assert response.status_code == 401
                assert response["WWW-Authenticate"] == "Token"

    @pytest.mark.parametrize("address", ["schema/", "docs/", "articles/1/text/"])
    def test_text_schema_and_pages_are_closed(self, anonymous, address):
        problem(anonymous.get(f"/api/v1/{address}"), 401)

    def test_the_way_in_is_open(self, anonymous):
        assert anonymous.get("/api/v1/").status_code == 200

    def test_who_is_logged_in_reads(self):
        client = client_of(user_with())
        for address in ("sources/", "schema/", "docs/"):
            assert client.get(f"/api/v1/{address}", HTTP_ACCEPT="*/*").status_code == 200


def test_a_database_that_does_not_answer_when_a_token_comes(anonymous, monkeypatch):
    def broken(self, *args):
        raise OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(CursorWrapper, "execute", broken)
    problem(anonymous.get("/api/v1/sources/", HTTP_AUTHORIZATION=f"Token {'a' * 64}"), 503)
