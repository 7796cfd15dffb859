from typing import Any

from django.core.management.base import BaseCommand

from archive.curate.derived import refresh_derived


class Command(BaseCommand):
    help = "Derive folded names and date bounds again, and write the rows where they differ."

    def handle(self, **options: Any) -> None:
        seen: dict[str, int] = {}

        def progress(table: str, rows: int) -> None:
            seen[table] = seen.get(table, 0) + rows
            self.stdout.write(f"{table}: {seen[table]} rows", ending="\r" if self.stdout.isatty() else "\n")

        mended = refresh_derived(progress)
        self.stdout.write(f"rows mended: {mended}")
