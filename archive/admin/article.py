"""Articles, with their abstracts, addresses, texts and the evidence in them."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from archive.admin.base import RecordAdmin, RecordInline
from archive.admin.directions import isolate, means
from archive.admin.evidence import evidence_of
from archive.admin.filters import ByRecord, Languages
from archive.admin.purging import Purging
from archive.admin.search import ArticleSearch
from archive.admin.text import TextInline
from archive.models import Article, ArticleAbstract, ArticleAddress

PUBLISHED = means("published", _("means"))


class AbstractInline(RecordInline):
    model = ArticleAbstract
    fields = ("language", "text")


class AddressInline(RecordInline):
    model = ArticleAddress
    fields = ("url",)


@admin.register(Article)
class ArticleAdmin(Purging, ArticleSearch, RecordAdmin):
    list_display = ("title", "source", "published", "language", "byline")
    list_filter = ("title_origin", Languages, ("source", ByRecord))
    list_select_related = ("source",)
    date_hierarchy = "published_lower"
    search_fields = ("=identifier", "=addresses__url")
    search_help_text = _(
        "An address in full, or words: all of them count. Also “a phrase”, this OR that, -without, begin*,"
        " war NEAR/5 peace, and title: source: person: country: event: lang: published:2021-08."
    )
    fields = (
        "source",
        "title",
        "title_origin",
        "identifier",
        "byline",
        ("section", "dateline"),
        "language",
        ("published", PUBLISHED),
    )
    readonly_fields = (PUBLISHED,)
    inlines = (AbstractInline, AddressInline, TextInline)
    change_form_template = "admin/archive/article.html"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        context = {"evidence": lambda: evidence_of(object_id, request.user), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)


@admin.register(ArticleAbstract)
class ArticleAbstractAdmin(RecordAdmin):
    list_display = ("article", "language", "beginning")
    list_filter = (("article", ByRecord),)
    list_select_related = ("article",)
    search_fields = ("=article__identifier", "article__title_folded")
    search_help_text = _("Words of the article's title, or its identifier.")
    fields = ("article", "language", "text")

    @admin.display(description=_("abstract"))
    def beginning(self, abstract: ArticleAbstract) -> str:
        return isolate(Truncator(abstract.text).chars(100))


@admin.register(ArticleAddress)
class ArticleAddressAdmin(RecordAdmin):
    list_display = ("url", "article")
    list_filter = (("article", ByRecord),)
    list_select_related = ("article",)
    search_fields = ("=url", "=article__identifier", "article__title_folded")
    search_help_text = _("An address in full, or words of the article's title.")
    fields = ("article", "url")
