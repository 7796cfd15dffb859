"""Which state followed which."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from archive.admin.base import FactAdmin
from archive.admin.directions import means
from archive.admin.filters import ByRecord
from archive.admin.review import ReviewInline
from archive.models import Succession

DATE = means("date", _("means"))


@admin.register(Succession)
class SuccessionAdmin(FactAdmin):
    list_display = ("predecessor", "kind", "successor", "date", "status")
    list_filter = ("status", "kind", ("predecessor", ByRecord), ("successor", ByRecord))
    list_select_related = ("predecessor", "successor")
    search_fields = (
        "=predecessor__code",
        "=successor__code",
        "predecessor__name_folded",
        "successor__name_folded",
    )
    search_help_text = _("A country's name or code.")
    fields = ("predecessor", "kind", "successor", ("date", DATE), "reference")
    readonly_fields = (DATE,)
    inlines = (ReviewInline,)
