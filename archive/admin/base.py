"""What every table's desk shares: directions, autocompletes, search, history, and who may decide."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, OperationalError, connection, models
from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.admin.decisions import DecisionActions
from archive.admin.directions import column, direction, isolate, isolated_text
from archive.admin.forms import LoadedSelect, RecordForm, RecordFormSet
from archive.admin.history import HistoryViews
from archive.admin.lists import DeclaredLists
from archive.admin.rows import offered, visible
from archive.admin.search import IndexedSearch
from archive.curate.history import acting
from archive.curate.review import PERMISSION, may_change, starting_status
from archive.curate.violations import explain
from archive.models import Fact, Review, Status
from archive.models.fields import EDTFField

# PostgreSQL's program_limit_exceeded: a value that does not fit into its index.
TOO_LONG = "54000"


def _typed(fields: Iterable[Any]) -> Iterator[Any]:
    """`fields` without those that are functions."""
    for field in fields:
        if isinstance(field, tuple | list):
            yield tuple(_typed(field))
        elif not callable(field):
            yield field


def _locked(rows: models.QuerySet, request: HttpRequest) -> models.QuerySet:
    """`rows`; where facts are being written, nobody decides on them until that is done."""
    writing = request.method == "POST" and connection.in_atomic_block and issubclass(rows.model, Fact)
    return rows.select_for_update(of=("self",), no_key=True) if writing else rows


class Directed:
    """Of a ModelAdmin or an inline: forms whose fields know which way their values read."""

    form = RecordForm

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, models.URLField):
            kwargs.setdefault("assume_scheme", "https")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is None:
            return None
        widget = field.widget
        if isinstance(widget, RelatedFieldWidgetWrapper):
            # Adding and changing are to hand; deleting a country from an event's form is a mistake.
            widget.can_delete_related = widget.can_view_related = False
        elif way := direction(db_field):
            widget.attrs["dir"] = way
        if isinstance(db_field, models.TextField):
            widget.attrs["rows"] = 4
        if isinstance(db_field, EDTFField):
            widget.attrs.update({"class": "edtf", "placeholder": "2021-08-23", "autocomplete": "off"})
        return field

    def get_autocomplete_fields(self, request: HttpRequest) -> list[str]:
        """Every foreign key to a table of the archive: none is so small that a select would do."""
        return [
            field.name
            for field in self.model._meta.concrete_fields  # type: ignore[attr-defined]
            if field.many_to_one and field.editable and field.related_model._meta.app_label == "archive"
        ]

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("queryset", offered(db_field.related_model, request.user))
            kwargs.setdefault("widget", LoadedSelect(db_field, self.admin_site))  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class RecordInline(Directed, admin.TabularInline):
    """Rows that belong to the record above them."""

    formset = RecordFormSet
    on_add = True
    extra = 0
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = visible(super().get_queryset(request), request.user)
        return _locked(rows.select_related(*self.get_autocomplete_fields(request)), request)

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        formset.user = formset.form.user = request.user
        return formset

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> Sequence[Any]:
        fixed = super().get_readonly_fields(request, obj)
        return [*fixed, "status"] if issubclass(self.model, Fact) else fixed


class ShownInline(RecordInline):
    """Rows that are shown, at most `shown` of them, and changed on their own pages; new ones can be added.

    An article may have hundreds of mentions: a form for each would be slow to load, and past
    Django's limit of a thousand fields impossible to save.
    """

    on_add = False
    shown = 50
    order: ClassVar[tuple[str, ...]] = ("start", "id")

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs: Any) -> Any:
        formset = super().get_formset(request, obj, **kwargs)
        rows = offered(self.model, request.user).filter(**{formset.fk.name: obj}).order_by(*self.order)
        first = rows.values("pk")[: self.shown] if obj else []
        order = self.order

        class Shown(formset):
            def get_queryset(self) -> models.QuerySet:
                self.queryset = self.queryset.filter(pk__in=first).order_by(*order)
                return super().get_queryset()

        return Shown


class RecordAdmin(Directed, DeclaredLists, IndexedSearch, HistoryViews, admin.ModelAdmin):
    """The desk of one table."""

    list_select_related: Any = ()
    # Lists keep the model's order, which has an index. Sorting a million rows by a click has none.
    sortable_by = ()

    @property
    def media(self) -> forms.Media:
        # Lists have autocompletes too, in their filters.
        return super().media + LoadedSelect(None, self.admin_site).media

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        """Rows with what their pages and lists name, in one query."""
        return visible(super().get_queryset(request), request.user).select_related(*self.list_select_related)

    def get_form(
        self, request: HttpRequest, obj: models.Model | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.user = request.user
        return form

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [self._column(name) for name in super().get_list_display(request)]

    def _column(self, name: Any) -> str | Callable[[models.Model], Any]:
        try:
            field = self.model._meta.get_field(name)
        except FieldDoesNotExist:
            return name
        return column(field) if direction(field) else name

    def get_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        fields = super().get_fields(request, obj)
        # Of a record that is not there yet, there is nothing to work out and show.
        return list(fields) if obj else list(_typed(fields))

    def get_inlines(self, request: HttpRequest, obj: models.Model | None) -> list[Any]:
        return [inline for inline in self.inlines if obj or getattr(inline, "on_add", True)]

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple:
        shown, count, perms_needed, protected = super().get_deleted_objects(objs, request)
        # Nobody deletes a review, but the reviews of a fact go with it.
        return shown, count, perms_needed - {Review._meta.verbose_name}, protected

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), *self._kept(obj)]

    def get_fieldsets(self, request: HttpRequest, obj: models.Model | None = None) -> list[Any]:
        kept = self._kept(obj)
        row = [(_("Record"), {"fields": (tuple(kept),)})] if kept else []
        return [*super().get_fieldsets(request, obj), *row]

    def _kept(self, obj: models.Model | None) -> list[str]:
        """What the archive itself says of a row."""
        return ["added", "modified"] if obj else []

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for row in formset.extra_forms:
            if isinstance(row.instance, Fact):
                row.instance.status = starting_status(row.instance, request.user)
        super().save_formset(request, form, formset, change)

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        deleted = reverse(f"admin:archive_{self.opts.model_name}_deleted")
        return super().changelist_view(request, {"deleted_url": deleted, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict | None = None,
    ) -> HttpResponse:
        try:
            with _writing(request):
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            # The forms check all constraints; but another editor may have been faster.
            return self._refused(request, explain(error))
        except OperationalError as error:
            # How long is too long depends on how well PostgreSQL can compress the value.
            if getattr(error.__cause__, "sqlstate", None) != TOO_LONG:
                raise
            return self._refused(request, _("A value is too long for its index."))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        with _writing(request):
            return super().delete_view(request, object_id, extra_context)

    def render_delete_form(self, request: HttpRequest, context: dict) -> HttpResponse:
        return super().render_delete_form(request, {**context, "isolated": isolate(context["object"])})

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        return super().response_delete(request, isolated_text(obj_display), obj_id)

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet) -> None:
        with acting(""):
            super().delete_queryset(request, queryset)

    def _refused(self, request: HttpRequest, why: str | Promise) -> HttpResponse:
        self.message_user(request, why, messages.ERROR)
        return HttpResponseRedirect(request.get_full_path())


def _writing(request: HttpRequest) -> AbstractContextManager:
    """One act, all forms of a page together, where the page is sent in."""
    return acting("") if request.method == "POST" else nullcontext()


class FactAdmin(DecisionActions, RecordAdmin):
    """The desk of a table of facts: their status is decided, never typed."""

    def _kept(self, obj: models.Model | None) -> list[str]:
        return ["status", *super()._kept(obj)] if obj else []

    def has_change_permission(self, request: HttpRequest, obj: Fact | None = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or may_change(obj, request.user))

    def has_delete_permission(self, request: HttpRequest, obj: Fact | None = None) -> bool:
        """Asked of each fact that would go, also with the article, person or event that it belongs to."""
        return super().has_delete_permission(request, obj) and (obj is None or may_change(obj, request.user))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Fact | None:
        fact = super().get_object(request, object_id, from_field)
        if fact is not None and request.method == "POST":
            own = _locked(self.model._base_manager.filter(pk=fact.pk), request)
            # An editor may have decided in between.
            fact.status = own.values_list("status", flat=True).first() or fact.status
        return fact

    def get_history(self, request: HttpRequest) -> models.QuerySet:
        history = super().get_history(request)
        if request.user.has_perm(PERMISSION):
            return history
        last = history.filter(pgh_obj_id=OuterRef("pgh_obj_id")).order_by("-pgh_id").values("status")[:1]
        return history.alias(last=Subquery(last)).exclude(last=Status.REJECTED)

    def save_model(self, request: HttpRequest, obj: Fact, form: Any, change: bool) -> None:
        if not change:
            obj.status = starting_status(obj, request.user)
        super().save_model(request, obj, form, change)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        context = {"decisions": self.get_decisions(request), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)


class NameAdmin(RecordAdmin):
    """The desk of the names of one kind of thing."""

    owner = ""
    list_display = ("text", "language", "kind")
    list_filter = ("kind",)
    search_fields = ("text_folded",)
    search_help_text = _("A name or part of one, in any script; hamzas and vowel marks do not matter.")

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        shown = super().get_list_display(request)
        return [shown[0], self._column(self.owner), *shown[1:]]
