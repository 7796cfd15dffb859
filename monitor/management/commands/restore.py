from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.api import ready
from archive.management.progress import Progress
from monitor.backup import BackupError, read_manifest, restore
from monitor.backup.checksums import overall


class Command(BaseCommand):
    help = "Bring the archive of a backup into the database, which has to be empty."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the backup")

    def handle(self, *, file: Path, **options: Any) -> None:
        began = monotonic()
        try:
            progress = Progress(self.stdout, 2 * read_manifest(file).rows, "rows read or verified")
            manifest = restore(file, progress)
        except BackupError as error:
            raise CommandError(str(error)) from None
        progress.end()
        self.stdout.write(
            f"{manifest.rows:,} rows of {len(manifest.tables)} tables restored and verified"
            f" in {monotonic() - began:,.0f} s"
        )
        found = {name: entry.counted for name, entry in manifest.tables.items()}
        self.stdout.write(f"checksum {overall(found)}")
        progress = Progress(self.stdout, ready.behind(), "records made ready for lists")
        ready.make(progress=progress)
        progress.end()
