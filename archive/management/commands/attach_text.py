from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from archive.curate.texts import attach_body
from archive.models import Article


class Command(BaseCommand):
    help = "Attach a body to an article, after checking its hash, its length, and all evidence in it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "article", help="the article's id, or its identifier (its URL, or urn:sha256:...)"
        )
        parser.add_argument(
            "file", type=Path, help="the text, in UTF-8, exactly as it was when it was hashed"
        )

    def handle(self, *, article: str, file: Path, **options: Any) -> None:
        key = {"pk": int(article)} if article.isascii() and article.isdigit() else {"identifier": article}
        found = list(Article.objects.filter(**key)[:2])
        if len(found) != 1:
            reason = "several sources have" if found else "there is no"
            raise CommandError(f"{reason} article {article}")
        try:
            # Bytes, decoded: reading as text would turn \r\n into \n, and change the hash.
            body = file.read_bytes().decode()
        except OSError as error:
            raise CommandError(f"cannot read {file}: {error.strerror}") from None
        except UnicodeDecodeError as error:
            raise CommandError(f"{file} is not UTF-8: {error.reason} at byte {error.start}") from None
        try:
            text = attach_body(found[0], body)
        except ValidationError as error:
            raise CommandError("refused, nothing is changed:\n" + "\n".join(error.messages)) from None
        self.stdout.write(
            f"attached {text.length} characters; {text.mentions.count()} mentions and"
            f" {text.citations.count()} citations stand where they say"
        )
