"""Reads: one SQL statement that returns finished JSON.

A page is the ids of its rows, in their order, and the JSON of each: made by PostgreSQL of the fields that
are asked for (archive.api.expressions), and of what is ready (archive.api.ready). Where that is behind, a
second statement makes all of it.
"""

from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from json import dumps
from typing import Any, NamedTuple

from django.db.models import Model, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpResponse

from archive.api.expressions import json_of_one, json_with_ready
from archive.api.serializers.base import ResourceSerializer
from archive.api.shaping import KEPT, Shape
from archive.api.tags import Microseconds, tag
from archive.models.readyrecord import TAB
from archive.models.sql import Statement

# The place of a key in a statement.
KEY = object()
# What tells that something was not ready.
UNFINISHED = TAB.encode()


class Row(NamedTuple):
    """A row of a page: its id, the key that it is sorted by as text, and its JSON."""

    pk: int
    key: str
    json: bytes

    def with_member(self, name: str, value: Any) -> "Row":
        """The row with one more member in its JSON."""
        more = f'{"," if len(self.json) > 2 else ""}"{name}":{dumps(value, ensure_ascii=False)}}}'
        return self._replace(json=self.json[:-1] + more.encode())


class JsonAnswer(HttpResponse):
    """JSON that is finished already; with the ETag of a record, where it shows one `version` of that."""

    def __init__(self, json: bytes, *, version: str = "", **kwargs: Any) -> None:
        super().__init__(json, content_type="application/json", **kwargs)
        if version:
            self["ETag"] = tag(version, json)

    @classmethod
    def of(cls, value: Any) -> "JsonAnswer":
        """Of what JSON is made of, and dates."""
        # No NaN: it is not JSON.
        json = dumps(
            value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=date.isoformat
        )
        return cls(json.encode())


class Versioned(NamedTuple):
    """A record's version, and its JSON."""

    version: str
    json: bytes


def read_one(
    record: Statement | None, serializer: type[ResourceSerializer], shape: Shape
) -> Versioned | None:
    """The one row that `record` (of `id_of_one`) selects, if it does, in the given shape."""
    for row in read(record, serializer, shape):
        return Versioned(f"{row.pk}-{row.key}", row.json)
    return None


def id_of_one(record: QuerySet) -> Statement | None:
    """Selects the id of the one row of `record`, and its version."""
    return Statement.of(record.order_by().values_list("pk", Microseconds("modified")))


@cache
def id_by_key(model: type[Model], column: str) -> Statement:
    """Selects the same of the row of `model` whose unique `column` is KEY, which is to be filled in."""
    found = id_of_one(model._default_manager.filter(**{column: RawSQL("%s", [KEY])}))
    assert found
    return replace(found, one_plan=True)


def read(ids: Statement | None, serializer: type[ResourceSerializer], shape: Shape) -> list[Row]:
    """The rows that `ids` selects, by id and sort key, in its order and in the given shape."""
    if ids is None:
        return []
    # Of the many ways to ask for some fields, few take the same one: their plans are not worth keeping.
    whole = shape.fields.issuperset(serializer.usual_fields())
    rows = _rows(ids, json_with_ready(serializer, shape), whole=whole)
    if late := [row.pk for row in rows if row.json and UNFINISHED in row.json]:
        these = Statement("SELECT pk, 0 FROM unnest(%s::bigint[]) AS these (pk)", [late], one_plan=True)
        made = _rows(these, json_of_one(serializer, shape), whole=whole)
        now = dict.fromkeys(late) | {row.pk: row.json for row in made}
        rows = [row._replace(json=now[row.pk]) if row.pk in now else row for row in rows]
    # What was deleted between the two statements has none.
    return [row for row in rows if row.json]


def _rows(ids: Statement, json: Statement, *, whole: bool) -> list[Row]:
    parameters = [*json.parameters, *ids.parameters]
    page = Statement(_page(ids.sql, json.sql), parameters, one_plan=ids.one_plan and whole)
    return [Row(int(pk), key.decode(), json) for pk, key, json in page.texts()]


@lru_cache(KEPT)
def _page(ids: str, json: str) -> str:
    # Its rows come in the order of the subquery. The same text each time is recognized at a look.
    return f"SELECT pk, key::text, ({json})::text FROM ({ids}) AS page (pk, key)"
