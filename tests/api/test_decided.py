"""A program never overwrites an editor: what is accepted or rejected, editors alone change and remove."""

import pytest

from archive.models import EventLink, Office, Participation
from tests.api.problems import pointers, problem
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.factories import (
    ArticleTextFactory,
    CitationFactory,
    EventFactory,
    EventLinkFactory,
    MentionFactory,
    OfficeFactory,
    ParticipationFactory,
)

pytestmark = pytest.mark.django_db

FACTS = ("events", "mentions", "citations")


def address(name: str, row) -> str:
    return f"/api/v1/{name}/{getattr(row, VIEWS[name].lookup_field)}/"


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_that_an_editor_accepted(contributor, editor, name):
    row = SAMPLES[name].add(status="accepted")
    where, change = address(name, row), SAMPLES[name].change
    before = contributor.get(where).json()
    assert "editor" in problem(contributor.patch(where, change), 403)["detail"]
    problem(contributor.delete(where), 403)
    assert contributor.get(where).json() == before
    # What changes nothing overwrites nobody.
    assert contributor.patch(where, {key: before[key] for key in change}).status_code == 200
    assert editor.patch(where, change).status_code == 200
    assert editor.delete(where).status_code == 204


@pytest.mark.parametrize("name", FACTS)
def test_a_fact_that_an_editor_rejected(contributor, name):
    row = SAMPLES[name].add(status="rejected")
    problem(contributor.patch(address(name, row), SAMPLES[name].change), 404)
    problem(contributor.delete(address(name, row)), 404)


class TestLists:
    def test_a_part_may_be_named_and_others_added(self, contributor):
        part = ParticipationFactory()
        kept = {"country": part.country.code, "role": part.role}
        new = {**kept, "role": "host"}
        where = f"/api/v1/events/{part.event.slug}/"
        assert len(contributor.patch(where, {"participations": [kept, new]}).json()["participations"]) == 2

    @pytest.mark.parametrize("factory", [ParticipationFactory, EventLinkFactory])
    def test_a_row_of_an_event_is_not_dropped(self, contributor, editor, factory):
        row = factory()
        name = {ParticipationFactory: "participations", EventLinkFactory: "links"}[factory]
        where = f"/api/v1/events/{row.event.slug}/"
        assert "editor" in problem(contributor.patch(where, {name: []}), 403)["detail"]
        assert type(row).objects.exists()
        assert editor.patch(where, {name: []}).status_code == 200
        assert not type(row).objects.exists()

    def test_an_office_is_neither_changed_nor_dropped(self, contributor):
        office = OfficeFactory(start="2020")
        row = {"title": office.title, "country": office.country.code, "start": "2020"}
        where = f"/api/v1/persons/{office.person.slug}/"
        for offices in ([], [{**row, "end": "2021"}]):
            problem(contributor.patch(where, {"offices": offices}), 403)
        assert contributor.patch(where, {"offices": [row]}).status_code == 200
        assert Office.objects.get().end is None

    def test_a_rejected_office_is_not_changed(self, contributor):
        office = OfficeFactory(start="2020", status="rejected")
        row = {"title": office.title, "country": office.country.code, "start": "2020", "end": "2021"}
        problem(contributor.patch(f"/api/v1/persons/{office.person.slug}/", {"offices": [row]}), 403)

    def test_a_link_to_a_rejected_event_is_not_shown_and_stays(self, contributor):
        link = EventLinkFactory(other__status="rejected", status="suggested")
        contributor.patch(f"/api/v1/events/{link.event.slug}/", {"links": []})
        assert EventLink.objects.get() == link


@pytest.mark.parametrize("status", ["accepted", "rejected"])
@pytest.mark.parametrize(
    ("name", "add", "owner"),
    [
        ("articles", MentionFactory, lambda row: row.text.article),
        ("articles", CitationFactory, lambda row: row.text.article),
        ("persons", OfficeFactory, lambda row: row.person),
        ("events", ParticipationFactory, lambda row: row.event),
        ("events", EventLinkFactory, lambda row: row.event),
    ],
)
def test_what_would_go_with_a_record_keeps_it(contributor, editor, status, name, add, owner):
    row = add(status=status)
    record = owner(row)
    record.status = "suggested"
    record.save()
    assert "editor" in problem(contributor.delete(address(name, record)), 403)["detail"]
    assert type(row).objects.exists()
    assert editor.delete(address(name, record)).status_code == 204


def test_suggestions_go_with_a_record(contributor):
    text = ArticleTextFactory()
    MentionFactory(text=text, status="suggested")
    assert contributor.delete(f"/api/v1/articles/{text.article.pk}/").status_code == 204


class TestReferences:
    """Who does not decide does not learn of what was rejected, nor of what rests on it."""

    def body(self, **target) -> dict:
        return {**SAMPLES["citations"].least(), "event": None, **target}

    def test_a_rejected_event(self, contributor, editor):
        body = self.body(event=EventFactory(slug="secret-event", status="rejected").slug)
        found = pointers(contributor.post("/api/v1/citations/", body))
        assert found == {"/event": "There is no event secret-event."}
        assert editor.post("/api/v1/citations/", body).status_code == 201

    @pytest.mark.parametrize(
        "hidden", [{"status": "rejected"}, {"event__status": "rejected"}], ids=["itself", "its event"]
    )
    @pytest.mark.parametrize(
        ("target", "factory"), [("participation", ParticipationFactory), ("link", EventLinkFactory)]
    )
    def test_a_part_and_a_link(self, contributor, target, factory, hidden):
        body = self.body(**{target: factory(**hidden).pk})
        assert pointers(contributor.post("/api/v1/citations/", body)).keys() == {f"/{target}"}

    def test_a_link_in_a_list(self, contributor):
        hidden, event = EventFactory(status="rejected"), EventFactory()
        links = [{"kind": "follows", "other": hidden.slug}]
        answer = contributor.patch(f"/api/v1/events/{event.slug}/", {"links": links})
        assert pointers(answer).keys() == {"/links/0/other"}

    def test_the_kind_is_named(self, contributor):
        answer = contributor.post("/api/v1/mentions/", {**SAMPLES["mentions"].least(), "person": "x"})
        assert pointers(answer)["/person"] == "There is no person x."


def test_a_new_part_is_a_suggestion(contributor):
    event = EventFactory()
    parts = [{"country": ParticipationFactory().country.code, "role": "host"}]
    contributor.patch(f"/api/v1/events/{event.slug}/", {"participations": parts})
    assert Participation.objects.get(event=event).status == "suggested"
