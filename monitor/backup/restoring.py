"""Restoring a backup into an empty database."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from django.core.management import call_command
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from archive.models.readying import MARK_ALL
from monitor.backup.checksums import checksum
from monitor.backup.files import BackupError, Manifest, member, read_manifest
from monitor.backup.tables import PLAINLY, Table, quoted, sequences, tables

PIECE = 1 << 18
# What migrations fill: an archive that has nothing else is empty still.
FILLED_BY_MIGRATIONS = {"auth_group", "auth_group_permissions", "auth_permission", "django_content_type"}


def restore(file: Path, progress: Callable[[int], None] | None = None) -> Manifest:
    """Bring the archive of `file` into the database, which has to be empty, and to this version's schema.

    The schema is made by the migrations that the backup's had; rows come in one transaction, without
    triggers, and their checksums are compared with the backup's before it is committed. Then the migrations
    that have come since are applied. Broken off, it can be begun again. `progress` gets rows, each twice:
    when it is read, and when it is looked at again. Raises BackupError.
    """
    manifest = read_manifest(file)
    refuse_unless_empty()
    _migrate(manifest)
    try:
        with ZipFile(file) as opened, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(PLAINLY)
            there = {table.name: table for table in tables()}
            _compare_schema(manifest, there)
            names = ", ".join(quoted(name) for name in there)
            cursor.execute(f"TRUNCATE {names}")
            with _bare(list(there)):
                for table in there.values():
                    _fill(table, opened, progress)
            _set_sequences(manifest)
            for name, entry in manifest.tables.items():
                found = checksum(there[name], progress)
                if (found.rows, found.text) != entry.counted:
                    raise BackupError(
                        f"{name} has {found.rows} rows with checksum {found.text}, and had {entry.rows} with"
                        f" {entry.checksum}: nothing is restored"
                    )
    except (BadZipFile, zlib.error, EOFError) as error:
        raise BackupError(f"{file} is damaged: {error}; nothing is restored") from None
    except Error as error:
        reason = " ".join(str(error).split())
        raise BackupError(f"the database refused it: {reason}; nothing is restored") from error
    # What has come since the backup, and the names of permissions.
    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        # Records' JSON is to be made ready: none is.
        for mark_all in MARK_ALL.values():
            cursor.execute(mark_all)
        cursor.execute("ANALYZE")
    return manifest


def refuse_unless_empty() -> None:
    """Raise BackupError, naming what is there, if any table has rows that did not come with a migration."""
    with connection.cursor() as cursor:
        found = []
        for table in tables():
            if table.name not in FILLED_BY_MIGRATIONS:
                cursor.execute(f"SELECT count(*) FROM {quoted(table.name)}")
                if rows := cursor.fetchone()[0]:
                    found.append(f"{table.name} ({rows:,} rows)")
    if found:
        more = f" and {len(found) - 10} tables more" if len(found) > 10 else ""
        raise BackupError(
            f"the database is not empty, it holds {', '.join(found[:10])}{more}: restore into another one"
        )


def _migrate(manifest: Manifest) -> None:
    """Apply just the migrations that the backup's database had."""
    executor = MigrationExecutor(connection)
    had = {(app, name) for app, name in manifest.migrations}
    known = set(executor.loader.disk_migrations)
    if unknown := sorted(had - known):
        names = ", ".join(f"{app}.{name}" for app, name in unknown[:10])
        raise BackupError(f"the backup is of a newer archive, with migrations that this one lacks: {names}")
    if ahead := sorted(set(executor.loader.applied_migrations) - had):
        names = ", ".join(f"{app}.{name}" for app, name in ahead[:10])
        raise BackupError(
            f"the database has migrations that the backup lacks ({names}): restore into one without tables"
        )
    # The last ones alone: told to go to one that has successors, Django would take these back.
    nodes = executor.loader.graph.node_map
    last = [
        key
        for key in had & nodes.keys()
        if not any(after.key in had and after.key[0] == key[0] for after in nodes[key].children)
    ]
    executor.migrate(last)


def _compare_schema(manifest: Manifest, there: dict[str, Table]) -> None:
    wanted = {name: tuple(entry.columns) for name, entry in manifest.tables.items()}
    found = {name: table.columns for name, table in there.items()}
    if wanted != found:
        names = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
        raise BackupError(
            f"these tables are others than in the backup: {', '.join(names)}; nothing is restored"
        )


@contextmanager
def _bare(names: list[str]) -> Iterator[None]:
    """While inside, the tables have no triggers, foreign keys or indexes but those of unique rules.

    What the rows say was right when they were saved, and triggers would write history of it. Keys are
    looked at when they come back, all rows of a table at once, and so is what the indexes hold.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
        keys = cursor.fetchall()
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
            " JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname = ANY(%s) AND NOT i.indisunique"
            " AND t.relnamespace = current_schema()::regnamespace",
            [names],
        )
        indexes = cursor.fetchall()
        for table, key, _definition in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {key}")
        for index, _definition in indexes:
            cursor.execute(f"DROP INDEX {index}")
        for name in names:
            cursor.execute(f"ALTER TABLE {quoted(name)} DISABLE TRIGGER USER")
        yield
        for name in names:
            cursor.execute(f"ALTER TABLE {quoted(name)} ENABLE TRIGGER USER")
        for _index, definition in indexes:
            cursor.execute(definition)
        for table, key, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {key} {definition}")


def _fill(table: Table, opened: ZipFile, progress: Callable[[int], None] | None) -> None:
    with (
        opened.open(member(table.name)) as rows,
        connection.cursor() as cursor,
        cursor.copy(table.copy_in) as copy,
    ):
        while piece := rows.read(PIECE):
            copy.write(piece)
            if progress:
                progress(piece.count(b"\n"))


def _set_sequences(manifest: Manifest) -> None:
    there = sequences()
    with connection.cursor() as cursor:
        for name, last in manifest.sequences.items():
            if last is not None and name in there:
                cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s)", [name, last])
