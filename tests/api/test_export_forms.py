"""The forms of exports, over rows that try them: tables, feeds, news objects; and what is refused."""

import csv
import json
from io import StringIO
from xml.etree import ElementTree as xml

import pytest

from archive.api import exports
from tests.api.conftest import walk
from tests.api.exported import LIST, lines, streamed
from tests.api.problems import parameters
from tests.factories import ArticleFactory, ArticleTextFactory, SourceFactory

pytestmark = pytest.mark.django_db


def test_nothing_is_an_empty_file(anonymous):
    assert streamed(anonymous, LIST, format="jsonl") == ""
    assert streamed(anonymous, LIST, format="csv").startswith("\ufeffid,source,")


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(anonymous, title):
    ArticleFactory(title=title, byline='أسامة، مهدي "الأول"\nسطر')
    text = streamed(anonymous, LIST, format="csv").removeprefix(exports.MARK)
    [row] = csv.DictReader(StringIO(text))
    assert row["title"] == f"'{title}"
    assert row["byline"] == 'أسامة، مهدي "الأول"\nسطر'


def test_a_feed_has_a_page_and_says_where_the_next_one_is(anonymous):
    for _ in range(5):
        ArticleFactory()
    whole = [row["id"] for row in walk(anonymous, LIST)]
    address, seen = f"{LIST}?format=jsonfeed&page_size=2", []
    while address:
        feed = json.loads(anonymous.get(address).getvalue())
        seen += [int(item["id"].split("/")[-2]) for item in feed["items"]]
        address = feed.get("next_url")
    assert seen == whole


def test_a_json_feed(anonymous):
    source = SourceFactory(name="صحيفة")
    ArticleFactory(
        title="لقاء", source=source, published="2021-08-23T10:00:00Z", identifier="https://a.example/1"
    )
    ArticleFactory(
        title="زيارة",
        source=source,
        published="2021-08-22",
        byline="أسامة",
        identifier="urn:sha256:" + "a" * 64,
    )
    answer = anonymous.get(LIST, {"format": "jsonfeed"}, HTTP_ACCEPT="application/feed+json")
    assert answer["Content-Type"] == "application/feed+json"
    feed = json.loads(answer.getvalue())
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    first, second = feed["items"]
    assert (first["date_published"], first["url"]) == ("2021-08-23T10:00:00Z", "https://a.example/1")
    # A day is no moment, and a hash no address.
    assert not {"date_published", "url"} & second.keys()
    assert second["_archive"]["published"] == "2021-08-22"
    assert [item["authors"] for item in feed["items"]] == [[{"name": "صحيفة"}], [{"name": "أسامة"}]]


@pytest.mark.parametrize("title", ["<b>&amp;", "\x1b[0mعنوان", "\ufffe سطر", "]]>"])
def test_a_title_never_breaks_a_feed(anonymous, title):
    ArticleFactory(title=title)
    feed = xml.fromstring(anonymous.get(LIST, {"format": "atom"}).getvalue())
    shown = feed.findtext("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title")
    assert shown == title.replace("\x1b", "").replace("\ufffe", "")


def test_a_news_object(anonymous):
    text = ArticleTextFactory(
        article__title="لقاء", article__published="2021-08", article__title_origin="devised"
    )
    [found] = lines(streamed(anonymous, LIST, format="ninjs"))
    assert (found["uri"], found["type"], found["title"]) == (text.article.identifier, "text", "لقاء")
    # The title is ours, and the day is not known.
    assert not {"headlines", "contentCreated"} & found.keys()
    assert {"role": "published", "value": "2021-08"} in found["altIds"]


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"format": "xml"}, {"format"}),
        ({"format": ["csv", "jsonl"]}, {"format"}),
        ({"format": "csv", "count": "true"}, {"count"}),
        ({"format": "atom", "fields": "id"}, {"fields"}),
        ({"format": "ninjs", "omit": "id", "expand": "source"}, {"omit", "expand"}),
        ({"format": "jsonl", "page_size": "0"}, {"page_size"}),
        ({"format": "jsonl", "page_size": "10000000"}, {"page_size"}),
        ({"format": "jsonl", "cursor": "nonsense"}, {"cursor"}),
        ({"format": "jsonl", "q": "وزير", "expand": "highlights"}, {"expand"}),
        ({"format": "jsonl", "nonsense": "1"}, {"nonsense"}),
    ],
)
def test_what_is_wrong_is_named(anonymous, query, wrong):
    assert parameters(anonymous.get(LIST, query)).keys() == wrong


def test_only_articles_have_feeds(anonymous):
    assert "csv" in parameters(anonymous.get("/api/v1/persons/", {"format": "ninjs"}))["format"]
