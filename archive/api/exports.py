"""Whole lists as files and feeds, a chunk of rows at a time, in memory that does not grow.

`format=` names the form. Rows come by the same statements as pages do: `cursor`, filters, search and order
are the list's. What breaks off is taken up again from the last `cursor` that was seen.
"""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from archive.api import feeds
from archive.api.errors import BadParameters
from archive.api.reading import Row
from archive.api.shaping import PARAMETERS

# Rows in one statement, and in one chunk of the answer.
CHUNK = 1_000
# The first bytes by which spreadsheets know UTF-8.
MARK = "\ufeff"
# With these a spreadsheet takes a cell for a formula (OWASP, CSV injection).
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Format:
    """A form of export: what it is, and the writer that makes it from chunks of rows."""

    media_type: str
    write: Callable[["Export"], Iterator[str | bytes]]
    extension: str
    # How many rows there are unless `page_size` says; None for all.
    usual: int | None = None
    # A form for articles, with members of its own: nothing about them can be asked for.
    of_articles: bool = False


class Export:
    """One export that is going on: the rows of `listed`, as the request's view reads them."""

    def __init__(self, view: Any, listed: Any, most: int | None) -> None:
        self.view, self.paginator, self.listed, self.most = view, view.paginator, listed, most
        self.request = view.request
        self._chunks = self._read()
        # At once: what is wrong with the request, or takes too long, is an answer of its own.
        self._first = next(self._chunks)

    def _read(self) -> Iterator[list[Row]]:
        left = self.most
        pages = self.paginator.pages(self.listed, CHUNK if left is None else min(CHUNK, left))
        for rows in pages:
            yield rows
            if left is not None:
                left -= len(rows)
                if left <= 0:
                    return
                self.paginator.size = min(CHUNK, left)

    def chunks(self) -> Iterator[list[Row]]:
        yield self._first
        yield from self._chunks

    def cursor(self) -> str | None:
        """Where the rows after the last chunk start; None where there are none."""
        here = self.paginator.cursor
        return self.paginator.signed(here) if here else None

    def members(self) -> list[str]:
        """The names of a row's members, in their order."""
        shown = self.view.shape.fields
        return [name for name in self.view.serializer_class.Meta.fields if name in shown]


def _jsonl(export: Export) -> Iterator[bytes]:
    """A record a line. The last of each chunk says in `cursor` where the next one starts."""
    for rows in export.chunks():
        if rows and (cursor := export.cursor()):
            rows = [*rows[:-1], rows[-1].with_member("cursor", cursor)]
        yield b"".join([row.json + b"\n" for row in rows])


def _csv(export: Export) -> Iterator[str]:
    names = export.members()
    yield MARK + _lines([[*names, "cursor"]])
    for rows in export.chunks():
        lines = [[_cell(record.get(name)) for name in names] for record in map(_record, rows)]
        ends = [""] * len(rows)
        if rows and (cursor := export.cursor()):
            ends[-1] = cursor
        yield _lines([*line, end] for line, end in zip(lines, ends, strict=True))


def _lines(rows: Any) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _record(row: Row) -> dict:
    return json.loads(row.json)


def _cell(value: Any) -> str | int | float | bool | None:
    """A value as one cell: records by their keys, further lists and objects as JSON, never a formula."""
    if isinstance(value, list):
        keys = [_key(one) if isinstance(one, dict) else one for one in value]
        value = " | ".join(keys) if all(isinstance(key, str) for key in keys) else _json(value)
    elif isinstance(value, dict):
        value = _key(value) or _json(value)
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULAS) else value
    return value


def _key(record: dict) -> str | None:
    return next((record[name] for name in ("slug", "code") if name in record), None)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _ninjs(export: Export) -> Iterator[str]:
    """An object of IPTC's ninjs 3.1 a line."""
    for rows in export.chunks():
        yield "".join(f"{_json(feeds.ninjs(_record(row), export.request))}\n" for row in rows)


def _jsonfeed(export: Export) -> Iterator[str]:
    yield _json(feeds.about(export.request))[:-1] + ',"items":['
    between = ""
    for rows in export.chunks():
        items = (_json(feeds.json_item(_record(row), export.request)) for row in rows)
        yield (between if rows else "") + ",".join(items)
        between = ","
    following = export.paginator.after
    yield f'],"next_url":{_json(following)}}}' if following else "]}"


def _atom(export: Export) -> Iterator[str]:
    feed = feeds.Atom(export.request)
    yield feed.begin()
    for rows in export.chunks():
        yield "".join(feed.entry(_record(row)) for row in rows)
    yield feed.end(export.paginator.after)


FORMATS: dict[str, Format] = {
    "jsonl": Format("application/x-ndjson", _jsonl, "jsonl"),
    "csv": Format("text/csv; charset=utf-8; header=present", _csv, "csv"),
    "atom": Format("application/atom+xml; charset=utf-8", _atom, "atom", usual=50, of_articles=True),
    "jsonfeed": Format("application/feed+json", _jsonfeed, "json", usual=50, of_articles=True),
    "ninjs": Format("application/x-ndjson", _ninjs, "jsonl", of_articles=True),
}
USUAL = "json"


def formats(view: Any) -> list[str]:
    """What `format` takes in the list of `view`."""
    return [USUAL, *(name for name, form in FORMATS.items() if view.exports_articles or not form.of_articles)]


def asked_format(view: Any) -> str:
    """The format that the request of `view` asks for. Raises BadParameters."""
    query = view.request.query_params
    given = query.getlist("format") or [USUAL]
    if len(given) > 1:
        raise BadParameters({"format": _("Give it once.")})
    if given[0] not in (allowed := formats(view)):
        raise BadParameters({"format": _("Use one of: %(allowed)s.") % {"allowed": ", ".join(allowed)}})
    if given[0] == USUAL:
        return USUAL
    problems = {}
    if "count" in query:
        problems["count"] = _("An export is not counted: ask for the list.")
    if FORMATS[given[0]].of_articles:
        fixed = _("The format %(format)s says what it shows.") % {"format": given[0]}
        problems.update({name: fixed for name in PARAMETERS if name in query})
    if problems:
        raise BadParameters(problems)
    return given[0]


def export(view: Any, listed: Any, name: str) -> HttpResponse:
    """The answer that streams `listed` in the format `name`."""
    form = FORMATS[name]
    view.paginator.read(listed, view.request, view, exporting=True)
    going = Export(view, listed, view.paginator.size or form.usual)
    response = StreamingHttpResponse(form.write(going), content_type=form.media_type)
    response["Content-Disposition"] = f'attachment; filename="{view.basename}.{form.extension}"'
    return response
