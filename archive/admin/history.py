"""The history of one record, and the list of deleted ones, from the rows that triggers write.

pghistory's own admin shows the events of all tables in one UNION, with raw JSON; an editor asks
for one record, with words.
"""

from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import PAGE_VAR
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.admin.rows import visible
from archive.admin.search import CappedPaginator

PER_PAGE = 50
LABELS = {
    "insert": gettext_lazy("Added"),
    "update": gettext_lazy("Changed"),
    "delete": gettext_lazy("Deleted"),
}


@dataclass(frozen=True)
class Change:
    """One column that a write changed; None stands for empty."""

    label: str | Promise
    before: Any
    after: Any


@dataclass(frozen=True)
class Entry:
    """One write: what it did, when, who did it and why."""

    when: Any
    label: str | Promise
    user: str
    message: str
    request: str
    changes: list[Change]


def tracked(model: type[models.Model]) -> list[models.Field]:
    """The columns that the history of `model` keeps."""
    return [
        field
        for field in model.pgh_event_model._meta.concrete_fields  # type: ignore[attr-defined]
        if not field.name.startswith("pgh_") and field.name != "id"
    ]


def entries(rows: list[Any], fields: list[models.Field], user: AbstractBaseUser) -> list[Entry]:
    """`rows` of one record's history, newest first, as `user` sees them. Each is compared with the next.

    Asks the database once for the users and once for each related table, however many the rows.
    """
    names = _names(rows, fields, user)
    users = _users(rows)
    shown = []
    for row, older in zip_longest(rows, rows[1:]):
        context = _context(row)
        changes = [] if row.pgh_label == "delete" else _changes(row, older, fields, names)
        shown.append(
            Entry(
                when=row.pgh_created_at,
                label=LABELS.get(row.pgh_label, row.pgh_label),
                user=users.get(str(context.get("user")), ""),
                message=context.get("message") or "",
                request=context.get("request") or "",
                changes=changes,
            )
        )
    return shown


def _context(row: Any) -> dict:
    return row.pgh_context.metadata if row.pgh_context_id else {}


def _users(rows: list[Any]) -> dict[str, str]:
    keys = {key for row in rows if (key := _context(row).get("user"))}
    return {str(user.pk): user.get_username() for user in get_user_model().objects.filter(pk__in=keys)}


def _names(rows: list[Any], fields: list[models.Field], user: AbstractBaseUser) -> dict[str, dict[Any, str]]:
    """For each foreign key, what its values are called. What is gone, or hidden from `user`, is none."""
    names = {}
    for field in fields:
        if field.many_to_one:
            keys = {key for row in rows if (key := getattr(row, field.attname)) is not None}
            related = visible(field.related_model._base_manager.all(), user)
            names[field.name] = {key: str(obj) for key, obj in related.in_bulk(keys).items()} if keys else {}
    return names


def _changes(row: Any, older: Any, fields: list[models.Field], names: dict) -> list[Change]:
    changes = []
    for field in fields:
        after = getattr(row, field.attname)
        before = getattr(older, field.attname) if older is not None else None
        if after != before and (after or before):
            changes.append(
                Change(capfirst(field.verbose_name), _word(field, before, names), _word(field, after, names))
            )
    return changes


def _word(field: models.Field, value: Any, names: dict) -> Any:
    if value in (None, "", []):
        return None
    if field.many_to_one:
        return names[field.name].get(value, f"#{value}")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return dict(field.flatchoices).get(value, value)


class HistoryViews:
    """Of a ModelAdmin: the page behind "History", and the list of what was deleted."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.deleted_view)  # type: ignore[attr-defined]
        name = f"archive_{self.opts.model_name}_deleted"  # type: ignore[attr-defined]
        return [path("deleted/", view, name=name), *super().get_urls()]  # type: ignore[misc]

    def get_history(self, request: HttpRequest) -> models.QuerySet:
        """The writes on rows of this table that the user may see."""
        model: Any = self.model  # type: ignore[attr-defined]
        return model.pgh_event_model.objects.select_related("pgh_context")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict | None = None
    ) -> HttpResponse:
        """Every write on one record, newest first; of one that is deleted, too."""
        self._check_view_permission(request)
        try:
            key = self.opts.pk.to_python(unquote(object_id))  # type: ignore[attr-defined]
        except ValidationError as error:
            raise Http404 from error
        model: Any = self.model  # type: ignore[attr-defined]
        history = self.get_history(request).filter(pgh_obj_id=key)
        page = CappedPaginator(history.order_by("-pgh_id"), PER_PAGE).get_page(request.GET.get(PAGE_VAR))
        rows = list(page.object_list)
        obj = self.get_object(request, object_id)  # type: ignore[attr-defined]
        hidden = obj is None and model._base_manager.filter(pk=key).exists()
        if hidden or (not rows and obj is None):
            raise Http404
        # The write before the oldest on this page, to compare that one with.
        older = list(history.filter(pgh_id__lt=rows[-1].pgh_id).order_by("-pgh_id")[:1]) if rows else []
        context = {
            **self._history_context(request, page),
            "title": _("History"),
            "object": obj,
            "name": obj if obj is not None else _brief(rows[0], tracked(model)),
            "entries": entries([*rows, *older], tracked(model), request.user)[: len(rows)],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/archive/history.html", context)

    def deleted_view(self, request: HttpRequest) -> HttpResponse:
        """What was deleted from this table, latest first, each with a link to its history."""
        self._check_view_permission(request)
        model: Any = self.model  # type: ignore[attr-defined]
        history = self.get_history(request).filter(pgh_label="delete")
        page = CappedPaginator(history.order_by("-pgh_id"), PER_PAGE).get_page(request.GET.get(PAGE_VAR))
        rows = list(page.object_list)
        fields = tracked(model)
        deleted = [
            {"key": row.pgh_obj_id, "name": _brief(row, fields), "entry": entry}
            for row, entry in zip(rows, entries(rows, fields, request.user), strict=True)
        ]
        context = {**self._history_context(request, page), "title": _("Deleted"), "deleted": deleted}
        return TemplateResponse(request, "admin/archive/deleted.html", context)

    def _check_view_permission(self, request: HttpRequest) -> None:
        if not self.has_view_or_change_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied

    def _history_context(self, request: HttpRequest, page: Any) -> dict:
        return {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "opts": self.opts,  # type: ignore[attr-defined]
            "page": page,
            "page_var": PAGE_VAR,
            "page_range": page.paginator.get_elided_page_range(page.number),
            "ellipsis": page.paginator.ELLIPSIS,
        }


def _brief(row: Any, fields: list[models.Field]) -> str:
    """What a history row was about: its first two words or codes, without asking for related rows."""
    texts = (
        getattr(row, field.name) for field in fields if isinstance(field, models.CharField | models.TextField)
    )
    return " · ".join([text for text in texts if text][:2]) or f"#{row.id}"
