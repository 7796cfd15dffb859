from typing import Any

from django.core.management.base import BaseCommand

from archive.api import ready
from archive.management.progress import Progress


class Command(BaseCommand):
    help = (
        "Make ready the JSON of records that lists show, where it is behind, while the archive serves. The"
        " worker does so every minute. Broken off (Ctrl-C) and run again, it goes on where it stopped."
    )

    def handle(self, **options: Any) -> None:
        progress = Progress(self.stdout, ready.behind(), "records")
        try:
            made = ready.make(progress=progress)
        finally:
            progress.end()
        self.stdout.write(f"records made ready: {made}; behind: {ready.behind()}")
