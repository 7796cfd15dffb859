"""What a constraint of the database says to people."""

from django.apps import apps
from django.db import IntegrityError
from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


def explain(error: IntegrityError) -> str | Promise:
    """The message of the constraint that `error` reports, or a general one where it has none."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    return _messages().get(name) or _("The database refused this: it contradicts another record.")


def _messages() -> dict[str, str | Promise]:
    models: list[type[Model]] = list(apps.get_app_config("archive").get_models())
    return {
        constraint.name: constraint.violation_error_message
        for model in models
        for constraint in model._meta.constraints
        if constraint.violation_error_message != constraint.default_violation_error_message
    }
