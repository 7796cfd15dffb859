"""Django's loaddata, with a history that says so, and errors that name the row."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError
from django.db import IntegrityError

from archive.curate.history import acting
from archive.models.natural import remembering


class Command(loaddata.Command):
    def handle(self, *labels: str, **options: Any) -> None:
        try:
            with acting(f"loaddata {' '.join(labels)}"), remembering():
                super().handle(*labels, **options)
        except DeserializationError as error:
            raise CommandError(f"{error}; nothing was loaded") from error.__cause__
        except IntegrityError as error:
            raise CommandError(f"{error}; nothing was loaded") from error
