"""Where the words of a text are, in any script."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple


class Token(NamedTuple):
    """One term that a text is found by, and where it stands.

    `start` and `end` are code points of the original text, `[start, end)`. `position` counts
    words from 1, stop words included, so that a phrase knows of the gap that one leaves. A term
    that is `ranking_only` (a lemma, a root) never decides whether a text is found.
    """

    term: str
    start: int
    end: int
    position: int
    ranking_only: bool = False


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """The words of `text`, in order, each with where it stands: `[start, end)` in code points.

    A word is letters, marks and digits. An apostrophe joins (Sana'a, Iraq's) unless only one letter
    goes before it (l'Irak). A number keeps one decimal sign or thousands' signs (3.5, 1,000); other
    numbers with dots are several words (23.08.2021). Single letters with dots between them are one
    word (U.S., أ.ف.ب). Scripts that write no spaces give a word for each character. Time linear in
    the length of `text`, which may be any string.
    """
    for match in _WORD.finditer(text):
        start, end = match.span()
        if match.lastgroup == "number" and not _ONE_NUMBER.fullmatch(match[0]):
            for part in _DIGITS.finditer(match[0]):
                yield part[0], start + part.start(), start + part.end()
        else:
            yield match[0], start, end


def _marks() -> str:
    """A character class of all marks (Mn, Mc, Me), as ranges."""
    ranges: list[list[int]] = []
    for code in (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0)):
        if unicodedata.category(chr(code))[0] == "M":
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


MARK: Final = _marks()
# Invisible characters that stand inside words: joiners, direction marks, soft hyphen, byte order mark.
CONTROL: Final = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
APOSTROPHE: Final = "'`\u2018\u2019\u201b\u2032\uff07"
# Thai, Lao, Myanmar, Khmer; kana; Han. Their words are not parted by spaces.
_UNSPACED: Final = (
    "\u0e01-\u0e30\u0e32\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u1000-\u102a\u103f"
    "\u1780-\u17b3\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_LETTER: Final = f"[^\\W_{_UNSPACED}]"
_INSIDE: Final = f"[{MARK}{CONTROL}]"
_WORD: Final = re.compile(
    rf"(?P<number>\d+(?:[.,\u066b\u066c]\d+)++)"
    rf"|[{_UNSPACED}][{MARK}]*+"
    rf"|[^\W\d_](?:\.[^\W\d_])++(?![\w{MARK}{CONTROL}])\.?"
    # Two letters, then apostrophes may join; marks end a word, invisible characters do not.
    rf"|{_LETTER}(?:{_INSIDE}*{_LETTER}++(?:{_INSIDE}*[{APOSTROPHE}]?{_LETTER}++)*+)?+[{MARK}]*+"
)
_DIGITS: Final = re.compile(r"\d+")
_ONE_NUMBER: Final = re.compile(r"\d+[.,\u066b\u066c]\d+|\d{1,3}(?:[,\u066c]\d{3})+(?:[.\u066b]\d+)?")
