"""Triggers of many new tables at once."""

from typing import Any

from django.db.migrations.operations.base import Operation
from pgtrigger import migrations


class InstallTriggers(Operation):
    """Make the triggers that the tables of earlier operations declare in their options.

    pgtrigger's `AddTrigger` renders all related models anew for each trigger: for the 85 of
    the first tables that took longer than everything else in a first start together.
    """

    reduces_to_sql = True

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The tables' options hold the triggers already."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model in to_state.apps.get_app_config(app_label).get_models():
            for trigger in to_state.models[app_label, model._meta.model_name].options.get("triggers", ()):
                migrations._add_trigger(schema_editor, model, trigger)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """They go with their tables."""

    def describe(self) -> str:
        return "Install the triggers of the tables"
