"""The normal form of text: what print, keyboards and file formats write in several ways, in one."""

import re
import unicodedata
from typing import Final

from .tokens import CONTROL

_HARAKAT: Final = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
_TATWEEL: Final = "\u0640"
_DROPPED: Final = re.compile(f"[{_HARAKAT}{_TATWEEL}{CONTROL}]")
# Hamza and madda that are typed after their letter belong to it: ا and \u0654 are أ.
_APART: Final = re.compile("[اوي][\u0653-\u0655]")
_LETTERS: Final = str.maketrans({"ی": "ي", "ک": "ك"})


def normalize(text: str) -> str:
    """`text` in normal form: the letters of a word stay what they are, its looks go.

    Compatibility forms become plain (ﻣﺤﻤﺪ, ﷲ, full-width letters), letters lower case, digits of any
    script 0 to 9, Persian yeh and kaf the Arabic ones. Harakat, tatweel, direction marks and other
    invisible characters go. أ, ى and ة stay: they tell words apart (على, علي). Takes any string, and
    time linear in its length.
    """
    if text.isascii():
        return text.lower()
    if _APART.search(text):
        text = _APART.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    return text.translate(_TABLE)


def _normal_character(character: str) -> str:
    # A character at a time: Unicode's normalisation of a whole text is quadratic in runs of marks.
    plain = unicodedata.normalize("NFKC", character).lower()
    # Harakat as presentation forms come with a space or tatweel that bears them.
    if plain != character and unicodedata.category(character) == "Lo" and plain[:1] in (" ", "\u0640"):
        plain = plain[1:]
    digits = (str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in plain)
    return _DROPPED.sub("", "".join(digits).translate(_LETTERS))


class _Table(dict[int, str]):
    """A table for str.translate that works a character out when it is first met."""

    def __missing__(self, code: int) -> str:
        normal = _normal_character(chr(code))
        if code < 0x10000:
            self[code] = normal
        return normal


_TABLE: Final = _Table()
