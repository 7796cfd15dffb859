"""Language tags: well-formed ones in their canonical letter case, and nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text import LANGUAGE_TAG, canonical, is_language_tag

WELL_FORMED = (
    "ar en ru ckb ar-IQ es-419 sr-Latn zh-Hant-TW zh-yue zh-cmn-Hans-CN sgn-ase-US az-Arab-IR sl-rozaj-biske "
    "de-1996 de-CH-1901 hy-Latn-IT-arevela en-a-myext-b-another ar-u-nu-latn en-US-u-islamcal "
    "ar-x-elaph ar-IQ-t-en-x-a-b"
)
REFUSED = (
    "a AR Ar ar-iq ar-Iq sr-latn sr-LATN ar_IQ ar- -ar ar--IQ ar-IQ- ar-I ar-419-IQ ar-IQ-Arab arabic "
    "english ar-u ar-a-b ar-x x-elaph i-klingon ar-toolongsubtag ar|en عر ar-٤١٩ "
    "\ud800 ar\n ar-IQ\n \nar ar\x00"
)


@pytest.mark.parametrize("tag", WELL_FORMED.split(" "))
def test_well_formed(tag: str) -> None:
    assert is_language_tag(tag)


@pytest.mark.parametrize("text", [*REFUSED.split(" "), "", " ar", "ar IQ"])
def test_refused(text: str) -> None:
    assert not is_language_tag(text)


@pytest.mark.parametrize("tag", WELL_FORMED.split(" "))
def test_its_letter_case_is_mended(tag: str) -> None:
    assert {canonical(tag.lower()), canonical(tag.upper()), canonical(tag)} == {tag}


@pytest.mark.parametrize("text", ["arabic", "ar_IQ", "", "ar-", "عر", "x-elaph"])
def test_what_is_no_tag_in_any_letter_case(text: str) -> None:
    assert canonical(text) is None


@given(st.one_of(st.text(), st.from_regex(LANGUAGE_TAG)))
def test_a_tag_is_ascii_on_one_line(text: str) -> None:
    if is_language_tag(text):
        assert re.fullmatch(r"[0-9A-Za-z-]+", text, re.ASCII)


@pytest.mark.parametrize("unit", ["-abcde", "-a-bcd", "-x", "-", "a", "-ab"])
def test_a_long_text_is_decided(unit: str) -> None:
    """A million characters: were the pattern to backtrack over them, this would not end."""
    is_language_tag("ar" + unit * (1_000_000 // len(unit)) + "!")
