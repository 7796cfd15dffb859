"""Every mistake in a query is told with its place; and nothing but a QueryError ever comes out."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from archive.search.errors import QueryError
from archive.search.query import MOST_BYTES, Query, parse
from archive.search.tsquery import to_tsquery

DATA = Path(os.environ.get("ARCHIVE_TEST_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
STRINGS = DATA / "strings" / "blns.json"


@pytest.mark.parametrize(
    ("query", "code", "says", "position", "length"),
    [
        ("", "empty", "is empty", 0, 0),
        (" \u200f\n ", "empty", "is empty", 0, 4),
        ('وزير "الخارجية', "quote", "no partner", 5, 1),
        ("وزير «الخارجية", "quote", "no partner", 5, 1),
        ("وزير “الخارجية", "quote", "no partner", 5, 1),
        ("وزير الخارجية»", "quote", "no partner", 13, 1),
        ('title:("', "quote", "no partner", 7, 1),
        ("(وزير (موسكو)", "parenthesis", "not closed", 0, 1),
        ("(وزير OR", "parenthesis", "not closed", 0, 1),
        ("وزير)", "parenthesis", "closes none", 4, 1),
        ("وزير ()", "no_word", "in these parentheses", 5, 1),
        ("OR وزير", "operator", "before OR", 0, 2),
        ("AND", "operator", "before AND", 0, 3),
        ("وزير OR", "operator", "after OR", 5, 2),
        ("وزير AND OR موسكو", "operator", "before OR", 9, 2),
        ("(وزير NOT)", "operator", "after NOT", 6, 3),
        ("(وزير -)", "no_word", "- has neither letters", 6, 1),
        ("وزير NEAR/5", "operator", "after NEAR/5", 5, 6),
        ("(NEAR/5 وزير)", "operator", "before NEAR/5", 1, 6),
        ("وزير NEAR موسكو", "near", "1 to 20", 5, 4),
        ("وزير NEAR/ 5 موسكو", "near", "1 to 20", 5, 5),
        ("وزير NEAR/0 موسكو", "near", "1 to 20", 5, 6),
        ("وزير NEAR/٢١ موسكو", "near", "1 to 20", 5, 7),
        ("وزير NEAR/" + "9" * 500 + " موسكو", "near", "1 to 20", 5, 505),
        ("وزير NEAR/² موسكو", "near", "1 to 20", 5, 6),
        ("وزير NEAR/5 موسكو NEAR/5 طهران", "near", "joins two", 18, 6),
        ("NOT وزير NEAR/5 موسكو", "near", "stands between words", 9, 6),
        ("وزير NEAR/5 (موسكو طهران)", "near", "stands between words", 5, 6),
        ("وزير NEAR/5 title:موسكو", "near", "stands between words", 5, 6),
        ("وزير NEAR/5 lang:ar", "near", "stands between words", 5, 6),
        ("war NEAR/5 the", "near", "the is too common", 4, 6),
        ("foo:bar", "field", "no field foo. The fields are title, source, person,", 0, 4),
        ("وزير العراق:خبر", "field", "put them in quotes", 5, 7),
        ("Title:وزير", "field", "no field Title", 0, 6),
        ("https://elaph.com/1", "field", "Put an address in quotes", 0, 6),
        ("title: وزير", "field", "follows the colon", 0, 6),
        ("وزير (lang:)", "field", "follows the colon", 6, 5),
        ("title:-وزير", "field", "title: takes a word", 6, 1),
        ("title:(وزير lang:ar)", "field", "no other field", 12, 7),
        ("title:(title:وزير)", "field", "no other field", 7, 6),
        ("title:title:وزير", "field", "title: takes a word", 6, 6),
        ("lang:(ar OR en)", "field", "lang: takes one word", 5, 1),
        ("person:OR", "field", "person: takes one word", 7, 2),
        ('lang:" "', "no_word", "between the quotes", 5, 3),
        ("وزير — موسكو", "no_word", "— has neither letters", 5, 1),
        ('"؟!"', "no_word", "؟! has neither letters", 0, 4),
        ("*", "prefix", "at least 3 letters", 0, 1),
        ("وز*", "prefix", "at least 3 letters", 0, 3),
        ("وزـــ*", "prefix", "at least 3 letters", 0, 6),
        ("وزير.*", "prefix", "at the end of a word", 0, 6),
        ("و*ير", "prefix", "at the end of a word", 0, 4),
        ("وزير**", "prefix", "at the end of a word", 0, 6),
        ("title:(وزير OR مو*)", "prefix", "at least 3 letters", 15, 3),
        ("the", "common", "Too common to search for: the", 0, 3),
        ('the (NOT of OR "in a")', "common", "the, of, in, a. Add", 0, 21),
        ("س" * 1001, "too_long", "1000 characters", 1000, 1),
        ("lang:ar " * 16 + "lang:ar", "too_many_fields", "16 fields", 133, 2),
        ("الوز*", "prefix", "at least 3 letters", 0, 5),
        ("published:-0001", "field", "No value begins with a minus", 10, 1),
        ("س " * 64 + "ص", "too_many_words", "64 words", 128, 1),
        ('س "' + "س " * 64 + '"', "too_many_words", "64 words", 2, 130),
        ("س-" * 65, "too_many_words", "64 words", 0, 130),
        ("(" * 21 + "س" + ")" * 21, "too_deep", "20 deep", 20, 1),
    ],
)
def test_a_mistake_is_told_with_its_place(query, code, says, position, length):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert says in caught.value.message
    assert (caught.value.code, caught.value.position, caught.value.length) == (code, position, length)


def test_the_bounds_themselves_are_allowed():
    parse(("س" * 999).ljust(1000))
    parse("س " * 64)
    parse("(" * 20 + "س" + ")" * 20)
    parse("(س) " * 64)
    parse("NOT " * 200 + "س")
    parse("س NEAR/1 ص وزي* NEAR/20 موسكو")


def test_pairs_of_many_words_are_too_much():
    left = " OR ".join(f"{'س' * 10}{number}" for number in range(30))
    right = left.replace("س", "ص")
    with pytest.raises(QueryError) as caught:
        parse(f"({left}) NEAR/20 ({right})")
    assert caught.value.code == "near"
    assert caught.value.length == len(f"({left}) NEAR/20 ({right})")
    assert len(parse(f"({left}) NEAR/1 ({right})").tsquery.encode()) <= MOST_BYTES


def answer(text: str) -> Query | QueryError:
    try:
        return parse(text)
    except QueryError as caught:
        error = caught
    assert error.messages == [error.message]
    assert 0 <= error.position <= error.position + error.length <= len(text)
    return error


@pytest.mark.skipif(
    not STRINGS.exists(), reason=f"naughty strings are not at hand: ARCHIVE_TEST_DATA or {DATA}"
)
def test_naughty_strings_are_queries_or_mistakes(db):
    for text in json.loads(STRINGS.read_text(encoding="utf-8")):
        for query in (text, f'"{text}"', f"title:({text})", f'person:"{text}"', f"{text}*"):
            answer(query)


ANY = st.text(st.characters(codec=None), max_size=60)
PIECES = st.lists(
    st.one_of(
        st.sampled_from([*"()\"“”«»-*: \0\u200f\u200c'\\", *"OR AND NOT NEAR NEAR/5 2021.. .. 中国".split()]),
        st.sampled_from(
            "title: source: person: country: event: lang: published: ar 2021-08 http://x".split()
        ),
        st.sampled_from("وزير وزي* موسكو في the 10:30 1.5 أ.ف.ب".split()),
        st.just(" "),
        st.text(max_size=3),
    ),
    max_size=20,
).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400)
@given(text=st.one_of(ANY, PIECES))
@example("\ud800:\ud800")
@example('person:"\ud800\0"')
@example("title:\u200f(\u200e-\u061cس)")
def test_any_text_is_a_query_or_a_mistake(db, text):
    answer(text)


@pytest.mark.parametrize(
    "piece", ["(", ")", '"', "-", "NOT ", "*", ":", "a:", "\u200f", "\u064b", "س\u200f", "س-", "1.", "س:"]
)
def test_much_of_anything_is_a_query_or_a_mistake(db, piece):
    answer((piece * 2000)[:2000])
    answer("س" + (piece * 2000)[:1999])


def test_nothing_is_looked_up_that_is_too_much(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        answer("person:x " * 65)


def test_a_tree_with_a_field_is_no_tsquery():
    with pytest.raises(TypeError):
        to_tsquery(None)
