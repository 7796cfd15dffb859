"""Arabic letters as the analyser compares them."""

import re
from typing import Final

from ..fold import fold

# مسئول in Cairo is مسؤول in Beirut; but لاجئون is لاجئ and ون.
_HAMZA_BEFORE_WAW: Final = re.compile("ئو(?!ن$)")

WORD: Final = re.compile("[ء-غف-ي]+")


def fold_letters(word: str) -> str:
    """A word in normal form as names are folded, and without what print does with the seat of a hamza."""
    return fold(_HAMZA_BEFORE_WAW.sub("وو", word)).replace(" ", "")
