"""Keyset pages: every row once, in order, whatever ties, gaps, inserts and deletes there are."""

from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.api import pagination
from archive.models import Article, Event, Source
from tests.api.conftest import client_of, pages, walk
from tests.api.problems import parameters
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.factories import ArticleFactory, EventFactory, PersonFactory, SourceFactory

pytestmark = pytest.mark.django_db

DATES = st.sampled_from([None, "1955", "2021", "2021-01-01", "2021-08", "2021-08-23"])
# Examples share the test's transaction, and each rolls its rows back.
examples = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def source(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield SourceFactory()
        transaction.set_rollback(True)


def articles(source: Source, dates: list, first: int = 0) -> list[Article]:
    return Article.objects.bulk_create(
        Article(source=source, identifier=f"https://a.example/{n}", title="x", language="ar", published=date)
        for n, date in enumerate(dates, first)
    )


def in_order(rows: list[Article], descending: bool) -> list[int]:
    """Ids by date, ties by id; what has no date comes last either way."""
    dated = sorted((r for r in rows if r.published), key=lambda r: (r.published_at, r.pk), reverse=descending)
    undated = sorted((r for r in rows if not r.published), key=lambda r: r.pk, reverse=descending)
    return [row.pk for row in dated + undated]


@examples
@given(
    dates=st.lists(DATES, max_size=12),
    page_size=st.integers(1, 5),
    ordering=st.sampled_from(["published", "-published"]),
)
def test_forward_and_back_show_every_row_once_and_in_order(source, dates, page_size, ordering):
    client = client_of()
    with transaction.atomic():
        expected = in_order(articles(source, dates), ordering.startswith("-"))
        there = list(pages(client, "/api/v1/articles/", page_size=page_size, ordering=ordering))
        assert there[0]["previous"] is None
        assert all(len(page["results"]) == page_size for page in there[:-1])
        assert [row["id"] for page in there for row in page["results"]] == expected
        if len(there) > 1:
            back = [there[-1], *pages(client, there[-1]["previous"], "previous")]
            assert [row["id"] for page in reversed(back) for row in page["results"]] == expected
        transaction.set_rollback(True)


@examples
@given(
    dates=st.lists(DATES, min_size=4, max_size=12),
    changes=st.lists(st.tuples(st.lists(DATES, max_size=2), st.booleans()), min_size=12, max_size=12),
    page_size=st.integers(1, 4),
    ordering=st.sampled_from(["published", "-published"]),
)
def test_what_others_write_between_two_pages_loses_and_doubles_nothing(
    source, dates, changes, page_size, ordering
):
    client = client_of()
    with transaction.atomic():
        old = articles(source, dates)
        expected = in_order(old, ordering.startswith("-"))
        seen: list[int] = []
        address, new = f"/api/v1/articles/?page_size={page_size}&ordering={ordering}", len(dates)
        # Then nobody writes any more: one who reads a row a page while two are added comes to no end.
        for added, deleting in chain(changes, repeat(([], False))):
            answer = client.get(address).json()
            seen += [row["id"] for row in answer["results"]]
            if answer["next"] is None:
                break
            address = answer["next"]
            articles(source, added, first=new)
            new += len(added)
            if deleting and answer["results"]:
                # The very row that the cursor names.
                Article.objects.get(pk=answer["results"][-1]["id"]).delete()
        assert [pk for pk in seen if pk in expected] == expected
        assert len(set(seen)) == len(seen)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("name", "ordering"),
    [
        (name, sign + order)
        for name, view in VIEWS.items()
        for order in view.orders
        for sign in ("", "-")
        if (name, order) != ("articles", "published")
    ],
)
def test_every_ordering_of_every_list_shows_every_row_once(anonymous, name, ordering):
    # In one transaction all rows have the same `added` and `modified`: those are all ties.
    view = VIEWS[name]
    for _ in range(7):
        SAMPLES[name].add()
    rows = walk(anonymous, f"/api/v1/{name}/", page_size=2, ordering=ordering)
    key = view.lookup_field.replace("pk", "id")
    column = view.orders[ordering.removeprefix("-")].column
    expected = sorted(view.model.objects.all(), key=lambda row: (getattr(row, column), row.pk))
    if ordering.startswith("-"):
        expected.reverse()
    assert [row[key] for row in rows] == [getattr(row, view.lookup_field) for row in expected]


def test_times_to_the_microsecond_are_kept_in_the_cursor(anonymous, source):
    start = datetime(2021, 8, 23, 10, 0, 0, 1, tzinfo=UTC)
    for n, row in enumerate(articles(source, [None] * 6)):
        Article.objects.filter(pk=row.pk).update(section=str(n))
    added = [start + timedelta(microseconds=n // 2) for n in range(6)]
    Article.objects.all().delete()
    rows = [ArticleFactory(source=source, added=moment) for moment in added]
    assert [r["id"] for r in walk(anonymous, "/api/v1/articles/", page_size=1, ordering="added")] == [
        row.pk for row in rows
    ]


def test_an_empty_page_leads_back(anonymous, source):
    articles(source, ["2021", "2020"])
    first = anonymous.get("/api/v1/articles/?page_size=1").json()
    Article.objects.filter(published="2020").delete()
    empty = anonymous.get(first["next"]).json()
    assert (empty["results"], empty["next"]) == ([], None)
    back = anonymous.get(empty["previous"]).json()
    assert [row["id"] for row in back["results"]] == [first["results"][0]["id"]]


def test_links_keep_what_was_asked_and_drop_the_count(anonymous):
    for _ in range(3):
        EventFactory(type="consult", mode="visit")
    query = "type=consult&type=agree&mode=visit&fields=slug,title&page_size=1&ordering=start&evidence=all"
    body = anonymous.get(f"/api/v1/events/?{query}&count=true").json()
    link = parse_qs(urlsplit(body["next"]).query)
    link.pop("cursor")
    assert link == parse_qs(query)
    assert set(anonymous.get(body["next"]).json()["results"][0]) == {"slug", "title"}


def test_a_count_is_exact_up_to_its_limit(anonymous, monkeypatch):
    for _ in range(3):
        EventFactory()
    assert "count" not in anonymous.get("/api/v1/events/").json()
    assert "count" not in anonymous.get("/api/v1/events/?count=false").json()
    monkeypatch.setattr(pagination, "COUNT_LIMIT", 3)
    body = anonymous.get("/api/v1/events/?count=true&page_size=1").json()
    assert (body["count"], body["count_exact"]) == (3, True)
    monkeypatch.setattr(pagination, "COUNT_LIMIT", 2)
    body = anonymous.get("/api/v1/events/?count=true").json()
    assert (body["count"], body["count_exact"], len(body["results"])) == (2, False, 3)


def test_a_count_counts_what_the_filters_leave(anonymous):
    EventFactory(type="consult")
    EventFactory(type="agree")
    assert anonymous.get("/api/v1/events/?count=true&type=agree").json()["count"] == 1


@pytest.mark.parametrize(
    "size", ["0", "201", "-1", "abc", "1000000000", "1.5", "", " 1", "٣", "1e1", "9" * 5000]
)
def test_a_page_size_is_a_number_from_1_to_200(anonymous, size):
    assert "1" in parameters(anonymous.get("/api/v1/events/", {"page_size": size}))["page_size"]


@pytest.mark.parametrize("size", [1, 200])
def test_a_page_has_the_size_that_was_asked(anonymous, size):
    Event.objects.bulk_create(Event(slug=f"e-{n}", title="x", type="consult") for n in range(201))
    assert (
        len(anonymous.get("/api/v1/events/", {"page_size": size, "fields": "slug"}).json()["results"]) == size
    )


def cursor(client, address: str) -> str:
    link = client.get(address).json()["next"]
    return parse_qs(urlsplit(link).query)["cursor"][0]


def test_a_cursor_is_good_for_its_own_list_and_ordering_only(anonymous):
    for _ in range(2):
        EventFactory()
        SourceFactory()
    other_list = cursor(anonymous, "/api/v1/sources/?page_size=1&ordering=added")
    other_order = cursor(anonymous, "/api/v1/events/?page_size=1&ordering=start")
    own = cursor(anonymous, "/api/v1/events/?page_size=1&ordering=added")
    ask = {"ordering": "added", "page_size": 1}
    assert anonymous.get("/api/v1/events/", {**ask, "cursor": own}).status_code == 200
    for foreign in (other_list, other_order):
        assert "another" in parameters(anonymous.get("/api/v1/events/", {**ask, "cursor": foreign}))["cursor"]


@pytest.mark.parametrize(
    "change", [lambda c: c[:-1], lambda c: "x" + c, lambda c: c[::-1], lambda c: "", lambda c: "٣"]
)
def test_a_forged_cursor_is_refused(anonymous, change):
    for _ in range(2):
        EventFactory()
    forged = change(cursor(anonymous, "/api/v1/events/?page_size=1"))
    assert parameters(anonymous.get("/api/v1/events/", {"cursor": forged})).keys() == {"cursor"}


def test_a_cursor_is_about_as_long_as_the_name_it_holds(anonymous):
    letters = [chr(0x627 + n % 36) for n in range(200)]
    for turn in range(3):
        PersonFactory(name="".join(letters[turn:] + letters[:turn]))
    following = anonymous.get("/api/v1/persons/?page_size=1").json()["next"]
    assert len(following) < 400
    assert len(list(walk(anonymous, "/api/v1/persons/", page_size=1))) == 3
