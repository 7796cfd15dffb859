"""The tests run on a real PostgreSQL: the one of DATABASE_URL, else an embedded one of their own."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from hypothesis import settings as hypothesis

from tests.monitor.first_start import FirstStart, first_start_of_run

# What a shell starts in the background ignores Ctrl-C, and with nohup a terminal that closes. So would all
# that tests start, but for a handler: that is not passed on.
for request in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(request) is signal.SIG_IGN:
        signal.signal(request, lambda *_: None)

# A slow machine is no failure: nothing here is asserted as a time.
hypothesis.register_profile("archive", deadline=None, print_blob=True)
hypothesis.load_profile("archive")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix) -> Iterator[None]:
    """Start the embedded server before the test database is made, unless DATABASE_URL names one.

    Several processes of tests share it, each with a database of its own.
    """
    from django.conf import settings

    if settings.EMBEDDED is None:
        yield
        return
    # A crash may cost this server its data: the tests make them anew.
    with settings.EMBEDDED.running({"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}):
        yield


@pytest.fixture(scope="session")
def first_start(tmp_path_factory) -> FirstStart:
    """What `manage.py up` does on an empty directory, and leaves there."""
    return first_start_of_run(tmp_path_factory.getbasetemp())


@contextmanager
def rolled_back(blocker) -> Iterator[None]:
    with blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def fixtures(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The real rows: the countries and the first article. What a test changes of them is undone."""
    with rolled_back(django_db_blocker):
        call_command("loaddata", "countries", "elaph", verbosity=0)
        yield


@pytest.fixture(autouse=True)
def articles_are_counted_anew() -> None:
    """How many articles there are is remembered for a minute: but each test has its own."""
    from archive.search import articles

    articles._articles_in.cache_clear()
    articles._rows_expected.cache_clear()


@pytest.fixture
def slow_search(db, settings) -> Iterator[None]:
    """Another transaction holds what articles are found by, longer than a search may take."""
    from django.db import connection

    settings.ARCHIVE_SEARCH_SECONDS = 0.05
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE archive_articleindex IN ACCESS EXCLUSIVE MODE")
    yield
    other.rollback()
    other.close()


@pytest.fixture
def slow_counts(db, settings) -> Iterator[Callable[[str], None]]:
    """Call it with a table: another transaction holds that, longer than counting may take."""
    from django.db import connection

    settings.ARCHIVE_COUNT_SECONDS = 2
    other = connection.copy()
    other.set_autocommit(False)

    def hold(table: str) -> None:
        with other.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")

    yield hold
    other.rollback()
    other.close()


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hashing takes long, that guessing does too: here it is done as there, and sooner."""
    with patch.object(ScryptPasswordHasher, "work_factor", 2):
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_static_files() -> Iterator[None]:
    """Pages name static files by their own names: nothing has to be collected first."""
    from django.conf import settings

    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield
