"""A timeline says how many articles fall in each interval, as a count over all rows does."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest

from archive.models import Article
from archive.search.timeline import MOST_POINTS, TooManyPoints, spans
from tests.api.contract import answers
from tests.api.predicates import COUNTED, lower, overlaps, upper
from tests.api.problems import parameters
from tests.api.test_facets import FILTERS, VALUES

pytestmark = pytest.mark.django_db

TIMELINE = "/api/v1/articles/timeline/"


def name(day, interval):
    """The interval that a day is in."""
    if interval == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return day.isoformat()[: {"day": 10, "month": 7, "year": 4}[interval]]


def counted(holds, interval):
    """(articles by interval, imprecise, undated) of the articles for which `holds`."""
    points, imprecise, undated = Counter(), 0, 0
    for row in Article.objects.all():
        if not holds(row, COUNTED):
            continue
        if row.published is None:
            undated += 1
        elif (first := name(lower(row, "published"), interval)) == name(upper(row, "published"), interval):
            points[first] += 1
        else:
            imprecise += 1
    return points, imprecise, undated


RANGES = {"": lambda row: True, "published=2021-08": lambda row: overlaps(row, "published", "2021-08")}


@pytest.mark.parametrize("time", RANGES)
@pytest.mark.parametrize("query", [query for query in FILTERS if "published" not in query])
@pytest.mark.parametrize("interval", ["month", "year"])
def test_each_point_counts_the_articles_of_its_interval(anonymous, world, interval, query, time):
    answer = anonymous.get(f"{TIMELINE}?interval={interval}&{query}&{time}")
    answers(answer)
    body = answer.json()
    points, imprecise, undated = counted(
        lambda row, statuses: RANGES[time](row) and FILTERS[query](row, statuses), interval
    )
    totals, _, _ = counted(lambda row, statuses: RANGES[time](row), interval)
    assert {p["interval"]: p["count"] for p in body["points"] if p["count"]} == points
    assert (body["imprecise"], body["undated"]) == (imprecise, undated)
    for point in body["points"]:
        assert point["total"] == totals[point["interval"]]
        ratio = point["count"] / point["total"] if point["total"] else None
        assert point["ratio"] == (ratio if ratio is None else pytest.approx(ratio, abs=1e-6))


@pytest.mark.parametrize(
    ("interval", "first", "last", "expected"),
    [
        ("day", "2021-08-30", "2021-09-02", ["2021-08-30", "2021-08-31", "2021-09-01", "2021-09-02"]),
        ("week", "2020-12-30", "2021-01-11", ["2020-W53", "2021-W01", "2021-W02"]),
        ("month", "2020-11-30", "2021-02-01", ["2020-11", "2020-12", "2021-01", "2021-02"]),
        ("year", "1955-06-01", "1957-01-01", ["1955", "1956", "1957"]),
        ("year", "9998-06-01", "9999-12-31", ["9998", "9999"]),
        ("week", "9999-12-30", "9999-12-31", ["9999-W52"]),
        ("week", "0001-01-01", "0001-01-08", ["0001-W01", "0001-W02"]),
    ],
)
def test_intervals_have_no_gaps(interval, first, last, expected):
    found = spans(interval, date.fromisoformat(first), date.fromisoformat(last))
    assert [span.name for span in found] == expected
    assert all(one.last + timedelta(1) == other.first for one, other in pairwise(found))
    assert found[0].first <= date.fromisoformat(first) <= found[0].last
    assert found[-1].first <= date.fromisoformat(last) <= found[-1].last


def test_a_time_that_is_asked_for_is_shown_whole(anonymous, world):
    points = anonymous.get(f"{TIMELINE}?interval=week&published=2021-08&person=person-a").json()["points"]
    assert [p["interval"] for p in points] == [f"2021-W{week}" for week in range(30, 36)]
    assert (points[0]["first"], points[-1]["last"]) == ("2021-07-26", "2021-09-05")
    assert Counter(p["count"] for p in points) == {0: 5, 1: 1}


def test_an_open_time_ends_with_the_last_article(anonymous, world):
    points = anonymous.get(f"{TIMELINE}?interval=month&published__gte=2021-07&language=ar").json()["points"]
    assert [p["interval"] for p in points] == ["2021-07", "2021-08", "2021-09"]


def test_nothing_has_no_points(anonymous, world):
    body = anonymous.get(f"{TIMELINE}?published__known=false&q=لقاء").json()
    assert (body["points"], body["imprecise"], body["undated"]) == ([], 0, 0)
    assert anonymous.get(f"{TIMELINE}?published__gte=2022&published__lte=2021").json()["points"] == []


@pytest.mark.parametrize("by", ["source", "country", "person", "event", "language"])
def test_values_are_counted_apart(anonymous, world, by):
    answer = anonymous.get(f"{TIMELINE}?interval=year&by={by}&size=50")
    answers(answer)
    body = answer.json()
    assert body["left_out"] == 0
    found = {
        (one["value"], point["interval"]): count
        for one in body["series"]
        for point, count in zip(body["points"], one["counts"], strict=True)
        if count
    }
    every = {value for row in Article.objects.all() for value in VALUES[by](row, COUNTED)}
    expected = {
        (value, point): count
        for value in every
        for point, count in counted(lambda r, s, v=value: v in VALUES[by](r, s), "year")[0].items()
    }
    assert found == expected
    [first] = [one for one in body["series"] if one["value"] == body["series"][0]["value"]]
    assert first["ratios"] == [
        pytest.approx(count / point["total"], abs=1e-6) if point["total"] else None
        for point, count in zip(body["points"], first["counts"], strict=True)
    ]


def test_the_commonest_values_come_first(anonymous, world):
    body = anonymous.get(f"{TIMELINE}?interval=year&by=language&size=2").json()
    sums = [sum(one["counts"]) for one in body["series"]]
    assert sums == sorted(sums, reverse=True)
    assert (len(sums), body["left_out"]) == (2, 1)


def test_a_time_with_too_many_points_is_refused(anonymous, world):
    said = parameters(anonymous.get(f"{TIMELINE}?interval=day&published__gte=1900&published__lte=2021"))
    assert said.keys() == {"interval"}
    assert "44560" in said["interval"]
    with pytest.raises(TooManyPoints):
        spans("day", date(2000, 1, 1), date(2000, 1, 1) + timedelta(MOST_POINTS))
    assert len(spans("day", date(2000, 1, 1), date(2000, 1, 1) + timedelta(MOST_POINTS - 1))) == MOST_POINTS


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("interval=decade", {"interval"}),
        ("interval=day&interval=week", {"interval"}),
        ("by=day", {"by"}),
        ("by=source,person", {"by"}),
        ("size=3", {"size"}),
        ("by=source&size=51", {"size"}),
        ("exclude_own=true", {"exclude_own"}),
        ("published=x", {"published"}),
        ("evidence=rejected", {"evidence"}),
    ],
)
def test_what_is_wrong_is_named(anonymous, query, wrong):
    assert parameters(anonymous.get(f"{TIMELINE}?{query}")).keys() == wrong
