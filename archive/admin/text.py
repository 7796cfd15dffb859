"""The versions of an article's text: what is kept of each, and the evidence that points into it."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from archive.admin.base import RecordAdmin, RecordInline
from archive.admin.citation import CitationInline
from archive.admin.filters import ByRecord
from archive.admin.forms import RecordForm
from archive.admin.mention import MentionInline
from archive.curate.evidence import READ_TEXT
from archive.curate.texts import attach_body
from archive.models import ArticleText
from archive.text import sha256_hex

MISMATCH = _("The body does not match the hash and the length.")


class TextForm(RecordForm):
    """A text's body, or only its hash and length."""

    body = forms.CharField(
        label=_("Body"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"dir": "auto", "rows": 20, "cols": 100}),
        help_text=_(
            "The text itself, where the archive may keep it; the hash and the length follow from it."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sha256", "length"):
            if name in self.fields:
                self.fields[name].required = False

    def clean_body(self) -> str | None:
        # Browsers send every line break as CR LF; the text has LF, and its hash counts them.
        return self.cleaned_data["body"].replace("\r\n", "\n") or None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        body = data.get("body")
        if body and self.instance.pk:
            self._attach(body)
        elif body:
            self._measure(body)
        else:
            for name in ("sha256", "length"):
                if name in self.fields and not data.get(name) and name not in self.errors:
                    self.add_error(name, _("Without the body, this has to be given."))
        return data

    def _attach(self, body: str) -> None:
        """Attach `body` to the text; where another part of the page is wrong, its answer undoes that."""
        try:
            text = attach_body(self.instance.article, body)
        except ValidationError as error:
            self.add_error("body", error)
        else:
            if text.pk != self.instance.pk:
                self.add_error("body", MISMATCH)

    def _measure(self, body: str) -> None:
        """Fill in the hash and the length of a new text, or compare them."""
        for name, value in (("sha256", sha256_hex(body)), ("length", len(body))):
            if self.cleaned_data.get(name) not in (None, "", value):
                self.add_error("body", MISMATCH)
                break
            self.cleaned_data[name] = value


class TextInline(RecordInline):
    """An article's texts. They never change; a new one is added on a page of its own."""

    model = ArticleText
    on_add = False
    fields = ("sha256", "length", "obtained", "obtained_at", "stored")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return without_bodies(super().get_queryset(request))

    @admin.display(description=_("body kept"), boolean=True)
    def stored(self, text: ArticleText) -> bool:
        return text.has_body


def without_bodies(texts: QuerySet) -> QuerySet:
    """`texts` with `has_body` in place of the bodies, which can be long."""
    stored = ExpressionWrapper(Q(body__isnull=False), BooleanField())
    return texts.defer("body").annotate(has_body=stored)


@admin.register(ArticleText)
class ArticleTextAdmin(RecordAdmin):
    form = TextForm
    list_display = ("sha256", "article", "length", "obtained", "obtained_at", "stored")
    list_filter = ("obtained", ("article", ByRecord))
    list_select_related = ("article",)
    search_fields = ("=sha256", "=article__identifier", "article__title_folded")
    search_help_text = _("Words of the article's title, its identifier, or a hash in full.")
    inlines = (MentionInline, CitationInline)

    @admin.display(description=_("body kept"), boolean=True)
    def stored(self, text: ArticleText) -> bool:
        return text.has_body

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return without_bodies(super().get_queryset(request))

    def get_fields(self, request: HttpRequest, obj: ArticleText | None = None) -> list[str]:
        fields = ["article", "sha256", "length", "obtained", "obtained_at"]
        if obj is None:
            return ["article", "body", *fields[1:]]
        if request.user.has_perm(READ_TEXT):
            return [*fields, "body"]
        return [*fields, "stored"]

    def get_readonly_fields(self, request: HttpRequest, obj: ArticleText | None = None) -> list[Any]:
        fixed = super().get_readonly_fields(request, obj)
        if obj is None:
            return fixed
        # A text never changes. A body that is missing can be added, if it is the one that was hashed.
        body = ["body"] if obj.has_body or not request.user.has_perm(READ_TEXT) else []
        return [*fixed, "article", "sha256", "length", "stored", *body]

    def render_change_form(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().render_change_form(request, *args, **kwargs)
        if request.method == "POST":
            # The page is shown again for its errors: a body that its form attached was attached in vain.
            transaction.set_rollback(True)
        return response
