"""A nested list that is written is the whole list; what its reader cannot see stays."""

import pytest

from archive.models import ArticleText, EventLink, Office, Participation, PersonName
from archive.text import sha256_hex
from tests.api.problems import pointers, problem
from tests.factories import (
    ArticleAbstractFactory,
    ArticleFactory,
    ArticleTextFactory,
    CitationFactory,
    CountryFactory,
    EventFactory,
    MentionFactory,
    OfficeFactory,
    ParticipationFactory,
    PersonFactory,
    PersonNameFactory,
    SourceFactory,
    SourceNameFactory,
)

pytestmark = pytest.mark.django_db

BODY = "التقى فؤاد حسين وزير خارجية روسيا في موسكو"


def test_rows_that_are_the_same_stay_and_others_go(contributor):
    person = PersonFactory()
    kept = PersonNameFactory(person=person, text="فؤاد", language="ar")
    PersonNameFactory(person=person, text="Fuad", language="en")
    names = [
        {"text": "فؤاد", "language": "ar", "kind": "alias"},
        {"text": "Фуад", "language": "ru", "kind": "official"},
    ]
    now = contributor.patch(f"/api/v1/persons/{person.slug}/", {"names": names}).json()
    assert sorted(now["names"], key=str) == sorted(names, key=str)
    assert PersonName.objects.get(text="فؤاد").pk == kept.pk


def test_a_list_that_is_not_named_stays(contributor):
    person = PersonNameFactory().person
    OfficeFactory(person=person, status="suggested")
    now = contributor.patch(f"/api/v1/persons/{person.slug}/", {"description": "x", "offices": []}).json()
    assert (len(now["names"]), now["offices"]) == (1, [])


@pytest.mark.parametrize(
    ("resource", "field", "rows"),
    [
        ("sources", "names", [{"text": "إيلاف", "language": "ar", "kind": "official"}]),
        ("countries", "names", [{"text": "عراقي", "language": "ar", "kind": "nisba"}]),
        ("persons", "names", [{"text": "فؤاد", "language": "ar", "kind": "alias"}]),
        ("persons", "offices", [{"title": "وزير", "country": "ZZ", "start": "2020", "end": None}]),
        (
            "articles",
            "abstracts",
            [{"language": "ar", "text": "ملخص"}, {"language": "en", "text": "a summary"}],
        ),
        ("articles", "addresses", [{"url": "https://news.example/amp"}]),
        ("articles", "texts", [{"sha256": "0" * 64, "length": 7, "obtained": "api", "obtained_at": None}]),
        ("events", "participations", [{"country": "ZZ", "person": None, "role": "host"}]),
        ("events", "links", [{"kind": "follows", "other": "treaty"}]),
    ],
)
def test_every_list_is_written_and_read(contributor, resource, field, rows):
    CountryFactory(code="ZZ")
    EventFactory(slug="treaty")
    add = {
        "sources": SourceFactory,
        "countries": CountryFactory,
        "persons": PersonFactory,
        "articles": ArticleFactory,
        "events": EventFactory,
    }[resource]
    row = add()
    where = (
        f"/api/v1/{resource}/{getattr(row, {'countries': 'code', 'articles': 'pk'}.get(resource, 'slug'))}/"
    )
    for _ in range(2):  # the second time changes nothing
        now = contributor.patch(where, {field: rows}).json()[field]
        references = {"country": "code", "other": "slug"}
        assert [
            {key: _flat(found[key], references.get(key)) for key in row}
            for found, row in zip(now, rows, strict=True)
        ] == rows
    ids = [found.get("id") for found in now]
    assert [found.get("id") for found in contributor.patch(where, {field: rows}).json()[field]] == ids


def _flat(value, key):
    return value[key] if isinstance(value, dict) else value


def test_a_row_is_whole_in_a_patch_too(contributor):
    event = EventFactory()
    answer = contributor.patch(f"/api/v1/events/{event.slug}/", {"participations": [{"role": "host"}, {}]})
    assert pointers(answer).keys() == {"/participations/0", "/participations/1/role"}


def test_a_rejected_row_survives_and_is_not_shown(contributor):
    event = EventFactory()
    rejected = ParticipationFactory(event=event, status="rejected")
    shown = ParticipationFactory(event=event, status="suggested")
    where = f"/api/v1/events/{event.slug}/"
    now = contributor.patch(where, {"participations": []}).json()
    assert now["participations"] == []
    assert list(Participation.objects.all()) == [rejected]
    assert not Participation.objects.filter(pk=shown.pk).exists()


def test_what_an_editor_rejected_is_not_brought_back(contributor):
    event = EventFactory()
    rejected = ParticipationFactory(event=event, status="rejected", role="host")
    again = [{"country": rejected.country.code, "role": "host"}]
    now = contributor.patch(f"/api/v1/events/{event.slug}/", {"participations": again}).json()
    assert now["participations"] == []
    assert Participation.objects.get().status == "rejected"


def test_what_an_editor_accepted_stays_accepted(contributor):
    accepted = ParticipationFactory(role="host")
    again = [{"country": accepted.country.code, "role": "host"}]
    now = contributor.patch(f"/api/v1/events/{accepted.event.slug}/", {"participations": again}).json()
    assert [(part["id"], part["status"]) for part in now["participations"]] == [(accepted.pk, "accepted")]


def test_a_row_that_evidence_needs_is_not_taken_away(contributor):
    part = ParticipationFactory(event__status="suggested", status="suggested")
    CitationFactory(participation=part)
    answer = contributor.patch(f"/api/v1/events/{part.event.slug}/", {"participations": [], "place": "x"})
    assert "citation" in problem(answer, 409)["detail"]
    part.event.refresh_from_db()
    assert part.event.place == ""


def test_a_refusal_of_one_row_writes_none(contributor):
    person = PersonNameFactory().person
    names = [{"text": "Fuad", "language": "en"}, {"text": "فؤاد", "language": "Arabic"}]
    body = {"description": "new", "names": names}
    assert pointers(contributor.patch(f"/api/v1/persons/{person.slug}/", body)).keys() == {
        "/names/1/language"
    }
    person.refresh_from_db()
    assert (person.description, person.names.count()) == ("", 1)


def test_a_row_that_is_there_may_change_what_does_not_tell_it_apart(contributor):
    office = OfficeFactory(start="2020", status="suggested")
    row = {"title": office.title, "country": office.country.code, "start": "2020", "end": "2021"}
    now = contributor.patch(f"/api/v1/persons/{office.person.slug}/", {"offices": [row]}).json()["offices"]
    assert [(found["id"], found["end"]) for found in now] == [(office.pk, "2021")]
    assert Office.objects.count() == 1


class TestTexts:
    """Evidence points into a text, so a version never goes and never changes."""

    def where(self, article) -> str:
        return f"/api/v1/articles/{article.pk}/"

    def test_a_version_survives_a_list_without_it(self, contributor):
        text = ArticleTextFactory()
        now = contributor.patch(self.where(text.article), {"texts": []}).json()
        assert [version["id"] for version in now["texts"]] == [text.pk]

    def test_a_body_gives_hash_and_length(self, contributor):
        article = ArticleFactory()
        now = contributor.patch(self.where(article), {"texts": [{"body": BODY, "obtained": "api"}]}).json()
        [version] = now["texts"]
        assert (version["sha256"], version["length"]) == (sha256_hex(BODY), len(BODY))
        assert version["has_body"]
        assert ArticleText.objects.get().body == BODY

    def test_a_body_alone_came_over_the_api(self, contributor):
        article = ArticleFactory()
        now = contributor.patch(self.where(article), {"texts": [{"body": BODY}]}).json()
        assert now["texts"][0]["obtained"] == "api"

    def test_how_a_version_was_obtained_changes_only_where_it_is_named(self, contributor):
        text = ArticleTextFactory(sha256=sha256_hex(BODY), length=len(BODY), obtained="page")
        where = self.where(text.article)
        for row, obtained in (({"body": BODY}, "page"), ({"body": BODY, "obtained": "feed"}, "feed")):
            now = contributor.patch(where, {"texts": [row]}).json()
            assert now["texts"][0]["obtained"] == obtained

    def test_white_space_at_the_ends_belongs_to_the_body(self, contributor):
        article = ArticleFactory()
        body = f"\n {BODY} \r\n"
        now = contributor.patch(self.where(article), {"texts": [{"body": body, "obtained": "api"}]}).json()
        assert now["texts"][0]["sha256"] == sha256_hex(body)

    def test_a_body_that_is_there_is_not_taken_away(self, contributor):
        text = ArticleTextFactory(body=BODY)
        row = {"sha256": text.sha256, "length": text.length, "body": None, "obtained": "file"}
        assert contributor.patch(self.where(text.article), {"texts": [row]}).json()["texts"][0]["has_body"]

    def test_a_body_comes_to_a_version_that_lacks_it(self, contributor):
        text = ArticleTextFactory(sha256=sha256_hex(BODY), length=len(BODY))
        MentionFactory(text=text, start=BODY.index("روسيا"), surface="روسيا")
        row = {"body": BODY, "obtained": "file"}
        assert contributor.patch(self.where(text.article), {"texts": [row]}).json()["texts"][0]["has_body"]

    def test_but_not_past_evidence_that_it_contradicts(self, contributor):
        text = ArticleTextFactory(sha256=sha256_hex(BODY), length=len(BODY))
        MentionFactory(text=text, start=0, surface="العراق")
        row = {"body": BODY, "obtained": "file"}
        found = pointers(contributor.patch(self.where(text.article), {"texts": [row]}))
        assert found.keys() == {"/texts/0/body"}
        text.refresh_from_db()
        assert text.body is None

    def test_a_version_does_not_change_its_length(self, contributor):
        text = ArticleTextFactory()
        row = {"sha256": text.sha256, "length": text.length + 1, "obtained": "file"}
        found = pointers(contributor.patch(self.where(text.article), {"texts": [row]}))
        assert found.keys() == {"/texts/0/sha256", "/texts/0/length"}


def test_lists_come_with_a_new_record(contributor):
    country, other = CountryFactory(), EventFactory()
    body = {
        "slug": "a-visit",
        "title": "زيارة",
        "type": "consult",
        "start": "2021-08",
        "participations": [
            {"country": country.code, "role": "host"},
            {"person": PersonFactory().slug, "role": "visitor"},
        ],
        "links": [{"kind": "follows", "other": other.slug}],
    }
    added = contributor.post("/api/v1/events/", body).json()
    assert {part["role"] for part in added["participations"]} == {"host", "visitor"}
    assert EventLink.objects.get().other == other


def test_a_new_record_whose_list_is_refused_is_not_there(contributor):
    body = {"slug": "a", "name": "x", "names": [{"text": "x", "language": "Arabic"}]}
    assert pointers(contributor.post("/api/v1/persons/", body)).keys() == {"/names/0/language"}
    problem(contributor.get("/api/v1/persons/a/"), 404)


def test_an_abstract_changes_in_its_language(contributor):
    abstract = ArticleAbstractFactory(language="ar")
    rows = [{"language": "ar", "text": "ملخص آخر"}]
    now = contributor.patch(f"/api/v1/articles/{abstract.article.pk}/", {"abstracts": rows}).json()
    assert now["abstracts"] == rows
    abstract.refresh_from_db()
    assert abstract.text == "ملخص آخر"


def test_names_of_a_source_are_its_own(contributor):
    one, other = SourceNameFactory(), SourceNameFactory()
    contributor.patch(f"/api/v1/sources/{one.source.slug}/", {"names": []})
    assert (one.source.names.count(), other.source.names.count()) == (0, 1)
