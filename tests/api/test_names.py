"""Persons, countries and sources by name: `q`, the order by how well a name fits, and pages of that."""

from urllib.parse import quote

import pytest

from archive.models import Person
from tests.api.conftest import pages, walk
from tests.api.problems import parameters
from tests.factories import (
    CountryFactory,
    CountryNameFactory,
    EventFactory,
    ParticipationFactory,
    PersonFactory,
    PersonNameFactory,
    SourceFactory,
    SourceNameFactory,
)

pytestmark = pytest.mark.django_db
LISTS = ("persons", "countries", "sources")


def found(client, query: str) -> list[str]:
    return [row["name"] for row in walk(client, f"/api/v1/{quote(query, safe='/?=&')}&page_size=2")]


@pytest.fixture
def fuad() -> Person:
    person = PersonFactory(name="فؤاد حسين")
    PersonNameFactory(person=person, text="Fuad Hussein", language="en")
    PersonFactory(name="حسين كمال")
    PersonFactory(name="Angela Merkel")
    return person


@pytest.mark.parametrize("text", ["فواد حسين", "Fouad Hussain", "Фуад Хусейн", "fua", "فؤا", "Fuad Huzsein"])
def test_a_person_is_found_by_any_spelling(anonymous, fuad, text):
    assert found(anonymous, f"persons/?q={text}") == [fuad.name]


def test_every_list_with_names_has_it(anonymous):
    country, source = CountryFactory(name="العراق"), SourceFactory(name="إيلاف")
    CountryNameFactory(country=country, text="Iraq", language="en")
    SourceNameFactory(source=source, text="Elaph", language="en")
    assert found(anonymous, "countries/?q=irak") == ["العراق"]
    assert found(anonymous, "sources/?q=elap") == ["إيلاف"]


@pytest.mark.parametrize("text", ["IQ", "iq", "IRQ", "368"])
def test_a_key_finds_its_record_before_all_names(anonymous, text):
    CountryFactory(name="Iqaluit", code="XQ")
    CountryFactory(name="العراق", code="IQ", alpha3="IRQ", numeric="368")
    assert found(anonymous, f"countries/?q={text}")[0] == "العراق"


def test_the_best_comes_first_and_other_orders_are_there(anonymous):
    names = ["علي حسين كمال", "علي", "حسين علي", "علي حسين"]
    for name in names:
        PersonFactory(name=name)
    best = ["علي", "علي حسين", "علي حسين كمال", "حسين علي"]
    assert found(anonymous, "persons/?q=علي") == best
    assert found(anonymous, "persons/?q=علي&ordering=relevance") == best
    assert found(anonymous, "persons/?q=علي&ordering=name") == sorted(best)
    assert found(anonymous, "persons/?q=علي&ordering=-name") == sorted(best, reverse=True)


def test_pages_show_every_row_once_there_and_back(anonymous):
    # All fit equally well: ties go by id.
    for n in range(7):
        PersonFactory(name=f"محمد {n}")
    there = list(pages(anonymous, "/api/v1/persons/", q="محمد", page_size=3))
    assert [row["name"] for page in there for row in page["results"]] == [f"محمد {n}" for n in range(7)]
    back = [there[-1], *pages(anonymous, there[-1]["previous"], "previous")]
    assert [page["results"] for page in reversed(back)] == [page["results"] for page in there]


def test_what_is_added_between_two_pages_doubles_nothing(anonymous):
    for n in range(4):
        PersonFactory(name=f"محمد {n}")
    first = anonymous.get("/api/v1/persons/", {"q": "محمد", "page_size": 2}).json()
    PersonFactory(name="محمد")
    second = anonymous.get(first["next"]).json()
    assert [row["name"] for row in first["results"] + second["results"]] == [f"محمد {n}" for n in range(4)]


def test_other_filters_are_applied_first(anonymous, fuad):
    PersonFactory(name="فؤاد حسين")
    event = EventFactory()
    ParticipationFactory(event=event, person=fuad)
    answer = anonymous.get("/api/v1/persons/", {"q": "fuad", "event": event.slug, "count": "true"}).json()
    assert [row["slug"] for row in answer["results"]] == [fuad.slug]
    assert (answer["count"], answer["count_exact"]) == (1, True)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("query", "wrong", "says"),
    [
        ("q=", "q", "empty"),
        ("q=...", "q", "letter or digit"),
        (f"q={'a' * 101}", "q", "100"),
        ("q=a&q=b", "q", "once"),
        ("ordering=relevance", "ordering", "only with q"),
        ("q=a&ordering=-relevance", "ordering", "relevance"),
    ],
)
def test_what_cannot_be_searched_for_is_said(anonymous, name, query, wrong, says):
    answer = anonymous.get(f"/api/v1/{name}/?{query}", HTTP_ACCEPT_LANGUAGE="en")
    assert says in parameters(answer)[wrong]


def test_a_hundred_characters_are_not_too_many(anonymous):
    assert anonymous.get("/api/v1/persons/", {"q": "ب" * 100}).json()["results"] == []


@pytest.mark.parametrize("name", ["citations", "events", "mentions"])
def test_lists_that_are_not_searched_have_no_relevance(anonymous, name):
    said = parameters(anonymous.get(f"/api/v1/{name}/?ordering=relevance", HTTP_ACCEPT_LANGUAGE="en"))
    assert said["ordering"].startswith("Use one of")
    assert "relevance" not in said["ordering"]
