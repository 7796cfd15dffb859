"""Accepting and rejecting from a list of facts, with a page that asks why."""

from typing import ClassVar

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from archive.curate.review import PERMISSION, decide
from archive.models import Status

# A decision is one transaction that locks its rows: it should be short, and read by a person before.
MOST = 500


class DecisionActions:
    """Of a ModelAdmin of facts: the three decisions, as actions."""

    actions: ClassVar = ["accept", "reject", "suggest"]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)

    @admin.action(description=gettext_lazy("Accept"), permissions=["decide"])
    def accept(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self._decide(request, queryset, Status.ACCEPTED)

    @admin.action(description=gettext_lazy("Reject"), permissions=["decide"])
    def reject(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self._decide(request, queryset, Status.REJECTED)

    @admin.action(description=gettext_lazy("Back to suggested"), permissions=["decide"])
    def suggest(self, request: HttpRequest, queryset: QuerySet) -> HttpResponse | None:
        return self._decide(request, queryset, Status.SUGGESTED)

    def get_decisions(self, request: HttpRequest) -> list[tuple[str, str]]:
        """The names and labels of the decisions that the user may take."""
        actions = self.get_actions(request)  # type: ignore[attr-defined]
        return [(name, actions[name][2]) for name in DecisionActions.actions if name in actions]

    def _decide(self, request: HttpRequest, queryset: QuerySet, decision: Status) -> HttpResponse | None:
        facts = list(queryset[: MOST + 1])
        if len(facts) > MOST:
            text = _("Decide at most %(most)s at once: narrow the list.") % {"most": MOST}
            self.message_user(request, text, messages.ERROR)  # type: ignore[attr-defined]
            return None
        if "decided" not in request.POST:
            return self._ask(request, facts)
        try:
            reviews = decide(facts, decision, request.user, request.POST.get("reason", "").strip())
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)  # type: ignore[attr-defined]
            return self._back(request, facts)
        text = ngettext("%(count)s decided.", "%(count)s decided.", len(reviews)) % {"count": len(reviews)}
        self.message_user(request, text, messages.SUCCESS)  # type: ignore[attr-defined]
        return self._back(request, facts)

    def _back(self, request: HttpRequest, facts: list) -> HttpResponse | None:
        """To the fact's own page, if the decision was asked for there; else to the list."""
        if "from_page" in request.POST and facts:
            return redirect(admin_urlname(self.opts, "change"), facts[0].pk)  # type: ignore[attr-defined]
        return None

    def _ask(self, request: HttpRequest, facts: list) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": self.get_actions(request)[request.POST["action"]][2],  # type: ignore[attr-defined]
            "opts": self.opts,  # type: ignore[attr-defined]
            "facts": facts,
            "action": request.POST["action"],
            "from_page": "from_page" in request.POST,
            "checkbox": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, "admin/archive/decide.html", context)
