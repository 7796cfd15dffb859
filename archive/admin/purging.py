"""Taking an article down, from its page, after a look at what goes; and the list of what was taken down."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.admin.directions import isolate
from archive.admin.lists import DeclaredLists
from archive.curate.purge import PERMISSION, preview, purge
from archive.models import Purge


class Purging:
    """Of the articles' ModelAdmin: a page that shows what a takedown removes, asks why, and does it."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.purge_view)  # type: ignore[attr-defined]
        own = path("<path:object_id>/purge/", view, name="archive_article_purge")
        return [own, *super().get_urls()]  # type: ignore[misc]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict | None = None
    ) -> HttpResponse:
        context = {"may_purge": request.user.has_perm(PERMISSION), **(extra_context or {})}
        return super().change_view(request, object_id, form_url, context)  # type: ignore[misc]

    def purge_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        article = self.get_object(request, unquote(object_id))  # type: ignore[attr-defined]
        if article is None:
            raise Http404
        problem = ""
        if request.method == "POST":
            try:
                removal = purge(article, request.POST.get("reason", ""), request.user)
            except ValidationError as error:
                problem = " ".join(error.messages)
            else:
                # Without its title: a message is kept until it is shown.
                text = _("The article is taken down.")
                self.message_user(request, text, messages.SUCCESS)  # type: ignore[attr-defined]
                if removal.same_text:
                    # By number: there may be one that came after the page was shown.
                    others = ", ".join(str(other.pk) for other in removal.same_text)
                    text = f"{_('These stay, with the same text:')} {others}"
                    self.message_user(request, text, messages.WARNING)  # type: ignore[attr-defined]
                return redirect("admin:archive_article_changelist")
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": _("Take down"),
            "opts": self.opts,  # type: ignore[attr-defined]
            "original": article,
            "removal": preview(article),
            "problem": problem,
        }
        return TemplateResponse(request, "admin/archive/purge.html", context)


@admin.register(Purge)
class PurgeAdmin(DeclaredLists, admin.ModelAdmin):
    """What was taken down. To delete a row here is to allow that it is taken in again."""

    list_display = ("article", "purged_at", "editor", "reason_shown")
    list_select_related = ("editor",)
    search_fields = ("=article",)
    search_help_text = gettext_lazy("The id that the article had.")
    date_hierarchy = "purged_at"
    sortable_by = ()
    fields: ClassVar[Any] = ("article", "purged_at", "editor", "reason")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("reason"))
    def reason_shown(self, stone: Purge) -> str:
        return isolate(stone.reason)
