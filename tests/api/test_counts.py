"""Counts of few rows of one's own: imprecise dates, nothing found, and time that does not do."""

from collections import Counter

import pytest

from tests import factories as make
from tests.api.contract import answers

pytestmark = pytest.mark.django_db

FACETS = "/api/v1/articles/facets/"


def shown(answer, dimension):
    assert answer.status_code == 200, answer.content.decode()
    return Counter({v["value"]: v["count"] for v in answer.json()["facets"][dimension]["values"]})


def test_an_imprecise_date_counts_as_what_it_surely_is(anonymous):
    dates = {"2021-08-23": 1, "2021-08": 2, "2021": 4, "202X": 8, None: 16}
    for date, times in dates.items():
        make.ArticleFactory.create_batch(times, published=date)
    answer = anonymous.get(f"{FACETS}?by=year,month,day")
    assert shown(answer, "year") == {"2021": 7, None: 24}
    assert shown(answer, "month") == {"2021-08": 3, None: 28}
    assert shown(answer, "day") == {"2021-08-23": 1, None: 30}


def test_what_finds_nothing_has_empty_facets(anonymous):
    person = make.PersonFactory()
    for query in (f"person={person.slug}", "q=كلمة"):
        answer = anonymous.get(f"{FACETS}?by=source,person,day&{query}")
        assert [shown(answer, dimension) for dimension in ("source", "person", "day")] == [{}, {}, {}]


def test_past_its_time_it_says_what_is_missing(anonymous, slow_search, settings):
    settings.ARCHIVE_COUNT_SECONDS = 0.2
    answer = anonymous.get(f"{FACETS}?by=source,person&q=عنوان")
    answers(answer)
    assert answer.json() == {"complete": False, "missing": ["source", "person"], "facets": {}}


def test_what_was_counted_in_time_is_there(anonymous, slow_counts):
    article = make.MentionFactory(person=make.PersonFactory()).article
    slow_counts("archive_event")
    body = anonymous.get(f"{FACETS}?by=source,person,event").json()
    assert (body["complete"], body["missing"]) == (False, ["event"])
    assert body["facets"]["source"]["values"][0]["value"] == article.source.slug
