from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.management.progress import Progress
from monitor.backup import BackupError, backup
from monitor.backup.checksums import overall
from monitor.backup.tables import estimated_rows


class Command(BaseCommand):
    help = "Write the whole archive to a file, as of one moment, while it serves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to write; it must not exist yet")

    def handle(self, *, file: Path, **options: Any) -> None:
        began = monotonic()
        progress = Progress(self.stdout, estimated_rows(), "rows")
        try:
            manifest = backup(file, progress)
        except BackupError as error:
            raise CommandError(str(error)) from None
        progress.end()
        self.stdout.write(
            f"{manifest.rows:,} rows of {len(manifest.tables)} tables in {monotonic() - began:,.0f} s,"
            f" {file.stat().st_size / 1e6:,.1f} MB: {file}"
        )
        found = {name: entry.counted for name, entry in manifest.tables.items()}
        self.stdout.write(f"checksum {overall(found)}")
