"""What every resource's serializer does: strict input, nested lists, references.

`archive.api.reading` makes the JSON of reads by the same fields.
"""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, ClassVar, NoReturn

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, models
from django.db.models import Expression, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, PermissionDenied
from rest_framework.validators import UniqueValidator

from archive.api.counting import STATUSES, counting
from archive.api.errors import Needed
from archive.api.records import MOST as NAMED
from archive.api.refusals import Refusal, refusal
from archive.api.serializers.typed import TYPED
from archive.api.shaping import Shape
from archive.curate import needs
from archive.curate.review import PERMISSION, may_change, starting_status
from archive.models import Fact, Status
from archive.models.fields import EDTFField

# A list in a body is one person's work; what is longer is a mistake.
MOST_ROWS = 500
MOST_VALUES = 100


def refuse_decided(row: models.Model, user: AbstractBaseUser) -> None:
    """Raise PermissionDenied where `row` is a fact on which an editor has decided, and `user` is none."""
    if isinstance(row, Fact) and not may_change(row, user):
        raise PermissionDenied(
            gettext("An editor has decided on this already (%(kind)s %(id)s): only editors change it now.")
            % {"kind": row._meta.verbose_name, "id": row.pk}
        )


def remove(row: models.Model, user: AbstractBaseUser) -> None:
    """Delete `row`, and what is a part of it, if `user` may. Raises Needed where others name it."""
    refuse_decided(row, user)
    found, total = needs.needed_by(row, NAMED)
    if found:
        more = f" (+{total - NAMED}{'…' if total > needs.MOST else ''})" if total > NAMED else ""
        decides = user.has_perm(PERMISSION)
        # That there is a rejected fact, editors alone are told.
        raise Needed([row for row in found if decides or not _is_rejected(row)], more)
    row.delete()


def _is_rejected(row: models.Model) -> bool:
    return isinstance(row, Fact) and row.status == Status.REJECTED


def add(model: type[models.Model], values: dict, user: AbstractBaseUser) -> models.Model:
    """A new row; a fact gets the status that it starts with when `user` adds it, unless one is given."""
    row = model(**values)
    if isinstance(row, Fact) and "status" not in values:
        row.status = starting_status(row, user)
    _save(row, force_insert=True)
    return row


def change(row: models.Model, values: dict, user: AbstractBaseUser) -> None:
    """Give `row` those of `values` that it does not have, if `user` may."""
    changed = [name for name, value in values.items() if not _has(row, name, value)]
    if changed:
        refuse_decided(row, user)
        for name in changed:
            setattr(row, name, values[name])
        _save(row, update_fields=changed)


def _has(row: models.Model, name: str, value: Any) -> bool:
    """Whether `row` has `value`. References are compared by ids: that needs no look at the other record."""
    is_now = getattr(row, row._meta.get_field(name).attname)
    return is_now == (value.pk if isinstance(value, models.Model) else value)


def _save(row: models.Model, **how: Any) -> None:
    try:
        row.save(**how)
    except IntegrityError as error:
        raise refusal(error, row) from error


def refuse_doubles(values: list) -> None:
    """A validator: no value stands twice."""
    doubles = {
        index: [_("The same value stands twice.")]
        for index, value in enumerate(values)
        if value in values[:index]
    }
    if doubles:
        raise serializers.ValidationError(doubles)


def is_key(value: Any) -> bool:
    """Whether a row can have `value` as its id, slug or code: no number that PostgreSQL has none for."""
    return type(value) is str or (type(value) is int and 0 <= value < 2**63)


class Reference(serializers.SlugRelatedField):
    """Another record: written by its slug or code, read as a small object that names it."""

    default_error_messages: ClassVar = {"does_not_exist": _("There is no {kind} {value}.")}

    def __init__(
        self,
        shape: type[serializers.Serializer],
        slug_field: str = "slug",
        *,
        rests_on: tuple[str, ...] = (),
        **kwargs: Any,
    ) -> None:
        self.shape, self.rests_on = shape, rests_on
        self.known: dict[Any, models.Model] = {}
        if not kwargs.get("read_only"):
            kwargs.setdefault("queryset", shape.Meta.model.objects.all())
        super().__init__(slug_field=slug_field, **kwargs)

    def get_queryset(self) -> QuerySet:
        """What can be named: rejected facts, and what rests on them, only by who decides on them."""
        rows = super().get_queryset()
        if not issubclass(rows.model, Fact) or self.context["request"].user.has_perm(PERMISSION):
            return rows
        return rows.filter(counting(STATUSES["all"], *self.rests_on))

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        super().fail(key, kind=self.shape.Meta.model._meta.verbose_name, **kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if data == "":  # null leaves it empty; DRF takes both for that
            self.fail("does_not_exist", value="''")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> Any:
        # What the schema says: an id is a number, a slug or a code is text.
        if isinstance(data, float) and data.is_integer():  # a whole number in JSON Schema too
            data = int(data)
        if type(data) is not self._type():
            self.fail("invalid")
        return self.known.get(data) or super().to_internal_value(data)

    def look_up(self, values: Iterable[Any]) -> None:
        """Find what `values` name all at once, so that nothing has to be asked for each."""
        keys = {value for value in values if type(value) is self._type() and is_key(value)}
        rows = self.get_queryset().filter(**{f"{self.slug_field}__in": keys}) if keys else ()
        self.known = {getattr(row, self.slug_field): row for row in rows}

    def _type(self) -> type:
        return int if self.slug_field == "id" else str


class Subjects(serializers.Field):
    """The records that an article names, each once, in the order of their own list.

    `column` leads from ArticleSubject to a record, `shape` shows it, and `options` are the shape's own.
    """

    def __init__(self, column: str, shape: type[serializers.Serializer], options: dict | None = None) -> None:
        self.column, self.shape, self.options = column, shape, options or {}
        super().__init__(read_only=True, source="*")


class Computed(serializers.BooleanField):
    """Whether a condition holds of the row."""

    def __init__(self, expression: Expression | Q) -> None:
        self.expression = expression
        super().__init__(read_only=True)


class MadeLater(serializers.Field):
    """What the database has no part in: a view adds it to the records that it has read."""

    def __init__(self) -> None:
        super().__init__(read_only=True, source="*")


class StrictSerializer(serializers.ModelSerializer):
    """Refuses what it does not know, and what only the archive sets. The database checks the rest."""

    serializer_field_mapping: ClassVar = {**serializers.ModelSerializer.serializer_field_mapping, **TYPED}

    def build_standard_field(self, field_name: str, model_field: models.Field) -> tuple:
        found, options = super().build_standard_field(field_name, model_field)
        # A query before each write that the constraint answers better: it sees other writers.
        options["validators"] = [
            v for v in options.get("validators", []) if not isinstance(v, UniqueValidator)
        ]
        if isinstance(model_field, EDTFField):
            options["allow_blank"] = False
        if isinstance(model_field, ArrayField):
            options["max_length"] = MOST_VALUES
            options["validators"].append(refuse_doubles)
        return found, options

    def get_unique_together_validators(self) -> list:
        return []

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            fields = self.fields
            errors = {
                name: [
                    _("There is no such field. Use: %(names)s.")
                    % {"names": ", ".join(sorted(self._writable()))}
                ]
                for name in data
                if name not in fields
            } | {
                name: [_("Only the archive sets this.")]
                for name in data
                if name in fields and fields[name].read_only
            }
            if errors:
                raise serializers.ValidationError(errors)
        return super().to_internal_value(data)

    def _writable(self) -> Iterable[str]:
        return (name for name, field in self.fields.items() if not field.read_only)


class Child(StrictSerializer):
    """A row of a nested list. `Meta.identity` are the fields by which a row is the same row."""

    # Which rows there are to read, any serializer of a nested list may say in its Meta: `ordering`, if not
    # their own; the `most` that are shown; and what else has to count, where they are facts (`rests_on`).

    def to_internal_value(self, data: Any) -> Any:
        # A PATCH names some of the record's fields; but a row of a list is whole or is not there.
        # DRF would let it pass in parts.
        if isinstance(data, dict):
            missing = {
                name: [ErrorDetail(field.error_messages["required"], "required")]
                for name, field in self.fields.items()
                if field.required and name not in data
            }
            if missing:
                raise serializers.ValidationError(missing)
        return super().to_internal_value(data)

    @classmethod
    def many_init(cls, *args: Any, **kwargs: Any) -> serializers.ListSerializer:
        return super().many_init(*args, max_length=MOST_ROWS, **kwargs)

    def is_shown(self, row: models.Model) -> bool:
        """Whether a reader of the list sees `row`: who leaves out what he cannot see does not mean it."""
        return getattr(row, "status", None) != Status.REJECTED

    def write(self, row: models.Model | None, values: dict) -> None:
        """Add a row with `values`, or change `row` where it is there and differs from them."""
        user = self.context["request"].user
        if row is None:
            add(self.Meta.model, values, user)
        else:
            change(row, values, user)


class ResourceSerializer(StrictSerializer):
    """A resource. `Meta.identity` are the fields by which a record is the same record.

    `Meta.nested` maps a nested list to its rows' column that names the resource.
    A nested list that is written is the whole list: rows that are the same stay, others go.
    """

    # Only with expand=, or where they are named in fields=.
    extra: ClassVar[tuple[str, ...]] = ()
    # Whether each record's JSON, as it is shown unless something else is asked for, is kept ready
    # (archive.api.ready).
    kept_ready: ClassVar[bool] = False
    # Whether it is kept ready with all that there is to show, too.
    kept_whole: ClassVar[bool] = False
    # Fields that expand= shows in full, and the serializer that does.
    expands: ClassVar[dict[str, Callable[[], type["ResourceSerializer"]]]] = {}

    class Meta:
        nested: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, shape: Shape | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shape = shape

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        if self.shape is None:  # to write, or to describe: all there is
            return fields
        for name in self.shape.expand & self.expands.keys():
            full, field = self.expands[name](), fields[name]
            shape = full.usual_shape(self.shape.statuses)
            if isinstance(field, Subjects):
                fields[name] = Subjects(field.column, full, {"shape": shape})
            else:
                fields[name] = full(read_only=True, shape=shape)
        return {name: field for name, field in fields.items() if name in self.shape.fields}

    @classmethod
    @cache
    def usual_fields(cls) -> tuple[str, ...]:
        """The fields an answer shows unless it is asked for others."""
        return tuple(name for name in cls.Meta.fields if name not in cls.extra)

    @classmethod
    @cache
    def expandable(cls) -> tuple[str, ...]:
        """The fields that `expand=` takes."""
        return (*cls.expands, *cls.extra)

    @classmethod
    def usual_shape(cls, statuses: Iterable[str]) -> Shape:
        return Shape(frozenset(cls.usual_fields()), frozenset(), tuple(statuses))

    @classmethod
    def whole_shape(cls, statuses: Iterable[str]) -> Shape:
        """All that the database knows, and others in full."""
        later = {name for name, field in cls._declared_fields.items() if isinstance(field, MadeLater)}
        shown = frozenset(cls.Meta.fields) - later
        return Shape(shown, shown.intersection(cls.expandable()), tuple(statuses))

    def look_up(self, rows: Iterable[dict]) -> None:
        """Find at once what many `rows`, yet to be validated, name of other records."""
        rows = list(rows)
        for name, field in self.fields.items():
            values = [row[name] for row in rows if name in row]
            if isinstance(field, Reference) and not field.read_only:
                field.look_up(values)
            elif isinstance(child := getattr(field, "child", None), Child):
                parts = [part for value in values if isinstance(value, list) for part in value]
                for part, reference in child.fields.items():
                    if isinstance(reference, Reference):
                        reference.look_up(one[part] for one in parts if isinstance(one, dict) and part in one)

    def create(self, validated: dict) -> models.Model:
        lists = self._take_nested(validated)
        instance = add(self.Meta.model, validated, self.context["request"].user)
        self._write_nested(instance, lists, new=True)
        return instance

    def update(self, instance: models.Model, validated: dict) -> models.Model:
        lists = self._take_nested(validated)
        change(instance, validated, self.context["request"].user)
        self._write_nested(instance, lists)
        return instance

    def _take_nested(self, validated: dict) -> dict[str, list[dict]]:
        return {name: validated.pop(name) for name in getattr(self.Meta, "nested", {}) if name in validated}

    def _write_nested(
        self, instance: models.Model, lists: dict[str, list[dict]], *, new: bool = False
    ) -> None:
        for name, rows in lists.items():
            child: Child = self.fields[name].child
            owner, identity = self.Meta.nested[name], child.Meta.identity
            model = child.Meta.model
            related = [key for key in identity if model._meta.get_field(key).is_relation]
            stored = model.objects.select_for_update(of=("self",)).filter(**{owner: instance})
            if new:  # it has none yet
                stored = stored.none()
            there = {
                tuple(getattr(row, key) for key in identity): row
                for row in stored.select_related(*related).order_by("pk")
            }
            seen = set()
            for index, values in enumerate(rows):
                key = tuple(values.get(part, model._meta.get_field(part).get_default()) for part in identity)
                if key in seen:
                    raise serializers.ValidationError({name: {index: [_("The same row stands twice.")]}})
                seen.add(key)
                try:
                    child.write(there.get(key), {owner: instance, **values})
                except Refusal as error:
                    raise error.below(name, index) from error
                except IntegrityError as error:
                    raise refusal(error).below(name, index) from error
                except serializers.ValidationError as error:
                    raise serializers.ValidationError({name: {index: error.detail}}) from error
            for key, row in there.items():
                if key not in seen and child.is_shown(row):
                    remove(row, self.context["request"].user)
