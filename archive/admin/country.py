"""Countries of today and gone, and their names."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from archive.admin.base import NameAdmin, RecordAdmin, RecordInline
from archive.admin.directions import means
from archive.admin.search import NameSearch
from archive.models import Country, CountryName

FROM, UNTIL = means("existed_from", _("means")), means("existed_until", _("means"))


class NameInline(RecordInline):
    model = CountryName
    fields = ("text", "language", "kind")


@admin.register(Country)
class CountryAdmin(NameSearch, RecordAdmin):
    list_display = ("name", "code", "alpha3", "kind", "existed_from", "existed_until")
    list_filter = ("kind",)
    search_fields = ("=code", "=alpha3")
    search_help_text = _("A name or part of one, in any script; a code (IQ, IRQ, SUHH).")
    fields = (
        "name",
        ("code", "alpha3", "numeric"),
        "kind",
        ("existed_from", FROM),
        ("existed_until", UNTIL),
        "note",
        "reference",
    )
    readonly_fields = (FROM, UNTIL)
    inlines = (NameInline,)


@admin.register(CountryName)
class CountryNameAdmin(NameAdmin):
    owner = "country"
    list_select_related = ("country",)
    fields = ("country", "text", "language", "kind")
