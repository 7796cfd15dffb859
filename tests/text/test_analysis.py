"""The terms of a text: which rules a word goes by, where its terms stand, and what holds of any string."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text import Token, analyze
from archive.text.analysis import LONGEST_TERM
from archive.text.tokens import words

ARABIC = st.text("ابتةثجحخدذرزسشصضطظعغفقكلمنهويىءآأإؤئپچژڤگکی\u064e\u0651\u0640\u200f")
TEXT = st.one_of(st.text(), st.lists(ARABIC).map(" ".join))
LANGUAGE = st.sampled_from(["ar", "en", "ru", "fa", "ckb", "fr", "zh", "und", "ar-IQ", "sr-Latn"])


def searched(text: str, language: str) -> list[str]:
    """The Boolean terms of `text`."""
    return [token.term for token in analyze(text, language) if not token.ranking_only]


@pytest.mark.parametrize(
    ("text", "language", "terms"),
    [
        ("للوزير", "ar", ["وزير"]),
        ("للوزير", "ar-IQ", ["وزير"]),
        ("للوزير", "en", ["وزير"]),
        ("elections", "en", ["elect"]),
        ("elections", "ar", ["elect"]),
        ("Iraq's", "en", ["iraq"]),
        ("выборами", "ru", ["выбор"]),
        ("выборами", "ar", ["выбор"]),
        # Rules of another language are not applied to words that may be of theirs.
        ("elections", "fr", ["elections"]),
        ("elections", "und", ["elections"]),
        ("للوزير", "fa", ["للوزير"]),
        ("выборами", "uk", ["выборами"]),
        ("Élections", "fr", ["elections"]),
        # Numbers
        ("1,000 ١٬٠٠٠ 1000", "ar", ["1000", "1000", "1000"]),
        ("3.5 ٣٫٥ 3,5", "ar", ["3.5", "3.5", "3.5"]),
        ("½", "ar", ["1/2"]),
        # Stop words
        ("the minister of oil", "en", ["minist", "oil"]),
        ("министр и", "ru", ["министр"]),
        ("the", "fr", ["the"]),
        ("U.S.", "en", ["us"]),
    ],
)
def test_terms(text: str, language: str, terms: list[str]) -> None:
    assert searched(text, language) == terms


def test_a_term_stands_where_its_word_does() -> None:
    assert [token for token in analyze("«على وَالوزير»", "ar") if not token.ranking_only] == [
        Token("وزير", 5, 13, 2)
    ]


def test_terms_of_one_word_stand_in_one_place() -> None:
    assert len({token[1:4] for token in analyze("الصواريخ", "ar")}) == 1


def test_what_ranks_is_told_by_its_prefix() -> None:
    ranking = [token.term[:2] for token in analyze("الصواريخ", "ar") if token.ranking_only]
    assert ranking == ["l:", "r:"]


def test_query_and_text_cut_a_long_word_alike() -> None:
    assert analyze("ب" * 5_000, "ar")[0].term == analyze("ب" * 9_000, "ar")[0].term


@given(TEXT, LANGUAGE)
def test_offsets_are_those_of_words(text: str, language: str) -> None:
    found = {(start, end) for _, start, end in words(text)}
    assert {(token.start, token.end) for token in analyze(text, language)} <= found


@given(TEXT, LANGUAGE)
def test_positions_count_words(text: str, language: str) -> None:
    starts = [start for _, start, _ in words(text)]
    assert all(starts[token.position - 1] == token.start for token in analyze(text, language))


@given(TEXT, LANGUAGE)
def test_tokens_are_in_order(text: str, language: str) -> None:
    positions = [token.position for token in analyze(text, language)]
    assert positions == sorted(positions)


@given(TEXT, LANGUAGE)
def test_terms_are_of_a_length_that_can_be_indexed(text: str, language: str) -> None:
    assert all(0 < len(token.term) <= LONGEST_TERM for token in analyze(text, language))


@given(TEXT, LANGUAGE)
def test_only_what_ranks_has_a_colon(text: str, language: str) -> None:
    assert all((":" in token.term) == token.ranking_only for token in analyze(text, language))


@given(TEXT, LANGUAGE)
def test_terms_have_no_white_space(text: str, language: str) -> None:
    assert all(token.term.split() == [token.term] for token in analyze(text, language))


@given(st.text(), LANGUAGE)
def test_a_word_in_script_of_no_language_has_one_reading(text: str, language: str) -> None:
    """Digits, and letters beyond Arabic, Latin and Cyrillic."""
    text = "".join(character for character in text if "\u0900" <= character < "\u0e00" or character in "12. ")
    assert analyze(text, language) == analyze(text, "und")


@pytest.mark.parametrize(
    "unit", ["ا", "وال", "أ.", "1.", "1,", "a'", "ا\u0654", "\u064b", "ـ", "ﷺ", "ئو", "中", "ب "]
)
def test_a_long_text_is_analysed(unit: str) -> None:
    """A million characters: were a rule to look back over them, this would not end."""
    analyze(unit * (1_000_000 // len(unit)), "ar")


@pytest.mark.parametrize(
    "forms",
    ["Лавров Лаврова Лаврову Лавровым", "Киев Киева Киеву Киеве Киевом", "Медведев Медведева Медведеву"],
)
def test_russian_names_meet_in_all_their_cases(forms):
    assert len({token.term for token in analyze(forms, "ru") if not token.ranking_only}) == 1
