"""What is written is what is read, no less; what breaks a rule names the field."""

import pytest

from archive.models import Article, ArticleText, Citation, Event, Mention, Office, Review
from archive.text import sha256_hex
from tests.api.conftest import client_of, user_with
from tests.api.problems import pointers, problem
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.factories import (
    ArticleTextFactory,
    CitationFactory,
    CountryFactory,
    EventFactory,
    MentionFactory,
    PersonFactory,
    SourceFactory,
)

pytestmark = pytest.mark.django_db

BODY = "التقى فؤاد حسين وزير خارجية روسيا في موسكو"


def address(name: str, row) -> str:
    return f"/api/v1/{name}/{getattr(row, VIEWS[name].lookup_field)}/"


@pytest.mark.parametrize("name", VIEWS)
def test_add_read_change_delete(contributor, name):
    sample, model = SAMPLES[name], VIEWS[name].model
    added = contributor.post(f"/api/v1/{name}/", sample.least())
    assert added.status_code == 201, added.content.decode()
    where = added["Location"]
    assert where.startswith("http://testserver/api/v1/")
    assert contributor.get(where).json() == added.json()

    changed = contributor.patch(where, sample.change)
    assert changed.status_code == 200, changed.content.decode()
    now = changed.json()
    assert {key: now[key] for key in sample.change} == sample.change
    kept = added.json().keys() - sample.change.keys() - {"modified"}
    assert {key: now[key] for key in kept} == {key: added.json()[key] for key in kept}
    assert contributor.get(where).json() == now

    gone = contributor.delete(where)
    assert (gone.status_code, gone.content) == (204, b"")
    problem(contributor.get(where), 404)
    assert not model.objects.exists()


@pytest.mark.parametrize("name", VIEWS)
def test_an_empty_patch_changes_nothing(contributor, name):
    row = SAMPLES[name].add()
    before = contributor.get(address(name, row)).json()
    assert contributor.patch(address(name, row), {}).json() == before


@pytest.mark.parametrize("name", VIEWS)
def test_what_only_the_archive_sets_is_refused(contributor, name):
    row = SAMPLES[name].add()
    fields = VIEWS[name].serializer_class().fields
    own = {field: None for field, found in fields.items() if found.read_only}
    assert {"added", "modified"} <= own.keys()
    assert pointers(contributor.patch(address(name, row), own)).keys() == {f"/{field}" for field in own}


REFUSED = [
    ("persons", {"slug": "Fuad"}, {"/slug"}),
    ("persons", {"slug": "a--b"}, {"/slug"}),
    ("persons", {"slug": "فؤاد"}, {"/slug"}),
    ("persons", {"slug": None}, {"/slug"}),
    ("persons", {"name": " "}, {"/name"}),
    ("persons", {"name": "x" * 201}, {"/name"}),
    ("persons", {"wikidata": "9545"}, {"/wikidata"}),
    ("persons", {"wikidata": ""}, {"/wikidata"}),
    ("persons", {"names": None}, {"/names"}),
    ("persons", {"names": {"text": "a"}}, {"/names"}),
    ("persons", {"names": [{"text": "a", "language": "ar"}, {"text": "b"}]}, {"/names/1/language"}),
    (
        "persons",
        {"names": [{"text": "a", "language": "ar"}, {"text": "b", "language": "AR"}]},
        {"/names/1/language"},
    ),
    ("persons", {"names": [{"text": "a", "language": "ar", "nonsense": 1}]}, {"/names/0/nonsense"}),
    ("persons", {"names": [{"text": "a", "language": "ar"}] * 2}, {"/names/1"}),
    ("persons", {"offices": [{"title": "وزير", "start": "23.8.2021"}]}, {"/offices/0/start"}),
    (
        "persons",
        {"offices": [{"title": "وزير", "start": "2021", "end": "2019"}]},
        {"/offices/0/start", "/offices/0/end"},
    ),
    ("persons", {"offices": [{"title": "وزير", "status": "accepted"}]}, {"/offices/0/status"}),
    ("persons", {"offices": [{"title": "وزير", "country": "XX"}]}, {"/offices/0/country"}),
    ("sources", {"kind": "blog"}, {"/kind"}),
    ("sources", {"homepage": "elaph"}, {"/homepage"}),
    ("sources", {"languages": ["ar", "x" * 40]}, {"/languages/1"}),
    ("sources", {"languages": "ar"}, {"/languages"}),
    ("sources", {"collections": ["north"]}, {"/collections"}),
    ("countries", {"code": "iq"}, {"/code"}),
    ("countries", {"code": "IRQ"}, {"/code"}),
    ("countries", {"alpha3": "IR"}, {"/alpha3"}),
    ("countries", {"numeric": "36a"}, {"/numeric"}),
    ("countries", {"existed_from": "1991", "existed_until": "1922"}, {"/existed_from", "/existed_until"}),
    ("articles", {"identifier": "elaph.com/1"}, {"/identifier"}),
    ("articles", {"identifier": "urn:sha256:abc"}, {"/identifier"}),
    ("articles", {"language": "arabic"}, {"/language"}),
    ("articles", {"source": None}, {"/source"}),
    ("articles", {"published": ""}, {"/published"}),
    ("articles", {"published": "2021/08"}, {"/published"}),
    ("articles", {"published": "2021-02-29"}, {"/published"}),
    ("articles", {"published": 2021}, {"/published"}),
    ("articles", {"addresses": [{"url": "elaph"}]}, {"/addresses/0/url"}),
    ("articles", {"addresses": [{"url": "ftp://elaph.com/1"}]}, {"/addresses/0/url"}),
    ("articles", {"abstracts": [{"language": "ar", "text": ""}]}, {"/abstracts/0/text"}),
    ("articles", {"texts": [{"obtained": "file"}]}, {"/texts/0/sha256", "/texts/0/length"}),
    ("articles", {"texts": [{"obtained": "file", "body": "a", "length": 2}]}, {"/texts/0/length"}),
    ("articles", {"texts": [{"obtained": "file", "body": "a", "sha256": "0" * 64}]}, {"/texts/0/sha256"}),
    ("articles", {"texts": [{"obtained": "file", "length": 0, "sha256": "0" * 64}]}, {"/texts/0/length"}),
    ("articles", {"texts": [{"obtained": "file", "length": 1, "sha256": "0" * 63}]}, {"/texts/0/sha256"}),
    ("articles", {"texts": [{"obtained": "file", "body": ""}]}, {"/texts/0/body"}),
    ("articles", {"texts": [{"obtained": "theft", "body": "a"}]}, {"/texts/0/obtained"}),
    ("events", {"type": "visit"}, {"/type"}),
    ("events", {"type": "agree", "mode": "visit"}, {"/type", "/mode"}),
    ("events", {"contexts": ["military", "weather"]}, {"/contexts/1"}),
    ("events", {"start": "1972-04-31"}, {"/start"}),
    ("events", {"start": "1955/1991"}, {"/start"}),
    ("events", {"start": "2021", "end": "2019"}, {"/start", "/end"}),
    ("events", {"country": "XX"}, {"/country"}),
    ("events", {"participations": [{"role": "actor"}]}, {"/participations/0"}),
    (
        "events",
        {"participations": [{"role": "king", "country": "XX"}]},
        {"/participations/0/role", "/participations/0/country"},
    ),
    ("events", {"links": [{"kind": "follows"}]}, {"/links/0/other"}),
    ("mentions", {"start": 6}, {"/end"}),
    ("mentions", {"start": 100, "end": 90}, {"/end"}),
    ("mentions", {"end": 2**31 - 1}, {"/end"}),
    ("mentions", {"end": 5}, {"/start", "/end", "/surface"}),
    ("mentions", {"country": None}, {"/person", "/country", "/source", "/status", "/proposed_name"}),
    ("citations", {"sha256": "A" * 64}, {"/sha256"}),
    ("citations", {"start": 1}, {"/sha256"}),
    ("citations", {"event": None}, {"/event", "/participation", "/office", "/link", "/succession"}),
]


@pytest.mark.parametrize(("name", "change", "places"), REFUSED)
def test_a_rule_that_is_broken_names_its_fields(contributor, name, change, places):
    row = SAMPLES[name].add()
    before = contributor.get(address(name, row)).json()
    answer = contributor.patch(address(name, row), change)
    assert pointers(answer).keys() == places
    assert contributor.get(address(name, row)).json() == before


def test_a_mention_names_one_only(contributor):
    mention = MentionFactory(status="suggested")
    answer = contributor.patch(f"/api/v1/mentions/{mention.pk}/", {"person": PersonFactory().slug})
    assert {"/person", "/country"} <= pointers(answer).keys()


def test_an_event_does_not_bear_on_itself(contributor):
    event = EventFactory()
    links = [{"kind": "follows", "other": event.slug}]
    answer = contributor.patch(f"/api/v1/events/{event.slug}/", {"links": links})
    assert pointers(answer).keys() == {"/links/0/other"}


def test_the_same_mention_twice(contributor):
    body = SAMPLES["mentions"].least()
    assert contributor.post("/api/v1/mentions/", body).status_code == 201
    found = pointers(contributor.post("/api/v1/mentions/", body), 409)
    assert found == dict.fromkeys(("/text", "/start", "/end", "/country"), "This is recorded already.")


def test_another_articles_address(contributor):
    one, other = SAMPLES["articles"].add(), SAMPLES["articles"].add()
    body = {"addresses": [{"url": "https://news.example/amp"}]}
    assert contributor.patch(f"/api/v1/articles/{one.pk}/", body).status_code == 200
    assert pointers(contributor.patch(f"/api/v1/articles/{other.pk}/", body), 409).keys() == {
        "/addresses/0/url"
    }


def test_a_value_that_no_index_holds_is_refused(contributor):
    long = "https://news.example/" + "".join(chr(0x4E00 + n * 7919 % 20000) for n in range(1900))
    body = {**SAMPLES["articles"].least(), "identifier": long}
    problem(contributor.post("/api/v1/articles/", body), 400)
    assert not Article.objects.exists()


def test_an_imprecise_date_is_kept_and_bounded(contributor):
    article = SAMPLES["articles"].add()
    now = contributor.patch(f"/api/v1/articles/{article.pk}/", {"published": "1955-01?"}).json()
    assert (now["published"], now["published_lower"], now["published_upper"]) == (
        "1955-01?",
        "1955-01-01",
        "1955-01-31",
    )
    now = contributor.patch(f"/api/v1/articles/{article.pk}/", {"published": None}).json()
    assert (now["published"], now["published_lower"], now["published_upper"]) == (None, None, None)


class TestStatus:
    """Programs and contributors suggest; editors decide; each decision is a review."""

    @pytest.mark.parametrize("name", ["events", "mentions", "citations"])
    def test_a_contributor_suggests_and_an_editor_accepts(self, contributor, editor, name):
        for client, status in ((contributor, "suggested"), (editor, "accepted")):
            assert client.post(f"/api/v1/{name}/", SAMPLES[name].least()).json()["status"] == status
            VIEWS[name].model.objects.all().delete()
        assert not Review.objects.exists()

    @pytest.mark.parametrize("name", ["events", "mentions", "citations"])
    @pytest.mark.parametrize("method", ["post", "patch"])
    def test_a_contributor_sets_no_status(self, contributor, name, method):
        row = SAMPLES[name].add(status="suggested")
        where = f"/api/v1/{name}/" if method == "post" else address(name, row)
        body = {**(SAMPLES[name].least() if method == "post" else {}), "status": "accepted"}
        problem(getattr(contributor, method)(where, body), 403)
        assert VIEWS[name].model.objects.get().status == "suggested"

    @pytest.mark.parametrize("name", ["events", "mentions", "citations"])
    def test_an_editors_decision_is_a_review(self, editor, name):
        row = SAMPLES[name].add(status="suggested")
        assert editor.patch(address(name, row), {"status": "rejected"}).json()["status"] == "rejected"
        review = Review.objects.get()
        assert (review.target, review.decision) == (row, "rejected")
        assert editor.patch(address(name, row), {"status": "rejected"}).status_code == 200
        assert Review.objects.count() == 1

    def test_an_editor_may_suggest(self, editor):
        body = {
            **SAMPLES["mentions"].least(),
            "country": None,
            "proposed_name": "أحمد",
            "status": "suggested",
        }
        assert editor.post("/api/v1/mentions/", body).json()["status"] == "suggested"

    def test_a_mention_of_nobody_is_suggested_whoever_adds_it(self, editor):
        body = {**SAMPLES["mentions"].least(), "country": None, "proposed_name": "أحمد"}
        assert editor.post("/api/v1/mentions/", body).json()["status"] == "suggested"

    def test_a_decision_that_no_constraint_allows(self, editor):
        mention = MentionFactory(proposed_name="أحمد", status="suggested")
        answer = editor.patch(f"/api/v1/mentions/{mention.pk}/", {"status": "accepted"})
        assert pointers(answer).keys() == {"/status"}
        assert Mention.objects.get().status == "suggested"
        assert not Review.objects.exists()

    def test_nested_facts_are_suggested_or_accepted_too(self, contributor, editor):
        for client, status in ((contributor, "suggested"), (editor, "accepted")):
            event = EventFactory(status="accepted")
            parts = [{"country": CountryFactory().code, "role": "host"}]
            now = client.patch(f"/api/v1/events/{event.slug}/", {"participations": parts}).json()
            assert [part["status"] for part in now["participations"]] == [status]


class TestWords:
    """What is written of a span is compared with the body, where the archive has it."""

    @pytest.fixture
    def text(self) -> ArticleText:
        return ArticleTextFactory(body=BODY)

    def mention(self, text: ArticleText, **fields) -> dict:
        start = BODY.index("روسيا")
        span = {"text": text.pk, "start": start, "end": start + 5, "surface": "روسيا"}
        return {**span, "country": CountryFactory().code, **fields}

    def test_a_surface_that_stands_there(self, reader, text):
        assert reader.post("/api/v1/mentions/", self.mention(text)).status_code == 201

    def test_a_surface_that_does_not(self, reader, text):
        refused = reader.post("/api/v1/mentions/", self.mention(text, surface="العرق"))
        assert pointers(refused).keys() == {"/surface"}
        moved = self.mention(text, start=0, end=5)
        assert pointers(reader.post("/api/v1/mentions/", moved)).keys() == {"/surface"}

    def test_a_refusal_does_not_tell_the_words(self, reader, text):
        refused = reader.post("/api/v1/mentions/", self.mention(text, surface="العرق"))
        assert "روسيا" not in pointers(refused)["/surface"]

    def test_a_span_beyond_the_text(self, contributor, text):
        body = self.mention(text, start=len(BODY) - 2, end=len(BODY) + 3)
        assert pointers(contributor.post("/api/v1/mentions/", body)).keys() == {"/end"}

    @pytest.fixture
    def reader(self):
        return client_of(user_with("add_mention", "add_citation", "change_citation", "read_text"))

    def citation(self, text: ArticleText, **fields) -> dict:
        return {"text": text.pk, "start": 0, "end": 5, "event": EventFactory().slug, **fields}

    def test_a_hash_is_made_or_compared(self, reader, text):
        added = reader.post("/api/v1/citations/", self.citation(text)).json()
        assert added["sha256"] == sha256_hex(BODY[:5])
        wrong = self.citation(text, end=6, sha256=sha256_hex("x"))
        assert pointers(reader.post("/api/v1/citations/", wrong)).keys() == {"/sha256"}

    def test_a_hash_follows_its_span(self, reader, text):
        citation = CitationFactory(text=text, start=0, end=5, sha256=sha256_hex(BODY[:5]), status="suggested")
        now = reader.patch(f"/api/v1/citations/{citation.pk}/", {"end": 9}).json()
        assert now["sha256"] == sha256_hex(BODY[:9])

    def test_who_may_not_read_the_text_is_told_nothing_by_guessing(self, contributor, text):
        """Right and wrong guesses have the same answer: else a letter after the other could be asked for."""
        for surface in (BODY[0], "ظ"):
            letter = self.mention(text, start=0, end=1, surface=surface)
            assert pointers(contributor.post("/api/v1/mentions/", letter)).keys() == {"/text"}
        for given in ({}, {"sha256": sha256_hex(BODY[:1])}, {"sha256": sha256_hex("ظ")}):
            letter = self.citation(text, end=1, **given)
            assert pointers(contributor.post("/api/v1/citations/", letter)).keys() == {"/text"}
        mention = MentionFactory(text=text, start=BODY.index("روسيا"), surface="روسيا", status="suggested")
        for change in ({"surface": "العراق"}, {"start": 0, "end": 5}, {"text": text.pk}):
            answer = contributor.patch(f"/api/v1/mentions/{mention.pk}/", change)
            assert pointers(answer).keys() == {"/text"}

    def test_without_a_body_the_hash_is_given(self, contributor):
        body = {"text": ArticleTextFactory().pk, "start": 0, "end": 5, "event": EventFactory().slug}
        assert pointers(contributor.post("/api/v1/citations/", body)).keys() == {"/sha256"}
        assert Citation.objects.count() == 0


def test_a_fact_of_a_deleted_event_goes_with_it(contributor):
    event = EventFactory(status="suggested")
    parts = [{"country": CountryFactory().code, "role": "host"}]
    contributor.patch(f"/api/v1/events/{event.slug}/", {"participations": parts})
    assert contributor.delete(f"/api/v1/events/{event.slug}/").status_code == 204
    assert not Event.objects.exists()


def test_an_office_keeps_its_end(contributor):
    person = PersonFactory()
    office = {"title": "وزير", "country": CountryFactory().code, "start": "2020"}
    where = f"/api/v1/persons/{person.slug}/"
    contributor.patch(where, {"offices": [{**office, "end": "2021"}]})
    assert Office.objects.get().end == "2021"
    contributor.patch(where, {"description": "وزير"})
    assert Office.objects.get().end == "2021"


def test_a_source_whose_articles_are_moved_can_go(contributor):
    article, other = SAMPLES["articles"].add(), SourceFactory()
    old = article.source.slug
    contributor.patch(f"/api/v1/articles/{article.pk}/", {"source": other.slug})
    assert contributor.delete(f"/api/v1/sources/{old}/").status_code == 204
