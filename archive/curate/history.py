"""Who, why and which request: what the history rows of a change carry.

Requests get it from the middleware. Commands, jobs and rules name it here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from archive.search.index import in_step


@contextmanager
def acting(message: str, user: AbstractBaseUser | None = None) -> Iterator[None]:
    """One transaction, whose history rows say `message` and, where there is one, `user`.

    Inside a request the user is known already; then only the message is added. An empty
    message leaves the one that stands. Articles that were written are found by their new words
    when it ends.
    """
    known: dict[str, Any] = {"message": message} if message else {}
    if user is not None:
        known["user"] = user.pk
    with pghistory.context(**known), transaction.atomic(), in_step():
        yield


@contextmanager
def copying(statement: str) -> Iterator[Any]:
    """psycopg's `COPY` in the current transaction, its history rows like those of any other write.

    pghistory adds who and why to the statements that pass through Django's cursor; `COPY`
    does not. So an empty statement goes first: what it sets lasts to the transaction's end.
    Takes the statement (`COPY archive_personname (...) FROM STDIN`), yields psycopg's Copy.
    Raises TransactionManagementError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("COPY needs a transaction: use acting()")
    with connection.cursor() as cursor:
        cursor.execute("DO 'BEGIN END'")
        with cursor.copy(statement) as copy:
            yield copy
