"""What other applications register, made fit for this desk: failed logins, and the job queue."""

import json

# Before ours, so that there is something to replace.
import axes.admin as axes_admin
import procrastinate.contrib.django.admin as procrastinate_admin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from archive.admin.lists import DeclaredLists

# Axes' other tables stay empty: see the settings.
admin.site.unregister([AccessAttempt, AccessFailureLog, AccessLog, ProcrastinateJob])

# The headings of the index, which would be the packages' own names.
apps.get_app_config("axes").verbose_name = _("Failed logins")  # type: ignore[assignment]
apps.get_app_config("procrastinate").verbose_name = _("Jobs")  # type: ignore[assignment]


@admin.register(AccessAttempt)
class AttemptAdmin(DeclaredLists, axes_admin.AccessAttemptAdmin):
    """Names and addresses that failed to log in. To delete one's rows is to unlock it."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start")
    list_filter = ("attempt_time",)
    search_fields = ("username", "ip_address")
    # What was sent besides is nobody's business: a password may have been typed into the wrong field.
    fields = readonly_fields = (*list_display, "user_agent")
    fieldsets = None
    actions = ()
    sortable_by = ()

    def has_change_permission(self, request: HttpRequest, obj: AccessAttempt | None = None) -> bool:
        return False


@admin.register(ProcrastinateJob)
class JobAdmin(procrastinate_admin.ProcrastinateJobAdmin):
    """procrastinate's page, without the inline styles that the content security policy refuses.

    And its actions for who may change jobs: it has them done by anybody who may view the list.
    """

    list_display = ("pk", "short_task_name", "pretty_args", "pretty_status", "queue_name", "attempts")

    def get_actions(self, request: HttpRequest) -> dict:
        allowed = request.user.has_perm("procrastinate.change_procrastinatejob")
        return super().get_actions(request) if allowed else {}

    @admin.display(description=_("Args"))
    def pretty_args(self, instance: ProcrastinateJob) -> SafeString:
        return format_html("<code>{}</code>", json.dumps(instance.args, ensure_ascii=False)[:2000])
