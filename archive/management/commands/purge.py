from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from archive.curate.purge import Removal, find, preview, purge
from archive.models import Article


class Command(BaseCommand):
    help = (
        "Take an article down: remove it, its texts, facts and history for good, and leave a stone that says"
        " why. It cannot be undone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("article", help="the article's id, its identifier, or an address of it")
        parser.add_argument("--reason", required=True, help="why: readers of the archive can read this")
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument("--dry-run", action="store_true", help="say what would go, and remove nothing")

    def handle(self, *, article: str, reason: str, yes: bool, dry_run: bool, **options: Any) -> None:
        # In one language with the rest of what commands say.
        with translation.override("en"):
            self.take_down(article, reason, yes=yes, dry_run=dry_run)

    def take_down(self, article: str, reason: str, *, yes: bool, dry_run: bool) -> None:
        try:
            found = find(article)
            self.stdout.write(f"article {found.pk}: {found.title}")
            removal = preview(found)
            self.tell(removal)
            if dry_run:
                self.stdout.write("a dry run: nothing is removed")
                return
            if not yes and not self.agreed():
                raise CommandError("nothing is removed")
            came = set(purge(found, reason).same_text) - set(removal.same_text)
        except ValidationError as error:
            raise CommandError(f"{' '.join(error.messages)} Nothing is removed.") from None
        self.tell_same_text(came)
        self.stdout.write(f"article {found.pk} is taken down; backups made before this hold it still")

    def tell(self, removal: Removal) -> None:
        for name, rows in removal.rows.items():
            if rows:
                self.stdout.write(f"  removes {rows:>7,} {name}")
        for fact in removal.bare:
            self.stdout.write(f"  stays, cited nowhere else: {fact._meta.verbose_name} {fact.pk}, {fact}")
        self.tell_same_text(removal.same_text)

    def tell_same_text(self, articles: Iterable[Article]) -> None:
        for other in articles:
            self.stdout.write(f"  stays, with the same text: article {other.pk}, {other}")

    def agreed(self) -> bool:
        try:
            return input("Remove all of this for good? [yes/no] ").strip().lower() == "yes"
        except EOFError:
            raise CommandError("nobody answers: say --yes; nothing is removed") from None
