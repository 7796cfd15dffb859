"""Nisbas, with their article and in the feminine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text import bare_nisba, fold


@pytest.mark.parametrize("word", ["العراقي", "عراقية", "العراقية", "اَلعِراقيّة"])
def test_it_is_known_without(word: str) -> None:
    assert bare_nisba(fold(word)) == fold("عراقي")


@pytest.mark.parametrize("word", ["عراقي", "العراق", "روسيا", "الوزير العراقي", "الي", "Iraqi", ""])
def test_what_is_none_stays(word: str) -> None:
    assert bare_nisba(fold(word)) is None


@given(st.text())
def test_it_is_shorter_and_folded(text: str) -> None:
    folded = fold(text)
    found = bare_nisba(folded)
    assert found is None or (found in folded and found != folded and fold(found) == found)
