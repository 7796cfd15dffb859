"""A conflict names the records that stand in the way, each with its address."""

import pytest

from archive.curate import needs
from archive.models import Office, Person, Source
from tests import factories as make
from tests.api.problems import problem
from tests.api.samples import SAMPLES
from tests.factories import ArticleFactory, CountryFactory, MentionFactory

pytestmark = pytest.mark.django_db

API = "http://testserver/api/v1"


def records(answer) -> list[tuple[str, int, str]]:
    return [(one["kind"], one["id"], one["url"]) for one in problem(answer, 409)["records"]]


class TestTaken:
    def test_an_article_that_is_there(self, contributor):
        body = SAMPLES["articles"].least()
        first = contributor.post("/api/v1/articles/", body)
        again = contributor.post("/api/v1/articles/", body)
        assert records(again) == [("article", first.json()["id"], first["Location"])]

    @pytest.mark.parametrize("taken", [{"slug": "fuad"}, {"wikidata": "Q1"}])
    @pytest.mark.parametrize("method", ["post", "patch"])
    def test_a_person_that_is_there(self, contributor, taken, method):
        there = make.PersonFactory(slug="fuad", wikidata="Q1")
        other = make.PersonFactory(slug="other")
        where = "/api/v1/persons/" + ("other/" if method == "patch" else "")
        answer = getattr(contributor, method)(where, {"slug": "another", "name": other.name, **taken})
        assert records(answer) == [("person", there.pk, f"{API}/persons/fuad/")]

    def test_an_address_of_another_article(self, contributor):
        there = make.ArticleAddressFactory(url="https://news.example/1")
        body = {**SAMPLES["articles"].least(), "addresses": [{"url": there.url}]}
        answer = contributor.post("/api/v1/articles/", body)
        assert records(answer) == [("articleaddress", there.pk, f"{API}/articles/{there.article_id}/")]

    def test_a_mention_that_is_there(self, contributor):
        body = SAMPLES["mentions"].least()
        first = contributor.post("/api/v1/mentions/", body)
        again = contributor.post("/api/v1/mentions/", body)
        assert records(again) == [("mention", first.json()["id"], first["Location"])]

    def test_what_is_rejected_is_shown_to_editors_alone(self, contributor, editor):
        gone = make.EventFactory(status="rejected")
        body = {**SAMPLES["events"].least(), "slug": gone.slug}
        assert "records" not in problem(contributor.post("/api/v1/events/", body), 409)
        found = records(editor.post("/api/v1/events/", body))
        assert found == [("event", gone.pk, f"{API}/events/{gone.slug}/")]


class TestNeeded:
    def test_what_others_need_stays(self, contributor):
        mention = MentionFactory()
        answer = contributor.delete(f"/api/v1/countries/{mention.country.code}/")
        assert records(answer) == [("mention", mention.pk, f"{API}/mentions/{mention.pk}/")]
        article = ArticleFactory()
        answer = contributor.delete(f"/api/v1/sources/{article.source.slug}/")
        assert records(answer) == [("article", article.pk, f"{API}/articles/{article.pk}/")]
        assert Source.objects.filter(pk=article.source_id).exists()

    def test_so_does_what_has_a_part_that_others_need(self, contributor):
        office = make.OfficeFactory(status="suggested")
        citation = make.CitationFactory(event=None, office=office)
        where = f"/api/v1/persons/{office.person.slug}/"
        named = [("citation", citation.pk, f"{API}/citations/{citation.pk}/")]
        assert records(contributor.delete(where)) == named
        assert records(contributor.patch(where, {"offices": []})) == named
        assert (Person.objects.count(), Office.objects.count()) == (1, 1)

    def test_a_part_is_named_where_it_is_shown(self, contributor):
        office = make.OfficeFactory(country=CountryFactory(), status="suggested")
        answer = contributor.delete(f"/api/v1/countries/{office.country.code}/")
        assert records(answer) == [("office", office.pk, f"{API}/persons/{office.person.slug}/")]

    def test_a_rejected_one_is_named_to_editors_alone(self, contributor, editor):
        mention = MentionFactory(status="rejected")
        where = f"/api/v1/countries/{mention.country.code}/"
        told = problem(contributor.delete(where), 409)
        assert "records" not in told
        assert str(mention.pk) not in told["detail"]
        assert records(editor.delete(where)) == [("mention", mention.pk, f"{API}/mentions/{mention.pk}/")]

    @pytest.mark.parametrize(("most", "end"), [(1000, "(+2)"), (11, "(+2…)")])
    def test_a_few_of_many_are_named(self, contributor, monkeypatch, most, end):
        monkeypatch.setattr(needs, "MOST", most)
        country = CountryFactory()
        made = [MentionFactory(country=country, start=start) for start in range(12)]
        answer = contributor.delete(f"/api/v1/countries/{country.code}/")
        assert [number for _kind, number, _url in records(answer)] == [one.pk for one in made[:10]]
        assert answer.json()["detail"].endswith(end)
