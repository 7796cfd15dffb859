"""What every table shares: when a row was added and changed, its history, its status."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.core.exceptions import FieldError
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from archive.models.constraints import one_of
from archive.models.fields import derive, derived_fields
from archive.models.natural import NaturalKeyManager, natural_key

# PostgreSQL fires row triggers in the order of their names: this one is named to come last,
# when the others have set their columns. It keeps `added` whatever a writer says, and
# moves `modified` only where the row really changes, so that loading a fixture again,
# or saving a form untouched, leaves no trace. Each change moves it on, also the second of one
# transaction, and that of a transaction which began before the last change and had to wait: what has
# the same `modified` is the same, and the ETags of the API say so.
KEEP_TIMES = pgtrigger.Trigger(
    name="zz_times",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="""
        NEW.added := OLD.added;
        NEW.modified := OLD.modified;
        -- Deeper than 1: another trigger says that something of this row's has changed.
        IF NEW IS DISTINCT FROM OLD OR pg_trigger_depth() > 1 THEN
            NEW.modified := greatest(now(), OLD.modified + interval '1 microsecond');
        END IF;
        RETURN NEW;
    """,
)


def _touch_whole(model: type[models.Model], part_of: Sequence[str]) -> list[pgtrigger.Trigger]:
    touch = " ".join(
        f"UPDATE {field.remote_field.model._meta.db_table} SET modified = modified"
        f" WHERE id = {{row}}.{field.column};"
        for field in map(model._meta.get_field, part_of)
    )
    return [
        pgtrigger.Trigger(
            name=f"touch_{operation}",
            when=pgtrigger.After,
            operation=when,
            condition=pgtrigger.AnyChange() if operation == "update" else None,
            func=touch.format(row=row) + " RETURN NULL;",
        )
        for operation, when, row in (
            ("insert", pgtrigger.Insert, "NEW"),
            ("update", pgtrigger.Update, "NEW"),
            ("delete", pgtrigger.Delete, "OLD"),
        )
    ]


def tracked(model: type[models.Model], exclude: Sequence[str] = ()) -> type[models.Model]:
    """Keep the history of `model` in `<Model>History`: a row for every insert, update and delete."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        model_name=f"{model.__name__}History",
        exclude=list(exclude),
        meta={
            # What was deleted is asked for by itself: it is rare, and has no row to be asked about.
            "indexes": [
                models.Index(
                    fields=["pgh_id"],
                    condition=models.Q(pgh_label="delete"),
                    name=f"{model._meta.model_name}_deleted"[:30],
                )
            ]
        },
    )(model)


def recorded(
    *, part_of: str | Sequence[str] = (), leave_out: Sequence[str] = ()
) -> Callable[[type[models.Model]], type[models.Model]]:
    """Class decorator: keep a table's times, and its history with who, why and which request.

    `part_of` names the column, or columns, of the row that this one is a part of: when a part changes, the
    whole has changed, for those who keep a copy in step. Columns derived from others, and those
    in `leave_out` (a text's body), are not in the history.
    """

    wholes = [part_of] if isinstance(part_of, str) else part_of

    def decorate(model: type[models.Model]) -> type[models.Model]:
        pgtrigger.register(KEEP_TIMES, *(_touch_whole(model, wholes) if wholes else ()))(model)
        derived = [field.name for field in derived_fields(model)]
        return tracked(model, [*derived, *leave_out, "added", "modified"])

    return decorate


class RecordQuerySet(models.QuerySet):
    """Keeps derived columns right where Django writes many rows without `save()`."""

    def update(self, **kwargs: Any) -> int:
        stale = {f.name for f in derived_fields(self.model, kwargs)} - kwargs.keys()
        if stale:
            raise FieldError(f"update() would leave {', '.join(sorted(stale))} stale: use bulk_update()")
        return super().update(**kwargs)

    def bulk_create(
        self, objs: Iterable[Any], *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any
    ) -> list[Any]:
        if update_fields is not None:
            update_fields = list(update_fields)
            update_fields += [f.name for f in derived_fields(self.model, update_fields)]
        return super().bulk_create(objs, *args, update_fields=update_fields, **kwargs)

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], *args: Any, **kwargs: Any) -> int:
        objs, fields = list(objs), list(fields)
        follow = [f.name for f in derived_fields(self.model, fields)]
        if follow:
            for obj in objs:
                derive(obj)
        return super().bulk_update(objs, [*fields, *follow], *args, **kwargs)


RecordManager = NaturalKeyManager.from_queryset(RecordQuerySet)


class Record(models.Model):
    """A row that editors and programs share."""

    NATURAL_KEY: ClassVar[tuple[str, ...]]

    added = models.DateTimeField(
        _("added"), db_default=Now(), editable=False, help_text=_("When the archive got to know this.")
    )
    modified = models.DateTimeField(
        _("modified"), db_default=Now(), editable=False, help_text=_("When this last changed.")
    )

    objects = RecordManager()

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            update_fields = {*update_fields, *(f.name for f in derived_fields(type(self), update_fields))}
        elif deferred := self.get_deferred_fields():
            # Django writes what was loaded, and with it has to go what follows from that.
            loaded = {f.name for f in self._meta.concrete_fields if f.attname not in deferred}
            for field in derived_fields(type(self), loaded):
                field.derive(self)
        super().save(*args, update_fields=update_fields, **kwargs)

    def natural_key(self) -> tuple:
        return natural_key(self)


class Status(models.TextChoices):
    """What the archive holds of a fact: programs suggest, editors decide."""

    SUGGESTED = "suggested", _("Suggested")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")


class Fact(Record):
    """Something a text reports. It carries an editorial status; `Review` says who decided it."""

    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.SUGGESTED,
        help_text=_("Programs suggest; an editor accepts or rejects."),
    )

    class Meta:
        abstract = True
        constraints: ClassVar = [one_of("status", Status)]
