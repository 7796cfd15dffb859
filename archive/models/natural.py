"""Natural keys: how fixtures name rows, and how a load of thousands of them stays quick."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models
from django.db.models.signals import post_save


class Memory:
    """What one load knows already, so that it asks the database for each row once, or not at all.

    Of a table that was empty when the load began, the load knows every row.
    """

    def __init__(self) -> None:
        self.by_key: dict[tuple[type[models.Model], tuple], models.Model] = {}
        self.by_pk: dict[tuple[type[models.Model], Any], models.Model] = {}
        self.began_empty: dict[type[models.Model], bool] = {}

    def knows_all(self, model: type[models.Model]) -> bool:
        if model not in self.began_empty:
            self.began_empty[model] = not model._default_manager.exists()
        return self.began_empty[model]

    def remember(self, row: models.Model, key: tuple) -> None:
        self.by_key[type(row), key] = row
        self.by_pk[type(row), row.pk] = row

    def saved(self, sender: type[models.Model], instance: models.Model, **_: Any) -> None:
        if hasattr(sender, "NATURAL_KEY"):
            self.remember(instance, instance.natural_key())


_memory: ContextVar[Memory | None] = ContextVar("natural_keys", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """While inside, rows found and saved by natural key are kept in memory. For one load, one transaction."""
    memory = Memory()
    token = _memory.set(memory)
    post_save.connect(memory.saved, weak=False, dispatch_uid="archive.natural")
    try:
        yield
    finally:
        post_save.disconnect(dispatch_uid="archive.natural")
        _memory.reset(token)


def natural_key(row: models.Model) -> tuple:
    """The parts of `row`'s natural key, in the order of its NATURAL_KEY. A part may follow relations."""
    return tuple(_follow(row, path.split("__")) for path in row.NATURAL_KEY)


def _follow(row: models.Model | None, path: list[str]) -> Any:
    for name in path:
        if row is None:
            return None
        row = _related(row, name) if row._meta.get_field(name).is_relation else getattr(row, name)
    return row


def _related(row: models.Model, name: str) -> models.Model | None:
    field, memory = row._meta.get_field(name), _memory.get()
    if getattr(row, field.attname) is None:
        # Where it may not be empty, this is a row of a fixture whose reference leads nowhere (yet).
        return field.get_cached_value(row, default=None)
    if memory is None or field.is_cached(row):
        return getattr(row, name)
    known = (field.related_model, getattr(row, field.attname))
    if known not in memory.by_pk:
        memory.by_pk[known] = getattr(row, name)
    return memory.by_pk[known]


class NaturalKeyManager(models.Manager):
    """Finds a row by the parts of its natural key; None matches an empty column.

    Raises DoesNotExist, saying which key of which table.
    """

    def get_by_natural_key(self, *key: Any) -> models.Model:
        model, memory = self.model, _memory.get()
        names = model.NATURAL_KEY
        if len(key) != len(names):
            raise model.DoesNotExist(
                f"the natural key of {model._meta.label_lower} is {list(names)}, not {list(key)}"
            )
        row = memory.by_key.get((model, key)) if memory else None
        if row is None and not (memory and memory.knows_all(model)):
            parts = zip(names, key, strict=True)
            row = self.filter(
                **{f"{n}__isnull" if p is None else n: True if p is None else p for n, p in parts}
            ).first()
        if row is None:
            raise model.DoesNotExist(
                f"there is no {model._meta.label_lower} with the natural key {list(key)}"
            )
        if memory:
            memory.remember(row, key)
        return row
