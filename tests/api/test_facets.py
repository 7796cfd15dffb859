"""A facet says of each value how many articles have it, as a count over all rows does."""

from collections import Counter

import pytest

from archive.models import Article
from archive.search.counts import NAMED
from archive.search.facets import DIMENSIONS
from tests.api.contract import answers
from tests.api.predicates import ACCEPTED, COUNTED, lower, named, overlaps, reported, upper
from tests.api.problems import parameters

pytestmark = pytest.mark.django_db

FACETS = "/api/v1/articles/facets/"


def surely(row, length):
    """The first characters of the days that a date can mean, where all have the same ones."""
    if row.published is None:
        return [None]
    first, last = (str(bound(row, "published"))[:length] for bound in (lower, upper))
    return [first if first == last else None]


VALUES = {
    "source": lambda row, statuses: [row.source.slug],
    "country": lambda row, statuses: named(row, "country", "code", statuses),
    "person": lambda row, statuses: named(row, "person", "slug", statuses),
    "event": reported,
    "language": lambda row, statuses: [row.language],
    "year": lambda row, statuses: surely(row, 4),
    "month": lambda row, statuses: surely(row, 7),
    "day": lambda row, statuses: surely(row, 10),
}
# A query, and which articles it leaves.
FILTERS = {
    "": lambda row, statuses: True,
    "source=paper-0&source=paper-3&published__lte=2021-08-22": lambda row, statuses: (
        row.source.slug in ("paper-0", "paper-3")
        and row.published is not None
        and str(lower(row, "published")) <= "2021-08-22"
    ),
    "person=person-a": lambda row, statuses: "person-a" in named(row, "person", "slug", statuses),
    "person=person-a&person=person-b": lambda row, statuses: bool(
        {"person-a", "person-b"} & named(row, "person", "slug", statuses)
    ),
    "country__all=ZB,ZC": lambda row, statuses: {"ZB", "ZC"} <= named(row, "country", "code", statuses),
    "country__not=ZB": lambda row, statuses: "ZB" not in named(row, "country", "code", statuses),
    "country=ZA&published=2021-08": lambda row, statuses: (
        "ZA" in named(row, "country", "code", statuses) and overlaps(row, "published", "2021-08")
    ),
    "event=event-0&source__not=paper-1": lambda row, statuses: (
        "event-0" in reported(row, statuses) and row.source.slug != "paper-1"
    ),
    "names_source=paper-1&language=ru": lambda row, statuses: (
        "paper-1" in named(row, "source", "slug", statuses) and row.language == "ru"
    ),
    "q=لقاء": lambda row, statuses: "لقاء" in row.title,
    "q=لقاء country:ZA": lambda row, statuses: (
        "لقاء" in row.title and "ZA" in named(row, "country", "code", statuses)
    ),
    "country=ZB&title__contains=بغداد": lambda row, statuses: (
        "ZB" in named(row, "country", "code", statuses) and "بغداد" in row.title
    ),
    "country=ZB&collection=north": lambda row, statuses: (
        "ZB" in named(row, "country", "code", statuses)
        and "north" in {collection.slug for collection in row.source.collections.all()}
    ),
}


def expected(holds, dimension, statuses=COUNTED):
    rows = [row for row in Article.objects.all() if holds(row, statuses)]
    return Counter(value for row in rows for value in VALUES[dimension](row, statuses))


def shown(answer, dimension):
    assert answer.status_code == 200, answer.content.decode()
    facet = answer.json()["facets"][dimension]
    assert facet["left_out"] == 0
    assert len({value["value"] for value in facet["values"]}) == len(facet["values"])
    return Counter({value["value"]: value["count"] for value in facet["values"]})


@pytest.mark.parametrize("evidence", ["all", "accepted"])
@pytest.mark.parametrize("query", FILTERS)
def test_a_facet_counts_the_articles_that_the_list_would_show(anonymous, world, query, evidence):
    statuses = ACCEPTED if evidence == "accepted" else COUNTED
    by = ",".join(DIMENSIONS)
    answer = anonymous.get(f"{FACETS}?by={by}&size=1000&evidence={evidence}&{query}")
    answers(answer)
    body = answer.json()
    assert (body["complete"], body["missing"]) == (True, [])
    found = {dimension: shown(answer, dimension) for dimension in DIMENSIONS}
    assert found == {dimension: expected(FILTERS[query], dimension, statuses) for dimension in DIMENSIONS}


@pytest.mark.parametrize("evidence", ["all", "accepted"])
@pytest.mark.parametrize("query", FILTERS)
def test_facets_by_what_each_article_has_itself(anonymous, world, query, evidence):
    # Where one subject is named, it is not looked up first for these.
    statuses = ACCEPTED if evidence == "accepted" else COUNTED
    own = [dimension for dimension in DIMENSIONS if dimension not in NAMED]
    answer = anonymous.get(f"{FACETS}?by={','.join(own)}&size=1000&evidence={evidence}&{query}")
    found = {dimension: shown(answer, dimension) for dimension in own}
    assert found == {dimension: expected(FILTERS[query], dimension, statuses) for dimension in own}


def test_one_after_the_other_is_counted_by_the_same_statement(anonymous, world):
    for slug in ("person-a", "person-b", "person-a"):
        answer = anonymous.get(f"{FACETS}?by=source&size=1000&person={slug}")
        assert shown(answer, "source") == expected(
            lambda row, statuses, slug=slug: slug in named(row, "person", "slug", statuses), "source"
        )


def test_most_of_these_filters_find_some_articles_and_not_others(world):
    found = {query: sum(expected(holds, "source").values()) for query, holds in FILTERS.items()}
    assert found.pop("") == len(world.articles)
    assert [query for query, n in found.items() if not 0 < n < len(world.articles)] == []


def test_each_facet_can_leave_its_own_filter_out(anonymous, world):
    query = "person=person-a&source=paper-0&published=2021-08&language=ar"
    answer = anonymous.get(f"{FACETS}?by={','.join(VALUES)}&size=1000&exclude_own=true&{query}")
    asked = {
        "person": FILTERS["person=person-a"],
        "source": lambda row, statuses: row.source.slug == "paper-0",
        "published": lambda row, statuses: overlaps(row, "published", "2021-08"),
        "language": lambda row, statuses: row.language == "ar",
    }
    for dimension in VALUES:
        own = "published" if dimension in ("year", "month", "day") else dimension
        others = [holds for name, holds in asked.items() if name != own]
        assert shown(answer, dimension) == expected(all_of(others), dimension), dimension


def all_of(conditions):
    """The condition that all of `conditions` hold."""
    return lambda row, statuses: all(holds(row, statuses) for holds in conditions)


def test_the_commonest_values_come_first_and_it_is_said_how_many_more_there_are(anonymous, world):
    whole = expected(FILTERS[""], "country")
    facet = anonymous.get(f"{FACETS}?by=country,year&size=2").json()["facets"]["country"]
    counts = [value["count"] for value in facet["values"]]
    assert counts == sorted(whole.values(), reverse=True)[:2]
    assert facet["left_out"] == len(whole) - 2
    assert {value["value"]: value["count"] for value in facet["values"]}.items() <= whole.items()


def test_records_have_their_names(anonymous, world):
    facets = anonymous.get(f"{FACETS}?by=country,event,language&size=1000").json()["facets"]
    names = {country.code: country.name for country in world.countries}
    assert {v["value"]: v["name"] for v in facets["country"]["values"]}.items() <= names.items()
    titles = {event.slug: event.title for event in world.events}
    assert {v["value"]: v["name"] for v in facets["event"]["values"]}.items() <= titles.items()
    assert {tuple(value) for value in facets["language"]["values"]} == {("value", "count")}


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("", {"by"}),
        ("by=", {"by"}),
        ("by=sources", {"by"}),
        ("by=source&size=0", {"size"}),
        ("by=source&size=1001", {"size"}),
        ("by=source&size=٣", {"size"}),
        ("by=source&size=1&size=2", {"size"}),
        ("by=source&exclude_own=yes", {"exclude_own"}),
        ("by=source&person=nobody", {"person"}),
        ("by=person&person=nobody", {"person"}),
        ("by=source&person=", {"person"}),
        ("by=source&person=person-a&person=nobody", {"person"}),
        ("by=source&person__not=nobody", {"person__not"}),
        ("by=source&person=nobody&country=ZZ", {"person", "country"}),
        ("by=source&person=nobody&published=yesterday", {"person", "published"}),
        ("by=source&person=nobody&exclude_own=true", {"person"}),
        ("by=source&person=nobody&q=لقاء", {"person"}),
        ("by=source&q=(", {"q"}),
        ("by=source&published=yesterday", {"published"}),
        ("by=source&page_size=5", {"page_size"}),
        ("by=source&ordering=published", {"ordering"}),
        ("by=source&interval=day", {"interval"}),
        ("by=source&evidence=some", {"evidence"}),
    ],
)
def test_what_is_wrong_is_named(anonymous, query, wrong):
    assert parameters(anonymous.get(f"{FACETS}?{query}")).keys() == wrong
