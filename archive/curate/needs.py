"""What keeps a record from being deleted: others that name it, and would say something else without it."""

from collections.abc import Iterator

from django.db.models import CASCADE, PROTECT, Model, QuerySet

# Counting goes no further: a source may have a million articles.
MOST = 1_000


def needing(row: Model) -> Iterator[QuerySet]:
    """The rows that need `row`, or something that goes with it, a table and a way at a time."""
    yield from _needing(type(row), row, "")


def needed_by(row: Model, most: int) -> tuple[list[Model], int]:
    """The first rows that need `row`, at most `most`, and how many there are, counted up to MOST."""
    found: list[Model] = []
    total = 0
    for rows in needing(row):
        if there := list(rows.order_by("pk")[:most]):
            found += there
            total += rows.order_by()[: MOST + 1].count()
    return found[:most], total


def _needing(model: type[Model], row: Model, way: str) -> Iterator[QuerySet]:
    for related in model._meta.related_objects:
        path = f"{related.field.name}{way}"
        if related.on_delete is PROTECT:
            yield related.related_model._default_manager.filter(**{path: row})
        elif related.on_delete is CASCADE:
            yield from _needing(related.related_model, row, f"__{path}")
