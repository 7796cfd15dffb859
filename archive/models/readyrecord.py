"""Records' JSON, made ready: as lists show it, or whole but for the places of the records that it names."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

# Behind a tab, which finished JSON never holds, stands what is to be looked at again: null where nothing is
# ready, or the place of another record. One look for a tab tells whether there is any.
TAB: Final = "\t"
LATE: Final = f"{TAB}null"


class JsonText(models.Field):
    """PostgreSQL's `json`: a JSON value as it was written. Django's own field is of another order."""

    def db_type(self, connection: Any) -> str:
        return "json"


class ReadyRecord(models.Model):
    """The JSON of one record: as lists show it unless they are asked for something else, or whole.

    Derived, so it has no history and is in no fixture. `archive.api.ready` makes it. It is not to be read
    while it is stale (StaleRecord): read by `in_step`.
    """

    pk = models.CompositePrimaryKey("resource", "record")
    # What of it: the record's table, without what all tables' names begin with; or `whole`, for articles with
    # all they name. And its id in the table.
    resource = models.CharField(_("resource"), max_length=10, editable=False)
    record = models.BigIntegerField(_("record"), editable=False)
    # Of the statement that made the JSON: another version of the archive shows other fields.
    version = models.IntegerField(_("version"), editable=False)
    json = JsonText(_("JSON"), editable=False)

    class Meta:
        verbose_name = _("record's JSON")
        verbose_name_plural = _("records' JSON")
        default_permissions: ClassVar = ()
        indexes: ClassVar = [models.Index(fields=["resource", "version"], name="readyrecord_version")]

    def __str__(self) -> str:
        return f"{self.resource} {self.record} ({self.version})"


class StaleRecord(models.Model):
    """A record whose JSON is no longer what its ready row says, if it has one.

    Triggers write it (archive.models.readying), in the transaction that changes something;
    `archive.api.ready` removes it when it has made the JSON anew. A row of its own: nobody who writes waits
    for anybody else.
    """

    resource = models.CharField(_("resource"), max_length=10, editable=False)
    record = models.BigIntegerField(_("record"), editable=False)
    # What a transaction has marked once it need not mark again.
    transaction = models.BigIntegerField(_("transaction"), editable=False)

    class Meta:
        verbose_name = _("stale record")
        verbose_name_plural = _("stale records")
        default_permissions: ClassVar = ()
        indexes: ClassVar = [
            models.Index(fields=["resource", "record", "transaction"], name="stalerecord_record")
        ]

    def __str__(self) -> str:
        return f"{self.resource} {self.record}"


def in_step(resource: str, record: str, version: int) -> str:
    """SQL that selects the JSON of the `resource` with the id `record`, if it is ready, of that version."""
    return _in_step(f"'{resource}'", record, f"ready.version = {version}")


def place(resource: str, record: str) -> str:
    """SQL of JSON that says which record stands there."""
    return f"('{TAB}\"{resource} ' || {record} || '\"{TAB}')::json"


def filled_in(frame: str, versions: Mapping[str, int]) -> str:
    """SQL that selects JSON with the records in their places; `frame` is SQL of it that has the places.

    The records are of `versions`, by their resource. Where one is not ready, LATE stands there; where the
    frame is null, so is what this selects.
    """
    what = "trim(part, '\"')"
    known = ", ".join(f"('{resource}', {version})" for resource, version in versions.items())
    record = _in_step(
        f"split_part({what}, ' ', 1)",
        f"split_part({what}, ' ', 2)::bigint",
        f"(ready.resource, ready.version) IN ({known})",
    )
    return (
        f"SELECT string_agg(CASE WHEN n & 1 = 1 THEN part ELSE coalesce(({record})::text, '{LATE}') END, ''"
        f" ORDER BY n) FROM string_to_table(({frame})::text, '{TAB}') WITH ORDINALITY AS parts (part, n)"
    )


def _in_step(resource: str, record: str, condition: str) -> str:
    # The version is no condition of the rows: PostgreSQL could take the index on it, and go through all that
    # have it.
    return (
        f"SELECT CASE WHEN {condition} THEN ready.json END FROM archive_readyrecord ready"
        f" WHERE ready.resource = {resource} AND ready.record = {record}"
        " AND NOT EXISTS (SELECT FROM archive_stalerecord stale"
        " WHERE stale.resource = ready.resource AND stale.record = ready.record)"
    )
