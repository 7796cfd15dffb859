"""What is named together, and how often: as a count over all rows has it."""

from collections import Counter
from math import log2

import pytest

from archive.models import Article
from tests.api.contract import answers
from tests.api.predicates import ACCEPTED, COUNTED, named, overlaps, reported
from tests.api.problems import parameters, problem

pytestmark = pytest.mark.django_db

NAMED = {
    "person": lambda row, statuses: named(row, "person", "slug", statuses),
    "country": lambda row, statuses: named(row, "country", "code", statuses),
    "source": lambda row, statuses: named(row, "source", "slug", statuses),
    "event": reported,
}


def together(kind, key, other, statuses, holds=lambda row: True):
    """By key: (articles that name both, articles that name it, bits), of all that is named with `key`."""
    rows = [row for row in Article.objects.all() if holds(row)]
    naming = [row for row in rows if key in NAMED[kind](row, statuses)]
    both = Counter(one for row in naming for one in NAMED[other](row, statuses))
    every = Counter(one for row in rows for one in NAMED[other](row, statuses))
    return {
        one: (n, every[one], pytest.approx(log2(n * len(rows) / len(naming) / every[one]), abs=1e-3))
        for one, n in both.items()
        if (other, one) != (kind, key)
    }


ADDRESSES = {"person": "/api/v1/persons/person-{}/related/", "country": "/api/v1/countries/Z{}/related/"}


@pytest.mark.parametrize("evidence", ["all", "accepted"])
@pytest.mark.parametrize("published", ["", "2021-08"])
@pytest.mark.parametrize("key", ["a", "b", "c"])
@pytest.mark.parametrize("kind", ADDRESSES)
def test_it_counts_the_articles_that_name_both(anonymous, world, kind, key, published, evidence):
    address = ADDRESSES[kind].format(key if kind == "person" else key.upper())
    slug = address.split("/")[4]
    time = f"&published={published}" if published else ""
    answer = anonymous.get(f"{address}?size=1000&evidence={evidence}{time}")
    answers(answer)
    body = answer.json()
    assert (body["complete"], body["missing"]) == (True, [])
    statuses = ACCEPTED if evidence == "accepted" else COUNTED

    def holds(row):
        return not published or overlaps(row, "published", published)

    rows = [row for row in Article.objects.all() if holds(row)]
    assert body["total"] == len(rows)
    assert body["count"] == len([row for row in rows if slug in NAMED[kind](row, statuses)])
    for other in NAMED:
        found = {p["value"]: (p["count"], p["total"], p["pmi"]) for p in body["related"][other]}
        assert found == together(kind, slug, other, statuses, holds), other


def test_something_is_named_together(world):
    assert together("country", "ZB", "person", COUNTED)
    assert together("person", "person-a", "event", COUNTED)


def test_the_first_are_those_named_together_most_often_or_the_most_telling(anonymous, world):
    for ordering, key in (("count", "count"), ("pmi", "pmi")):
        pairs = anonymous.get(
            f"/api/v1/persons/person-a/related/?ordering={ordering}&by=event,country"
        ).json()
        for of_kind in pairs["related"].values():
            values = [pair[key] for pair in of_kind]
            assert values == sorted(values, reverse=True)
    [first] = anonymous.get("/api/v1/countries/ZB/related/?size=1&by=person").json()["related"]["person"]
    assert first["count"] == max(n for n, _, _ in together("country", "ZB", "person", COUNTED).values())
    assert first["name"] == next(p.name for p in world.persons if p.slug == first["value"])


def test_only_what_is_asked_for_is_counted(anonymous, world):
    body = anonymous.get("/api/v1/persons/person-a/related/?by=event").json()
    assert body["related"].keys() == {"event"}


def test_of_whom_no_article_says_anything_there_is_nothing(anonymous, world):
    body = anonymous.get("/api/v1/persons/person-h/related/").json()
    assert body["count"] == 0
    assert body["related"] == {kind: [] for kind in ("person", "country", "source", "event")}


def test_nobody_has_nothing_related(anonymous, world):
    problem(anonymous.get("/api/v1/persons/nobody/related/"), 404)
    problem(anonymous.get("/api/v1/sources/paper-1/related/"), 404)


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("by=language", {"by"}),
        ("size=0", {"size"}),
        ("ordering=-count", {"ordering"}),
        ("person=person-a", {"person"}),
        ("published=x", {"published"}),
        ("evidence=x", {"evidence"}),
    ],
)
def test_what_is_wrong_is_named(anonymous, world, query, wrong):
    assert parameters(anonymous.get(f"/api/v1/persons/person-a/related/?{query}")).keys() == wrong
