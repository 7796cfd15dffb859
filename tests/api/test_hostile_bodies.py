"""Bodies that nobody sends by mistake: each is stored, or refused in the one shape of errors. Never a 500."""

import gzip
import json
import os
from pathlib import Path

import pytest
from django.db import models

from archive.models import Mention, Person
from tests.api.problems import pointers, problem
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.factories import ArticleFactory, CountryFactory, MentionFactory, PersonFactory

pytestmark = pytest.mark.django_db

DATA = Path(os.environ.get("ARCHIVE_TEST_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
STRINGS, PARSING = DATA / "strings" / "blns.json", DATA / "json" / "test_parsing"
PERSONS = "/api/v1/persons/"
# Nothing is sent, which is no body.
EMPTY = ("n_structure_no_data.json",)


def send(client, body: bytes | str, address: str = PERSONS, content_type: str = "application/json", **more):
    return client.generic("POST", address, body, content_type=content_type, **more)


def text_fields() -> list[tuple[str, str]]:
    """Each column of words that a resource takes."""
    return [
        (name, field)
        for name, view in VIEWS.items()
        for field in view.serializer_class.Meta.fields
        if isinstance(
            next((column for column in view.model._meta.fields if column.name == field), None),
            models.CharField | models.TextField,
        )
    ]


class TestForms:
    """What JSON is written in, and wrapped in."""

    @pytest.mark.parametrize(
        "encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-8-sig"]
    )
    def test_another_encoding(self, contributor, encoding):
        body = json.dumps(SAMPLES["persons"].least(), ensure_ascii=False).encode(encoding)
        problem(send(contributor, body), 400)

    @pytest.mark.parametrize("charset", ["utf-16", "windows-1256", "latin-1", "none", "UTF-7"])
    def test_a_charset_that_is_said_and_is_not_so(self, contributor, charset):
        body = json.dumps({"slug": "a", "name": "فؤاد"}, ensure_ascii=False).encode()
        answer = send(contributor, body, content_type=f"application/json; charset={charset}")
        assert charset in problem(answer, 415)["detail"]

    @pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "utf8"])
    def test_a_charset_that_is_so(self, contributor, charset):
        body = json.dumps({"slug": "a", "name": "فؤاد"}, ensure_ascii=False).encode()
        assert send(contributor, body, content_type=f"application/json; charset={charset}").status_code == 201

    @pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "x-unknown"])
    def test_a_packed_body(self, contributor, coding):
        body = gzip.compress(json.dumps(SAMPLES["persons"].least()).encode())
        problem(send(contributor, body, HTTP_CONTENT_ENCODING=coding), 415)

    def test_a_packed_body_that_does_not_say_so(self, contributor):
        problem(send(contributor, gzip.compress(b"{}")), 400)

    @pytest.mark.parametrize(
        "content_type",
        [
            "",
            "text/plain",
            "text/json",
            "application/jsonx",
            "application/xml",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/json/x",
            "json",
            ";",
            "\u00e9/\u00e9",
        ],
    )
    @pytest.mark.parametrize("body", [b"", b'{"slug": "a", "name": "b"}', b"--x\r\n\r\n"])
    def test_another_type(self, contributor, content_type, body):
        # An empty body is one that is not there, whatever its type.
        problem(send(contributor, body, content_type=content_type), 415 if body else 400)

    @pytest.mark.parametrize(
        "body",
        [
            b'{"slug": "a", "name": "b"} {}',
            b'{"slug": "a", "name": "b"}x',
            b'{"slug": "a", "name": "b"},',
            b'{"slug": "a", "name": "b",}',
            b'{"slug": "a", "name": "b"}\0',
            b'//\n{"slug": "a", "name": "b"}',
            b"{slug: 'a', name: 'b'}",
            b'{"slug": "a", "name": "b\nc"}',
            b'{"slug": "a", "name": "\\x41"}',
            b'{"slug": "a", "name": "\xc0\xaf"}',
            b'{"slug": "a", "name": "\xf4\x90\x80\x80"}',
            b'{"__proto__": {"slug": "a"}}',
            b'{"slug": {"$ne": ""}, "name": "b"}',
            b'{"slug": "a", "name": "b", "slug ": "c"}',
            b'{"slug": ["a"], "name": "b"}',
            b'{"slug": true, "name": "b"}',
            b'{"slug": 1, "name": "b"}',
            b'{"slug": "a", "name": 1}',
            b'{"slug": "a", "name": 1e400}',
            b'{"slug": "a", "name": -Infinity}',
            b'{"slug": "a", "name": null}',
            b'{"slug": "a", "name": "  "}',
            b'{"slug": "a", "name": "\\u200b"' + b" " * 100,
        ],
    )
    def test_what_is_almost_right(self, contributor, body):
        problem(send(contributor, body), 400)
        assert not Person.objects.exists()

    @pytest.mark.parametrize("depth", [500, 1_000, 100_000])
    def test_depth(self, contributor, depth):
        for opening, closing in (("[", "]"), ('{"names":', "}")):
            problem(send(contributor, opening * depth + "1" + closing * depth), 400)

    def test_width(self, contributor):
        many = {f"k{n}": n for n in range(100_000)}
        problem(send(contributor, json.dumps(many)), 400)


class TestFields:
    """What the archive alone sets, and values out of all measure."""

    @pytest.mark.parametrize("name", VIEWS)
    @pytest.mark.parametrize("method", ["post", "patch"])
    def test_what_only_the_archive_sets_is_named(self, editor, name, method):
        sample = SAMPLES[name]
        serializer = VIEWS[name].serializer_class()
        fixed = [field for field, found in serializer.fields.items() if found.read_only]
        hidden = ["pk", "name_folded", "pgh_id", "__class__", "_state", "owner", "is_superuser"]
        body = {**(sample.least() if method == "post" else {}), **dict.fromkeys([*fixed, *hidden], 1)}
        row = None if method == "post" else sample.add()
        where = f"/api/v1/{name}/" + (f"{getattr(row, VIEWS[name].lookup_field)}/" if row else "")
        said = pointers(getattr(editor, method)(where, body))
        assert said.keys() == {f"/{field}" for field in (*fixed, *hidden)}
        assert {said[f"/{field}"] for field in fixed} == {"Only the archive sets this."}

    @pytest.mark.parametrize(("name", "field"), text_fields())
    def test_any_value_in_any_text(self, editor, name, field):
        for value in (
            "x" * 1_000_000,
            "ع" * 100_001,
            "\U0001f600" * 5_000,
            "a\u0300" * 5_000,
            "\x01\x02\x1b[31m\x7f",
            "\u202eabc\u2066",
            "\ufeff",
            "\uffff",
            "' OR 1=1 --",
            "%s%n{0}{self}",
            "",
            " ",
            -1,
            1.5,
            True,
            [],
            {},
            ["a"],
            {"a": 1},
        ):
            body = {**SAMPLES[name].least(), field: value}
            answer = editor.post(f"/api/v1/{name}/", body)
            if answer.status_code == 201:
                editor.delete(answer["Location"])
            else:
                assert f"/{field}" in pointers(answer), repr(value)[:20]

    @pytest.mark.parametrize("name", ["identifier", "title", "byline", "section", "dateline"])
    def test_a_text_that_no_index_holds_is_named(self, editor, name):
        # Letters that do not repeat are not packed: 2,000 are allowed, and too much for an index.
        letters = "".join(chr(0x4E00 + n * 7919 % 20_000) for n in range(1_980))
        body = {**SAMPLES["articles"].least(), name: f"https://a.example/{letters}"}
        answer = editor.post("/api/v1/articles/", body)
        assert f"/{name}" in pointers(answer)

    @pytest.mark.parametrize("number", [10**30, -(10**30), 2**31, 2**63, 2**64, -1, 1e300, -0.5])
    @pytest.mark.parametrize("field", ["start", "end", "text"])
    def test_numbers_without_measure(self, editor, number, field):
        answer = editor.post("/api/v1/mentions/", {**SAMPLES["mentions"].least(), field: number})
        assert f"/{field}" in pointers(answer)

    @pytest.mark.parametrize(
        ("field", "value"), [("start", "1"), ("start", True), ("end", [6]), ("end", None)]
    )
    def test_what_is_no_number(self, editor, field, value):
        answer = editor.post("/api/v1/mentions/", {**SAMPLES["mentions"].least(), field: value})
        assert pointers(answer).keys() == {f"/{field}"}

    @pytest.mark.parametrize(
        "date",
        [
            "0000",
            "0000-01-01",
            "9999999",
            "-4713",
            "-0001-01-01",
            "2021-08-23T24:00:00",
            "2021-08-23T23:59:60Z",
            "2021-08-23T10:00:00-17:54",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2021-02-30",
            "2021-13",
            "Y170000002",
            "1e5",
            "٢٠٢١",
            "2021-08-23/2021-08-24",
            "2021" + "X" * 10_000,
            "now()",
        ],
    )
    def test_dates_without_measure(self, editor, date):
        answer = editor.post("/api/v1/articles/", {**SAMPLES["articles"].least(), "published": date})
        assert pointers(answer).keys() == {"/published"}

    @pytest.mark.parametrize(
        "moment",
        [
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2021-08-23T10:00:00-24:00",
            "2021-08-23T10:00:00+99:99",
            "2021-08-23T23:59:60Z",
            "99999999-01-01T00:00:00Z",
            "yesterday",
            1629712800,
            ["2021"],
            {},
        ],
    )
    def test_moments_without_measure(self, editor, moment):
        body = {**SAMPLES["articles"].least(), "texts": [{"body": "نص", "obtained_at": moment}]}
        assert pointers(editor.post("/api/v1/articles/", body)).keys() == {"/texts/0/obtained_at"}

    def test_an_offset_that_is_nowhere(self, editor):
        text = {"body": "نص", "obtained_at": "2021-08-23T10:00:00-17:54"}
        answer = editor.post("/api/v1/articles/", {**SAMPLES["articles"].least(), "texts": [text]})
        assert answer.status_code in (201, 400)

    def test_a_record_that_others_need(self, contributor):
        mention = MentionFactory(country=CountryFactory())
        assert (
            "mention"
            in problem(contributor.delete(f"/api/v1/countries/{mention.country.code}/"), 409)["detail"]
        )
        assert Mention.objects.filter(pk=mention.pk).exists()

    @pytest.mark.parametrize("body", [b"{}", b"[]", b"x", b"\xff", b'{"slug": "other"}'])
    def test_a_body_where_none_is_read(self, contributor, body):
        # RFC 9110, 9.3.5: a body of DELETE means nothing.
        person = PersonFactory()
        where = f"{PERSONS}{person.slug}/"
        answer = contributor.generic("DELETE", where, body, content_type="application/json")
        assert answer.status_code in (204, 400)


@pytest.mark.skipif(not PARSING.exists(), reason=f"JSONTestSuite is not at hand: ARCHIVE_TEST_DATA or {DATA}")
def test_the_json_test_suite(contributor):
    for file in sorted(PARSING.glob("*.json")):
        value = file.read_bytes()
        alone, inside = send(contributor, value), send(contributor, b'{"slug": "a", "name": ' + value + b"}")
        assert alone.status_code == 400, file.name
        assert inside.status_code in (201, 400), file.name
        # What is read is no person, or a list that nobody has said what to do with: then that is wrong.
        detail = problem(alone, 400)["detail"]
        read = detail in (
            "The request's body is not valid.",
            "The query has parameters that cannot be understood.",
        )
        if file.name.startswith("n_"):
            assert not read or file.name in EMPTY, file.name
        if file.name.startswith("y_"):
            assert read or "twice" in detail or "NUL" in detail, file.name
        Person.objects.all().delete()


@pytest.mark.skipif(
    not STRINGS.exists(), reason=f"naughty strings are not at hand: ARCHIVE_TEST_DATA or {DATA}"
)
def test_naughty_strings_come_back_as_they_went_in(contributor):
    for text in json.loads(STRINGS.read_text(encoding="utf-8")):
        person = PersonFactory()
        where = f"{PERSONS}{person.slug}/"
        answer = contributor.patch(where, {"description": text, "name": text[:200]})
        if answer.status_code == 400:
            assert pointers(answer).keys() <= {"/name", "/description"}, repr(text)
            continue
        assert answer.status_code == 200, repr(text)
        shown = contributor.get(where).json()
        assert (shown["description"], shown["name"]) == (text.strip(), text[:200].strip())


@pytest.mark.skipif(
    not STRINGS.exists(), reason=f"naughty strings are not at hand: ARCHIVE_TEST_DATA or {DATA}"
)
def test_naughty_strings_as_values_of_parameters(anonymous):
    ArticleFactory()
    for text in json.loads(STRINGS.read_text(encoding="utf-8")):
        for address, name in (
            (PERSONS, "q"),
            (PERSONS, "name"),
            (PERSONS, "name__contains"),
            ("/api/v1/articles/", "title__contains"),
            ("/api/v1/articles/", "byline"),
            ("/api/v1/articles/", "person"),
            ("/api/v1/articles/", "published"),
            ("/api/v1/articles/", "more_like"),
            ("/api/v1/articles/", "cursor"),
            ("/api/v1/articles/", "ordering"),
        ):
            answer = anonymous.get(address, {name: text})
            if answer.status_code != 200:
                assert [error["parameter"] for error in problem(answer, 400)["errors"]] == [name], repr(text)
