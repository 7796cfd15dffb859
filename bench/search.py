"""How long a search takes among a million articles (bench.load): the newest fifty, and the best fifty.

    ARCHIVE_DATA_DIR=/tmp/bench-data python -m bench.search [MODULE:FUNCTION]

Words that stand in about 20 articles, and in 0.3 %, 3 % and 30 % of all; two of them together; phrases.
Beside the statement in SQL (below), which is the limit, stands the archive's own path, if it is named:
a function of a query in words and an order (`newest`, `relevance`) that returns articles' ids. Times are
of the whole call, in ms, each query's the median of several.
"""

import os
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import pairwise
from math import log, prod
from random import Random
from statistics import median, quantiles
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

import django

django.setup()

from django.db import connection

from archive.models import ArticleText, TermFrequency
from archive.models.termfrequency import ALL_DOCUMENTS
from archive.search.frequencies import refresh_frequencies
from archive.search.vectors import IN_TITLE
from archive.text import analyze
from monitor.database import available

Search = Callable[[str, str], list[int]]
QUERIES, REPEATS = 12, 5
# In how many articles a word of each kind stands, as a part of all; the rare one's is a number.
KINDS = {"rare": 20, "0.3 %": 0.003, "3 %": 0.03, "30 %": 0.3}
PAIRS = [("0.3 %", "3 %"), ("3 %", "3 %"), ("3 %", "30 %"), ("30 %", "30 %")]
PHRASES = {"0.1 %": 0.001, "1 %": 0.01, "3 %": 0.03}

KEY = "coalesce(published_at, '0001-01-01 00:00:00+00'::timestamptz)"
# Of a common word the newest fifty are soon met on a walk of the dates; of a rare one all are found sooner.
# IS TRUE keeps the planner from the index on vectors, which it takes for what is common too; an interval
# of nothing from the walk, which it takes for all that it knows too little of.
WALK = 0.025
WALKED = f"""
    SELECT article_id FROM archive_articleindex WHERE (vector @@ %(query)s::tsquery) IS TRUE
    ORDER BY {KEY} DESC, article_id DESC LIMIT %(limit)s
"""
SORTED = f"""
    SELECT article_id FROM archive_articleindex WHERE vector @@ %(words)s::tsquery
    ORDER BY {KEY} + interval '0' DESC, article_id DESC LIMIT %(limit)s
"""
# The index knows no neighbours: those that have all the words are sorted, and read until there are enough.
WALK_PHRASE = 0.3
PHRASE = f"""
    WITH candidates AS MATERIALIZED (
        SELECT article_id, {KEY} AS date FROM archive_articleindex WHERE vector @@ %(words)s::tsquery
        ORDER BY {KEY} + interval '0' DESC, article_id DESC LIMIT %(looked_at)s
    )
    SELECT candidates.article_id FROM candidates CROSS JOIN LATERAL (
        SELECT FROM archive_articleindex i
        WHERE i.article_id = candidates.article_id AND (vector @@ %(query)s::tsquery) IS TRUE OFFSET 0
    ) LIMIT %(limit)s
"""
# The best are those of the newest so many: to read and rank a vector takes some 10 µs.
CANDIDATES, LOOKED_AT = 10_000, 20_000
WALK_CANDIDATES = 0.5


class Frequencies(dict):
    """Of each term, in how many articles it stands."""

    @classmethod
    def read(cls) -> "Frequencies":
        return cls(TermFrequency.objects.values_list("term", "documents"))

    @property
    def all(self) -> int:
        return self[ALL_DOCUMENTS]

    def part(self, words: list[str]) -> float:
        """About which part of all has all the words: as if each word came by itself."""
        return prod(self.get(word, 1) / self.all for word in words)

    def idf(self, word: str) -> float:
        n = self.get(word, 1)
        return log(1 + (self.all - n + 0.5) / (n + 0.5))


def limit(known: Frequencies) -> Search:
    """The statements in SQL, chosen by what is known of the words."""

    def search(words: str, order: str) -> list[int]:
        terms = words.strip('"').split()
        lexemes = [f"'{term}'" for term in terms]
        phrase, ranked = words.startswith('"'), order == "relevance"
        parameters = {
            "words": " & ".join(lexemes),
            "query": (" <-> " if phrase else " & ").join(lexemes),
            "limit": CANDIDATES if ranked else 50,
            "looked_at": LOOKED_AT if ranked else None,
        }
        walk = WALK_CANDIDATES if ranked else WALK_PHRASE if phrase else WALK
        chosen = WALKED if known.part(terms) > walk else PHRASE if phrase else SORTED
        if ranked:
            parameters |= {f"term{i}": lexeme for i, lexeme in enumerate(lexemes)}
            score = " + ".join(
                f"{known.idf(term)} * ts_rank(vector, %(term{i})s::tsquery, 1)"
                for i, term in enumerate(terms)
            )
            chosen = f"""
                SELECT article_id FROM archive_articleindex WHERE article_id = ANY (ARRAY ({chosen}))
                ORDER BY {score} DESC, article_id DESC LIMIT 50
            """
        with connection.cursor() as cursor:
            cursor.execute(chosen, parameters)
            return [article_id for (article_id,) in cursor.fetchall()]

    return search


def cases(known: Frequencies) -> Iterator[tuple[str, list[str]]]:
    """Queries, by what they are."""
    random = Random("search")
    words = {}
    for kind, part in KINDS.items():
        aim = part if part > 1 else part * known.all
        plain = (term for term in known if term and not term.startswith(IN_TITLE))
        words[kind] = sorted(plain, key=lambda term: abs(known[term] - aim))[:QUERIES]
        yield kind, words[kind]
    for one, other in PAIRS:
        yield (
            f"{one} and {other}",
            [
                f"{a} {b}"
                for a, b in zip(words[one], random.sample(words[other], QUERIES), strict=True)
                if a != b
            ],
        )
    pairs: dict[str, float] = {}
    bodies = ArticleText.objects.filter(body__isnull=False).order_by("-pk").values_list("body", flat=True)
    for body in bodies[:3000]:
        for before, after in pairwise(analyze(body, "ar")):
            if after.position == before.position + 1 and before.term != after.term:
                pairs[f'"{before.term} {after.term}"'] = min(
                    known.get(before.term, 1), known.get(after.term, 1)
                )
    for kind, part in PHRASES.items():
        aim = part * known.all
        yield f"phrase, {kind}", sorted(pairs, key=lambda pair: abs(pairs[pair] - aim))[:QUERIES]


def milliseconds(search: Search, words: str, order: str) -> float:
    took = []
    for _ in range(REPEATS):
        began = perf_counter()
        search(words, order)
        took.append((perf_counter() - began) * 1000)
    return median(took)


def main() -> None:
    with available():
        if not TermFrequency.objects.exists():
            refresh_frequencies()
        known = Frequencies.read()
        ways = {"SQL": limit(known)}
        if len(sys.argv) > 1:
            module, _, name = sys.argv[1].partition(":")
            ways["archive"] = getattr(import_module(module), name)
        head = "".join(f"{f'{way}, {p}':>14}" for way in ways for p in ("p50", "p95"))
        print(f"{known.all:,} articles, {len(known) - 1:,} terms; ms\n{'query':<20}{'order':<12}{head}")
        for name, queries in cases(known):
            for order in ("newest", "relevance"):
                line = f"{name:<20}{order:<12}"
                for search in ways.values():
                    took = [milliseconds(search, words, order) for words in queries]
                    line += f"{median(took):>14.2f}{quantiles(took, n=20)[-1]:>14.2f}"
                print(line, flush=True)


if __name__ == "__main__":
    main()
