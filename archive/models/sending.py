"""How statements are sent to the database by which much is read, and how long they may take.

A cursor, psycopg's or Django's, is driven from Python: each piece of an answer that comes is a turn of the
interpreter, which other threads wait for. What is sent here goes in one message, bounds and all, and libpq
takes the whole answer before Python has its turn again: of a statement that PostgreSQL answers in a tenth of
a millisecond, a cursor takes as long again.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import count
from time import perf_counter
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, OperationalError, connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGresult

# PostgreSQL's: a statement was told to stop, by statement_timeout.
CANCELED: Final = "57014"
# Statements that a connection keeps the plans of, and those of which is kept where their parameters stand.
MOST_PREPARED: Final = 128
MOST_PIECES: Final = 512
# The place of a parameter, or a percent sign that is none.
PLACE: Final = re.compile("(%[s%])")

# SQL that goes before each statement: what bounds it.
_bounds: ContextVar[bytes] = ContextVar("bounds", default=b"")
_numbers: Final = count(1)


class _Link:
    """A connection to the database, and what is known of it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection, self.server = connection, connection.pgconn
        # Writes parameters and reads values. To find out how takes it, each type's first time, as long as to
        # send a statement; what it knows then holds as long as the connection's encoding, and how it writes
        # dates, which nothing changes here.
        self.transformer = Transformer(connection)
        # The names of its prepared statements, the one that was asked for last at the end.
        self.names: dict[str, bytes] = {}


# By Django's connection, which may be to the database for the second time.
_links: "WeakKeyDictionary[BaseDatabaseWrapper, _Link]" = WeakKeyDictionary()


class TookTooLong(OperationalError):
    """A statement took longer than it may."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """No statement inside that a Statement sends takes longer. Raises TookTooLong where one does.

    Nor does any take workers along: to start them takes 10 ms, longer than most searches, and other requests
    need the cores.
    """
    # PostgreSQL takes 0 for no limit.
    limit = max(int(seconds * 1000), 1)
    token = _bounds.set(
        b"SET LOCAL statement_timeout = %d; SET LOCAL max_parallel_workers_per_gather = 0; " % limit
    )
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) == CANCELED:
            raise TookTooLong(*error.args) from error.__cause__
        raise
    finally:
        _bounds.reset(token)


@contextmanager
def all_at_most(seconds: float) -> Iterator[None]:
    """The same of any statement: what Django's cursors send is a transaction, begun with its first."""
    with at_most(seconds), ExitStack() as stack, connection.execute_wrapper(_Begins(stack)):
        yield


class _Begins:
    """Has the first statement of a cursor begin a transaction that has bounds, on a `stack` that ends it."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack, self.begun = stack, False

    def __call__(self, execute: Callable, sql: str, parameters: Any, many: bool, context: dict) -> Any:
        if not self.begun:
            self.begun = True
            self.stack.enter_context(transaction.atomic())
            with connection.cursor() as cursor:
                cursor.execute(_bounds.get().decode())
        return execute(sql, parameters, many, context)


def send(sql: str, parameters: Sequence[Any], *, prepared: bool = False) -> tuple[PGresult, Transformer]:
    """The answer to one statement that returns rows, values as text; and what knows their types.

    `prepared`, by a plan that the connection keeps for the next time. Raises what a cursor would.
    """
    # Looked up once: each look through Django's proxy takes as long as to name a statement.
    database = connections[DEFAULT_DB_ALIAS]
    link = _link(database)
    began = perf_counter()
    with database.wrap_database_errors:
        if not database.autocommit and link.server.transaction_status == TransactionStatus.IDLE:
            # A cursor would begin it with its first statement.
            _checked(link, link.server.exec_(b"BEGIN"))
        result = _sent(link, sql, parameters, prepared=prepared)
    if database.queries_logged:
        told = composed(sql, parameters, link.transformer).decode()
        database.queries_log.append({"sql": told, "time": f"{perf_counter() - began:.3f}"})
    return result, link.transformer


def _link(database: BaseDatabaseWrapper) -> _Link:
    """What is known of its connection, made where there is none."""
    database.ensure_connection()
    link = _links.get(database)
    if link is None or link.connection is not database.connection:
        link = _links[database] = _Link(database.connection)
    return link


def _sent(link: _Link, sql: str, parameters: Sequence[Any], *, prepared: bool) -> PGresult:
    before, server, transformer = _bounds.get(), link.server, link.transformer
    if not prepared:
        # As Django's cursors do it, values are part of what is not prepared: it is planned by them.
        return _checked(link, server.exec_(before + composed(sql, parameters, transformer)))
    name = _name_of(link, sql, before)
    if before:
        values = b", ".join([transformer.as_literal(value) for value in parameters])
        return _checked(link, server.exec_(b"%bEXECUTE %b%b" % (before, name, values and b"(%b)" % values)))
    values = transformer.dump_sequence(parameters, [PyFormat.TEXT] * len(parameters))
    return _checked(link, server.exec_prepared(name, values))


def inlined(sql: str, parameters: Sequence[Any]) -> str:
    """`sql` with its parameters as constants, and no places of others."""
    transformer = _link(connections[DEFAULT_DB_ALIAS]).transformer
    return composed(sql, parameters, transformer).decode().replace("%", "%%")


def composed(sql: str, parameters: Sequence[Any], transformer: Transformer) -> bytes:
    """`sql` with its parameters as constants. Raises ValueError where there are more, or fewer."""
    first, *others = _pieces(sql)
    constants = [transformer.as_literal(value) for value in parameters]
    return b"".join((first, *(part for pair in zip(constants, others, strict=True) for part in pair)))


def _name_of(link: _Link, sql: str, before: bytes) -> bytes:
    """The name of a statement that is prepared: now, within bounds of its own, or before."""
    if name := link.names.pop(sql, None):
        link.names[sql] = name
        return name
    name = b"archive_%d" % next(_numbers)
    _checked(link, link.server.exec_(b"%bPREPARE %b AS %b" % (before, name, _numbered(sql))))
    link.names[sql] = name
    if len(link.names) > MOST_PREPARED:
        _checked(link, link.server.exec_(b"DEALLOCATE " + link.names.pop(next(iter(link.names)))))
    return name


def _checked(link: _Link, result: PGresult) -> PGresult:
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return result
    if link.server.status != ConnStatus.OK:
        raise psycopg.OperationalError(result.get_error_message())
    raise error_from_result(result)


def _numbered(sql: str) -> bytes:
    """`sql` with its parameters as PostgreSQL names them."""
    first, *others = _pieces(sql)
    return b"".join((first, *(b"$%d%b" % one for one in enumerate(others, 1))))


@lru_cache(MOST_PIECES)
def _pieces(sql: str) -> tuple[bytes, ...]:
    """What stands before, between and after the places of parameters."""
    pieces = [b""]
    for part in PLACE.split(sql):
        if part == "%s":
            pieces.append(b"")
        else:
            pieces[-1] += b"%" if part == "%%" else part.encode()
    return tuple(pieces)
