"""Backup and restore of the whole archive, in one file that any PostgreSQL from 15 on can be restored from.

pg_dump ties a file to versions: what that of 18 writes, 15 cannot read. Here the schema comes from the
archive's own migrations, and the rows by COPY in PostgreSQL's text format, which all versions share. A file
is a zip: `TABLE.copy` each, and `manifest.json`, last, with the migrations that were applied, the columns,
counts and checksums of the tables, and the sequences. It needs no programs of PostgreSQL.
"""

from monitor.backup.checksums import Checksum, checksums
from monitor.backup.files import BackupError, read_manifest
from monitor.backup.restoring import restore
from monitor.backup.saving import backup

__all__ = ["BackupError", "Checksum", "backup", "checksums", "read_manifest", "restore"]
