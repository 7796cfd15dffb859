"""Django's dumpdata, without what follows by itself, and without asking for each row that another names."""

from typing import Any

from django.apps import apps
from django.core.management.commands import dumpdata

from archive.models import DERIVED
from archive.models.natural import remembering


class Command(dumpdata.Command):
    def handle(self, *labels: str, **options: Any) -> None:
        # A history names rows that may be gone, and users of this archive: it means nothing in
        # another one. What derives is made there. A backup of everything is PostgreSQL's own, pg_dump.
        left_out = [
            model._meta.label
            for model in apps.get_app_config("archive").get_models()
            if hasattr(model, "pgh_tracked_model") or model in DERIVED
        ]
        asked = {label.lower() for label in labels}
        options["exclude"] = [
            *options["exclude"],
            *(label for label in left_out if label.lower() not in asked),
        ]
        with remembering():
            super().handle(*labels, **options)
