"""How a problem names records: each by its kind, its id, and the address that shows it."""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Model
from django.urls import reverse
from rest_framework.request import Request

from archive.models import (
    Article,
    ArticleAbstract,
    ArticleAddress,
    ArticleText,
    Citation,
    Country,
    CountryName,
    Event,
    EventLink,
    Mention,
    Office,
    Participation,
    Person,
    PersonName,
    Source,
    SourceName,
    Succession,
)

# A problem names no more.
MOST: Final = 10

# The list that has records of a kind, and the key by which it does.
LISTED: Final = {
    Article: ("articles", "pk"),
    Citation: ("citations", "pk"),
    Country: ("countries", "code"),
    Event: ("events", "slug"),
    Mention: ("mentions", "pk"),
    Person: ("persons", "slug"),
    Source: ("sources", "slug"),
}
# The column of a row without an address of its own that leads to the record which shows it.
SHOWN_BY: Final = {
    ArticleAbstract: "article",
    ArticleAddress: "article",
    ArticleText: "article",
    CountryName: "country",
    EventLink: "event",
    Office: "person",
    Participation: "event",
    PersonName: "person",
    SourceName: "source",
    Succession: "predecessor",
}


def address(row: Model, request: Request) -> str:
    """Where `row` is shown: a record at its own address, a part of one at that of the whole."""
    if type(row) in SHOWN_BY:
        return address(getattr(row, SHOWN_BY[type(row)]), request)
    name, key = LISTED[type(row)]
    return request.build_absolute_uri(reverse(f"{name}-detail", args=[getattr(row, key)]))


def named(rows: Iterable[Model], request: Request) -> list[dict[str, Any]]:
    """The first of `rows`, for a problem's `records`."""
    return [
        {"kind": row._meta.model_name, "id": row.pk, "url": address(row, request)}
        for row in list(rows)[:MOST]
    ]
