"""What is wrong with a query, and where."""

from django.core.exceptions import ValidationError


class QueryError(ValidationError):
    """A query that cannot be answered as it is.

    `message` says what is wrong and what would be right, in the language of the request. `position`
    and `length` are where, in code points of the query.
    """

    def __init__(self, message: str, code: str, position: int, length: int) -> None:
        super().__init__(message, code=code)
        self.position, self.length = position, length


def shorten(text: str, length: int = 40) -> str:
    """A part of a query as messages show it."""
    return text if len(text) <= length else text[:length] + "…"
