from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from knox.models import get_token_model


class Command(BaseCommand):
    help = "Make a token for the API. It is printed once; the archive keeps only its hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the user's name")

    def handle(self, *, user: str, **options: Any) -> None:
        found = get_user_model().objects.filter(username=user, is_active=True).first()
        if found is None:
            raise CommandError(f"there is no active user {user!r}")
        instance, token = get_token_model().objects.create(found)
        self.stdout.write(token)
        self.stderr.write(
            f"valid until {instance.expiry:%Y-%m-%d %H:%M} UTC; send it as 'Authorization: Token ...'"
        )
