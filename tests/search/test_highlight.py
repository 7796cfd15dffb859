"""Fragments show the words that a query asked for, exactly, and stay within their bounds."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.search.highlight import fragments
from archive.search.matching import merged
from archive.search.query import parse
from archive.text import tokens

TEXT = "التقى وزير الخارجية العراقي في موسكو نظيره الروسي، وبحث الوزير مع موسكو ملف طهران."


def marked(query: str, text: str = TEXT, language: str = "ar", **kwargs) -> list[str]:
    """The marked words, fragment by fragment."""
    return [
        piece["text"][start:end]
        for piece in fragments(text, language, parse(query), **kwargs)
        for start, end in piece["spans"]
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("موسكو", ["موسكو", "موسكو"]),
        ("موسكو طهران", ["موسكو", "موسكو", "طهران"]),
        ("موسكو -طهران", ["موسكو", "موسكو"]),
        ("موسكو -(-طهران)", ["موسكو", "موسكو", "طهران"]),
        ("موسكو -(طهران -وزير)", ["موسكو", "موسكو"]),
        ("غائب OR طهران", ["طهران"]),
        ('"وزير الخارجية"', ["وزير الخارجية"]),
        ('"الخارجية وزير"', []),
        ('"موسكو نظيره الروسي" طهران', ["موسكو نظيره الروسي", "طهران"]),
        ("نظيره NEAR/1 موسكو", ["موسكو", "نظيره"]),
        ("نظيره NEAR/2 طهران", []),
        ("طهران NEAR/2 موسكو", ["موسكو", "طهران"]),
        (
            '("ملف طهران" OR وزير) NEAR/1 (موسكو OR "الخارجية العراقي")',
            ["وزير", "الخارجية العراقي", "موسكو", "ملف طهران"],
        ),
        ("الخار*", ["الخارجية"]),
        ("title:موسكو طهران", ["طهران"]),
        ("lang:ar طهران", ["طهران"]),
        ("lang:ar", []),
        ("-موسكو", []),
    ],
)
def test_what_is_marked(query, expected):
    assert marked(query) == expected


def test_a_title_has_what_is_asked_of_titles():
    assert marked("title:موسكو طهران", title=True) == ["موسكو", "موسكو", "طهران"]


def test_a_stop_word_inside_a_phrase_is_not_marked():
    text = "The war in Iraq, and the war on Iraq, and Iraq in war"
    assert marked('"war in Iraq"', text, "en") == ["war", "Iraq", "war", "Iraq"]


def test_words_are_marked_whole_and_as_printed():
    assert marked("minister", "The MINISTER’s ministers", "en") == ["MINISTER’s", "ministers"]
    assert marked("محمد", "قال مُحَمَّد، ثم ﻣﺤﻤﺪ", "ar") == ["مُحَمَّد", "ﻣﺤﻤﺪ"]
    assert marked("中国", "在中国的", "zh") == ["中国"]


def test_a_short_text_is_shown_whole():
    (piece,) = fragments(f"  {TEXT}\n", "ar", parse("موسكو"))
    assert piece["text"] == f"  {TEXT}\n"


def test_a_long_title_is_shown_whole():
    title = "موسكو " * 80
    (piece,) = fragments(title, "ar", parse("موسكو"), title=True)
    assert piece["text"] == title


def test_fragments_prefer_many_different_words():
    filler = "كلام كثير عن شيء آخر " * 30
    text = f"موسكو وموسكو موسكو {filler} موسكو وطهران {filler} طهران موسكو بغداد {filler} موسكو"
    pieces = fragments(text, "ar", parse("موسكو طهران بغداد"), most=1)
    assert [piece["text"].count("طهران موسكو بغداد") for piece in pieces] == [1]
    assert [len(piece["spans"]) for piece in pieces] == [3]
    pieces = fragments(text, "ar", parse("موسكو طهران بغداد"), most=3)
    assert [p["text"].find("بغداد") > 0 for p in pieces] == [False, False, True]


def test_a_word_that_is_too_long_is_not_shown_in_a_long_text():
    text = f"{'س' * 300} {'كلام ' * 100}"
    assert fragments(text, "ar", parse("س" * 300)) == []
    assert [p["spans"] for p in fragments(text[:301], "ar", parse("س" * 300), length=400)] == [[[0, 300]]]


def test_a_phrase_longer_than_a_fragment_is_cut_between_words():
    words = [f"{'كلمة' * 4}{number}" for number in range(30)]
    text = f"{'قبل ' * 50}{' '.join(words)} {'بعد ' * 50}"
    pieces = fragments(text, "ar", parse(f'"{" ".join(words)}"'))
    assert len(pieces) == 3
    assert all(len(piece["spans"]) == 1 and len(piece["text"]) <= 200 for piece in pieces)


def test_fragments_are_json():
    pieces = fragments(TEXT, "ar", parse("موسكو"))
    assert json.loads(json.dumps(pieces)) == pieces


def test_a_mark_stays_with_its_letter():
    many = "1.5\u0301 " * 60
    text = f"{many} موسكو {many}"
    for length in range(20, 60):
        for piece in fragments(text, "ar", parse("موسكو OR 1.5"), length=length):
            end = text.index(piece["text"]) + len(piece["text"])
            assert not unicodedata.category(text[end : end + 1] or " ").startswith("M")


# --- Of any text ----------------------------------------------------------------------

PIECES = [
    "موسكو",
    "طهران",
    "وبغداد",
    "مُوسكو",
    "\u0301",
    "1.5\u0301",
    "U.S.",
    "中国",
    "👩\u200d👩",
    ", ",
    "\n",
    " ",
    " ",
    " ",
    "س" * 30,
]
any_text = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=120).map("".join)
queries = st.sampled_from(
    [
        "موسكو",
        "موسكو OR طهران",
        '"موسكو طهران"',
        "موسكو NEAR/3 طهران",
        "موسك* 1.5",
        "中国 س OR U.S.",
        "-موسكو",
    ]
)


@given(text=any_text, query=queries, most=st.integers(1, 4), length=st.integers(20, 80))
def test_fragments_keep_their_bounds(text, query, most, length):
    parsed = parse(query)
    found = merged(parsed.marks(text, "ar"))
    assert found == sorted(found)
    pieces = fragments(text, "ar", parsed, most=most, length=length)
    assert len(pieces) <= most
    ends = {end for _start, end in found}
    ends |= {end for _word, _start, end in tokens.words(text)}
    at = 0
    for piece in pieces:
        at = text.index(piece["text"], at)
        end = at + len(piece["text"])
        whole = piece["text"] == text
        assert whole or (len(piece["text"]) <= length and end in ends)
        assert whole or not unicodedata.category(text[end : end + 1] or " ").startswith("M")
        assert piece["spans"]
        last = -1
        for start, stop in piece["spans"]:
            assert last < start < stop <= len(piece["text"])
            assert any(first <= at + start and at + stop <= final for first, final in found)
            last = stop
        at = end


@given(text=any_text, query=queries)
def test_a_whole_text_shows_every_match(text, query):
    parsed = parse(query)
    pieces = fragments(text, "ar", parsed, title=True)
    assert [tuple(span) for piece in pieces for span in piece["spans"]] == merged(
        parsed.marks(text, "ar", title=True)
    )
