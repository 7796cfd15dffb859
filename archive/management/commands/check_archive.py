from typing import Any

from django.core.management.base import BaseCommand, CommandError

from archive.curate.checks import problems


class Command(BaseCommand):
    help = "Verify every rule that spans rows. Prints a line a problem; exits 1 if there is one."

    def handle(self, **options: Any) -> None:
        count = 0
        for problem in problems():
            count += 1
            self.stdout.write(problem)
        if count:
            raise CommandError(f"problems: {count}")
        self.stdout.write("no problems")
