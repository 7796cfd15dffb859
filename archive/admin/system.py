"""What other applications register, made fit for this desk: tokens, and the job queue."""

import json

# Before ours, so that there is something to replace.
import knox.admin  # noqa: F401
import procrastinate.contrib.django.admin as procrastinate_admin
from django.apps import apps
from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from knox.models import AuthToken
from procrastinate.contrib.django.models import ProcrastinateJob

from archive.admin.lists import DeclaredLists

admin.site.unregister([AuthToken, ProcrastinateJob])

# The headings of the index, which would be the packages' own names.
apps.get_app_config("knox").verbose_name = _("Access")  # type: ignore[assignment]
apps.get_app_config("procrastinate").verbose_name = _("Jobs")  # type: ignore[assignment]


@admin.register(AuthToken)
class TokenAdmin(DeclaredLists, admin.ModelAdmin):
    """Tokens can be seen and revoked. knox's own page puts a new one into a message, and so into a cookie."""

    list_display = ("token_key", "user", "created", "expiry")
    list_select_related = ("user",)
    list_filter = ("expiry",)
    search_fields = ("token_key", "user__username")
    fields = ("token_key", "user", "created", "expiry")

    def has_add_permission(self, request) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


@admin.register(ProcrastinateJob)
class JobAdmin(procrastinate_admin.ProcrastinateJobAdmin):
    """procrastinate's page, without the inline styles that the content security policy refuses."""

    list_display = ("pk", "short_task_name", "pretty_args", "pretty_status", "queue_name", "attempts")

    @admin.display(description=_("Args"))
    def pretty_args(self, instance: ProcrastinateJob) -> SafeString:
        return format_html("<code>{}</code>", json.dumps(instance.args, ensure_ascii=False)[:2000])
