"""The forms of the editors' desk: they refuse what the database would refuse, and say it at the field."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from archive.curate.review import may_change
from archive.models import Fact
from archive.models.fields import derive, derived_fields


class LoadedSelect(AutocompleteSelect):
    """An autocomplete that does not ask the database again for the row its record has at hand.

    Django's asks once a field and row: a hundred questions for an inline of fifty.
    """

    loaded: models.Model | None = None

    def optgroups(self, name: str, value: list, attr: Any = None) -> list:
        row = self.loaded
        if row is None or [str(v) for v in value] != [str(row.pk)]:
            return super().optgroups(name, value, attr)
        label = self.choices.field.label_from_instance(row)
        options = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*options, self.create_option(name, row.pk, label, True, 1)], 0)]


class RecordForm(forms.ModelForm):
    """A form whose constraints are all checked, those on columns that it does not show as well."""

    # Who fills it in; set on the class that an admin makes for one request.
    user: AbstractBaseUser

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            select = getattr(field.widget, "widget", field.widget)
            if isinstance(select, LoadedSelect):
                select.loaded = self.instance._state.fields_cache.get(name)

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.errors:
            return
        # Django leaves a constraint out as soon as it speaks of one column that the form lacks: an
        # event that ends before it starts would pass here and fail in the database. So does what an
        # inline adds to its record.
        derive(self.instance)
        hidden = {field.name for field in derived_fields(type(self.instance))} | {"status"}
        try:
            self.instance.validate_constraints(exclude=self._get_validation_exclusions() - hidden)
        except ValidationError as error:
            self._update_errors(error)


class RecordFormSet(forms.BaseInlineFormSet):
    """Rows of an inline. Django compares new rows with each other only where no column is empty."""

    user: AbstractBaseUser

    def clean(self) -> None:
        super().clean()
        # Marking a row for deletion is a change too.
        changed = [form.instance for form in self.initial_forms if form.has_changed()]
        decided = [row for row in changed if isinstance(row, Fact) and not may_change(row, self.user)]
        if decided:
            refusal = _("%(fact)s is decided: only those who decide may change it.")
            raise ValidationError([ValidationError(refusal, params={"fact": row}) for row in decided])
        keys = [
            constraint.fields
            for constraint in self.model._meta.total_unique_constraints
            if constraint.nulls_distinct is False
        ]
        seen: set[tuple] = set()
        for form in self.forms:
            if form.errors or form in self.deleted_forms or not (form.has_changed() or form.instance.pk):
                continue
            for fields in keys:
                key = (fields, *(form.instance.serializable_value(name) for name in fields))
                if key in seen:
                    form.add_error(None, _("This row is there twice."))
                seen.add(key)
