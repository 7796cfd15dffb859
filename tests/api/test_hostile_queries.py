"""Addresses and parameters that nobody asks by mistake: what is wrong is named, and nothing is a 500."""

import re

import pytest

from tests.api.conftest import walk
from tests.api.problems import parameters, problem
from tests.api.resources import VIEWS
from tests.factories import ArticleFactory, PersonFactory

pytestmark = pytest.mark.django_db
LIST = "/api/v1/articles/"
LISTS = [f"/api/v1/{name}/" for name in VIEWS]
HUGE = (10**9, 10**30, -1, 0, "0x10", "1e3", "1.0", "٥", "abc", "1,2", " ", "+1", "50 ")


@pytest.mark.parametrize("address", [*LISTS, "/api/v1/deletions/", "annotations/"])
@pytest.mark.parametrize("size", HUGE)
def test_a_page_without_measure(anonymous, address, size):
    if address == "annotations/":
        address = f"{LIST}{ArticleFactory().pk}/{address}"
    assert parameters(anonymous.get(address, {"page_size": size})).keys() == {"page_size"}


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "name",
    [
        "limit",
        "offset",
        "page",
        "owner__password__startswith",
        "user__password",
        "pk__in",
        "id__gt",
        "slug__regex",
        "name__startswith",
        "source__articles__texts__body__contains",
        "texts__body",
        "body",
        "history__pgh_id",
        "pgh_event__id",
        "_connector",
        "_negated",
        "__class__",
        "__init__",
        "self",
        "search_vector",
        "index__vector",
        "*",
        "q[]",
        "q[$ne]",
        "published[gte]",
        "",
        " ",
        "إن",
        "\u202e",
        "x" * 5_000,
    ],
)
def test_a_way_round_the_filters(anonymous, address, name):
    said = parameters(anonymous.get(address, {name: "OR"}))
    assert said.keys() == {name}
    assert "Use:" in said[name]


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize(
    "ordering",
    [
        "owner__password",
        "?",
        "pk",
        "-",
        "--added",
        "+added",
        "added,modified",
        "added desc",
        "name_folded",
        "texts__body",
        "1",
        "",
        "random()",
        "added NULLS FIRST",
        "relevance",
    ],
)
def test_an_order_that_is_none(anonymous, address, ordering):
    assert parameters(anonymous.get(address, {"ordering": ordering})).keys() == {"ordering"}


def test_ten_thousand_parameters(anonymous):
    ArticleFactory()
    for query, name in (
        ("&".join(f"p{n}=1" for n in range(10_000)), None),
        ("&".join(f"language=l{n}" for n in range(10_000)), "language"),
        ("&".join(["page_size=1"] * 10_000), "page_size"),
        ("fields=" + ",".join(["id"] * 10_000), "fields"),
        ("person__all=" + ",".join(f"p{n}" for n in range(10_000)), "person__all"),
        ("&" * 10_000, None),
        ("=" + "&=" * 10_000, None),
        (";".join(["a"] * 10_000), None),
    ):
        answer = anonymous.get(f"{LIST}?{query}")
        if answer.status_code != 200:
            body = problem(answer, 400)
            if "errors" in body:
                assert name is None or [error["parameter"] for error in body["errors"]] == [name]
            else:
                assert "at most 1000 parameters" in body["detail"]


class TestCursors:
    @pytest.fixture
    def cursor(self, anonymous):
        for _ in range(3):
            ArticleFactory()
        return re.search("cursor=([^&]+)", anonymous.get(LIST, {"page_size": 1}).json()["next"])[1]

    def test_every_truncation_is_refused(self, anonymous, cursor):
        for length in range(len(cursor)):
            answer = anonymous.get(f"{LIST}?page_size=1&cursor={cursor[:length]}")
            assert parameters(answer).keys() == {"cursor"}, length

    def test_every_changed_letter_is_refused(self, anonymous, cursor):
        for place, letter in enumerate(cursor):
            changed = f"{cursor[:place]}{'A' if letter != 'A' else 'B'}{cursor[place + 1 :]}"
            answer = anonymous.get(f"{LIST}?page_size=1&cursor={changed}")
            # The last letter of base64 has bits that say nothing.
            if answer.status_code != 200:
                assert parameters(answer).keys() == {"cursor"}, place
            else:
                assert place in (cursor.index("%3A") - 1, len(cursor) - 1)

    @pytest.mark.parametrize("address", [one for one in LISTS if one != LIST] + [f"{LIST}?ordering=added&"])
    def test_of_another_list(self, anonymous, cursor, address):
        address = address if "?" in address else f"{address}?"
        assert parameters(anonymous.get(f"{address}cursor={cursor}")).keys() == {"cursor"}

    @pytest.mark.parametrize(
        "value", ["", "a", ":", "a:b", ".eJw:x", "x" * 8_000, "\u00e9:\u00e9", "null", "\ud800"]
    )
    def test_that_was_never_given(self, anonymous, value):
        value = value.encode("utf-8", "surrogatepass")
        assert parameters(anonymous.get(f"{LIST}?cursor=" + "".join(f"%{b:02x}" for b in value))).keys() == {
            "cursor"
        }

    def test_of_another_archive(self, anonymous, cursor, settings):
        settings.SECRET_KEY = "another"
        assert parameters(anonymous.get(f"{LIST}?cursor={cursor}")).keys() == {"cursor"}


@pytest.mark.parametrize(
    "date",
    [
        "0000",
        "9999999",
        "-4713",
        "10000-01-01",
        "2021-08-23T24:00:00",
        "2021-08-23T23:59:60Z",
        "2021-08-23T10:00:00-17:54",
        "2021-02-30",
        "2021-08-32",
        "2021-00",
        "٢٠٢١-٠٨",
        "2021-08-23/2021-08-24",
        "['2021']",
        "now",
        "",
        "\u202e2021",
        "2" * 7_000,
    ],
)
@pytest.mark.parametrize(
    "name", ["published", "published__gte", "published__within", "added__gte", "modified__lte"]
)
def test_a_date_that_is_none(anonymous, date, name):
    assert parameters(anonymous.get(LIST, {name: date})).keys() == {name}


@pytest.mark.parametrize(
    "moment",
    [
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2021-08-23T10:00:00+24:00",
        "2021-08-23T10:00:00+9999",
    ],
)
def test_a_moment_beyond_all_time(anonymous, moment):
    assert parameters(anonymous.get(LIST, {"added__gte": moment})).keys() == {"added__gte"}


@pytest.mark.parametrize("number", [10**30, 2**63, -1, 0, "1.0", "1e3", "٥", "null", "1 OR 1=1", "1" * 7_000])
def test_an_id_that_is_none(anonymous, number):
    assert parameters(anonymous.get(LIST, {"more_like": number})).keys() == {"more_like"}
    assert parameters(anonymous.get("/api/v1/mentions/", {"article": number})).keys() == {"article"}
    problem(anonymous.get(f"{LIST}{number}/"), 404)
    assert anonymous.get(f"{LIST}{number}/text/").status_code in (401, 404)
    problem(anonymous.get(f"{LIST}{number}/annotations/"), 404)


@pytest.mark.parametrize(
    "query", ["%ff", "%c0%af", "%ed%a0%80", "%f4%90%80%80", "%00", "%d8", "a%00b", "%u0041%ff"]
)
@pytest.mark.parametrize(
    "name", ["q", "byline", "cursor", "person", "published", "ordering", "page_size", "format"]
)
def test_a_value_that_is_no_text(anonymous, query, name):
    assert parameters(anonymous.get(f"{LIST}?{name}={query}")).keys() == {name}


def test_a_name_that_is_no_text(anonymous):
    assert parameters(anonymous.get(f"{LIST}?%ff%00=1")).keys() == {"\ufffd\ufffd"}


@pytest.mark.parametrize(
    "path",
    [
        "%00",
        "%ff",
        "%c0%ae%c0%ae",
        "..",
        "..%2f..%2fetc%2fpasswd",
        "%252e%252e%252f",
        "%2e%2e/",
        "....//",
        "\\..\\",
        "%5c..%5c",
        "a%2fb",
        "%0d%0aX-Injected:%20yes",
        "%20",
        "%09",
        ";jsessionid=1",
        "'%20OR%201=1--",
        "${7*7}",
        "{{7*7}}",
        "<script>",
        "%E2%80%AE",
        "x" * 7_000,
        "%25" * 2_000,
        "ع" * 500,
    ],
)
def test_a_path_that_leads_nowhere(anonymous, path):
    for start in ("/api/v1/persons/", "/api/v1/", "/api/v1/articles/", "/api/v1/persons/x/related/"):
        for end in ("", "/"):
            answer = anonymous.get(f"{start}{path}{end}")
            assert answer.status_code == 404, (start, path)
            assert "X-Injected" not in answer
            problem(answer, 404)


@pytest.mark.parametrize(
    "q",
    [
        "(" * 1_000,
        "a " * 500,
        "OR " * 300,
        "-" * 1_000,
        '"' * 999,
        "*",
        "a*" * 400,
        "a NEAR/999999999999 b",
        "title:(" * 100,
        "published:0000..9999999",
        "source:" + "x" * 900,
        "\\",
        "a:b:c",
        "!&|<->:*",
        "'; DROP TABLE archive_article; --",
        "x" * 1_001,
        "ع" * 1_001,
        "a\u0300" * 500,
        "(?:a+)+$",
        "[",
    ],
)
def test_a_query_that_is_a_trap(anonymous, q):
    ArticleFactory()
    for parameter, address in (("q", LIST), ("q", "/api/v1/persons/"), ("q", f"{LIST}facets/?by=source&")):
        address = address if "?" in address else f"{address}?"
        answer = anonymous.get(f"{address}{parameter}=" + "".join(f"%{byte:02x}" for byte in q.encode()))
        if answer.status_code != 200:
            assert parameters(answer).keys() == {"q"}


def test_the_longest_query_in_arabic_is_answered(anonymous):
    q = "وزير " * 8 + "ع" * 950
    assert anonymous.get(LIST, {"q": q}).status_code == 200


class TestHeaders:
    @pytest.mark.parametrize("name", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
    def test_another_method_in_a_header_is_no_method(self, contributor, name):
        person = PersonFactory()
        where = f"/api/v1/persons/{person.slug}/"
        for method in ("get", "head", "options"):
            assert getattr(contributor, method)(where, headers={name: "DELETE"}).status_code == 200
        assert parameters(contributor.get(where, {"_method": "DELETE"})).keys() == {"_method"}
        assert contributor.get(where).status_code == 200

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Range", "bytes=0-10"),
            ("Range", "bytes=-1"),
            ("Range", "rows=0-99999999999"),
            ("If-Range", '"x"'),
            ("Accept-Language", "x" * 7_000),
            ("Accept-Language", "ar-" + "x-" * 3_000),
            ("Accept-Language", "*;q=x, \u00e9, ;;,,"),
            ("Accept-Encoding", "gzip;q=x, *;q=-1, " + "," * 5_000),
            ("If-None-Match", '"' * 7_000),
            ("If-None-Match", "W/" * 3_000),
            ("If-Modified-Since", "Thu, 99 Jan 99999 99:99:99 GMT"),
            ("If-Modified-Since", "\u00e9"),
            ("User-Agent", "() { :; }; echo"),
            ("Referer", "\u00ff" * 7_000),
            ("Cookie", "sessionid=" + "x" * 7_000),
            ("Cookie", "sessionid=\u00e9\0; csrftoken=;;=;=a"),
            ("Cookie", "; ".join(f"c{n}=1" for n in range(1_000))),
            ("X-Forwarded-For", "' OR 1=1"),
            ("X-Forwarded-Host", "evil.example"),
            ("X-Forwarded-Proto", "https"),
            ("Forwarded", "host=evil.example;proto=https"),
            ("Origin", "null"),
            ("Origin", "https://evil.example"),
            ("Content-Type", "\u00e9"),
            ("Content-Length", "-1"),
            ("Content-Length", "abc"),
            ("Content-Length", "9" * 100),
            ("Expect", "100-continue"),
            ("Expect", "something"),
        ],
        ids=lambda text: text[:24],
    )
    def test_a_read_is_answered_whatever_else_is_said(self, anonymous, name, value):
        ArticleFactory()
        plain = anonymous.get(LIST).json()
        answer = anonymous.get(LIST, headers={name: value})
        assert answer.status_code == 200
        assert answer.json() == plain
        assert "evil" not in str(answer.headers)

    @pytest.mark.parametrize(
        "accept", ["x" * 7_000, "a/b" + ",a/b" * 2_000, "\u00e9/*", "application/json;q=x", ";;", "/"]
    )
    def test_what_is_accepted(self, anonymous, accept):
        answer = anonymous.get(LIST, headers={"Accept": accept})
        if answer.status_code != 200:
            problem(answer, 406)

    @pytest.mark.parametrize(
        "value",
        ["Token " + "\u00e9" * 3_000, "Basic x", "Bearer x", "token", "Token\t", "Token  a", "\x01"],
    )
    def test_who_says_who_he_is_in_another_way(self, anonymous, value):
        answer = anonymous.post("/api/v1/persons/", {}, HTTP_AUTHORIZATION=value)
        problem(answer, 401)

    @pytest.mark.parametrize("host", ["evil.example", "\u00e9", "a b", "", "localhost\0", "[::1"])
    def test_a_host_that_is_not_ours(self, anonymous, host):
        if host not in ("",):
            problem(anonymous.get(LIST, HTTP_HOST=host), 400)

    @pytest.mark.parametrize("length", ["-1", "abc", "9" * 100, " "])
    def test_a_length_that_is_none(self, contributor, length):
        answer = contributor.generic(
            "POST", "/api/v1/persons/", b"{}", content_type="application/json", CONTENT_LENGTH=length
        )
        assert answer.status_code in (400, 413)
        problem(answer, answer.status_code)


def test_what_was_tried_left_the_list_as_it_was(anonymous):
    ids = [ArticleFactory().pk for _ in range(3)]
    assert [row["id"] for row in walk(anonymous, LIST)] == ids[::-1]
