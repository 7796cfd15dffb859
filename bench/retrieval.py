"""How well search finds the paragraph that answers a question: Recall@5 and MRR@10.

    python -m bench.retrieval --set FILE [--set FILE ...] [--language ar]

Each FILE has the form of SQuAD. Its paragraphs become articles of a scratch database, several files
one pool, and are found by the archive's own index and query language: the words of a question,
joined by OR, ordered by relevance. Beside it, on the same pool: PostgreSQL's own configuration of
the language, and for Arabic the rules of Lucene's ArabicAnalyzer with BM25.
"""

import argparse
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import log
from pathlib import Path
from typing import NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

import django

django.setup()

from django.db import connection

from archive.models import Article, ArticleText, Source
from archive.search.articles import Found
from archive.search.frequencies import refresh_frequencies
from archive.search.index import refresh
from archive.search.parsing import MOST_WORDS
from archive.search.query import parse
from archive.text.tokens import words
from bench import lucene
from monitor.database import available

BEST = 10
# Finds the ids of paragraphs, from 0, best first, at most BEST.
Finder = Callable[[str], list[int]]


class Pool(NamedTuple):
    """Paragraphs, and questions with the number of the paragraph that answers."""

    paragraphs: list[str]
    questions: list[tuple[str, int]]


def read(files: list[Path]) -> Pool:
    """The distinct paragraphs of all `files`, and their questions."""
    numbers: dict[str, int] = {}
    questions = []
    for file in files:
        for article in json.loads(file.read_text())["data"]:
            for paragraph in article["paragraphs"]:
                number = numbers.setdefault(paragraph["context"], len(numbers))
                questions += [(asked["question"], number) for asked in paragraph["qas"]]
    return Pool(list(numbers), questions)


def language_of(text: str) -> str:
    """Arabic, Russian or English, by the letters there are most of."""
    scripts = {"ar": "[\u0620-\u064a]", "ru": "[\u0400-\u04ff]", "en": "[A-Za-z]"}
    return max(scripts, key=lambda language: len(re.findall(scripts[language], text)))


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of its own, with the archive's tables, gone afterwards."""
    with available():
        before = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)


def fill(paragraphs: list[str], language: str) -> list[int]:
    """Make an article of each paragraph, its text the body. Returns their ids."""
    source = Source.objects.create(slug="bench", name="bench", kind="newspaper", languages=[language])
    articles = Article.objects.bulk_create(
        Article(source=source, identifier=f"https://bench.example/{number}", title="-", language=language)
        for number in range(len(paragraphs))
    )
    ArticleText.objects.bulk_create(
        ArticleText.from_body(body, article=article, obtained="file")
        for article, body in zip(articles, paragraphs, strict=True)
    )
    ids = [article.pk for article in articles]
    refresh(ids)
    refresh_frequencies()
    return ids


def by_the_archive(ids: list[int]) -> Finder:
    numbers = {pk: number for number, pk in enumerate(ids)}

    def find(question: str) -> list[int]:
        asked = [word for word, _start, _end in words(question)][:MOST_WORDS]
        query = parse(" OR ".join(f'"{word}"' for word in asked))
        found = Found(Article.objects.all(), query, ["accepted", "suggested"]).best()
        return [numbers[pk] for pk in found.order_by("-rank", "-pk").values_list("pk", flat=True)[:BEST]]

    return find


def by_postgresql(ids: list[int], configuration: str) -> Finder:
    numbers = {pk: number for number, pk in enumerate(ids)}
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE plain AS"
            " SELECT article_id AS id, to_tsvector(%s::regconfig, body) AS vector FROM archive_articletext",
            [configuration],
        )

    def find(question: str) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM plain, (SELECT"
                " replace(plainto_tsquery(%s::regconfig, %s)::text, '&', '|')::tsquery) AS asked (query)"
                " WHERE vector @@ query ORDER BY ts_rank(vector, query, 1) DESC, id DESC LIMIT %s",
                [configuration, question, BEST],
            )
            return [numbers[pk] for (pk,) in cursor.fetchall()]

    return find


def by_bm25(
    paragraphs: list[str], analyze: Callable[[str], list[str]], k1: float = 1.2, b: float = 0.75
) -> Finder:
    """BM25 as Lucene has it, over the terms of `analyze`."""
    documents = [Counter(analyze(paragraph)) for paragraph in paragraphs]
    lengths = [document.total() for document in documents]
    average = sum(lengths) / len(lengths)
    postings: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, document in enumerate(documents):
        for term, times in document.items():
            postings[term].append((number, times))

    def find(question: str) -> list[int]:
        scores: dict[int, float] = defaultdict(float)
        for term in analyze(question):
            had = postings.get(term, [])
            idf = log(1 + (len(documents) - len(had) + 0.5) / (len(had) + 0.5))
            for number, times in had:
                scores[number] += (
                    idf * times * (k1 + 1) / (times + k1 * (1 - b + b * lengths[number] / average))
                )
        return sorted(scores, key=lambda number: (-scores[number], number))[:BEST]

    return find


def figures(find: Finder, questions: list[tuple[str, int]]) -> tuple[float, float]:
    """Recall@5 and MRR@10."""
    recall = rank = 0.0
    for question, right in questions:
        found = find(question)
        recall += right in found[:5]
        rank += 1 / (found.index(right) + 1) if right in found else 0
    return recall / len(questions), rank / len(questions)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", dest="sets", action="append", type=Path, required=True)
    parser.add_argument("--language", help="of the paragraphs, where their letters do not tell: ar, en, ru")
    options = parser.parse_args()
    pool = read(options.sets)
    language = options.language or language_of(" ".join(pool.paragraphs))
    own = {"ar": "arabic", "en": "english", "ru": "russian"}.get(language, "simple")
    print(f"{len(pool.paragraphs)} paragraphs, {len(pool.questions)} questions, language {language}")
    print(f"{'':<44}{'Recall@5':>10}{'MRR@10':>10}")
    with scratch_database():
        ids = fill(pool.paragraphs, language)
        systems = {"archive": by_the_archive(ids), f"PostgreSQL {own}, ts_rank": by_postgresql(ids, own)}
        if language == "ar":
            systems["Lucene's ArabicAnalyzer rules, BM25"] = by_bm25(pool.paragraphs, lucene.analyze)
        for name, find in systems.items():
            recall, rank = figures(find, pool.questions)
            print(f"{name:<44}{recall:>10.4f}{rank:>10.4f}", flush=True)


if __name__ == "__main__":
    main()
