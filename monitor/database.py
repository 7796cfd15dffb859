"""What keeps the database there while something needs it."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@contextmanager
def available() -> Iterator[None]:
    """While inside, the embedded PostgreSQL runs; or the one that DATABASE_URL names has answered once.

    Raises PostgresError, or ImproperlyConfigured with the server's or the system's own reason.
    """
    if settings.EMBEDDED is not None:
        with settings.EMBEDDED.running():
            yield
        return
    from django.db import connection

    try:
        psycopg.connect(**{"connect_timeout": 10, **connection.get_connection_params()}).close()
    except psycopg.Error as error:
        raise ImproperlyConfigured(f"the database that DATABASE_URL names: {error}") from None
    yield
