"""A list of rows is written as a whole or not at all, and says of each bad row what is wrong with it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pghistory.models import Context

from archive.models import Article, ArticleAbstract, Citation, Event, Mention, Office, Person, Review, Source
from tests import factories as make
from tests.api.conftest import client_of, user_with
from tests.api.contract import answers, takes
from tests.api.problems import parameters, pointers, problem
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.api.test_writes import address

pytestmark = pytest.mark.django_db

PERSONS = "/api/v1/persons/"


def send(client, rows, mode: str = "upsert", name: str = "persons", **headers):
    return client.post(f"/api/v1/{name}/?mode={mode}", rows, headers=headers)


def person(n: int, **more) -> dict:
    return {"slug": f"person-{n}", "name": f"فؤاد {n}", **more}


def results(answer) -> list[str]:
    assert answer.status_code == 200, answer.content.decode()
    return [row["result"] for row in answer.json()["results"]]


@pytest.mark.parametrize("name", VIEWS)
def test_create_update_upsert(contributor, name):
    least, change = SAMPLES[name].least(), SAMPLES[name].change
    key = {part: least[part] for part in VIEWS[name].serializer_class.Meta.identity if part in least}
    added = send(contributor, [least], "create", name)
    assert results(added) == ["created"]
    [row] = added.json()["results"]
    where = row["url"]
    seen = contributor.get(where)
    assert seen["ETag"].startswith(row["if_match"][:-1])
    assert where == f"http://testserver{address(name, VIEWS[name].model.objects.get())}"

    changed = send(contributor, [{**key, **change}], "update", name)
    if name == "citations":  # its change is one of its key
        assert pointers(changed) == {"/0": "There is no such record."}
        return
    assert results(changed) == ["changed"]
    now = contributor.get(where).json()
    assert {field: now[field] for field in change} == change
    kept = now.keys() - change.keys() - {"modified"}
    assert {field: now[field] for field in kept} == {field: seen.json()[field] for field in kept}

    for mode in ("update", "upsert"):
        assert results(send(contributor, [{**key, **change}], mode, name)) == ["unchanged"]
    assert contributor.get(where).json() == now


@pytest.mark.parametrize("name", ["articles", "mentions", "citations"])
def test_who_knows_the_id_can_change_the_key(contributor, name):
    row = SAMPLES[name].add()
    change = {"identifier": "https://news.example/moved"} if name == "articles" else SAMPLES[name].change
    answer = send(contributor, [{"id": row.pk, **change}], "update", name)
    assert results(answer) == ["changed"]
    now = contributor.get(address(name, row)).json()
    assert {field: now[field] for field in change} == change


@pytest.mark.parametrize("row", [{"id": "1"}, {"id": 10**30}, {"id": -1}, {"id": True}, {"id": None}])
def test_an_id_that_is_none(contributor, row):
    assert pointers(send(contributor, [row], "update", "articles")).keys() == {"/0/id"}


@pytest.mark.parametrize("mode", ["create", "upsert"])
def test_an_id_is_for_changes_alone(contributor, mode):
    row = {**SAMPLES["articles"].least(), "id": 1}
    assert pointers(send(contributor, [row], mode, "articles")) == {"/0/id": "Only the archive sets this."}


def test_nothing_is_cleared_that_is_not_named(contributor):
    office = make.OfficeFactory(title="وزير", start="2020", end="2021")
    make.PersonNameFactory(person=office.person, text="قديم")
    before = contributor.get(f"{PERSONS}{office.person.slug}/").json()
    for mode in ("update", "upsert"):
        send(contributor, [{"slug": office.person.slug, "description": mode}], mode)
        now = contributor.get(f"{PERSONS}{office.person.slug}/").json()
        assert {**now, "modified": before["modified"]} == {**before, "description": mode}
    offices = [{"title": "وزير", "country": office.country and office.country.code, "start": "2020"}]
    send(contributor, [{"slug": office.person.slug, "offices": offices}])
    assert Office.objects.get().end == "2021"


class TestAllOrNone:
    def test_rows_and_their_fields_are_named(self, contributor):
        rows = [
            person(0),
            person(1, slug="Bad Slug"),
            {"slug": "person-2"},
            person(3, names=[{"text": "a", "language": "ar"}, {"text": "b"}]),
            person(4, nonsense=1),
            "person",
            person(0),
            None,
        ]
        found = pointers(send(contributor, rows, "create"))
        assert found.keys() == {
            "/1/slug",
            "/2/name",
            "/3/names/1/language",
            "/4/nonsense",
            "/5",
            "/6",
            "/7",
        }
        assert "/0" in found["/6"]
        assert not Person.objects.exists()

    @pytest.mark.parametrize("mode", ["create", "upsert"])
    def test_all_that_the_database_refuses_is_named(self, contributor, mode):
        make.PersonFactory(slug="other", wikidata="Q1")
        rows = [person(0), person(1, name=" "), person(2, wikidata="Q1"), person(3, wikidata="9")]
        answer = send(contributor, rows, mode)
        assert pointers(answer).keys() == {"/1/name", "/2/wikidata", "/3/wikidata"}
        assert "of 4 rows 3" in answer.json()["detail"]
        assert Person.objects.count() == 1

    def test_a_conflict_names_the_records_that_are_there(self, contributor):
        there = [make.PersonFactory(slug=f"person-{n}") for n in (1, 2)]
        answer = send(contributor, [person(n) for n in range(4)], "create")
        assert pointers(answer, 409).keys() == {"/1/slug", "/2/slug"}
        assert [record["id"] for record in answer.json()["records"]] == [row.pk for row in there]
        assert Person.objects.count() == 2

    def test_parts_go_with_their_rows(self, contributor):
        make.ArticleAddressFactory(url="https://news.example/taken")
        least = SAMPLES["articles"].least()
        rows = [
            {**least, "identifier": f"https://news.example/{n}", "addresses": [{"url": url}]}
            for n, url in enumerate(["https://news.example/free", "https://news.example/taken"])
        ]
        answer = send(contributor, rows, "create", "articles")
        assert pointers(answer, 409).keys() == {"/1/addresses/0/url"}
        assert Article.objects.count() == 1

    def test_two_rows_of_one_record(self, contributor):
        row = SAMPLES["articles"].add()
        key = {"source": row.source.slug, "identifier": row.identifier}
        for rows in ([key, key], [key, {"id": row.pk}], [{"id": row.pk}, key]):
            found = pointers(send(contributor, rows, "update", "articles"))
            assert found == {"/1": "This is the same record as /0."}

    def test_a_value_that_two_rows_want(self, contributor):
        rows = [person(0, wikidata="Q1"), person(1, wikidata="Q1")]
        assert pointers(send(contributor, rows), 409).keys() == {"/1/wikidata"}
        assert not Person.objects.exists()

    def test_a_record_that_is_none(self, contributor):
        make.PersonFactory(slug="person-0")
        found = pointers(send(contributor, [person(0), person(1)], "update"))
        assert found == {"/1": "There is no such record."}
        assert not Person.objects.filter(name="فؤاد 0").exists()


class TestModes:
    @pytest.mark.parametrize("query", ["", "?mode=", "?mode=replace", "?mode=create&mode=update"])
    def test_a_list_says_what_it_is_for(self, contributor, query):
        answer = contributor.post(f"{PERSONS}{query}", [person(0)])
        assert "create, update, upsert" in parameters(answer)["mode"]

    def test_one_record_has_no_mode(self, contributor):
        assert "mode" in parameters(send(contributor, person(0)))

    @pytest.mark.parametrize("rows", [[], [{}] * 1001])
    def test_a_list_has_its_size(self, contributor, rows):
        assert "1 to 1000" in pointers(send(contributor, rows))[""]

    def test_so_have_the_lists_in_its_rows_together(self, contributor):
        """Else 10 MB of names keep a thread of the server for minutes."""
        names = [{"text": f"فؤاد {n}", "language": "ar"} for n in range(500)]
        rows = [person(n, names=names) for n in range(20)]
        assert "10000" in pointers(send(contributor, [*rows, person(20, names=names[:1])]))[""]
        assert not Person.objects.exists()

    def test_a_whole_thousand(self, contributor):
        assert set(results(send(contributor, [person(n) for n in range(1000)]))) == {"created"}
        assert Person.objects.count() == 1000

    def test_there_is_no_other_parameter(self, contributor):
        assert "fields" in parameters(contributor.post(f"{PERSONS}?mode=create&fields=slug", [person(0)]))


class TestWho:
    @pytest.mark.parametrize(
        ("mode", "verbs"), [("create", {"add"}), ("update", {"change"}), ("upsert", {"add", "change"})]
    )
    def test_what_a_mode_takes(self, mode, verbs):
        make.PersonFactory(slug="person-0")
        row = person(1 if mode == "create" else 0)
        for verb in sorted(verbs):
            less = user_with(*(f"{other}_person" for other in {"add", "change", "delete"} - {verb}))
            problem(send(client_of(less), [row], mode), 403)
        enough = user_with(*(f"{verb}_person" for verb in verbs))
        assert send(client_of(enough), [row], mode).status_code == 200

    def test_a_contributor_sets_no_status(self, contributor, editor):
        row = {**SAMPLES["events"].least(), "status": "accepted"}
        assert pointers(send(contributor, [row], name="events"), 403).keys() == {"/0"}
        assert send(editor, [row], name="events").status_code == 200
        assert send(editor, [{"slug": row["slug"], "status": "rejected"}], name="events").status_code == 200
        assert Review.objects.get().decision == "rejected"

    def test_what_is_decided_stays_decided(self, contributor, editor):
        decided = make.EventFactory(status="accepted", title="زيارة")
        rows = [SAMPLES["events"].least(), {"slug": decided.slug, "title": "آخر"}]
        for mode in ("upsert", "update"):
            found = pointers(send(contributor, rows[mode == "update" :], mode, "events"), 403)
            assert found.keys() == {"/1" if mode == "upsert" else "/0"}
        assert [event.title for event in Event.objects.all()] == ["زيارة"]
        assert send(editor, rows, name="events").status_code == 200

    def test_what_is_rejected_is_there_for_editors_alone(self, contributor, editor):
        gone = make.EventFactory(status="rejected")
        row = {"slug": gone.slug, "place": "موسكو"}
        assert pointers(send(contributor, [row], "update", "events")) == {"/0": "There is no such record."}
        whole = {**SAMPLES["events"].least(), "slug": gone.slug}
        answer = send(contributor, [whole], "upsert", "events")
        assert pointers(answer, 409).keys() == {"/0/slug"}
        assert "records" not in answer.json()
        assert results(send(editor, [row], "update", "events")) == ["changed"]

    def test_facts_start_as_those_of_one_request_do(self, contributor, editor):
        for client, status in ((contributor, "suggested"), (editor, "accepted")):
            send(client, [SAMPLES["mentions"].least()], "create", "mentions")
            assert Mention.objects.get().status == status
            Mention.objects.all().delete()

    def test_history_says_who_and_which_request(self, contributor):
        send(contributor, [person(n) for n in range(3)])
        rows = [row.history.get() for row in Person.objects.all()]
        context = Context.objects.get(pk=rows[0].pgh_context_id)
        assert {row.pgh_context_id for row in rows} == {context.pk}
        assert context.metadata["message"] == "POST /api/v1/persons/"
        assert context.metadata["user"] == contributor.handler._force_user.pk


class TestIfMatch:
    def test_rows_say_what_was_seen(self, contributor):
        tags = [row["if_match"] for row in send(contributor, [person(0), person(1)]).json()["results"]]
        rows = [{"slug": f"person-{n}", "description": "وزير", "if_match": tags[n]} for n in (0, 1)]
        again = send(contributor, rows, "update")
        assert results(again) == ["changed", "changed"]
        assert pointers(send(contributor, rows, "update"), 412).keys() == {"/0", "/1"}
        rows[0]["if_match"] = contributor.get(f"{PERSONS}person-0/")["ETag"]
        rows[1]["if_match"] = "*"
        assert results(send(contributor, rows)) == ["unchanged", "unchanged"]

    def test_what_was_seen_and_is_gone(self, contributor):
        assert pointers(send(contributor, [person(0, if_match="*")]), 412).keys() == {"/0"}

    @pytest.mark.parametrize("wanted", [1, None, ["*"], "x"])
    def test_what_is_no_tag(self, contributor, wanted):
        make.PersonFactory(slug="person-0")
        [pointer] = pointers(send(contributor, [person(0, if_match=wanted)]))
        assert pointer.startswith("/0")

    def test_where_it_is_required(self, contributor, settings):
        settings.ARCHIVE_REQUIRE_IF_MATCH = True
        make.PersonFactory(slug="person-0")
        assert pointers(send(contributor, [person(0), person(1)]), 428).keys() == {"/0"}
        assert results(send(contributor, [person(0, if_match="*"), person(1)])) == ["changed", "created"]

    def test_it_is_no_field_of_what_is_new(self, contributor):
        assert pointers(send(contributor, [person(0, if_match="*")], "create")).keys() == {"/0/if_match"}


def statements(client, rows: list[dict], mode: str, name: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert send(client, rows, mode, name).status_code == 200
    return len(queries)


@pytest.mark.parametrize("mode", ["create", "update", "upsert"])
def test_a_row_costs_a_statement(contributor, mode):
    """What rows name of others is looked up at once; of a mention, the words of its span are read too."""
    send(contributor, [person(99)])  # who asks is known from here on
    persons = [person(n) for n in range(12)]
    mentions = [
        {
            "text": make.ArticleTextFactory(length=200).pk,
            "start": 0,
            "end": 6,
            "surface": "العراق",
            "country": make.CountryFactory().code,
        }
        for _ in range(12)
    ]
    for name, rows, cost in (("persons", persons, 1), ("mentions", mentions, 2)):
        if mode == "update":
            send(contributor, rows, "create", name)
            change = {"description": "وزير"} if name == "persons" else {"how": "nisba"}
            rows = [{**row, **change} for row in rows]
        few, more = (statements(contributor, some, mode, name) for some in (rows[:2], rows[2:]))
        assert more - few == 8 * cost, name


def test_articles_are_found_by_what_a_list_says_of_them(contributor, anonymous):
    source = make.SourceFactory()
    rows = [
        {
            "source": source.slug,
            "identifier": f"https://news.example/{n}",
            "title": f"وزير الخارجية يصل {n}",
            "language": "ar",
            "abstracts": [{"language": "en", "text": "The minister arrives."}],
        }
        for n in range(3)
    ]
    send(contributor, rows, "upsert", "articles")
    assert ArticleAbstract.objects.count() == 3
    assert len(anonymous.get("/api/v1/articles/?q=الخارجية").json()["results"]) == 3
    assert len(anonymous.get("/api/v1/articles/?q=minister").json()["results"]) == 3


@pytest.mark.parametrize("name", VIEWS)
def test_it_is_what_the_schema_says(contributor, name):
    least = SAMPLES[name].least()
    where = f"/api/v1/{name}/"
    takes("POST", where, [least])
    takes("POST", where, [{**SAMPLES[name].change, "if_match": "*"}])
    for answer in (
        send(contributor, [least], "create", name),
        send(contributor, [least], "create", name),
        send(contributor, [{**least, "nonsense": 1}], "upsert", name),
        send(contributor, [{**least, "if_match": '"x"'}], "upsert", name),
        send(contributor, [], "upsert", name),
        contributor.post(where, [least], headers={"Idempotency-Key": "a"}),
    ):
        answers(answer)


def test_mentions_that_name_nobody_yet(contributor):
    text = make.ArticleTextFactory(length=200)
    row = {"text": text.pk, "start": 0, "end": 4, "surface": "أحمد", "proposed_name": "أحمد"}
    assert results(send(contributor, [row], name="mentions")) == ["created"]
    assert results(send(contributor, [{**row, "how": "nisba"}], name="mentions")) == ["changed"]
    other = {**row, "proposed_name": "أحمد حسين"}
    assert results(send(contributor, [row, other], name="mentions")) == ["unchanged", "created"]
    assert Mention.objects.count() == 2


def test_citations_of_several_facts(contributor):
    text, event, office = make.ArticleTextFactory(length=200), make.EventFactory(), make.OfficeFactory()
    span = {"text": text.pk, "start": 0, "end": 4, "sha256": "0" * 64}
    rows = [{**span, "event": event.slug}, {**span, "office": office.pk}]
    assert results(send(contributor, rows, name="citations")) == ["created", "created"]
    assert results(send(contributor, rows, name="citations")) == ["unchanged", "unchanged"]
    assert Citation.objects.count() == 2


def test_a_source_that_is_there_and_one_that_is_not(contributor):
    make.SourceFactory(slug="elaph", city="لندن")
    rows = [{"slug": "elaph", "name": "إيلاف"}, {"slug": "sabah", "name": "الصباح"}]
    assert pointers(send(contributor, rows, name="sources")).keys() == {"/1/kind"}
    rows[1]["kind"] = "newspaper"
    assert results(send(contributor, rows, name="sources")) == ["changed", "created"]
    assert Source.objects.get(slug="elaph").city == "لندن"
