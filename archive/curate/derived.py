"""Keeps derived columns in step when the rules that they follow from have changed."""

from collections.abc import Callable, Iterable, Iterator

from django.apps import apps
from django.db import models

from archive.curate.history import acting
from archive.models import Record
from archive.models.fields import derived_fields

BATCH = 1000


def derived_models() -> list[type[models.Model]]:
    """The tables that have derived columns."""
    return [
        model
        for model in apps.get_app_config("archive").get_models()
        if issubclass(model, Record) and derived_fields(model)
    ]


def stale(rows: Iterable[models.Model]) -> Iterator[tuple[models.Model, list[str]]]:
    """Those of `rows` whose derived columns are not what their sources say, with the columns' names.

    The rows come back with the right values; nothing is written.
    """
    for row in rows:
        wrong = [f.attname for f in derived_fields(type(row)) if getattr(row, f.attname) != f.derive(row)]
        if wrong:
            yield row, wrong


def refresh_derived(progress: Callable[[str, int], None] | None = None) -> int:
    """Derive every derived column again, and write the rows where it differs.

    Each batch is a transaction of its own, so this can run while the archive serves, be
    broken off, and be run again. `progress` gets a table's name and how many of its rows
    were just looked at. Returns how many rows were wrong.
    """
    mended = 0
    for model in derived_models():
        last = 0
        while True:
            with acting("derived columns refreshed"):
                rows = list(model.objects.order_by("pk").filter(pk__gt=last).select_for_update()[:BATCH])
                wrong = [row for row, _ in stale(rows)]
                model.objects.bulk_update(wrong, [field.name for field in derived_fields(model)])
            if not rows:
                break
            last = rows[-1].pk
            mended += len(wrong)
            if progress:
                progress(model._meta.label_lower, len(rows))
    return mended
