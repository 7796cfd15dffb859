"""A vector says which terms an article has, how much each weighs, and where it stands."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from archive.search.vectors import (
    ABSTRACT,
    BODY,
    BYTES,
    GAP,
    IN_TITLE,
    LAST,
    PAIR,
    POSITIONS,
    TITLE,
    Part,
    pair,
    vector,
)
from archive.text import Token
from archive.text.tokens import words


def of(*parts):
    return vector(Part(text, "en", weight) for text, weight in parts)


def read(written):
    """What PostgreSQL makes of it: each lexeme's positions and weights; [] where it has none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lexeme, positions, weights FROM unnest(%s::tsvector)", [written])
        return {
            lexeme: list(zip(positions or (), weights or (), strict=True))
            for lexeme, positions, weights in cursor.fetchall()
        }


def terms(written):
    """`read`, without the pairs."""
    return {lexeme: places for lexeme, places in read(written).items() if not lexeme.startswith(PAIR)}


def pairs(written):
    return {lexeme for lexeme in read(written) if lexeme.startswith(PAIR)}


def test_a_part_has_its_weight_and_a_term_of_the_title_is_there_for_titles_alone():
    written = of(("oil", TITLE), ("oil of gas", ABSTRACT), ("gas", BODY))
    first, second = 2 + GAP, 5 + 2 * GAP
    assert written == f"'oil':1A,{first}B '{IN_TITLE}oil':1A 'gas':{first + 2}B,{second}C"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([("oil gas coal", BODY)], {("oil", "gas"), ("gas", "coal")}),
        ([("oil of gas", BODY)], set()),
        ([("oil", TITLE), ("gas", BODY)], set()),
        ([("oil oil", TITLE)], {("oil", "oil")}),
        ([("gas oil", TITLE), ("gas oil", BODY)], {("gas", "oil")}),
    ],
)
def test_two_words_side_by_side_have_a_lexeme_without_a_place(parts, expected):
    written = of(*parts)
    assert pairs(written) == {pair(*words) for words in expected}
    assert all(read(written)[lexeme] == [] for lexeme in pairs(written))


def test_the_order_of_a_pair_counts():
    assert pair("oil", "gas") != pair("gas", "oil")


@pytest.mark.django_db
def test_words_that_only_rank_stand_in_no_pair(monkeypatch):
    tokens = [
        Token("books", 0, 5, 1),
        Token("r:book", 0, 5, 1, ranking_only=True),
        Token("shelf", 6, 11, 2),
    ]
    monkeypatch.setattr("archive.search.vectors.analyze", lambda text, language: tokens)
    assert pairs(of(("", BODY))) == {pair("books", "shelf")}


def test_stop_words_keep_their_places():
    assert of(("oil of gas", BODY)) == "'oil':1C 'gas':3C"


def test_a_term_that_only_ranks_has_the_least_weight_and_is_in_no_title(monkeypatch):
    tokens = [Token("books", 0, 5, 1), Token("book", 0, 5, 1, ranking_only=True)]
    monkeypatch.setattr("archive.search.vectors.analyze", lambda text, language: tokens)
    assert of(("books", TITLE)) == f"'books':1A '{IN_TITLE}books':1A 'book':1"


@pytest.mark.django_db
def test_no_phrase_reaches_from_part_to_part():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s::tsvector @@ 'oil <-> gas'", [of(("oil", TITLE), ("gas", ABSTRACT), ("oil", BODY))]
        )
        assert cursor.fetchone() == (False,)


@pytest.mark.django_db
def test_quotes_and_backslashes_are_read_as_they_are(monkeypatch):
    strange = ["o'ne", "t\\wo", "th:ree", "fo ur", "'", "\\", "five'", "1A,2"]
    tokens = [Token(term, 0, 1, place) for place, term in enumerate(strange, 1)]
    monkeypatch.setattr("archive.search.vectors.analyze", lambda text, language: tokens)
    assert terms(of(("", BODY))) == {term: [(place, "C")] for place, term in enumerate(strange, 1)}


@pytest.mark.django_db
def test_words_beyond_the_last_position_are_found_but_in_no_phrase():
    written = terms(of((" ".join(map(str, range(LAST + 1000))), BODY)))
    assert len(written) == LAST + 1000
    assert written["0"] == [(1, "C")]
    assert written[f"{LAST - GAP - 1}"] == [(LAST - GAP, "C")]
    assert written[f"{LAST - GAP}"] == written[f"{LAST + 999}"] == [(LAST, "C")]


@pytest.mark.django_db
def test_of_the_places_of_a_term_the_first_count():
    assert terms(of(("oil " * 1000, BODY))) == {"oil": [(n, "C") for n in range(1, POSITIONS + 1)]}


@pytest.mark.django_db
@pytest.mark.parametrize("letters", [1, 2, 37, 94])
def test_a_text_too_long_for_a_vector_keeps_its_beginning(letters):
    """Of words that all differ, as in a long text in no language: more than PostgreSQL takes."""
    amount = 2 * BYTES // (2 * letters + 9)
    written = terms(of(("oil", TITLE), (" ".join(f"{n:06}{'ص' * letters}" for n in range(amount)), BODY)))
    first = f"000000{'ص' * letters}"
    assert {"oil", first} <= written.keys()
    # Pairs take their share.
    assert amount // 5 < len(written) < amount
    assert min(written) == first
    assert f"{len(written) - 3:06}{'ص' * letters}" in written


def test_no_text_is_no_terms():
    assert vector([]) == of(("", TITLE), (" .. ", BODY)) == ""


@pytest.mark.django_db
@given(st.text(), st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_text_makes_a_vector_that_postgresql_reads(title, body):
    text = title.encode(errors="ignore").decode().replace("\0", "")
    written = read(vector([Part(text, "ar", TITLE), Part(body, "ar", BODY)]))
    assert bool(written) == any(True for part in (text, body) for _ in words(part)) or not written
