"""Checksums of tables: equal where the rows are, in whatever order they lie in the files."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from django.db import connection, transaction

from monitor.backup.tables import PLAINLY, Table, tables

SIZE = 1 << 256
# Rows after which is told how far it is.
STEP = 1_000


@dataclass
class Checksum:
    """The sum of the SHA-256 of a table's rows, each as COPY writes it, and how many there are.

    A sum does not depend on the order. It tells an accident, not somebody who wants to deceive.
    """

    rows: int = 0
    total: int = 0

    def add(self, row: bytes) -> None:
        self.rows += 1
        self.total = (self.total + int.from_bytes(sha256(row).digest())) % SIZE

    @property
    def text(self) -> str:
        """64 hexadecimal digits."""
        return f"{self.total:064x}"


def checksum(table: Table, progress: Callable[[int], None] | None = None) -> Checksum:
    """The checksum of a table as it stands for this transaction, which has set `PLAINLY`."""
    found = Checksum()
    for row in table.rows():
        found.add(row)
        if progress and found.rows % STEP == 0:
            progress(STEP)
    if progress:
        progress(found.rows % STEP)
    return found


def checksums(progress: Callable[[int], None] | None = None) -> dict[str, Checksum]:
    """The checksums of all tables that a backup holds, as of one moment."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(PLAINLY)
        return {table.name: checksum(table, progress) for table in tables()}


def overall(found: dict[str, tuple[int, str]]) -> str:
    """One checksum for all tables, of their names, numbers of rows, and checksums."""
    lines = (f"{name} {rows} {text}\n" for name, (rows, text) in sorted(found.items()))
    return sha256("".join(lines).encode()).hexdigest()
