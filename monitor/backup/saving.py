"""Writing a backup, beside an archive that runs."""

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from django.db import connection, transaction

from monitor.backup.checksums import STEP, Checksum
from monitor.backup.files import MANIFEST, BackupError, Manifest, TableEntry, member
from monitor.backup.tables import PLAINLY, Table, quoted, sequences, tables

# Of zlib: a backup is waited for, and the next levels take twice as long for a tenth less.
LEVEL = 3
# Rows are gathered into pieces of about this many bytes: to pack each by itself would take longer.
PIECE = 1 << 18


def backup(file: Path, progress: Callable[[int], None] | None = None) -> Manifest:
    """Write the archive as it stands at one moment to `file`, whole or not at all. Returns what is in it.

    Others read and write meanwhile; only the schema cannot change. Memory does not grow with the archive.
    Raises BackupError where the file exists or cannot be written.
    """
    if file.exists():
        raise BackupError(f"{file} exists already: name another file, or remove it")
    try:
        with tempfile.NamedTemporaryFile(prefix=f".{file.name}.", dir=file.parent, delete=False) as fresh:
            try:
                with ZipFile(fresh, "w", ZIP_DEFLATED, compresslevel=LEVEL) as opened:
                    manifest = _write(opened, progress)
                fresh.flush()
                os.fsync(fresh.fileno())
                # Two at once: the second does not take the place of the first.
                os.link(fresh.name, file)
            finally:
                os.unlink(fresh.name)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise BackupError(f"cannot write {file}: {error.strerror}") from None
    return manifest


def _write(opened: ZipFile, progress: Callable[[int], None] | None) -> Manifest:
    with transaction.atomic(), connection.cursor() as cursor:
        # One moment for all tables.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute(PLAINLY)
        held = tables()
        if not held:
            raise BackupError("there is nothing to back up: the database has no tables")
        cursor.execute(f"LOCK TABLE {', '.join(quoted(table.name) for table in held)} IN ACCESS SHARE MODE")
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        migrations = [list(row) for row in cursor.fetchall()]
        cursor.execute("SHOW server_version")
        [version] = cursor.fetchone()
        entries = {}
        for table in held:
            found = _copy(table, opened, progress)
            entries[table.name] = TableEntry(list(table.columns), found.rows, found.text)
        manifest = Manifest(
            made=datetime.now(UTC).isoformat(timespec="seconds"),
            postgresql=version,
            migrations=migrations,
            tables=entries,
            # Last: no row above has a number that its sequence has not given yet.
            sequences=sequences(),
        )
    opened.writestr(MANIFEST, manifest.text())
    return manifest


def _copy(table: Table, opened: ZipFile, progress: Callable[[int], None] | None) -> Checksum:
    found, piece = Checksum(), bytearray()
    with opened.open(member(table.name), "w", force_zip64=True) as out:
        for row in table.rows():
            found.add(row)
            piece += row
            if len(piece) >= PIECE:
                out.write(piece)
                piece.clear()
            if progress and found.rows % STEP == 0:
                progress(STEP)
        out.write(piece)
    if progress:
        progress(found.rows % STEP)
    return found
