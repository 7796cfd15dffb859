"""Keyset pages: a page at any depth costs what the first one costs, and inserts move nothing.

A cursor names the row that a page ended at, by the list's order. It is signed: it comes
back as it went out, or is refused. DRF's own cursors lose rows whose key is null.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zlib import crc32

from django.core import signing
from django.db.models import BooleanField, Expression, F, Func, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.errors import BadParameters
from archive.models.ordering import AFTER_ALL, BEFORE_ALL
from archive.search.articles import Found

PAGE_SIZE = 50
LARGEST_PAGE = 200
COUNT_LIMIT = 10_000
SALT = "archive.cursor"


# The order by how well rows fit what a list is searched for.
RELEVANCE = "relevance"


class Letters:
    """JSON for cursors, with letters as they are: escaped, each Arabic one would take six."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


@dataclass(frozen=True)
class Order:
    """What a list sorts by: a column that is never null, ties by id."""

    column: str

    def key(self, descending: bool) -> Expression:
        return F(self.column)

    def searched_key(self, descending: bool) -> Expression:
        """The key in a search for articles' words."""
        return self.key(descending)

    def dump(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else value

    def load(self, value: Any) -> Any:
        return value


@dataclass(frozen=True)
class Instant(Order):
    """A time that is never null."""

    def load(self, value: Any) -> datetime:
        return datetime.fromisoformat(value)


@dataclass(frozen=True)
class Moment(Instant):
    """A time that may be unknown; what has none comes last in either direction.

    `searched` is where the table that articles are searched in has the same time.
    """

    searched: str = ""

    def key(self, descending: bool) -> Expression:
        return self._known(self.column, descending)

    def searched_key(self, descending: bool) -> Expression:
        return self._known(self.searched, descending)

    def _known(self, column: str, descending: bool) -> Expression:
        return Coalesce(F(column), Value(BEFORE_ALL if descending else AFTER_ALL))


@dataclass(frozen=True)
class Relevance(Order):
    """How well rows fit what the list was searched for: a number, least where they fit best, or `most`."""

    most: bool = False


class RowCompare(Func):
    """`(key, id) < (value, id)`, or with > and >=: one condition that an index on both answers."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, key: Expression, operator: str, value: Any, pk: int) -> None:
        super().__init__(
            key, F("pk"), Value(value), Value(pk), template=f"(%(expressions)s) {operator}", arg_joiner=", "
        )
        self.operator = operator

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        (key, pk, value, value_pk) = (sql for sql, _params in parts)
        params = [param for _sql, more in parts for param in more]
        return f"({key}, {pk}) {self.operator} ({value}, {value_pk})", params


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

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list:
        problems: dict[str, str] = {}
        self.request, self.resource = request, view.basename
        self.orders: dict[str, Order] = view.orders
        self.default: str = view.default_order
        for name in view.searches.keys() & request.query_params.keys():
            self.orders = {**self.orders, RELEVANCE: view.relevance}
            self.default = view.searches[name]
        self.size = self._size(problems)
        self.ordering = self._ordering(view, problems)
        counting = self._counting(problems)
        if problems:
            raise BadParameters(problems)
        if isinstance(queryset, Found) and self.ordering == RELEVANCE and not queryset.query.ranking_terms():
            raise BadParameters({"ordering": _("Nothing can be ranked: the query asks for no whole word.")})
        self.mark = self._mark(view)
        self.cursor = self._cursor()
        self.count = queryset.all().order_by()[: COUNT_LIMIT + 1].count() if counting else None
        return self._page(queryset)

    def _single(self, name: str, problems: dict[str, str]) -> str | None:
        values = self.request.query_params.getlist(name)
        if len(values) > 1:
            problems[name] = _("Give it once.")
        return values[0] if values else None

    def _size(self, problems: dict[str, str]) -> int:
        value = self._single("page_size", problems)
        if value is None:
            return PAGE_SIZE
        if value.isascii() and value.isdigit() and len(value) < 6 and 1 <= int(value) <= LARGEST_PAGE:
            return int(value)
        problems["page_size"] = _("Use a whole number from 1 to %(most)s.") % {"most": LARGEST_PAGE}
        return PAGE_SIZE

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

    def _page(self, queryset: Any) -> list:
        order = self.orders[self.ordering.removeprefix("-")]
        descending = self.ordering.startswith("-") or (isinstance(order, Relevance) and order.most)
        searched = isinstance(queryset, Found) and not isinstance(order, Relevance)
        key = order.searched_key(descending) if searched else order.key(descending)
        cursor = self.cursor
        backward = bool(cursor and cursor.backward)
        down = descending != backward
        after: Any = Q()
        if cursor:
            operator = ("<" if down else ">") + ("=" if cursor.inclusive else "")
            after = RowCompare(key, operator, order.load(cursor.value), cursor.pk)
        if searched:
            rows, more = queryset.page(self.size, key, descending=down, after=after)
        else:
            listed = queryset.best() if isinstance(queryset, Found) else queryset
            by = (key.desc(), F("pk").desc()) if down else (key.asc(), F("pk").asc())
            rows = list(listed.filter(after).annotate(keyset=key).order_by(*by)[: self.size + 1])
            rows, more = rows[: self.size], len(rows) > self.size
        if backward:
            rows.reverse()
        self.after = self._link(rows[-1:], backward=False) if more or backward else None
        self.before = self._link(rows[:1], backward=True) if (more if backward else cursor) else None
        if cursor and not rows:
            # All that was here is gone: the way back starts at the row the cursor named.
            turned = Cursor(
                cursor.ordering, not cursor.backward, not cursor.inclusive, cursor.value, cursor.pk
            )
            self.after = self._url(turned) if backward else None
            self.before = None if backward else self._url(turned)
        return rows

    def _link(self, rows: Sequence[Any], *, backward: bool) -> str | None:
        if not rows:
            return None
        order = self.orders[self.ordering.removeprefix("-")]
        return self._url(Cursor(self.mark, backward, False, order.dump(rows[0].keyset), rows[0].pk))

    def _url(self, cursor: Cursor) -> str:
        # Without the time: the same page has the same links, and so the same ETag, whenever it is asked for.
        signed = signing.Signer(salt=SALT).sign_object(
            (self.resource, cursor.ordering, cursor.backward, cursor.inclusive, cursor.value, cursor.pk),
            serializer=Letters,
            compress=True,
        )
        query = self.request.query_params.copy()
        query["cursor"] = signed
        query.pop("count", None)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def get_paginated_response(self, data: list) -> Response:
        body: dict[str, Any] = {"next": self.after, "previous": self.before}
        if self.count is not None:
            body["count"] = min(self.count, COUNT_LIMIT)
            body["count_exact"] = self.count <= COUNT_LIMIT
        return Response({**body, "results": data})

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
                "How many rows a page has.",
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
