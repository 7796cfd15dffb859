"""The vector of one article: what of it is found by which term, and where it stands."""

from collections.abc import Iterable
from typing import Final, NamedTuple
from zlib import crc32

from archive.text import analyze

# Weights of PostgreSQL's tsvector. A term that only ranks has the least, D, which is written as none.
TITLE: Final = "A"
ABSTRACT: Final = "B"
BODY: Final = "C"

# PostgreSQL's limits: a position has 14 bits, a lexeme fewer than 256 positions, and lexemes and positions
# together less than 1 MiB.
LAST: Final = 16_383
POSITIONS: Final = 255
BYTES: Final = (1 << 20) - 1
# Words between the end of a part and the start of the next: no phrase, and no "near", reaches across.
GAP: Final = 100

# A term of the title is there twice: as itself, and with this in front, for those who search titles only. An
# index on a vector knows no weights: asked for `term:A` alone it gives all articles that have the term, and
# PostgreSQL reads each one's vector. No word begins with this, so no search for a prefix finds these.
IN_TITLE: Final = "^"

# Two words side by side have a lexeme of their own, so that a phrase is looked up and not searched for: an
# index on a vector knows no positions either. One of 2^18, by a hash; what it finds is looked at. No word
# begins with this.
PAIR: Final = '"'


class Part(NamedTuple):
    """A part of an article: its words, their language (BCP 47), and the part's weight."""

    text: str
    language: str
    weight: str


def vector(parts: Iterable[Part]) -> str:
    """The tsvector of an article, as text that PostgreSQL reads: `'بغداد':1A,214C '^بغداد':1A '"x0f'`.

    Positions count words, and run on from part to part with a gap. Never raises, whatever the parts. What
    is beyond PostgreSQL's limits: words after the 16,283rd position all stand at the last one, 16,383, found
    by their terms but in no phrase; of a term's places the first 255 count; terms are left off from
    the end once all of them together pass 1 MiB.
    """
    places: dict[str, list[str]] = {}
    before = 0
    for text, language, weight in parts:
        position, last, last_position = 0, "", 0
        for term, _start, _end, position, ranking_only in analyze(text, language):
            at = before + position
            if at > LAST - GAP:
                at = LAST
            if ranking_only:
                places.setdefault(term, []).append(str(at))
                continue
            place = f"{at}{weight}"
            places.setdefault(term, []).append(place)
            if weight == TITLE:
                places.setdefault(IN_TITLE + term, []).append(place)
            if position == last_position + 1 and last:
                places.setdefault(pair(last, term), [])
            last, last_position = term, position
        before += position + GAP
    return _written(places)


def pair(first: str, second: str) -> str:
    """The lexeme of two terms side by side: one of 2^18."""
    number = crc32(f"{first} {second}".encode(errors="replace"))
    return PAIR + _DIGITS[number >> 12 & 63] + _DIGITS[number >> 6 & 63] + _DIGITS[number & 63]


_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_"


def _written(places: dict[str, list[str]]) -> str:
    size = 0
    lexemes = []
    for term, at in places.items():
        if len(at) > POSITIONS:
            at = at[:POSITIONS]
        # The term, one byte that its positions stand at an even address, their number, and they.
        size += len(term.encode()) + 3 + 2 * len(at)
        if size > BYTES:
            break
        if "'" in term or "\\" in term:
            term = term.replace("\\", "\\\\").replace("'", "''")
        lexemes.append(f"'{term}':{','.join(at)}" if at else f"'{term}'")
    return " ".join(lexemes)
