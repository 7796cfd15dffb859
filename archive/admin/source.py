"""Publishers, their names, and the collections that group them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from archive.admin.base import NameAdmin, RecordAdmin, RecordInline
from archive.admin.filters import ByRecord
from archive.admin.search import NameSearch
from archive.models import CollectionMember, Source, SourceCollection, SourceName


class NameInline(RecordInline):
    model = SourceName
    fields = ("text", "language", "kind")


class MemberInline(RecordInline):
    model = CollectionMember
    fields = ("source",)


@admin.register(Source)
class SourceAdmin(NameSearch, RecordAdmin):
    list_display = ("name", "slug", "kind", "country", "languages")
    list_filter = ("kind", ("country", ByRecord))
    list_select_related = ("country",)
    search_fields = ("=slug",)
    search_help_text = _("A name or part of one, in any script; a slug.")
    fields = ("name", "slug", "kind", "homepage", ("country", "city"), "languages")
    inlines = (NameInline,)


@admin.register(SourceName)
class SourceNameAdmin(NameAdmin):
    owner = "source"
    list_select_related = ("source",)
    fields = ("source", "text", "language", "kind")


@admin.register(SourceCollection)
class SourceCollectionAdmin(RecordAdmin):
    list_display = ("name", "slug", "description")
    search_fields = ("=slug", "name_folded")
    fields = ("name", "slug", "description")
    inlines = (MemberInline,)


@admin.register(CollectionMember)
class CollectionMemberAdmin(RecordAdmin):
    list_display = ("collection", "source")
    list_filter = (("collection", ByRecord), ("source", ByRecord))
    list_select_related = ("collection", "source")
    search_fields = ("=collection__slug", "=source__slug", "source__name_folded")
    fields = ("collection", "source")
