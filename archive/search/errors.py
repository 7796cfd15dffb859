"""What is wrong with a query, and where."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from archive.text import canonical


class QueryError(ValidationError):
    """A query that cannot be answered as it is.

    `message` says what is wrong and what would be right, in the language of the request. `position`
    and `length` are where, in code points of the query.
    """

    def __init__(self, message: str, code: str, position: int, length: int) -> None:
        super().__init__(message, code=code)
        self.position, self.length = position, length


def no_language(value: str) -> str:
    """Why `value` is no language tag as the archive writes them, and what would be right."""
    if tag := canonical(value):
        return _("Write it %(tag)s: languages are in lower case, regions in upper.") % {"tag": tag}
    return _("Use a BCP 47 language tag: ar, en, ru, ckb, sr-Latn.")


def shorten(text: str, length: int = 40) -> str:
    """A part of a query as messages show it."""
    return text if len(text) <= length else text[:length] + "…"
