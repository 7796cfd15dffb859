"""What is fuzzed: an archive with rows, those who ask, and requests that these rows can meet.

A schema says what a value looks like, and not which records there are, or which parameters exclude one
another. `Settling` makes of a request that is right by the schema one that can be met; what is wrong stays.
"""

import re
from itertools import count
from typing import Any
from zlib import crc32

import schemathesis
from django.contrib.auth.models import Permission, User
from hypothesis import strategies as st

from archive.api.filtering import Search
from archive.api.filters import ParticipantValues
from archive.api.keeping import HEADER, PATTERN
from archive.api.values import EDTF, EDTF_DAYS, FoldedValues, NameValues, QueryValues, RecordValues
from archive.models import ArticleText, Country, Event, Fact, Person, Source, Status, Token
from tests.api.resources import VIEWS
from tests.api.world import build

DAYS = "2021 2021-08 2021-08-23 2021-08-23? 1955~ 195X 19XX 2021-22 2021-XX-XX 0001 9999".split()
DATES = [*DAYS, "2021-08-23T10:00:00Z"]
QUERIES = (
    "العراق",
    "وزير -كرة",
    '"وزير الخارجية"',
    "(العراق OR روسيا) موسكو",
    "وزي* العراق",
    "العراق NEAR/5 روسيا",
    "title:روسيا published:2021..2022",
    "lang:ar -source:elaph وزير",
)
PUBLISHED = ("published", "published__gte", "published__lte", "published__within")
# Of a nested list, by which of its members a row is the same row.
SAME = {
    "names": ("text", "language", "kind"),
    "abstracts": ("language",),
    "addresses": ("url",),
    "texts": ("body", "sha256"),
    "offices": ("title", "country", "start"),
    "participations": ("person", "country", "role"),
    "links": ("other", "kind"),
}
# So many rows of a list are sent: a thousand take seconds, and say no more.
ROWS = 10
TARGETS = {"person": Person, "source": Source, "country": Country, "event": Event, "other": Event}

schemathesis.openapi.format(EDTF, st.sampled_from(DATES))
schemathesis.openapi.format(EDTF_DAYS, st.sampled_from(DAYS))


def populate() -> dict[str, str]:
    """Add the rows of the tests beside the fixtures, and two users. Returns their tokens."""
    # The made-up rows have a country of this code too.
    Country.objects.get(code="ZA").delete()
    build()
    administrator = User.objects.get(username="admin")
    reader = User.objects.create_user("reader", password=None)
    assert not Permission.objects.filter(user=reader).exists()
    users = {"administrator": administrator, "reader": reader}
    return {name: Token.objects.create(user)[1] for name, user in users.items()}


def pick(values: list, by: Any) -> Any:
    """One of `values`, the same whenever it is picked by the same."""
    return values[crc32(repr(by).encode("utf-8", "surrogatepass")) % len(values)]


class Settling:
    """Call it with a case of schemathesis: it names records that there are."""

    keys = count()

    def __call__(self, case: Any) -> None:
        self.known: dict[tuple, list] = {}  # what the case before has deleted is gone
        steps = case.operation.path.removeprefix("/api/v1/").split("/")
        if case.meta is None or case.meta.generation.mode.is_positive:
            self.settle_write(case)
        if case.query:
            self.settle_query(case, steps)
        if isinstance(case.body, dict):
            case.body = self.record(case.body, steps[0])
        elif isinstance(case.body, list):
            rows = [self.record(row, steps[0]) for row in case.body[:ROWS]]
            self.settle_rows(case, VIEWS[steps[0]], rows)

    def renew(self, case: Any) -> None:
        """Give a case, also one that is to be wrong, a key that no other request had.

        With that of another one the body would not be looked at. Cases share their headers.
        """
        key = (case.headers or {}).get(HEADER)
        if isinstance(key, str) and re.fullmatch(PATTERN, key):
            case.headers = {**case.headers, HEADER: f"{key[:200]}-{next(self.keys)}"}

    def one(self, model: Any, key: str, by: Any) -> Any:
        """The key of a record that there is."""
        if (model, key) not in self.known:
            rows = model.objects.exclude(status=Status.REJECTED) if issubclass(model, Fact) else model.objects
            self.known[model, key] = list(rows.order_by(key).values_list(key, flat=True))
        return pick(self.known[model, key], by)

    def settle_write(self, case: Any) -> None:
        """One record, whatever it is by now; it has no `mode`."""
        if case.headers and "If-Match" in case.headers:
            case.headers = {**case.headers, "If-Match": "*"}
        if case.query and not isinstance(case.body, list):
            case.query = {name: value for name, value in case.query.items() if name != "mode"}

    def settle_rows(self, case: Any, view: Any, rows: list[dict]) -> None:
        """A list with a `mode` that it can have, and no record twice."""
        mode = (case.query or {}).get("mode", "upsert")
        serializer = view.serializer_class
        required = {name for name, field in serializer().fields.items() if field.required}
        if not all(required <= row.keys() for row in rows):
            # What is left out of a row is there already.
            mode = "update"
        key: tuple[str, ...] = serializer.Meta.identity
        if mode == "update":
            name = "id" if view.lookup_field == "pk" else view.lookup_field
            key = (name,)
            rows = [{**row, name: self.one(view.model, name, row)} for row in rows]
            rows = [{**row, "if_match": "*"} if "if_match" in row else row for row in rows]
        else:
            rows = [{name: row[name] for name in row.keys() - {"id", "if_match"}} for row in rows]
        for row in rows:
            # An event that bears on itself is refused; which slug it has is known here.
            if "links" in row:
                row["links"] = [link for link in row["links"] if link["other"] != row.get("slug")]
        case.body = list({repr([row.get(name) for name in key]): row for row in rows}.values())
        case.query = {**(case.query or {}), "mode": mode}

    # --- The query ----------------------------------------------------------------------

    def settle_query(self, case: Any, steps: list[str]) -> None:
        view = VIEWS.get(steps[0])
        filters = getattr(getattr(view, "filterset_class", None), "base_filters", {})
        query = dict(case.query)
        for name, value in query.items():
            if found := filters.get(name):
                many = isinstance(value, list)
                values = [self.value(found.values, one) for one in (value if many else [value])]
                query[name] = values if many else values[0]
        leave = {"cursor"}  # it belongs to one list and one order
        if query.keys() & {"fields", "expand"}:
            leave.add("omit")  # something has to be left to show
        searches = [name for name in query if isinstance(filters.get(name), Search)]
        leave |= set(searches[1:])
        if not searches and query.get("ordering") == "relevance":
            leave.add("ordering")
        if "highlights" in f"{query.get('expand')} {query.get('fields')}":
            leave |= {"expand", "fields"}
        if query.get("format", "json") != "json":
            leave.add("count")
        if steps[-2] == "timeline":
            # From the year 1 to 9999 there are more points than one answer has.
            query |= {name: ["2021-08"] for name in PUBLISHED if name in query}
            if "by" not in query:
                leave.add("size")
        case.query = {name: value for name, value in query.items() if name not in leave}

    def value(self, values: Any, given: Any) -> Any:
        match values:
            case RecordValues():
                return self.one(values.model, values.key, given)
            case ParticipantValues():
                return self.one(*pick([(Person, "slug"), (Country, "code")], given), given)
            case QueryValues():
                return pick(list(QUERIES), given)
            case FoldedValues() | NameValues():
                return given if any(letter.isalnum() for letter in str(given)) else "ا"
        return given

    # --- The body -----------------------------------------------------------------------

    def record(self, body: dict, resource: str) -> dict:
        body = {name: self.member(name, value) for name, value in body.items()}
        return self.evidence(body) if resource in ("mentions", "citations") else body

    def evidence(self, body: dict) -> dict:
        """A span that is within its text."""
        if {"text", "start", "end", "sha256", "surface"} & body.keys():
            # Where a body is held, the words of a span are what stands there.
            texts = dict(ArticleText.objects.filter(body=None).order_by("pk").values_list("pk", "length"))
            text = pick(list(texts), body.get("text"))
            length = texts[text]
            start = int(body.get("start", 0)) % length
            end = start + 1 + int(body.get("end", 0)) % (length - start)
            body |= {"text": text, "start": start, "end": end}
            if "surface" not in body:
                body.setdefault("sha256", "0" * 64)
        return body

    def member(self, name: str, value: Any) -> Any:
        if name in TARGETS and isinstance(value, str):
            return self.one(TARGETS[name], "code" if name == "country" else "slug", value)
        if name in ("url", "homepage") and value:
            # What else a URL has to be, its own format says: a host that can be.
            return f"https://a{crc32(value.encode())}.example/"
        if name not in SAME:
            return value
        rows = [self.row(name, row) for row in value]
        return list({repr([str(row.get(part)).strip() for part in SAME[name]]): row for row in rows}.values())

    def row(self, name: str, row: dict) -> dict:
        row = {key: self.member(key, value) for key, value in row.items()}
        if name == "participations":
            kept = pick(["person", "country"], row)
            row = {"role": row["role"], kept: self.member(kept, row.get(kept) or "")}
        if name == "texts" and row.get("body") is not None:
            row = {key: one for key, one in row.items() if key not in ("sha256", "length")}
        elif name == "texts":
            row = {"sha256": "0" * 64, "length": 1, **row}
        return row
