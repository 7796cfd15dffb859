"""Where words are: what parts them and what does not, and that any string has its words in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.tokens import words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("—«»، ؟!", []),
        ("قال الوزير، أمس: «نعم».", ["قال", "الوزير", "أمس", "نعم"]),
        ("مُحَمَّـــد", ["مُحَمَّـــد"]),
        ("محمد\u200f علي", ["محمد", "علي"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),  # joined by what is invisible
        ("رئيس/وزير", ["رئيس", "وزير"]),
        ("snake_case", ["snake", "case"]),
        # Apostrophes
        ("Sana'a Iraq’s", ["Sana'a", "Iraq’s"]),
        ("l'Irak", ["l", "Irak"]),
        ("'quoted'", ["quoted"]),
        # Numbers
        ("3.5 1,000 1,234,567.8", ["3.5", "1,000", "1,234,567.8"]),
        ("٣٫٥ ١٬٠٠٠", ["٣٫٥", "١٬٠٠٠"]),
        ("23.08.2021", ["23", "08", "2021"]),
        ("10:30", ["10", "30"]),
        ("5.", ["5"]),
        # Abbreviations
        ("U.S. أ.ف.ب", ["U.S.", "أ.ف.ب"]),
        ("end.Next", ["end", "Next"]),
        # Scripts without spaces
        ("中国", ["中", "国"]),
        ("北京Beijing", ["北", "京", "Beijing"]),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert [word for word, _, _ in words(text)] == found


@given(st.text())
def test_a_word_is_a_part_of_the_text(text: str) -> None:
    assert all(text[start:end] == word for word, start, end in words(text))


@given(st.text())
def test_words_follow_each_other(text: str) -> None:
    last = 0
    for _, start, end in words(text):
        assert last <= start < end <= len(text)
        last = end
