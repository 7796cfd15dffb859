from typing import Any

from django.core.management.base import BaseCommand

from archive.management.progress import Progress
from archive.models import ArticleIndex
from archive.search.frequencies import refresh_frequencies


class Command(BaseCommand):
    help = "Count in how many articles each term stands, for the order by relevance."

    def handle(self, **options: Any) -> None:
        articles = ArticleIndex.objects.filter(vector__isnull=False).count()
        progress = Progress(self.stdout, articles, "articles")
        terms = refresh_frequencies(progress)
        progress.end()
        self.stdout.write(f"terms counted: {terms}")
