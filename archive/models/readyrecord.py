"""Records' JSON as lists show it, made ready."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


class JsonText(models.Field):
    """PostgreSQL's `json`: a JSON value as it was written. Django's own field is of another order."""

    def db_type(self, connection: Any) -> str:
        return "json"


class ReadyRecord(models.Model):
    """The JSON of one record, as lists show it unless they are asked for something else.

    Derived, so it has no history and is in no fixture. `archive.api.ready` makes it. It is not to be read
    while it is stale (StaleRecord): read by `in_step`.
    """

    pk = models.CompositePrimaryKey("resource", "record")
    # The record's table, without what all tables' names begin with, and its id there.
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
    # The version is no condition: PostgreSQL could take the index on it, and go through all that have it.
    return (
        f"SELECT CASE WHEN ready.version = {version} THEN ready.json END FROM archive_readyrecord ready"
        f" WHERE ready.resource = '{resource}' AND ready.record = {record}"
        " AND NOT EXISTS (SELECT FROM archive_stalerecord stale"
        f" WHERE stale.resource = '{resource}' AND stale.record = ready.record)"
    )
