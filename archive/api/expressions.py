"""From a serializer's fields to an SQL expression that makes a record's JSON.

What a record looks like is said once, by the fields of its serializer. For one shape it is worked out once.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

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

from archive.api.counting import counting
from archive.api.serializers.base import Computed, MadeLater, Reference, ResourceSerializer, Subjects
from archive.api.shaping import Shape
from archive.models import ArticleSubject, Fact
from archive.models.articlesubject import looked_up
from archive.models.sql import Statement

# Shapes that are kept worked out. `fields=` has more combinations than anybody uses.
KEPT = 256


@lru_cache(KEPT)
def json_of_one(serializer: type[ResourceSerializer], shape: Shape) -> Statement:
    """SQL that selects the JSON of the row whose id is page.pk."""
    rows = serializer.Meta.model.objects.order_by().filter(pk=RawSQL("page.pk", ()))
    json = _object(serializer(shape=shape), shape.statuses)
    found = Statement.of(rows.values_list(json))
    assert found
    return found


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


def _object(serializer: serializers.Serializer, statuses: Sequence[str], path: str = "") -> JsonObject:
    """The row at `path` as `serializer` shows it; of its facts those with `statuses` count."""
    return JsonObject(
        **{
            name: _value(field, serializer, statuses, path)
            for name, field in serializer.fields.items()
            if not field.write_only and not isinstance(field, MadeLater)
        }
    )


def _value(field: Any, parent: Any, statuses: Sequence[str], path: str) -> Expression | F:
    model, column = parent.Meta.model, f"{path}{field.source}"
    match field:
        case Computed():
            return field.expression
        case Subjects():
            return _subjects(field, statuses, path)
        case serializers.ListSerializer():
            return _list(field, model, statuses, path)
        case serializers.ManyRelatedField():
            slugs = _related(model, field.source, path)
            return JsonArray(slugs.values(field.child_relation.slug_field))
        case ResourceSerializer():
            rows = field.Meta.model.objects.order_by().filter(pk=OuterRef(f"{column}_id"))
            return Subquery(rows.values(json=_object(field, statuses)))
        case Reference():
            return _reference(field.shape(), model, field.source, statuses, path)
        case serializers.Serializer():
            return _reference(field, model, field.source, statuses, path)
        case relations.SlugRelatedField():
            return F(f"{column}__{field.slug_field}")
        case relations.PrimaryKeyRelatedField():
            return F(f"{column}_id")
        case serializers.DateTimeField():
            return Instant(F(column))
        case _:
            return F(column)


def _reference(
    shape: serializers.Serializer, model: type[Model], source: str, statuses: Sequence[str], path: str
) -> Expression:
    found = _object(shape, statuses, f"{path}{source}__")
    if not model._meta.get_field(source).null:
        return found
    return Case(When(**{f"{path}{source}__isnull": False}, then=found))


def _related(model: type[Model], source: str, path: str) -> QuerySet:
    """The rows that the relation `source` leads to from a row of `model`, in their own order."""
    relation = model._meta.get_field(source)
    return relation.related_model.objects.filter(**{relation.remote_field.name: OuterRef(f"{path}pk")})


def _list(field: Any, model: type[Model], statuses: Sequence[str], path: str) -> JsonArray:
    shown = field.child.Meta
    rows = _related(model, field.source, path)
    if issubclass(rows.model, Fact):
        rows = rows.filter(counting(statuses, *getattr(shown, "rests_on", ())))
    if order := getattr(shown, "ordering", None):
        rows = rows.order_by(*order)
    return JsonArray(rows.values(json=_object(field.child, statuses))[: getattr(shown, "most", None)])


def _subjects(field: Subjects, statuses: Sequence[str], path: str) -> JsonArray:
    # Led by the few rows of the article: asked for records that are IN these, PostgreSQL may go through all.
    rows = ArticleSubject.objects.counting(statuses)
    rows = rows.filter(looked_up(field.column), article=OuterRef(f"{path}pk"))
    shape = field.shape(**field.options)
    if issubclass(shape.Meta.model, Fact):
        rows = rows.filter(**{f"{field.column}__status__in": statuses})
    # In the order of the records' own list.
    rows = rows.order_by(field.column)
    return JsonArray(rows.values(json=_object(shape, statuses, f"{field.column}__")))
