"""A body is JSON that PostgreSQL can store, or it is refused before it gets anywhere."""

import json
from threading import Barrier, Thread

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from archive.models import Article, Person
from tests.api.conftest import client_of, user_with
from tests.api.problems import pointers, problem
from tests.api.resources import VIEWS
from tests.factories import SourceFactory

pytestmark = pytest.mark.django_db


def send(client, body: bytes | str, address: str = "/api/v1/persons/", method: str = "POST"):
    return client.generic(method, address, body, content_type="application/json")


PERSON = b'{"slug": "a", "name": "%s"}'


@pytest.mark.parametrize(
    ("body", "word"),
    [
        (b"", "body"),
        (b"{", "JSON"),
        (b"nonsense", "JSON"),
        (b"'a'", "JSON"),
        (b'{"slug": NaN}', "NaN"),
        (b'{"slug": Infinity}', "Infinity"),
        (b'{"slug": 1e999}', "1e999"),
        (b'{"slug": "a", "slug": "b"}', "'slug'"),
        (b'{"names": [{"text": "a", "text": "b"}]}', "'text'"),
        (b"\xff\xfe", "byte 0"),
        (b'{"name": "\xed\xa0\x80"}', "byte 10"),
        (b"\xef\xbb\xbf{}", "JSON"),
        (PERSON % b"\\u0000", "/name"),
        (PERSON % b"\\ud800", "/name"),
        (PERSON % b"\\udc00\\ud800", "/name"),
        (b'{"a\\u0000": 1}', "NUL"),
        (b'{"names": [{"text": "a"}, {"text": "\\u0000"}]}', "/names/1/text"),
        (b"[" * 10_000 + b"]" * 10_000, "nested"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "nested"),
        (b'{"slug": ' + b"9" * 5_000 + b"}", "JSON"),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_body_that_cannot_be_stored(contributor, body, word, method):
    if method == "PATCH" and body == b"":
        return  # changes nothing
    Person.objects.create(slug="old", name="قديم")
    address = "/api/v1/persons/" if method == "POST" else "/api/v1/persons/old/"
    answer = problem(send(contributor, body, address, method), 400)
    assert word in json.dumps(answer, ensure_ascii=False)
    assert Person.objects.count() == 1


@pytest.mark.parametrize("body", [b"null", b"[]", b"1", b'"text"', b"true", b"[{}]"])
@pytest.mark.parametrize("name", VIEWS)
def test_a_body_that_is_no_object(editor, name, body):
    problem(send(editor, body, f"/api/v1/{name}/"), 400)


def test_a_pair_of_surrogates_is_one_letter(contributor):
    assert send(contributor, PERSON % b"\\ud83d\\ude00").status_code == 201
    assert Person.objects.get().name == "\N{GRINNING FACE}"


def test_a_body_is_at_most_as_long_as_the_setting_says(contributor):
    # 30 MB, and the first byte that is too much.
    for size in (30 * 1024 * 1024, settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1):
        problem(send(contributor, b" " * (size - 2) + b"{}"), 413)
    assert problem(send(contributor, b" " * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE - 2) + b"{}"), 400)


def test_a_body_in_chunks_is_refused(contributor):
    # It would be taken for no body: a PATCH would change nothing and answer 200.
    person = Person.objects.create(slug="old", name="قديم")
    answer = contributor.patch(f"/api/v1/persons/{person.slug}/", {}, HTTP_TRANSFER_ENCODING="chunked")
    problem(answer, 411)


@pytest.mark.parametrize("name", VIEWS)
def test_an_empty_object_lacks_what_a_record_needs(editor, name):
    found = pointers(send(editor, b"{}", f"/api/v1/{name}/"))
    assert len(found) >= 2
    assert all(pointer.count("/") == 1 for pointer in found)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", 10**30),
        ("text", "1"),
        ("text", True),
        ("text", 1.5),
        ("text", -1),
        ("text", [1]),
        ("start", 2**31),
        ("start", -1),
        ("start", 10**30),
        ("start", "abc"),
        ("end", 2**63),
        ("country", 1),
        ("country", {"code": "IQ"}),
        ("country", "XX"),
        ("how", "somehow"),
        ("status", "maybe"),
        ("surface", "x" * 101),
        ("surface", ["x"]),
    ],
)
def test_a_value_of_the_wrong_sort_is_named(editor, field, value):
    body = {"start": 0, "end": 6, "surface": "العراق", **{field: value}}
    assert f"/{field}" in pointers(editor.post("/api/v1/mentions/", body))


# Any JSON, with the keys that a person has.
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["slug", "name", "description", "wikidata", "names", "offices", "text", "language", "title"]
)


@hypothesis(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.dictionaries(
        KEYS, JSON | st.lists(st.dictionaries(KEYS, JSON, max_size=3), max_size=2), max_size=6
    )
)
def test_no_body_is_our_mistake(contributor, body):
    answer = send(contributor, json.dumps(body))
    assert answer.status_code in (201, 400, 409), answer.content


@pytest.mark.django_db(transaction=True)
def test_the_same_new_article_from_two_at_once_is_one_article():
    source = SourceFactory().slug
    user = user_with("add_article")
    body = {"source": source, "identifier": "https://news.example/1", "title": "عنوان", "language": "ar"}
    start, answers = Barrier(4), []

    def post() -> None:
        try:
            client = client_of(user)
            start.wait()
            answers.append(client.post("/api/v1/articles/", body).status_code)
        finally:
            connection.close()

    threads = [Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 409, 409, 409]
    assert Article.objects.count() == 1
