"""Where texts report facts."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from archive.admin.base import FactAdmin, ShownInline
from archive.admin.directions import isolate
from archive.admin.filters import ByRecord
from archive.admin.review import ReviewInline
from archive.admin.spans import SpanForm, by_article
from archive.curate.evidence import span_hash
from archive.models import ArticleText, Citation
from archive.models.citation import TARGETS

# What the names of facts are made of.
REPORTED = (
    "event",
    "participation__person",
    "participation__country",
    "office__person",
    "link__event",
    "link__other",
    "succession__predecessor",
    "succession__successor",
)


class CitationForm(SpanForm):
    """A citation; where the archive keeps the text, the hash follows from the span."""

    words = ("sha256",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "sha256" in self.fields:
            self.fields["sha256"].required = False

    def check(self, text: ArticleText, start: int, end: int) -> None:
        if "sha256" in self.cleaned_data:
            given = self.cleaned_data["sha256"] or None
            self.cleaned_data["sha256"] = span_hash(text, start, end, given, self.user)
        else:
            super().check(text, start, end)


def reported(citation: Citation) -> Any:
    """The one fact that a citation reports."""
    return next((fact for name in TARGETS if (fact := getattr(citation, name)) is not None), None)


class CitationInline(ShownInline):
    """The citations in a text."""

    model = Citation
    form = CitationForm
    fields = ("start", "end", "sha256", *TARGETS, "status")

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related(*REPORTED)


class EventCitationInline(CitationInline):
    """The citations of an event."""

    on_add = True
    fields = ("text", "start", "end", "sha256", "status")


@admin.register(Citation)
class CitationAdmin(FactAdmin):
    form = CitationForm
    list_display = ("fact", "article", "span", "status")
    list_filter = (
        "status",
        ("event", ByRecord),
        ("participation", ByRecord),
        ("office", ByRecord),
        ("link", ByRecord),
        ("succession", ByRecord),
        ("article", ByRecord),
    )
    list_select_related = ("article", "text", *REPORTED)
    date_hierarchy = "published_lower"
    search_fields = ("=event__slug", "event__title_folded", "article__title_folded", "=article__identifier")
    search_help_text = _("Words of an event's or an article's title, a slug, or an article's identifier.")
    fields = (by_article, "text", ("start", "end"), "sha256", *TARGETS)
    readonly_fields = (by_article,)
    inlines = (ReviewInline,)

    @admin.display(description=_("fact"))
    def fact(self, citation: Citation) -> str:
        return isolate(reported(citation))

    @admin.display(description=_("span"))
    def span(self, citation: Citation) -> str:
        return isolate(citation, "ltr")

    def get_readonly_fields(self, request: HttpRequest, obj: Citation | None = None) -> list[Any]:
        fixed = super().get_readonly_fields(request, obj)
        # The hash stands for the words of the span: other words are another citation.
        return [*fixed, "text", "start", "end", "sha256"] if obj else fixed
