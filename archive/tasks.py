"""What runs later: each job is a call into a room. `archive.queue` names the jobs."""

import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, UniqueViolation
from procrastinate.jobs import Status

from archive import queue
from archive.api import keeping, ready
from archive.curate import purge, retention
from archive.curate.derived import refresh_derived as refresh
from archive.models import Allowance
from archive.search import frequencies
from archive.search import reindex as vectors

log = logging.getLogger(__name__)

# A worker says every 10 s that it lives; one that has said nothing for this long is dead.
SILENCE = 30
KEEP_JOBS_HOURS = 7 * 24
# Articles that one job makes the vectors of: it ends within a minute or so, and lets others have their turn.
VECTORS = 20_000
# Records that one job makes the JSON of.
READY = 200_000


@app.task(name="archive.refresh_derived", queueing_lock="refresh_derived")
def refresh_derived() -> None:
    """Bring derived columns in step with the rules of the running version."""
    log.info("derived columns: %s rows mended", refresh())


@app.task(name="archive.vacuum_purged", queueing_lock="vacuum_purged")
def vacuum_purged() -> None:
    """After a takedown: nothing of what was removed stays in the database's files."""
    purge.vacuum()


@app.periodic(cron="47 2 * * *")
@app.task(name="archive.forget", queueing_lock="forget")
def forget(timestamp: int) -> None:
    """Once a day: forget what the settings say is to be kept no longer."""
    now = datetime.now(UTC)
    if days := settings.ARCHIVE_KEEP_BODIES_DAYS:
        log.info("bodies forgotten: %s", retention.forget_bodies(now - timedelta(days=days)))
    if days := settings.ARCHIVE_KEEP_HISTORY_DAYS:
        log.info("history rows forgotten: %s", retention.forget_history(now - timedelta(days=days)))


@app.periodic(cron="17 2 * * *")
@app.task(name="archive.nightly", queueing_lock="nightly", pass_context=True)
async def nightly(context: JobContext, timestamp: int) -> None:
    """Once a day: look through the derived columns, forget jobs that ended a week ago."""
    # One that waits already does the same.
    with suppress(AlreadyEnqueued):
        await refresh_derived.defer_async()
    await context.app.job_manager.delete_old_jobs(nb_hours=KEEP_JOBS_HOURS)


@app.periodic(cron="* * * * *")
@app.task(name="archive.reindex", queueing_lock="reindex")
def reindex(timestamp: int) -> None:
    """Every minute: the vectors of what was written past Django, or by an older version."""
    if made := vectors.reindex(limit=VECTORS):
        log.info("vectors: %s made", made)
        if frequencies.worth_refreshing(made):
            queue.enqueue("refresh_frequencies", once="refresh_frequencies", timestamp=timestamp)


@app.periodic(cron="* * * * *")
@app.task(name="archive.ready_records", queueing_lock="ready_records")
def ready_records(timestamp: int) -> None:
    """Every minute: the JSON of records that has fallen behind what they say."""
    if made := ready.make(limit=READY):
        log.info("records: the JSON of %s made ready", made)


@app.periodic(cron="41 * * * *")
@app.task(name="archive.forget_answers", queueing_lock="forget_answers")
def forget_answers(timestamp: int) -> None:
    """Every hour: answers that were kept for who might send a write again, for a day."""
    if gone := keeping.forget():
        log.info("kept answers: %s forgotten", gone)


@app.periodic(cron="*/10 * * * *")
@app.task(name="archive.forget_allowances", queueing_lock="forget_allowances")
def forget_allowances(timestamp: int) -> None:
    """Every ten minutes: what users and addresses had used up of their rates, and have earned back."""
    if forgotten := Allowance.objects.forget():
        log.info("allowances: %s forgotten", forgotten)


@app.periodic(cron="*/10 * * * *")
@app.task(name="archive.refresh_frequencies", queueing_lock="refresh_frequencies")
def refresh_frequencies(timestamp: int) -> None:
    """Every ten minutes: how common each term is, if that can have changed."""
    if frequencies.worth_refreshing():
        log.info("frequencies: %s terms counted", frequencies.refresh_frequencies())


@app.periodic(cron="* * * * *")
@app.task(name="archive.retry_stalled", queueing_lock="retry_stalled", pass_context=True)
async def retry_stalled(context: JobContext, timestamp: int) -> None:
    """Every minute: run the jobs of killed workers again."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
        try:
            await manager.retry_job(job, retry_at=datetime.now(UTC))
        except UniqueViolation:
            # Another waits under its lock, and will do what it did not finish.
            log.warning("job %s (%s) lost its worker, and gives way to another", job.id, job.task_name)
            await manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            log.warning("job %s (%s) lost its worker, and is run again", job.id, job.task_name)
