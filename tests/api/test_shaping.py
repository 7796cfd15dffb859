"""`fields`, `omit` and `expand` shape the answer, and with it what the database is asked for."""

import pytest

from tests.api.resources import VIEWS
from tests.factories import (
    CitationFactory,
    EventFactory,
    EventLinkFactory,
    MentionFactory,
    OfficeFactory,
    ParticipationFactory,
    PersonFactory,
    SourceNameFactory,
    SuccessionFactory,
)

pytestmark = pytest.mark.django_db


def where(name: str, row, query: str = "") -> str:
    return f"/api/v1/{name}/{getattr(row, VIEWS[name].lookup_field)}/{query}"


def test_parameters_go_together(anonymous):
    mention = MentionFactory()
    query = "?fields=title,source,mentions&omit=title&expand=countries"
    assert anonymous.get(where("articles", mention.article, query)).json().keys() == {
        "source",
        "mentions",
        "countries",
    }
    assert anonymous.get(where("articles", mention.article, "?fields=id&fields=title")).json().keys() == {
        "id",
        "title",
    }


def test_a_source_in_full(anonymous):
    article = MentionFactory().article
    name = SourceNameFactory(source=article.source)
    short = anonymous.get(where("articles", article)).json()["source"]
    full = anonymous.get(where("articles", article, "?expand=source")).json()["source"]
    assert short == {"slug": article.source.slug, "name": article.source.name}
    assert full == anonymous.get(where("sources", article.source)).json()
    assert [found["text"] for found in full["names"]] == [name.text]


@pytest.mark.parametrize(
    ("field", "resource", "add"),
    [
        ("persons", "persons", lambda: MentionFactory(person=OfficeFactory().person)),
        ("countries", "countries", lambda: MentionFactory(country=SuccessionFactory().predecessor)),
        ("events", "events", lambda: CitationFactory(event=ParticipationFactory().event)),
    ],
)
def test_what_an_article_names_in_full(anonymous, field, resource, add):
    fact = add()
    record = fact.person if field == "persons" else fact.country if field == "countries" else fact.event
    [full] = anonymous.get(where("articles", fact.article, f"?expand={field}")).json()[field]
    assert full == anonymous.get(where(resource, record)).json()
    [short] = anonymous.get(where("articles", fact.article)).json()[field]
    assert short.items() <= full.items()
    assert len(short) < len(full)


@pytest.mark.parametrize("how", ["expand", "fields"])
def test_the_facts_of_an_article(anonymous, how):
    mention = MentionFactory()
    citation = CitationFactory(text=mention.text)
    MentionFactory(text=mention.text, start=9, status="rejected")
    body = anonymous.get(where("articles", mention.article, f"?{how}=mentions,citations")).json()
    assert [found["id"] for found in body["mentions"]] == [mention.pk]
    assert [found["id"] for found in body["citations"]] == [citation.pk]


class TestStatuses:
    """What an editor rejected, and what rests on it, is in no answer; `evidence=accepted` narrows."""

    def test_what_an_article_names(self, anonymous):
        accepted = MentionFactory()
        suggested = MentionFactory(text=accepted.text, start=10, status="suggested")
        MentionFactory(text=accepted.text, start=20, status="rejected")
        article = where("articles", accepted.article)
        codes = [found["code"] for found in anonymous.get(article).json()["countries"]]
        assert codes == sorted([accepted.country.code, suggested.country.code])
        narrowed = anonymous.get(f"{article}?evidence=accepted").json()["countries"]
        assert [found["code"] for found in narrowed] == [accepted.country.code]

    def test_an_event_that_was_rejected_is_not_reported(self, anonymous):
        citation = CitationFactory(event=EventFactory(status="rejected"))
        article = where("articles", citation.article, "?expand=citations,events")
        body = anonymous.get(article).json()
        assert (body["events"], body["citations"]) == ([], [])
        assert anonymous.get("/api/v1/citations/").json()["results"] == []
        assert anonymous.get(where("citations", citation)).status_code == 404

    def test_nor_is_a_part_in_it(self, anonymous):
        part = ParticipationFactory(event=EventFactory(status="rejected"))
        CitationFactory(participation=part)
        link = EventLinkFactory(other=EventFactory(status="rejected"))
        CitationFactory(link=link)
        assert anonymous.get("/api/v1/citations/").json()["results"] == []
        assert anonymous.get(where("events", link.event)).json()["links"] == []

    @pytest.mark.parametrize("status", ["accepted", "suggested", "rejected"])
    def test_nested_facts(self, anonymous, status):
        event = EventFactory()
        ParticipationFactory(event=event, status=status)
        EventLinkFactory(event=event, status=status)
        CitationFactory(event=event, status=status)
        office = OfficeFactory(status=status)
        state = SuccessionFactory(status=status)
        for evidence, shown in (("all", status != "rejected"), ("accepted", status == "accepted")):
            query = f"?evidence={evidence}"
            found = anonymous.get(where("events", event, query)).json()
            lists = [found["participations"], found["links"], found["citations"]]
            lists.append(anonymous.get(where("persons", office.person, query)).json()["offices"])
            lists.append(anonymous.get(where("countries", state.predecessor, query)).json()["successors"])
            lists.append(anonymous.get(where("countries", state.successor, query)).json()["predecessors"])
            assert [len(rows) for rows in lists] == [int(shown)] * 6

    def test_inside_of_what_is_shown_in_full(self, anonymous):
        event = EventFactory()
        citation = CitationFactory(event=event)
        ParticipationFactory(event=event, status="rejected")
        ParticipationFactory(event=event, status="suggested")
        article = where("articles", citation.article, "?expand=events")
        for query, count in (("", 1), ("&evidence=accepted", 0)):
            [shown] = anonymous.get(article + query).json()["events"]
            assert len(shown["participations"]) == count


def test_a_record_is_named_once_however_often_it_is_mentioned(anonymous):
    mention = MentionFactory()
    MentionFactory(text=mention.text, country=mention.country, start=10)
    body = anonymous.get(where("articles", mention.article)).json()
    assert len(body["countries"]) == 1


def test_an_event_shows_its_twenty_newest_citations(anonymous):
    event = EventFactory()
    for _ in range(21):
        newest = CitationFactory(event=event)
    shown = anonymous.get(where("events", event)).json()["citations"]
    assert (len(shown), shown[0]["id"]) == (20, newest.pk)


def test_persons_are_in_the_order_of_their_names(anonymous):
    mention = MentionFactory(person=PersonFactory(name="ياسر"))
    MentionFactory(text=mention.text, person=PersonFactory(name="أحمد"), start=10)
    names = [found["name"] for found in anonymous.get(where("articles", mention.article)).json()["persons"]]
    assert names == ["أحمد", "ياسر"]
