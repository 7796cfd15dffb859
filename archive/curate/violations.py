"""What a constraint of the database says to people."""

from django.apps import apps
from django.db import IntegrityError
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def explain(error: IntegrityError) -> str | Promise:
    """The message of the constraint that `error` reports, or a general one where it has none."""
    told = getattr(error.__cause__, "diag", None)
    name = getattr(told, "constraint_name", None)
    if told and name and name.endswith("_not_purged"):
        return _("This was taken down on %(day)s, and may not be taken in again: %(reason)s") % {
            "day": told.message_hint,
            "reason": told.message_detail,
        }
    return _messages().get(name) or _("The database refused this: it contradicts another record.")


def _messages() -> dict[str, str | Promise]:
    models: list[type[Model]] = list(apps.get_app_config("archive").get_models())
    return {
        constraint.name: constraint.violation_error_message
        for model in models
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }
