"""What plain serializers give for a record: field by field in Python, over rows as the ORM has them.

Slow, and written apart from `archive.api.reading`, which must give the same.
"""

from datetime import UTC
from typing import Any

from django.db import models
from rest_framework import relations, serializers

from archive.api.serializers.base import Computed, MadeLater, Reference, ResourceSerializer, Subjects
from archive.api.shaping import Shape
from archive.models import Citation, Fact, Mention


def plain(serializer: type[ResourceSerializer], row: models.Model, shape: Shape) -> dict[str, Any]:
    return _object(serializer(shape=shape), row, shape.statuses)


def _object(
    serializer: serializers.Serializer, row: models.Model, statuses: tuple[str, ...]
) -> dict[str, Any]:
    return {
        name: _value(field, row, statuses)
        for name, field in serializer.fields.items()
        if not field.write_only and not isinstance(field, MadeLater)
    }


def _value(field: Any, row: models.Model, statuses: tuple[str, ...]) -> Any:
    if isinstance(field, Subjects):
        return _subjects(field, row, statuses)
    if isinstance(field, Computed):
        return type(row).objects.filter(field.expression, pk=row.pk).exists()
    value = getattr(row, field.source)
    if isinstance(field, serializers.ListSerializer):
        return [_object(field.child, one, statuses) for one in _rows(field.child.Meta, value.all(), statuses)]
    if isinstance(field, serializers.ManyRelatedField):
        return [getattr(one, field.child_relation.slug_field) for one in value.all()]
    if value is None:
        return None
    if isinstance(field, Reference):
        return _object(field.shape(), value, statuses)
    if isinstance(field, serializers.Serializer):
        return _object(field, value, statuses)
    if isinstance(field, relations.PrimaryKeyRelatedField):
        return value.pk
    if isinstance(field, serializers.DateTimeField):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return field.to_representation(value)


def _counts(fact: models.Model, statuses: tuple[str, ...], rests_on: tuple[str, ...]) -> bool:
    return (not isinstance(fact, Fact) or fact.status in statuses) and all(
        other is None or other.status in statuses
        for other in (_follow(fact, path.split("__")) for path in rests_on)
    )


def _follow(row: Any, path: list[str]) -> Any:
    for step in path:
        row = row and getattr(row, step)
    return row


def _rows(shown: Any, rows: models.QuerySet, statuses: tuple[str, ...]) -> list[models.Model]:
    rests_on = getattr(shown, "rests_on", ())
    found = rows.order_by(*getattr(shown, "ordering", rows.model._meta.ordering))
    if rests_on:
        found = found.select_related(*rests_on)
    counting = [row for row in found if _counts(row, statuses, rests_on)]
    return counting[: getattr(shown, "most", None)]


def _subjects(field: Subjects, row: models.Model, statuses: tuple[str, ...]) -> list[dict]:
    facts = (Citation if field.column == "event" else Mention).objects.select_related(field.column)
    named = {
        getattr(fact, field.column)
        for fact in facts.filter(article=row)
        if getattr(fact, field.column) and _counts(fact, statuses, ())
    }
    shape = field.shape(**field.options)
    records = shape.Meta.model.objects.filter(pk__in=[record.pk for record in named])
    return [_object(shape, record, statuses) for record in records if _counts(record, statuses, ())]
