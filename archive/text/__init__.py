"""Pure functions on text: no Django, no I/O, no state but caches."""

from .analysis import ANALYZER_VERSION, analyze
from .digest import sha256_hex
from .edtf import Edtf, EdtfError
from .edtf import parse as parse_edtf
from .fold import fold
from .languages import LANGUAGE_TAG, is_language_tag
from .normal import normalize
from .tokens import Token

__all__ = [
    "ANALYZER_VERSION",
    "LANGUAGE_TAG",
    "Edtf",
    "EdtfError",
    "Token",
    "analyze",
    "fold",
    "is_language_tag",
    "normalize",
    "parse_edtf",
    "sha256_hex",
]
