"""Keyset pages: a page at any depth costs what the first one costs, and inserts move nothing.

A cursor names the row that a page ended at, by the list's order. It is signed: it comes
back as it went out, or is refused. DRF's own cursors lose rows whose key is null.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from zlib import crc32

from django.core import signing
from django.http import HttpResponse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request

from archive.api.errors import BadParameters
from archive.api.keyset import After, Order, Relevance, first
from archive.api.reading import JsonAnswer, Row
from archive.search.articles import Found

PAGE_SIZE = 50
LARGEST_PAGE = 200
# As many as there may be.
LARGEST_EXPORT = 9_999_999
COUNT_LIMIT = 10_000
SALT = "archive.cursor"
# Letters of a key, from which on a packed cursor is shorter.
WORTH_PACKING = 60


# The order by how well rows fit what a list is searched for.
RELEVANCE = "relevance"


class Letters:
    """JSON for cursors, with letters as they are: escaped, each Arabic one would take six."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


@dataclass(frozen=True)
class Cursor:
    """The row a page starts from, which way, and whether that row itself belongs to the page."""

    ordering: str
    backward: bool
    inclusive: bool
    value: Any
    pk: int


class KeysetPagination(BasePagination):
    """Reads `page_size`, `cursor`, `count` and `ordering`; the view's `orders` is the whitelist.

    Where the request searches, by one of the view's `searches`, `relevance` is one of the orders.
    """

    parameters = ("page_size", "cursor", "count", "ordering")

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Row]:
        self.read(queryset, request, view)
        return self.page(queryset)

    def read(self, queryset: Any, request: Request, view: Any, *, exporting: bool = False) -> None:
        """Read the parameters, and count where that is asked for. Raises BadParameters.

        What is exported has a `size` only where one is asked for, and may have all rows.
        """
        problems: dict[str, str] = {}
        self.request, self.view, self.resource = request, view, view.basename
        self.orders: dict[str, Order] = view.orders
        self.default: str = view.default_order
        for name in view.searches.keys() & request.query_params.keys():
            self.orders = {**self.orders, RELEVANCE: view.relevance}
            self.default = view.searches[name]
        self.size = self._size(
            problems, *((LARGEST_EXPORT, None) if exporting else (LARGEST_PAGE, PAGE_SIZE))
        )
        self.ordering = self._ordering(view, problems)
        counting = self._counting(problems)
        if problems:
            raise BadParameters(problems)
        if isinstance(queryset, Found) and self.ordering == RELEVANCE and not queryset.query.ranking_terms():
            raise BadParameters({"ordering": _("Nothing can be ranked: the query asks for no whole word.")})
        self.mark = self._mark(view)
        self.cursor = self._cursor()
        self.count = queryset.all().order_by()[: COUNT_LIMIT + 1].count() if counting else None

    def pages(self, queryset: Any, size: int) -> Iterator[list[Row]]:
        """All rows from the cursor on, `size` at a time; `cursor` is by then where the next ones start."""
        self.size = size
        while True:
            rows = self.page(queryset)
            self.cursor = self._at(rows[-1:], backward=False) if self.more else None
            yield rows
            if self.cursor is None:
                return

    def _single(self, name: str, problems: dict[str, str]) -> str | None:
        values = self.request.query_params.getlist(name)
        if len(values) > 1:
            problems[name] = _("Give it once.")
        return values[0] if values else None

    def _size(self, problems: dict[str, str], most: int = LARGEST_PAGE, usual: int | None = PAGE_SIZE) -> Any:
        value = self._single("page_size", problems)
        if value is None:
            return usual
        if value.isascii() and value.isdigit() and len(value) < 8 and 1 <= int(value) <= most:
            return int(value)
        problems["page_size"] = _("Use a whole number from 1 to %(most)s.") % {"most": most}
        return usual

    def _ordering(self, view: Any, problems: dict[str, str]) -> str:
        value = self._single("ordering", problems)
        if value is None:
            return self.default
        allowed = order_names(self.orders)
        if value not in allowed:
            problems["ordering"] = (
                _("There is a relevance only with %(searches)s.") % {"searches": ", ".join(view.searches)}
                if view.relevance and value == RELEVANCE
                else _("Use one of: %(allowed)s.") % {"allowed": ", ".join(allowed)}
            )
        return value

    def _mark(self, view: Any) -> str:
        """The ordering as a cursor names it: a relevance is one to what was searched for."""
        if self.ordering != RELEVANCE:
            return self.ordering
        asked = [self.request.query_params.getlist(name) for name in sorted(view.searches)]
        return f"{RELEVANCE} {crc32(repr(asked).encode(errors='replace'))}"

    def _counting(self, problems: dict[str, str]) -> bool:
        value = self._single("count", problems)
        if value not in (None, "true", "false"):
            problems["count"] = _("Use true or false.")
        return value == "true"

    def _cursor(self) -> Cursor | None:
        problems: dict[str, str] = {}
        value = self._single("cursor", problems)
        if problems:
            raise BadParameters(problems)
        if value is None:
            return None
        try:
            resource, *parts = signing.Signer(salt=SALT).unsign_object(value, serializer=Letters)
            cursor = Cursor(*parts)
        except (signing.BadSignature, TypeError, ValueError):
            raise BadParameters({"cursor": _("This is no cursor that this archive gave.")}) from None
        if (resource, cursor.ordering) != (self.resource, self.mark):
            raise BadParameters({"cursor": _("This cursor belongs to another list or ordering.")})
        return cursor

    def page(self, queryset: Any) -> list[Row]:
        """The rows of the page at the cursor. `after` and `before` are the addresses of those around it."""
        order = self.orders[self.ordering.removeprefix("-")]
        descending = self.ordering.startswith("-") or (isinstance(order, Relevance) and order.most)
        cursor = self.cursor
        backward = bool(cursor and cursor.backward)
        down = descending != backward
        after = None
        if cursor:
            operator = ("<" if down else ">") + ("=" if cursor.inclusive else "")
            after = After(operator, order.load(cursor.value), cursor.pk)
        ids = first(queryset, order, after, self.size + 1, descending=descending, down=down)
        found = self.view.read(ids)
        found, self.more = found[: self.size], len(found) > self.size
        if backward:
            found.reverse()
        following = self._at(found[-1:], backward=False) if self.more or backward else None
        previous = self._at(found[:1], backward=True) if (self.more if backward else cursor) else None
        if cursor and not found:
            # All that was here is gone: the way back starts at the row the cursor named.
            turned = replace(cursor, backward=not cursor.backward, inclusive=not cursor.inclusive)
            following, previous = (turned, None) if backward else (None, turned)
        self.after, self.before = self._url(following), self._url(previous)
        return found

    def _at(self, rows: Sequence[Row], *, backward: bool) -> Cursor | None:
        """Where the rows beside this one start, if there is one."""
        return Cursor(self.mark, backward, False, rows[0].key, rows[0].pk) if rows else None

    def _url(self, cursor: Cursor | None) -> str | None:
        # A cursor is made of what needs no quoting.
        return f"{self._address}{self.signed(cursor)}" if cursor else None

    @cached_property
    def _address(self) -> str:
        """Of any page, up to where its cursor follows."""
        asked = [
            (name, values)
            for name, values in self.request.query_params.lists()
            if name not in ("cursor", "count")
        ]
        query = f"{urlencode(asked, doseq=True)}&" if asked else ""
        return self.request.build_absolute_uri(f"{self.request.path}?{query}cursor=")

    def signed(self, cursor: Cursor) -> str:
        """`cursor` as a client gets it."""
        # Without the time: the same page has the same links, and so the same ETag, whenever it is asked for.
        return signing.Signer(salt=SALT).sign_object(
            (self.resource, cursor.ordering, cursor.backward, cursor.inclusive, cursor.value, cursor.pk),
            serializer=Letters,
            # What is short gains nothing, and to find that out takes longer than to sign.
            compress=len(cursor.value) > WORTH_PACKING,
        )

    def envelope(self) -> dict[str, Any]:
        """What a page says besides its rows."""
        around: dict[str, Any] = {"next": self.after, "previous": self.before}
        if self.count is not None:
            around["count"] = min(self.count, COUNT_LIMIT)
            around["count_exact"] = self.count <= COUNT_LIMIT
        return around

    def get_paginated_response(self, data: Sequence[Row]) -> HttpResponse:
        before = json.dumps(self.envelope(), separators=(",", ":"))[:-1].encode()
        return JsonAnswer(b'%b,"results":[%b]}' % (before, b",".join([row.json for row in data])))

    def get_paginated_response_schema(self, schema: dict) -> dict:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": link,
                "previous": link,
                "count": {"type": "integer", "description": "Only with count=true."},
                "count_exact": {
                    "type": "boolean",
                    "description": "False where there are more than count says.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict]:
        relevance = getattr(view, "relevance", None)
        names = order_names({**getattr(view, "orders", {}), **({RELEVANCE: relevance} if relevance else {})})
        return [
            _parameter(
                "page_size",
                {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
                "How many rows a page has. An export may have any number, and without this it has all;"
                f" a feed has {PAGE_SIZE}.",
            ),
            _parameter("cursor", {"type": "string"}, "Where a page starts: taken from `next` or `previous`."),
            _parameter(
                "count",
                {"type": "boolean", "default": False},
                f"Count the rows too: exactly up to {COUNT_LIMIT:,}, then `count_exact` is false.",
            ),
            _parameter(
                "ordering",
                {"type": "string", "enum": names, "default": getattr(view, "default_order", None)},
                "The order of the list; ties go by id. What has no date comes last."
                + "".join(
                    f" With `{name}` the default is {order}."
                    for name, order in getattr(view, "searches", {}).items()
                ),
            ),
        ]


def order_names(orders: dict[str, Order]) -> list[str]:
    """What `ordering` takes: each order and its reverse; the best come first alone."""
    return [
        sign + name
        for name, order in orders.items()
        for sign in ("", "-")
        if not (sign and isinstance(order, Relevance))
    ]


def _parameter(name: str, schema: dict, description: str) -> dict:
    return {"name": name, "in": "query", "required": False, "schema": schema, "description": description}
