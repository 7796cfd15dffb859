"""Django's loaddata, with a history that says so, and errors that name the row."""

import json
import re
from typing import Any

from django.apps import apps
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError, DeserializedObject
from django.db import DatabaseError, IntegrityError

from archive.curate.history import acting
from archive.models.natural import remembering

# How much of a row an error shows: enough to find it by.
SHOWN = 200
# What Django writes before an error's own words: the file is named already, and the row better.
PREFIX = re.compile(r"^(Problem installing fixture '.*?': )?(Could not load [\w.]+\(pk=\w+\): )?")


class Command(loaddata.Command):
    def handle(self, *labels: str, **options: Any) -> None:
        try:
            with acting(f"loaddata {' '.join(labels)}"), remembering():
                super().handle(*labels, **options)
        except DatabaseError as error:
            raise CommandError(f"{_reason(error)}; nothing was loaded") from error

    def load_label(self, fixture_label: str) -> None:
        self.label, self.before, self.file, self.row = fixture_label, self.fixture_count, 0, 0
        try:
            super().load_label(fixture_label)
        except CommandError:
            raise
        except Exception as error:
            # Anything: these are the ways in which a file can be no fixture.
            self.start_of_row()
            raise CommandError(f"{self.place()}: {_reason(error)}; nothing was loaded") from error

    def save_obj(self, obj: DeserializedObject) -> bool:
        self.start_of_row()
        lost = [_lost(field, key) for field, key in (obj.deferred_fields or {}).items() if not field.null]
        try:
            if not lost:
                saved = super().save_obj(obj)
        except Exception as error:
            # A reference that leads nowhere was left empty for now, which may be what is refused.
            lost = [_lost(field, key) for field, key in (obj.deferred_fields or {}).items()]
            raise CommandError(
                f"{self.place()}: {'; '.join(lost) or _reason(error)}; nothing was loaded"
            ) from error
        if lost:
            raise CommandError(f"{self.place()}: {'; '.join(lost)}; nothing was loaded")
        if obj.deferred_fields:
            self.objs_with_deferred_fields[-1] = _Later(obj, self.place())
        return saved

    def start_of_row(self) -> None:
        """Count the rows, in each file of its own. Rows of unknown tables that are ignored do not count."""
        if self.file != self.fixture_count - self.before:
            self.file, self.row = self.fixture_count - self.before, 0
        self.row += 1

    def place(self) -> str:
        """The file, and the row in it that is being loaded, by its number and by what it says."""
        path = self.find_fixtures(self.label)[max(0, self.file - 1)][0]
        try:
            with open(path, encoding="utf-8") as file:
                rows = json.load(file)
            if self.ignore:
                rows = [row for row in rows if _is_known(row)]
            row = rows[self.row - 1]
        except (OSError, ValueError, LookupError, TypeError):
            return path if self.row == 1 else f"{path}, row {self.row}"
        said = json.dumps(row.get("fields", row) if isinstance(row, dict) else row, ensure_ascii=False)
        said = said if len(said) <= SHOWN else said[:SHOWN] + "…"
        table = f"{row.get('model')} " if isinstance(row, dict) else ""
        return f"{path}, row {self.row} ({table}{said})"


class _Later:
    """A row with references to rows further down, looked up when all are loaded."""

    def __init__(self, row: DeserializedObject, place: str) -> None:
        self.row, self.place = row, place

    def save_deferred_fields(self, using: str | None = None) -> None:
        try:
            self.row.save_deferred_fields(using=using)
        except (DatabaseError, DeserializationError) as error:
            raise CommandError(f"{self.place}: {_reason(error)}; nothing was loaded") from error


def _lost(field: Any, key: Any) -> str:
    return f"{field.name}: there is no {field.related_model._meta.label_lower} with the natural key {key}"


def _is_known(row: Any) -> bool:
    try:
        return bool(apps.get_model(row["model"]))
    except LookupError:
        return False


def _reason(error: BaseException) -> str:
    """What is wrong, in a line, without what Django and PostgreSQL add around it."""
    if isinstance(error, IntegrityError) and (diag := getattr(error.__cause__, "diag", None)):
        detail = diag.message_detail or ""
        # The detail of a check is the whole row, columns without their names.
        return diag.message_primary + (f": {detail}" if detail.startswith("Key") else "")
    if isinstance(error, DeserializationError):
        inner = error.__cause__ or error.__context__
        if isinstance(inner, json.JSONDecodeError):
            return f"this is not JSON: {inner}"
        if isinstance(inner, KeyError):
            return f"the row has no {inner}"
        if inner is not None:
            return _reason(inner)
    if messages := getattr(error, "messages", None):
        return " ".join(messages)
    return " ".join(PREFIX.sub("", str(error)).split()) or type(error).__name__
