"""Who decided what: shown, never written here."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from archive.admin.directions import isolate
from archive.admin.lists import DeclaredLists
from archive.admin.rows import visible
from archive.admin.search import IndexedSearch
from archive.models import Review

# What the names of facts are made of.
RELATED = (
    "editor",
    "mention",
    "citation",
    "event",
    "participation__person",
    "participation__country",
    "office__person",
    "link__event",
    "link__other",
    "succession__predecessor",
    "succession__successor",
)


class ReadOnly:
    """Of a ModelAdmin or an inline: rows that are added elsewhere and never changed."""

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class ReviewInline(ReadOnly, admin.TabularInline):
    """The decisions on one fact."""

    model = Review
    on_add = False
    fields = ("decided_at", "decision", "editor", "reason")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return super().get_queryset(request).select_related(*RELATED)


class Deciders(admin.RelatedFieldListFilter):
    """By one of those who have decided something: not every user is everybody's business."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[tuple]:
        decided = models.Exists(Review.objects.filter(editor=models.OuterRef("pk")))
        return field.get_choices(include_blank=False, limit_choices_to=models.Q(decided))


@admin.register(Review)
class ReviewAdmin(ReadOnly, DeclaredLists, IndexedSearch, admin.ModelAdmin):
    list_display = ("decided_at", "decision", "target_shown", "editor", "reason_shown")
    list_filter = ("decision", ("editor", Deciders))
    list_select_related = RELATED
    date_hierarchy = "decided_at"
    sortable_by = ()
    fields: ClassVar[Any] = ("decided_at", "decision", "target_shown", "editor", "reason")
    readonly_fields = ("target_shown",)

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return visible(super().get_queryset(request), request.user).select_related(*RELATED)

    @admin.display(description=_("fact"))
    def target_shown(self, review: Review) -> str:
        return isolate(review.target)

    @admin.display(description=_("reason"))
    def reason_shown(self, review: Review) -> str:
        return isolate(review.reason)
