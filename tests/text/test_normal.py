"""The normal form: what goes, what becomes plain, what stays, and that twice is once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text import normalize


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        # Goes
        ("مُحَمَّـــد", "محمد"),
        ("رحمٰن", "رحمن"),
        ("\u200fبغداد\u200e\ufeff", "بغداد"),
        ("co\u00adoperate", "cooperate"),
        ("م\ufe76حمد", "محمد"),  # an isolated fatha
        ("م\ufe77حمد", "محمد"),  # a fatha on a tatweel
        # Becomes plain
        ("ﻣﺤﻤﺪ ﷲ ﻻجئ", "محمد الله لاجئ"),
        ("٢٠٢١ ۲۰۲۱ २०२१", "2021 2021 2021"),
        ("کریم علی", "كريم علي"),
        ("NATO Ёлка", "nato ёлка"),
        ("ＢＢＣ ﬁ", "bbc fi"),
        ("ا\u0654حمد", "أحمد"),
        ("ا\u0655يران", "إيران"),
        ("ا\u0653سيا", "آسيا"),
        # Stays
        ("أحمد إيران آسيا", "أحمد إيران آسيا"),
        ("على علي", "على علي"),
        ("حكومة حكومه", "حكومة حكومه"),
        ("مسؤول مسئول", "مسؤول مسئول"),
        ("چلبي ڤيينا", "چلبي ڤيينا"),
        ("é й", "é й"),
    ],
)
def test_normal(text: str, normal: str) -> None:
    assert normalize(text) == normal


@given(st.text())
def test_a_text_is_the_sum_of_its_characters(text: str) -> None:
    """But for hamza and madda, which are typed after their letter: so time is linear."""
    text = "".join(character for character in text if character not in "\u0653\u0654\u0655")
    assert normalize(text) == "".join(map(normalize, text))
