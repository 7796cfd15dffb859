"""Persons and their names."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from archive.admin.base import NameAdmin, RecordAdmin, RecordInline
from archive.admin.search import NameSearch
from archive.models import Office, Person, PersonName


class NameInline(RecordInline):
    model = PersonName
    fields = ("text", "language", "kind")
    extra = 1


class OfficeInline(RecordInline):
    model = Office
    fields = ("title", "country", "start", "end", "status")


@admin.register(Person)
class PersonAdmin(NameSearch, RecordAdmin):
    list_display = ("name", "slug", "description", "wikidata")
    search_fields = ("=slug", "=wikidata")
    search_help_text = _("A name or part of one, in any script; a slug; a Wikidata id.")
    fields = ("name", "slug", "description", "wikidata")
    inlines = (NameInline, OfficeInline)


@admin.register(PersonName)
class PersonNameAdmin(NameAdmin):
    owner = "person"
    list_select_related = ("person",)
    fields = ("person", "text", "language", "kind")
