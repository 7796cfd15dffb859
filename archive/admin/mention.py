"""Where texts name persons, countries and sources."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from archive.admin.base import FactAdmin, ShownInline
from archive.admin.filters import ByRecord
from archive.admin.review import ReviewInline
from archive.admin.spans import SpanForm, by_article
from archive.curate.evidence import check_surface
from archive.models import ArticleText, Mention


class MentionForm(SpanForm):
    """A mention; its words must be those that the text has there, where the archive keeps the text."""

    words = ("surface",)

    def check(self, text: ArticleText, start: int, end: int) -> None:
        if "surface" in self.cleaned_data:
            check_surface(text, start, end, self.cleaned_data["surface"], self.user)
        else:
            super().check(text, start, end)


class MentionInline(ShownInline):
    model = Mention
    form = MentionForm
    fields = ("start", "end", "surface", "how", "person", "country", "source", "proposed_name", "status")


@admin.register(Mention)
class MentionAdmin(FactAdmin):
    form = MentionForm
    list_display = ("surface", "person", "country", "source", "proposed_name", "how", "status", "article")
    list_filter = (
        "status",
        "how",
        ("proposed_name", admin.EmptyFieldListFilter),
        ("person", ByRecord),
        ("country", ByRecord),
        ("source", ByRecord),
        ("article", ByRecord),
    )
    list_select_related = ("person", "country", "source", "article", "text")
    date_hierarchy = "published_lower"
    search_fields = ("=surface", "person__name_folded", "person__names__text_folded", "=country__code")
    search_help_text = _("A person's name, a country's code, or the words of a mention in full.")
    fields = (
        by_article,
        "text",
        ("start", "end"),
        "surface",
        "how",
        "person",
        "country",
        "source",
        "proposed_name",
    )
    readonly_fields = (by_article,)
    inlines = (ReviewInline,)
