from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from monitor.backup import BackupError, checksums, read_manifest
from monitor.backup.checksums import overall


class Command(BaseCommand):
    help = (
        "Print a checksum a table, and one of all: equal where the rows are, whatever their order in the"
        " database's files. Of the archive as it stands, or of a backup."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="a backup, to print what it says of itself")

    def handle(self, *, file: Path | None, **options: Any) -> None:
        if file is None:
            found = {name: (one.rows, one.text) for name, one in checksums().items()}
        else:
            try:
                found = {name: entry.counted for name, entry in read_manifest(file).tables.items()}
            except BackupError as error:
                raise CommandError(str(error)) from None
        for name, (rows, text) in found.items():
            self.stdout.write(f"{text} {rows:>10,} {name}")
        self.stdout.write(f"{overall(found)} {sum(rows for rows, _ in found.values()):>10,} all tables")
