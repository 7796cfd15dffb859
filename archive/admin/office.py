"""The offices that persons hold."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from archive.admin.base import FactAdmin
from archive.admin.directions import means
from archive.admin.filters import ByRecord
from archive.admin.review import ReviewInline
from archive.models import Office

START, END = means("start", _("means")), means("end", _("means"))


@admin.register(Office)
class OfficeAdmin(FactAdmin):
    list_display = ("title", "person", "country", "start", "end", "status")
    list_filter = ("status", ("person", ByRecord), ("country", ByRecord))
    list_select_related = ("person", "country")
    search_fields = ("title_folded", "person__name_folded", "person__names__text_folded", "=person__slug")
    search_help_text = _("An office, or a person's name or slug.")
    fields = ("person", "title", "country", ("start", START), ("end", END))
    readonly_fields = (START, END)
    inlines = (ReviewInline,)
