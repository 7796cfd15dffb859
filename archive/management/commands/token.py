from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from archive.curate.accounts import make_token, revoke_tokens


class Command(BaseCommand):
    help = "Make a token for the API, or revoke some. It is printed once; the archive keeps only its hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        most = settings.REST_KNOX["TOKEN_TTL"].days
        parser.add_argument("user", help="the user's name")
        parser.add_argument("--days", type=int, default=most, help=f"how long it is valid: {most} at most")
        parser.add_argument("--note", default="", help="what it is for, at most 100 characters")
        parser.add_argument(
            "--revoke",
            nargs="?",
            const="",
            metavar="BEGINNING",
            help="make none, but revoke the user's tokens that begin so; all of them, if nothing is given",
        )

    def handle(self, *, user: str, days: int, note: str, revoke: str | None, **options: Any) -> None:
        found = get_user_model().objects.filter(username=user).first()
        if revoke is not None:
            if found is None:
                raise CommandError(f"there is no user {user!r}")
            if not (count := revoke_tokens(found, revoke)):
                raise CommandError(f"{user!r} has no token that begins with {revoke!r}")
            self.stdout.write(f"revoked: {count}")
            return
        if found is None or not found.is_active:
            raise CommandError(f"there is no active user {user!r}")
        most = settings.REST_KNOX["TOKEN_TTL"].days
        if not 1 <= days <= most:
            raise CommandError(f"--days {days}: use 1 to {most}")
        if len(note) > 100:
            raise CommandError("--note is longer than 100 characters")
        made, token = make_token(found, timedelta(days=days), note)
        self.stdout.write(token)
        self.stderr.write(
            f"valid until {made.expiry:%Y-%m-%d %H:%M} UTC; send it as 'Authorization: Token ...'"
        )
