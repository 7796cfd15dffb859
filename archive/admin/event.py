"""Events, who took part in them, and how they bear on each other."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from archive.admin.base import FactAdmin, RecordInline
from archive.admin.citation import EventCitationInline
from archive.admin.directions import means
from archive.admin.filters import ByRecord
from archive.admin.review import ReviewInline
from archive.models import Event, EventContext, EventLink, Participation

START, END = means("start", _("means")), means("end", _("means"))


class ParticipationInline(RecordInline):
    model = Participation
    fields = ("role", "person", "country", "status")
    extra = 1


class LinkInline(RecordInline):
    model = EventLink
    fk_name = "event"
    fields = ("kind", "other", "status")


@admin.register(Event)
class EventAdmin(FactAdmin):
    list_display = ("title", "start", "type", "country", "occurrence", "status")
    list_filter = ("status", "type", "occurrence", ("country", ByRecord))
    list_select_related = ("country",)
    date_hierarchy = "start_lower"
    search_fields = ("=slug", "title_folded")
    search_help_text = _("Words of the title, or a slug.")
    fields = (
        "title",
        "slug",
        ("type", "mode"),
        "contexts",
        ("start", START),
        ("end", END),
        ("country", "place"),
        "occurrence",
    )
    readonly_fields = (START, END)
    inlines = (ParticipationInline, LinkInline, EventCitationInline, ReviewInline)

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        if db_field.name == "contexts":
            return forms.MultipleChoiceField(
                choices=EventContext.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple(attrs={"class": "columns"}),
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)


@admin.register(Participation)
class ParticipationAdmin(FactAdmin):
    list_display = ("event", "role", "person", "country", "status")
    list_filter = ("status", "role", ("person", ByRecord), ("country", ByRecord), ("event", ByRecord))
    list_select_related = ("event", "person", "country")
    search_fields = (
        "=event__slug",
        "event__title_folded",
        "person__name_folded",
        "person__names__text_folded",
    )
    search_help_text = _("Words of an event's title, or a person's name.")
    fields = ("event", "role", "person", "country")
    inlines = (ReviewInline,)


@admin.register(EventLink)
class EventLinkAdmin(FactAdmin):
    list_display = ("event", "kind", "other", "status")
    list_filter = ("status", "kind", ("event", ByRecord), ("other", ByRecord))
    list_select_related = ("event", "other")
    search_fields = ("=event__slug", "=other__slug", "event__title_folded", "other__title_folded")
    search_help_text = _("Words of an event's title, or a slug.")
    fields = ("event", "kind", "other")
    inlines = (ReviewInline,)
