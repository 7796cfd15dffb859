import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.management.progress import Progress
from archive.models import ArticleIndex
from archive.search.index import BATCH
from archive.search.reindex import behind, reindex


class Command(BaseCommand):
    help = (
        "Make anew what articles are found by, where it is behind what they say: newest first, while the"
        " archive serves. Broken off (Ctrl-C) and run again, it goes on where it stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="all articles, behind or not; broken off, it begins anew"
        )
        parser.add_argument("--batch", type=int, default=BATCH, help="articles a transaction (%(default)s)")
        parser.add_argument(
            "--jobs", type=int, default=1, help=f"processes (%(default)s); there are {os.cpu_count()} cores"
        )

    def handle(self, *, batch: int, jobs: int, **options: Any) -> None:
        if batch < 1 or jobs < 1:
            raise CommandError("--batch and --jobs are 1 or more")
        everything = options["all"]
        rows = ArticleIndex.objects.all() if everything else behind()
        progress = Progress(self.stdout, rows.count(), "articles")
        try:
            made = reindex(in_step_too=everything, batch=batch, jobs=jobs, progress=progress)
        finally:
            progress.end()
        self.stdout.write(f"vectors made: {made}; behind: {behind().count()}")
