"""From a serializer's fields to an SQL expression that makes a record's JSON.

What a record looks like is said once, by the fields of its serializer. For one shape it is worked out once.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
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
from archive.models.readyrecord import in_step
from archive.models.sql import Statement

# Where what is ready is not there, or stale: null, behind a tab, which finished JSON never holds. So one look
# for a tab tells whether all was ready.
TAB = b"\t"
LATE = f"{TAB.decode()}null"


@lru_cache(KEPT)
def json_of_one(serializer: type[ResourceSerializer], shape: Shape) -> Statement:
    """SQL that selects the JSON of the row whose id is page.pk."""
    return _made(serializer, shape, ready=False)


@lru_cache(KEPT)
def json_with_ready(serializer: type[ResourceSerializer], shape: Shape) -> Statement:
    """The same, with what is kept ready as it is kept; where that is behind, LATE stands in its place."""
    if is_usual(serializer, shape):
        return Statement(_ready(Kept(serializer), "page.pk"), ())
    return _made(serializer, shape, ready=True)


def _made(serializer: type[ResourceSerializer], shape: Shape, *, ready: bool) -> Statement:
    return _of_page(serializer, Making(shape.statuses, ready).object(serializer(shape=shape)))


def _of_page(serializer: type[ResourceSerializer], json: Expression) -> Statement:
    rows = serializer.Meta.model.objects.order_by().filter(pk=RawSQL("page.pk", ()))
    found = Statement.of(rows.values_list(json))
    assert found
    # What is asked again and again has no parameters that are always the same.
    return found.inlined()


def is_usual(serializer: type[ResourceSerializer], shape: Shape) -> bool:
    """Whether records in this shape are kept ready."""
    return serializer.kept_ready and shape == serializer.usual_shape(STATUSES["all"])


@dataclass(frozen=True)
class Kept:
    """What is kept ready of each record of `serializer`: its JSON as lists show it, or of one `field`."""

    serializer: type[ResourceSerializer]
    field: str = ""

    @property
    def resource(self) -> str:
        """The name that ReadyRecord has for it."""
        return self.field or self.model._meta.model_name

    @property
    def model(self) -> type[Model]:
        """Whose ids are the records'."""
        return self.serializer.Meta.model


@cache
def usual(kept: Kept) -> Statement:
    """What makes the JSON that is kept ready."""
    serializer, statuses = kept.serializer, STATUSES["all"]
    if not kept.field:
        return json_of_one(serializer, serializer.usual_shape(statuses))
    shape = Shape(frozenset({kept.field}), frozenset(), tuple(statuses))
    return _of_page(
        serializer, Making(shape.statuses, ready=False).member(kept.field, serializer(shape=shape))
    )


@cache
def ready_version(kept: Kept) -> int:
    """What ready JSON was made by: a statement that makes other JSON has another version."""
    made_by = usual(kept)
    return crc32(f"{made_by.sql}\0{made_by.parameters!r}".encode()) >> 1  # PostgreSQL's integers have a sign


def _ready(kept: Kept, record: str) -> str:
    return f"coalesce(({in_step(kept.resource, record, ready_version(kept))}), '{LATE}')"


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
        return _ready(self.kept, record), parameters


@dataclass(frozen=True)
class Making:
    """How JSON is made: which facts count, and whether records within others are taken from what is ready."""

    statuses: tuple[str, ...]
    ready: bool

    def object(self, serializer: serializers.Serializer, path: str = "") -> JsonObject:
        """The row at `path` as `serializer` shows it."""
        return JsonObject(
            **{
                name: self._value(field, serializer, path)
                for name, field in serializer.fields.items()
                if not field.write_only and not isinstance(field, MadeLater)
            }
        )

    def member(self, name: str, serializer: serializers.Serializer) -> Expression | F:
        """One member of such an object."""
        return self._value(serializer.fields[name], serializer, "")

    def _value(self, field: Any, parent: Any, path: str) -> Expression | F:
        model, column = parent.Meta.model, f"{path}{field.source}"
        match field:
            case Computed():
                return field.expression
            case Subjects():
                return self._subjects(field, path)
            case serializers.ListSerializer() if self._is_kept(field, parent):
                return Ready(Kept(type(parent), field.field_name), f"{path}pk")
            case serializers.ListSerializer():
                return self._list(field, model, path)
            case serializers.ManyRelatedField():
                slugs = _related(model, field.source, path)
                return JsonArray(slugs.values(field.child_relation.slug_field))
            case ResourceSerializer() if self._is_ready(field):
                return Ready(Kept(type(field)), f"{column}_id")
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

    def _is_kept(self, field: Any, parent: Any) -> bool:
        if not self.ready or self.statuses != tuple(STATUSES["all"]):
            return False
        return isinstance(parent, ResourceSerializer) and field.field_name in parent.kept_lists

    def _is_ready(self, shown: Any) -> bool:
        return self.ready and isinstance(shown, ResourceSerializer) and is_usual(type(shown), shown.shape)

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
        if self._is_ready(shape):
            return JsonArray(rows.values(json=Ready(Kept(type(shape)), f"{field.column}_id")))
        return JsonArray(rows.values(json=self.object(shape, f"{field.column}__")))


def _related(model: type[Model], source: str, path: str) -> QuerySet:
    """The rows that the relation `source` leads to from a row of `model`, in their own order."""
    relation = model._meta.get_field(source)
    return relation.related_model.objects.filter(**{relation.remote_field.name: OuterRef(f"{path}pk")})
