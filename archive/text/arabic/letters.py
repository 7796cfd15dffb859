"""Arabic letters as the analyser compares them."""

import re
from typing import Final

_FOLD: Final = str.maketrans(
    {
        **dict.fromkeys("آأإٱ", "ا"),
        "ى": "ي",
        "ة": "ه",
        "ؤ": "و",
        "ئ": "ي",
        # Letters of the Maghreb and of Persian, as an Arabic paper prints them without.
        **dict.fromkeys("گڭݣ", "ك"),
        **dict.fromkeys("ڤڥ", "ف"),
        "پ": "ب",
        "چ": "ج",
        "ژ": "ز",
        "ڨ": "ق",
    }
)
# مسئول in Cairo is مسؤول in Beirut; but لاجئون is لاجئ and ون.
_HAMZA_BEFORE_WAW: Final = re.compile("ئو(?!ن$)")

WORD: Final = re.compile("[ء-غف-ي]+")


def fold_letters(word: str) -> str:
    """A word in normal form without what print leaves out or mixes up: hamza, ى and ي, ة and ه."""
    return _HAMZA_BEFORE_WAW.sub("وو", word).translate(_FOLD)
