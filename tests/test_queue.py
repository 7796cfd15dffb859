"""Jobs are rows: they run after a commit, never after a rollback, and again when their worker was killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicRegistry

from archive import queue, tasks
from archive.curate.purge import purge
from archive.models import Person
from tests import factories as make
from tests.monitor.processes import until

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def _schema(transactional_db):
    """The queue's tables are no models of Django's that it would empty after a test."""
    yield
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"
        )


needs_commits = pytest.mark.usefixtures("_schema")


def work():
    """Run what waits, as a worker that stops when nothing is left. It adds nothing that is due by now."""
    connector = app.connector.get_worker_connector()
    with (
        app.replace_connector(connector) as working,
        patch.object(working, "periodic_registry", PeriodicRegistry()),
    ):
        async_to_sync(run)(working)


async def run(working):
    async with working.open_async():
        await working.run_worker_async(wait=False, install_signal_handlers=False, listen_notify=False)


def statuses(name=queue.REFRESH_DERIVED):
    jobs = ProcrastinateJob.objects.filter(task_name=f"archive.{name}").order_by("id")
    return list(jobs.values_list("status", flat=True))


def stale_person():
    person = make.PersonFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE archive_person SET name_folded = 'stale'")
    return person


def is_mended():
    return not Person.objects.filter(name_folded="stale").exists()


# --- In the caller's transaction ------------------------------------------------------------


@needs_commits
def test_a_job_runs_after_the_commit():
    stale_person()
    with transaction.atomic():
        queue.enqueue(queue.REFRESH_DERIVED)
    work()
    assert statuses() == ["succeeded"]
    assert is_mended()


@needs_commits
def test_a_job_of_a_transaction_that_rolls_back_never_runs():
    stale_person()
    with pytest.raises(RuntimeError), transaction.atomic():
        queue.enqueue(queue.REFRESH_DERIVED)
        raise RuntimeError
    work()
    assert statuses() == []
    assert not is_mended()


@pytest.mark.django_db
def test_one_waits_at_a_time_under_one_lock():
    first = queue.enqueue(queue.REFRESH_DERIVED, once="derived")
    second = queue.enqueue(queue.REFRESH_DERIVED, once="derived")
    assert isinstance(first, int)
    assert second is None
    assert statuses() == ["todo"]


@pytest.mark.django_db
def test_a_job_that_is_refused_leaves_the_callers_transaction_whole():
    with transaction.atomic():
        queue.enqueue(queue.REFRESH_DERIVED, once="derived")
        make.PersonFactory()
        queue.enqueue(queue.REFRESH_DERIVED, once="derived")
        make.PersonFactory()
    assert Person.objects.count() == 2


@pytest.mark.django_db
def test_other_locks_are_others():
    assert queue.enqueue(queue.REFRESH_DERIVED, once="one")
    assert queue.enqueue(queue.REFRESH_DERIVED, once="two")


def test_every_name_in_the_queue_is_a_task():
    names = {value for name, value in vars(queue).items() if name.isupper()}
    assert names
    assert {f"archive.{name}" for name in names} <= set(app.tasks)


def test_every_task_is_a_function_of_its_name():
    mine = {name.removeprefix("archive.") for name in app.tasks if name.startswith("archive.")}
    assert mine == {name for name in mine if hasattr(tasks, name)}


def test_what_runs_by_the_clock():
    periodic = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert {name: cron for name, cron in periodic.items() if name.startswith("archive.")} == {
        "archive.forget": "47 2 * * *",
        "archive.forget_allowances": "*/10 * * * *",
        "archive.forget_answers": "41 * * * *",
        "archive.nightly": "17 2 * * *",
        "archive.ready_records": "* * * * *",
        "archive.refresh_frequencies": "*/10 * * * *",
        "archive.reindex": "* * * * *",
        "archive.retry_stalled": "* * * * *",
    }


@needs_commits
def test_after_a_takedown_the_database_is_cleared_of_it():
    purge(make.ArticleTextFactory(body="نص").article, "an order")
    work()
    assert statuses(queue.VACUUM_PURGED) == ["succeeded"]


# --- By the clock ---------------------------------------------------------------------------


@needs_commits
def test_every_night_derived_columns_are_refreshed_and_old_jobs_forgotten():
    stale_person()
    old = queue.enqueue(queue.REFRESH_DERIVED)
    work()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_events SET at = at - '8 days'::interval WHERE job_id = %s", [old]
        )
        cursor.execute("UPDATE archive_person SET name_folded = 'stale'")
    tasks.nightly.defer(timestamp=0)
    work()
    assert is_mended()
    assert not ProcrastinateJob.objects.filter(id=old).exists()
    assert statuses("nightly") == ["succeeded"]


@needs_commits
def test_the_night_goes_on_where_a_refresh_waits_already():
    queue.enqueue(queue.REFRESH_DERIVED, once="refresh_derived")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = now() + '1 day'::interval")
    tasks.nightly.defer(timestamp=0)
    work()
    assert statuses("nightly") == ["succeeded"]
    assert statuses() == ["todo"]


# --- A worker that dies ---------------------------------------------------------------------

SLOW = """
import django, os, sys, time
django.setup()
from django.conf import settings
from procrastinate.contrib.django import app
from django.core.management import call_command

@app.task(name="tests.slow", queueing_lock=None)
def slow():
    print("begun", flush=True)
    time.sleep(600)

call_command("procrastinate", "worker", "--one-shot")
"""


def slow_job(**options):
    return app.configure_task("tests.slow", allow_unknown=True, **options)


def killed_worker(lock=None):
    """A job whose worker, a real process, was killed in the middle of it. Returns the job's id."""
    job = slow_job(queueing_lock=lock).defer()
    settings = connection.settings_dict
    url = (
        f"postgresql://{settings['USER']}@/{settings['NAME']}?host={settings['HOST']}&port={settings['PORT']}"
    )
    worker = subprocess.Popen(
        [sys.executable, "-c", SLOW],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "monitor.settings"},
        stdout=subprocess.DEVNULL,
    )
    try:
        until(lambda: ProcrastinateJob.objects.get(id=job).status == "doing" or worker.poll() is not None)
    finally:
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    assert ProcrastinateJob.objects.get(id=job).status == "doing"
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - '1 minute'::interval")
        # Real as it was, the worker has begun to run by the clock as well.
        cursor.execute("DELETE FROM procrastinate_jobs WHERE task_name LIKE 'archive.%'")
    return job


@needs_commits
def test_the_job_of_a_killed_worker_is_run_again():
    job = killed_worker()
    ran = []
    with app_task("tests.slow", lambda: ran.append(job)):
        tasks.retry_stalled.defer(timestamp=0)
        work()
    assert ran == [job]
    assert ProcrastinateJob.objects.get(id=job).status == "succeeded"


@needs_commits
def test_the_job_of_a_killed_worker_gives_way_to_one_that_waits_under_its_lock():
    """Only one may wait under a lock; and what waits does what the dead one did not finish."""
    job = killed_worker(lock="slow")
    slow_job(queueing_lock="slow", schedule_in={"days": 1}).defer()
    tasks.retry_stalled.defer(timestamp=0)
    work()
    assert statuses("retry_stalled")[0] == "succeeded"
    assert ProcrastinateJob.objects.get(id=job).status == "failed"


@needs_commits
def test_the_job_of_a_living_worker_is_left_alone():
    job = killed_worker()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now()")
    tasks.retry_stalled.defer(timestamp=0)
    work()
    assert ProcrastinateJob.objects.get(id=job).status == "doing"


class app_task:
    """Within it, `function` is the task `name`."""

    def __init__(self, name, function):
        self.name, self.function = name, function

    def __enter__(self):
        app.task(name=self.name)(self.function)

    def __exit__(self, *_):
        del app.tasks[self.name]
