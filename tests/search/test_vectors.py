"""A vector says which terms an article has, how much each weighs, and where it stands."""

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from archive.search.vectors import ABSTRACT, BODY, BYTES, GAP, IN_TITLE, LAST, POSITIONS, TITLE, Part, vector
from archive.text import Token
from archive.text.tokens import words


def of(*parts):
    return vector(Part(text, "en", weight) for text, weight in parts)


def read(written):
    """What PostgreSQL makes of it: each lexeme's positions and weights."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lexeme, positions, weights FROM unnest(%s::tsvector)", [written])
        return {
            lexeme: list(zip(positions, weights, strict=True))
            for lexeme, positions, weights in cursor.fetchall()
        }


def test_a_part_has_its_weight_and_a_term_of_the_title_is_there_for_titles_alone():
    written = of(("oil", TITLE), ("oil gas", ABSTRACT), ("gas", BODY))
    first, second = 2 + GAP, 4 + 2 * GAP
    assert written == f"'oil':1A,{first}B '{IN_TITLE}oil':1A 'gas':{first + 1}B,{second}C"


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
    assert read(of(("", BODY))) == {term: [(place, "C")] for place, term in enumerate(strange, 1)}


@pytest.mark.django_db
def test_words_beyond_the_last_position_are_found_but_in_no_phrase():
    written = read(of((" ".join(f"w{n}" for n in range(LAST + 1000)), BODY)))
    assert len(written) == LAST + 1000
    assert written["w0"] == [(1, "C")]
    assert written[f"w{LAST - GAP - 1}"] == [(LAST - GAP, "C")]
    assert written[f"w{LAST - GAP}"] == written[f"w{LAST + 999}"] == [(LAST, "C")]


@pytest.mark.django_db
def test_of_the_places_of_a_term_the_first_count():
    assert read(of(("oil " * 1000, BODY))) == {"oil": [(n, "C") for n in range(1, POSITIONS + 1)]}


@pytest.mark.django_db
@pytest.mark.parametrize("letters", [1, 2, 37, 94])
def test_a_text_too_long_for_a_vector_keeps_its_beginning(letters):
    """Of words that all differ, as in a long text in no language: more than PostgreSQL takes."""
    amount = 2 * BYTES // (2 * letters + 9)
    written = read(of(("oil", TITLE), (" ".join(f"{n:06}{'ص' * letters}" for n in range(amount)), BODY)))
    assert {"oil", f"000000{'ص' * letters}"} <= written.keys()
    assert amount // 3 < len(written) < amount
    assert sorted(written)[0] == f"000000{'ص' * letters}"
    assert f"{len(written) - 3:06}{'ص' * letters}" in written


def test_no_text_is_no_terms():
    assert vector([]) == of(("", TITLE), (" .. ", BODY)) == ""


@pytest.mark.django_db
@given(st.text(), st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_text_makes_a_vector_that_postgresql_reads(title, body):
    text = title.encode(errors="ignore").decode().replace("\0", "")
    written = read(vector([Part(text, "ar", TITLE), Part(body, "ar", BODY)]))
    assert bool(written) == any(True for part in (text, body) for _ in words(part)) or not written
