"""Whole lists as files: the rows of the pages, streamed, and taken up again where they broke off."""

import csv
import json
import os
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from jsonschema import Draft202012Validator

from archive.api import exports, ready
from tests.api.conftest import walk
from tests.api.exported import LIST, lines, streamed
from tests.api.resources import VIEWS

pytestmark = pytest.mark.django_db

DATA = Path(os.environ.get("ARCHIVE_TEST_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))


def without_cursors(rows: list[dict]) -> list[dict]:
    return [{name: value for name, value in row.items() if name != "cursor"} for row in rows]


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 3)


@pytest.mark.parametrize("name", VIEWS)
def test_lines_are_the_rows_of_the_pages(world, anonymous, small_chunks, name):
    found = lines(streamed(anonymous, f"/api/v1/{name}/", format="jsonl"))
    assert without_cursors(found) == walk(anonymous, f"/api/v1/{name}/")


@pytest.mark.parametrize(
    "query",
    [
        {"language": "ar"},
        {"q": "بغداد"},
        {"person": "person-a", "ordering": "published"},
        {"fields": "id,title"},
    ],
)
def test_filters_orders_and_shapes_hold(world, anonymous, small_chunks, query):
    found = lines(streamed(anonymous, LIST, format="jsonl", **query))
    assert found
    assert [{k: v for k, v in row.items() if k != "cursor"} for row in found] == walk(
        anonymous, LIST, **query
    )


def test_what_broke_off_goes_on_from_the_last_cursor_seen(world, anonymous, small_chunks):
    whole = lines(streamed(anonymous, LIST, format="jsonl", fields="id"))
    at = [number for number, row in enumerate(whole) if "cursor" in row]
    assert at == list(range(2, len(whole) - 1, 3))
    rest = lines(streamed(anonymous, LIST, format="jsonl", fields="id", cursor=whole[at[1]]["cursor"]))
    assert [row["id"] for row in rest] == [row["id"] for row in whole[at[1] + 1 :]]


@pytest.mark.parametrize("most", [1, 3, 4, 7, 500])
def test_no_more_than_asked_for(world, anonymous, small_chunks, most):
    whole = lines(streamed(anonymous, LIST, format="jsonl", fields="id"))
    found = lines(streamed(anonymous, LIST, format="jsonl", fields="id", page_size=most))
    assert [row["id"] for row in found] == [row["id"] for row in whole[:most]]
    assert ("cursor" in found[-1]) == (most < len(whole))


@pytest.mark.parametrize("name", VIEWS)
def test_a_table_has_a_column_for_each_field(world, anonymous, small_chunks, name):
    text = streamed(anonymous, f"/api/v1/{name}/", format="csv").removeprefix(exports.MARK)
    rows = list(csv.DictReader(StringIO(text)))
    listed = walk(anonymous, f"/api/v1/{name}/")
    assert list(rows[0]) == [*listed[0], "cursor"]
    assert len(rows) == len(listed)
    key = VIEWS[name].lookup_field.replace("pk", "id")
    assert [row[key] for row in rows] == [str(row[key]) for row in listed]


def test_records_are_cells_by_their_keys(world, anonymous):
    listed = next(row for row in walk(anonymous, LIST) if row["persons"])
    text = streamed(anonymous, LIST, format="csv").removeprefix(exports.MARK)
    row = next(row for row in csv.DictReader(StringIO(text)) if row["id"] == str(listed["id"]))
    assert row["persons"] == " | ".join(person["slug"] for person in listed["persons"])
    assert row["source"] == listed["source"]["slug"]
    assert json.loads(row["texts"] or "[]") == listed["texts"]


def test_an_atom_feed(world, anonymous):
    answer = anonymous.get(LIST, {"format": "atom", "page_size": 4})
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = xml.fromstring(answer.getvalue())
    atom = "{http://www.w3.org/2005/Atom}"
    entries = feed.findall(f"{atom}entry")
    listed = anonymous.get(LIST, {"page_size": 4}).json()["results"]
    assert [entry.findtext(f"{atom}title") for entry in entries] == [row["title"] for row in listed]
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{atom}link")}
    assert "cursor=" in links["next"]
    for element in (feed, *entries):
        assert all(element.findtext(f"{atom}{name}") for name in ("id", "title", "updated"))


def test_news_objects_are_valid_by_their_schema(world, anonymous, small_chunks):
    file = DATA / "ninjs" / "specification" / "ninjs-schema_3.1.json"
    if not file.exists():
        pytest.skip(f"the schema of ninjs is not at hand: {file}")
    judge = Draft202012Validator(
        json.loads(file.read_text()), format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    found = lines(streamed(anonymous, LIST, format="ninjs"))
    assert len(found) == len(walk(anonymous, LIST))
    for one in found:
        judge.validate(one)


def test_one_statement_a_chunk(world, anonymous, small_chunks, django_assert_num_queries):
    ready.make()
    rows = len(walk(anonymous, LIST))
    with django_assert_num_queries(-(-rows // 3)):
        streamed(anonymous, LIST, format="jsonl")
