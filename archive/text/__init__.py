"""Pure functions on text: no Django, no I/O, no state but caches."""

from .digest import sha256_hex
from .edtf import Edtf, EdtfError
from .edtf import parse as parse_edtf
from .fold import fold
from .languages import LANGUAGE_TAG, is_language_tag

__all__ = ["LANGUAGE_TAG", "Edtf", "EdtfError", "fold", "is_language_tag", "parse_edtf", "sha256_hex"]
