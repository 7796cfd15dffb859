"""The seam to the job queue (procrastinate, in the same PostgreSQL).

A job is a row that is written in the caller's transaction: it runs after that commits,
and never if it rolls back. Rooms enqueue by name and import nobody.
"""

from typing import Any

from django.db import transaction
from procrastinate import exceptions
from procrastinate.contrib.django import app

REFRESH_DERIVED = "refresh_derived"
VACUUM_PURGED = "vacuum_purged"


def enqueue(name: str, *, once: str | None = None, **arguments: Any) -> int | None:
    """Add the job `name` (a function of `archive.tasks`) with JSON-able `arguments`.

    `once` names a lock: while a job with it waits, another is not added. Returns the job's
    id, or None where such a job waits already.
    """
    job = app.configure_task(f"archive.{name}", queueing_lock=once, allow_unknown=True)
    try:
        # A savepoint: the refusal of a second job must not spoil the caller's transaction.
        with transaction.atomic():
            return job.defer(**arguments)
    except exceptions.AlreadyEnqueued:
        return None
