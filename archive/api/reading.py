"""Reads: one SQL statement that returns finished JSON.

A page is the ids of its rows, in their order, and the JSON of each: made by PostgreSQL of the fields that
are asked for (archive.api.expressions), or ready where nothing special is asked for (archive.api.ready).
"""

from json import dumps
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse

from archive.api import ready
from archive.api.expressions import json_of_one
from archive.api.serializers.base import ResourceSerializer
from archive.api.shaping import Shape
from archive.api.tags import Microseconds, tag
from archive.models.sql import Statement


class Row(NamedTuple):
    """A row of a page: its id, the key that it is sorted by as text, and its JSON."""

    pk: int
    key: str
    json: str

    def with_member(self, name: str, value: Any) -> "Row":
        """The row with one more member in its JSON."""
        more = f'"{name}":{dumps(value, ensure_ascii=False)}}}'
        return self._replace(json=f"{self.json[:-1]}{',' if len(self.json) > 2 else ''}{more}")


class JsonAnswer(HttpResponse):
    """JSON that is finished already; with the ETag of a record, where it shows one `version` of that."""

    def __init__(self, json: str, *, version: str = "", **kwargs: Any) -> None:
        super().__init__(json, content_type="application/json", **kwargs)
        if version:
            self["ETag"] = tag(version, json)


class Versioned(NamedTuple):
    """A record's version, and its JSON."""

    version: str
    json: str


def read_one(
    record: QuerySet, serializer: type[ResourceSerializer], shape: Shape, *, prepared: bool = False
) -> Versioned | None:
    """The one row that `record` finds, if it does, in the given shape."""
    found = Statement.of(record.values_list("pk", Microseconds("modified")))
    for row in read(found, serializer, shape, prepared=prepared):
        return Versioned(f"{row.pk}-{row.key}", row.json)
    return None


def read(
    ids: Statement | None, serializer: type[ResourceSerializer], shape: Shape, *, prepared: bool = False
) -> list[Row]:
    """The rows that `ids` selects, by id and sort key, in its order and in the given shape."""
    if ids is None:
        return []
    made_now = json_of_one(serializer, shape)
    if not ready.is_kept(serializer, shape):
        return _rows(ids, made_now, prepared=prepared)
    rows = _rows(ids, ready.in_step(), prepared=prepared)
    if late := [row.pk for row in rows if row.json is None]:
        these = Statement("SELECT pk, 0 FROM unnest(%s::bigint[]) AS these (pk)", [late])
        made = {row.pk: row.json for row in _rows(these, made_now, prepared=True)}
        rows = [row if row.json else row._replace(json=made[row.pk]) for row in rows]
    # What was deleted between the two statements has none.
    return [row for row in rows if row.json]


def _rows(ids: Statement, json: Statement, *, prepared: bool) -> list[Row]:
    # Its rows come in the order of the subquery.
    page = Statement(
        f"SELECT pk, key::text, ({json.sql})::text FROM ({ids.sql}) AS page (pk, key)",
        [*json.parameters, *ids.parameters],
    )
    return [Row(*row) for row in (page.fetch_prepared() if prepared else page.fetch())]
