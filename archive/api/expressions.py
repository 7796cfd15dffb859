"""From a serializer's fields to an SQL expression that makes a record's JSON.

What a record looks like is said once, by the fields of its serializer. For one shape it is worked out once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import Any
from zlib import crc32

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Case,
    CharField,
    Expression,
    F,
    Func,
    JSONField,
    Model,
    OuterRef,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.expressions import RawSQL
from rest_framework import relations, serializers

from archive.api.counting import STATUSES, counting
from archive.api.serializers.base import Computed, MadeLater, Reference, ResourceSerializer, Subjects
from archive.api.shaping import KEPT, Shape
from archive.models import ArticleSubject, Fact
from archive.models.articlesubject import looked_up
from archive.models.readyrecord import LATE, filled_in, in_step, place
from archive.models.sql import Statement


@lru_cache(KEPT)
def json_of_one(serializer: type[ResourceSerializer], shape: Shape) -> Statement:
    """SQL that selects the JSON of the row whose id is page.pk."""
    return _made(serializer, shape, others=None)


@lru_cache(KEPT)
def json_with_ready(serializer: type[ResourceSerializer], shape: Shape) -> Statement:
    """The same, with what is kept ready as it is kept; where that is behind, LATE stands in its place."""
    if kept := kept_as(serializer, shape):
        return Statement(_ready(kept, "page.pk"), ())
    return _made(serializer, shape, others=Ready)


def _made(serializer: type[ResourceSerializer], shape: Shape, *, others: "type[Ready] | None") -> Statement:
    json = Making(shape.statuses, others).object(serializer(shape=shape))
    rows = serializer.Meta.model.objects.order_by().filter(pk=RawSQL("page.pk", ()))
    found = Statement.of(rows.values_list(json))
    assert found
    # What is asked again and again has no parameters that are always the same.
    return found.inlined()


@dataclass(frozen=True)
class Kept:
    """What is kept ready of each record of `serializer`: its JSON as lists show it, or `whole`.

    Whole, it has all that there is to show, and the places of other records that are shown in full: what is
    kept of those is filled in when it is read, so that most changes of one do not touch all that name it.
    """

    serializer: type[ResourceSerializer]
    whole: bool = False

    @property
    def resource(self) -> str:
        """The name that ReadyRecord has for it."""
        return "whole" if self.whole else self.model._meta.model_name

    @property
    def model(self) -> type[Model]:
        """Whose ids are the records'."""
        return self.serializer.Meta.model

    @property
    def shape(self) -> Shape:
        """What it shows."""
        shape = self.serializer.whole_shape if self.whole else self.serializer.usual_shape
        return shape(STATUSES["all"])


def kept_of(serializer: type[ResourceSerializer]) -> list[Kept]:
    """What is kept ready of records that `serializer` shows."""
    ways = {False: serializer.kept_ready, True: serializer.kept_whole}
    return [Kept(serializer, whole) for whole, is_kept in ways.items() if is_kept]


def kept_as(serializer: type[ResourceSerializer], shape: Shape) -> Kept | None:
    """What is kept ready of them in this shape, if anything is."""
    return next((kept for kept in kept_of(serializer) if kept.shape == shape), None)


@cache
def made(kept: Kept) -> Statement:
    """What makes the JSON that is kept ready."""
    return _made(kept.serializer, kept.shape, others=Place if kept.whole else None)


@cache
def ready_version(kept: Kept) -> int:
    """What ready JSON was made by: a statement that makes other JSON has another version."""
    made_by = made(kept)
    return crc32(f"{made_by.sql}\0{made_by.parameters!r}".encode()) >> 1  # PostgreSQL's integers have a sign


def _ready(kept: Kept, record: str) -> str:
    json = in_step(kept.resource, record, ready_version(kept))
    if kept.whole:
        shown = [other for full in kept.serializer.expands.values() for other in kept_of(full())]
        json = filled_in(json, {other.resource: ready_version(other) for other in shown})
    return f"coalesce(({json}), '{LATE}')"


class JsonObject(Func):
    """A JSON object with the given members.

    Unlike Django's JSONObject it keeps their order, writes no spaces, and takes any number of them.
    """

    output_field = JSONField()

    def __init__(self, **members: Any) -> None:
        self.names = list(members)
        super().__init__(*members.values())

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        parts = [compiler.compile(expression) for expression in self.source_expressions]
        members = ", ".join(f'{sql} AS "{name}"' for name, (sql, _) in zip(self.names, parts, strict=True))
        return (
            f"(SELECT row_to_json(members) FROM (SELECT {members}) AS members)",
            [parameter for _sql, more in parts for parameter in more],
        )


class JsonArray(Func):
    """A JSON array of what a subquery selects: empty, never null, where that is nothing."""

    function = "array_to_json"
    output_field = JSONField()

    def __init__(self, rows: QuerySet) -> None:
        super().__init__(ArraySubquery(rows))


class Instant(Func):
    """A moment as text: UTC, always with microseconds, so that texts sort as moments do."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    output_field = CharField()


class Ready(Func):
    """What is kept ready of the record with an id; LATE where that is behind."""

    output_field = JSONField()

    def __init__(self, kept: Kept, record: str) -> None:
        self.kept = kept
        super().__init__(F(record))

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list]:
        record, parameters = compiler.compile(self.source_expressions[0])
        return self.of(record), parameters

    def of(self, record: str) -> str:
        """SQL of it, with SQL of the id."""
        return _ready(self.kept, record)


class Place(Ready):
    """The place of that in JSON."""

    def of(self, record: str) -> str:
        return place(self.kept.resource, record)


@dataclass(frozen=True)
class Making:
    """How JSON is made: which facts count, and what stands for records within others that are kept ready."""

    statuses: tuple[str, ...]
    others: type[Ready] | None

    def object(self, serializer: serializers.Serializer, path: str = "") -> JsonObject:
        """The row at `path` as `serializer` shows it."""
        return JsonObject(
            **{
                name: self._value(field, serializer, path)
                for name, field in serializer.fields.items()
                if not field.write_only and not isinstance(field, MadeLater)
            }
        )

    def _value(self, field: Any, parent: Any, path: str) -> Expression | F:
        model, column = parent.Meta.model, f"{path}{field.source}"
        match field:
            case Computed():
                return field.expression
            case Subjects():
                return self._subjects(field, path)
            case serializers.ListSerializer():
                return self._list(field, model, path)
            case serializers.ManyRelatedField():
                slugs = _related(model, field.source, path)
                return JsonArray(slugs.values(field.child_relation.slug_field))
            case ResourceSerializer() if other := self._other(field):
                return other(f"{column}_id")
            case ResourceSerializer():
                rows = field.Meta.model.objects.order_by().filter(pk=OuterRef(f"{column}_id"))
                return Subquery(rows.values(json=self.object(field)))
            case Reference():
                return self._reference(field.shape(), model, field.source, path)
            case serializers.Serializer():
                return self._reference(field, model, field.source, path)
            case relations.SlugRelatedField():
                return F(f"{column}__{field.slug_field}")
            case relations.PrimaryKeyRelatedField():
                return F(f"{column}_id")
            case serializers.DateTimeField():
                return Instant(F(column))
            case _:
                return F(column)

    def _other(self, shown: Any) -> Callable[[str], Ready] | None:
        """What stands for a record that `shown` shows, by its id; None where it is to be made."""
        if not self.others or not isinstance(shown, ResourceSerializer):
            return None
        kept = kept_as(type(shown), shown.shape)
        return partial(self.others, kept) if kept else None

    def _reference(
        self, shape: serializers.Serializer, model: type[Model], source: str, path: str
    ) -> Expression:
        found = self.object(shape, f"{path}{source}__")
        if not model._meta.get_field(source).null:
            return found
        return Case(When(**{f"{path}{source}__isnull": False}, then=found))

    def _list(self, field: Any, model: type[Model], path: str) -> JsonArray:
        shown = field.child.Meta
        rows = _related(model, field.source, path)
        if issubclass(rows.model, Fact):
            rows = rows.filter(counting(self.statuses, *getattr(shown, "rests_on", ())))
        if order := getattr(shown, "ordering", None):
            rows = rows.order_by(*order)
        return JsonArray(rows.values(json=self.object(field.child))[: getattr(shown, "most", None)])

    def _subjects(self, field: Subjects, path: str) -> JsonArray:
        # Led by the few rows of the article: asked for records that are IN these, PostgreSQL may go through
        # all.
        rows = ArticleSubject.objects.counting(self.statuses)
        rows = rows.filter(looked_up(field.column), article=OuterRef(f"{path}pk"))
        shape = field.shape(**field.options)
        if issubclass(shape.Meta.model, Fact):
            rows = rows.filter(**{f"{field.column}__status__in": self.statuses})
        # In the order of the records' own list.
        rows = rows.order_by(field.column)
        if other := self._other(shape):
            return JsonArray(rows.values(json=other(f"{field.column}_id")))
        return JsonArray(rows.values(json=self.object(shape, f"{field.column}__")))


def _related(model: type[Model], source: str, path: str) -> QuerySet:
    """The rows that the relation `source` leads to from a row of `model`, in their own order."""
    relation = model._meta.get_field(source)
    return relation.related_model.objects.filter(**{relation.remote_field.name: OuterRef(f"{path}pk")})
