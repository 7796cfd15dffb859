"""Records' JSON, made ready: a list reads it, and need not put it together.

The database knows what is behind (archive.models.readying); what it says is behind is made for the answer,
as if nothing were ready. The worker makes it ready again every minute, or `manage.py ready_records`.
"""

from collections.abc import Callable, Iterator
from time import monotonic, sleep
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from archive.api import serializers
from archive.api.expressions import Kept, kept_of, made, ready_version
from archive.models import ReadyRecord, StaleRecord

# Records in one transaction: some tenths of a second.
BATCH = 1_000
# What is kept ready, by the name that ReadyRecord has for it. What others show comes first.
KEPT: Final[dict[str, Kept]] = {
    kept.resource: kept
    for serializer in (
        serializers.CountrySerializer,
        serializers.SourceSerializer,
        serializers.PersonSerializer,
        serializers.EventSerializer,
        serializers.ArticleSerializer,
    )
    for kept in kept_of(serializer)
}

# Seconds to wait for writers: a list of a thousand rows takes some.
PATIENCE = 15
# Transactions of others that have written something and go on.
WRITING = """
    SELECT l.transactionid::text FROM pg_locks l JOIN pg_stat_activity a USING (pid)
    WHERE l.locktype = 'transactionid' AND l.mode = 'ExclusiveLock' AND l.pid <> pg_backend_pid()
    AND a.datname = current_database() AND a.backend_type IS DISTINCT FROM 'autovacuum worker'
"""
# Made by one at a time. Marks first, in a statement of their own: what they came with is then seen by the
# statement that makes the JSON, and marks that come later stay.
ALONE = "SELECT pg_try_advisory_xact_lock(hashtext('archive_readyrecord'))"
MAKE = """
    INSERT INTO archive_readyrecord (resource, record, version, json)
    SELECT %s, pk, %s, json FROM (
        SELECT page.pk, ({json}) AS json FROM unnest(%s::bigint[]) AS page (pk) ORDER BY page.pk
    ) made WHERE json IS NOT NULL
    ON CONFLICT (resource, record) DO UPDATE SET version = excluded.version, json = excluded.json
"""
GONE = """
    DELETE FROM archive_readyrecord r
    WHERE resource = %s AND record = ANY(%s)
    AND NOT EXISTS (SELECT FROM {table} found WHERE found.id = r.record)
"""


def behind() -> int:
    """How many records have no JSON that is ready."""
    return sum(_stale(name).values("record").distinct().count() + _others(name).count() for name in KEPT)


def make(
    *, limit: int | None = None, batch: int = BATCH, progress: Callable[[int], None] | None = None
) -> int:
    """Make ready what is behind, newest changes last, at most about `limit` records. Returns how many.

    Each batch is a transaction of its own: this can run while the archive serves, be broken off, and go on
    where it stopped. Where another makes records ready just now, this leaves it to that.
    """
    total = 0
    for done in _batches(batch):
        total += done
        if progress:
            progress(done)
        if limit is not None and total >= limit:
            break
    return total


def _batches(size: int) -> Iterator[int]:
    for resource in KEPT:
        while done := _make_batch(resource, size):
            yield done


def _make_batch(resource: str, size: int) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ALONE)
        if not cursor.fetchone()[0]:
            return 0
        marks = list(_stale(resource).order_by("pk").values_list("pk", "record")[:size])
        records = {record for _pk, record in marks}
        if not marks:
            records = set(_others(resource).values_list("record", flat=True)[:size])
        if not records or (marks and not _settled(cursor)):
            return 0
        json = made(KEPT[resource])
        version = ready_version(KEPT[resource])
        cursor.execute(MAKE.format(json=json.sql), [resource, version, *json.parameters, sorted(records)])
        gone = GONE.format(table=KEPT[resource].model._meta.db_table)
        cursor.execute(gone, [resource, sorted(records)])
        StaleRecord.objects.filter(pk__in=[pk for pk, _record in marks]).delete()
        return len(records)


def _settled(cursor: Any) -> bool:
    """Wait until who wrote when the marks were read is done; False where that takes long.

    Who changes an event does not see that an article reports it, where that is not committed yet, and marks
    all others. The article has a mark of its own, but made now it would show the event as it was, and nothing
    would tell: the mark has to stay until the change is there, or given up.
    """
    ends = monotonic() + PATIENCE
    waiting = _writing(cursor)
    while waiting and monotonic() < ends:
        sleep(0.01)
        waiting &= _writing(cursor)
    return not waiting


def _writing(cursor: Any) -> set[str]:
    cursor.execute(WRITING)
    return {transaction for (transaction,) in cursor.fetchall()}


def _stale(resource: str) -> QuerySet:
    return StaleRecord.objects.filter(resource=resource)


def _others(resource: str) -> QuerySet:
    """Ready records that another version of the archive has made, and that are not marked besides."""
    version = ready_version(KEPT[resource])
    others = ReadyRecord.objects.filter(Q(version__lt=version) | Q(version__gt=version), resource=resource)
    return others.exclude(record__in=_stale(resource).values("record")).order_by()
