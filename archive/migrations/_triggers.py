"""Triggers of many new tables at once."""

from typing import Any

from django.db.migrations.operations.base import Operation
from pgtrigger import migrations
from pgtrigger.compiler import Trigger


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


class ReplaceTriggers(Operation):
    """Make `triggers` of many tables, by table; each replaces the one of its name, if there is one."""

    reduces_to_sql = True

    def __init__(self, triggers: dict[str, list[Trigger]]) -> None:
        self.triggers = triggers

    def state_forwards(self, app_label: str, state: Any) -> None:
        for model, triggers in self.triggers.items():
            options = state.models[app_label, model].options
            names = {trigger.name for trigger in triggers}
            others = [other for other in options.get("triggers", ()) if other.name not in names]
            options["triggers"] = [*others, *triggers]

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        self._install(app_label, schema_editor, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        for model, triggers in self.triggers.items():
            for trigger in triggers:
                migrations._remove_trigger(schema_editor, to_state.apps.get_model(app_label, model), trigger)
        self._install(app_label, schema_editor, to_state)

    def _install(self, app_label: str, schema_editor: Any, state: Any) -> None:
        for model, triggers in self.triggers.items():
            names = {trigger.name for trigger in triggers}
            for trigger in state.models[app_label, model].options.get("triggers", ()):
                if trigger.name in names:
                    migrations._add_trigger(schema_editor, state.apps.get_model(app_label, model), trigger)

    def describe(self) -> str:
        return "Make triggers of many tables"
