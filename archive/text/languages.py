"""Language tags: BCP 47 (RFC 5646), such as `ar`, `ckb`, `ar-IQ`, `sr-Latn`."""

import re
from typing import Final

# The `langtag` of RFC 5646, section 2.1, narrowed so that one language has one spelling:
# - letter case as in section 2.1.1: languages lower, scripts title, regions upper, the rest lower;
# - languages of two or three letters. Longer ones are allowed for the future, and none is registered,
#   but `arabic` and `english` are easily written for `ar` and `en`.
# Tags for private use alone (`x-...`) and the irregular ones of old (`i-klingon`) name no language here.
# Written for Python and for PostgreSQL's `~` alike: anchored, and without named groups or escapes.
LANGUAGE_TAG: Final = (
    "^[a-z]{2,3}(?:-[a-z]{3}){0,3}"  # language, extended language
    "(?:-[A-Z][a-z]{3})?"  # script
    "(?:-(?:[A-Z]{2}|[0-9]{3}))?"  # region
    "(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"  # variants
    "(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*"  # extensions
    "(?:-x(?:-[a-z0-9]{1,8})+)?$"  # private use
)

# PostgreSQL's $ is the end; Python's also stands before a last newline, so: fullmatch.
_LANGUAGE_TAG: Final = re.compile(LANGUAGE_TAG)


def is_language_tag(text: str) -> bool:
    """Whether `text` is a well-formed language tag in its canonical letter case.

    Well-formed, not registered: `qq` passes. Takes any text, and time linear in its length.
    """
    return _LANGUAGE_TAG.fullmatch(text) is not None


def canonical(text: str) -> str | None:
    """The language tag that `text` is but for its letter case: `en-GB` of `EN-gb`; None where it is none."""
    parts = text.lower().split("-")
    for n, part in enumerate(parts[1:], start=1):
        if len(part) == 1:  # what follows is an extension, in lower case throughout
            break
        if part.isalpha() and len(part) in (2, 4):
            parts[n] = part.upper() if len(part) == 2 else part.title()
    tag = "-".join(parts)
    return tag if is_language_tag(tag) else None
