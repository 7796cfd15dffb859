"""Pure functions on text: no Django, no I/O, no state but caches."""

from .analysis import ANALYZER_VERSION, analyze
from .digest import sha256_hex
from .edtf import Edtf, EdtfError, parse_days
from .edtf import parse as parse_edtf
from .fold import fold
from .languages import LANGUAGE_TAG, canonical, is_language_tag
from .nisba import bare_nisba
from .normal import normalize
from .sound import count_of, long_vowels, sound, sounds
from .tokens import Token

__all__ = [
    "ANALYZER_VERSION",
    "LANGUAGE_TAG",
    "Edtf",
    "EdtfError",
    "Token",
    "analyze",
    "bare_nisba",
    "canonical",
    "count_of",
    "fold",
    "is_language_tag",
    "long_vowels",
    "normalize",
    "parse_days",
    "parse_edtf",
    "sha256_hex",
    "sound",
    "sounds",
]
