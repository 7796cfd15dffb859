"""How long a search takes among a million articles (bench.load): the newest fifty, and the best fifty.

    ARCHIVE_DATA_DIR=/tmp/bench-data python -m bench.search

Words that stand in about 20 articles, and in 0.3 %, 3 % and 30 % of all; two of them together; phrases.
"SQL" is the limit: a statement written by hand for each kind, with what is known of the words, that
returns ids. "archive" is the archive's own way from the query's text to the ids. Times are of the whole
call, in ms, each query's the median of several.
"""

import os
from collections.abc import Callable, Iterator
from functools import cache
from itertools import pairwise
from math import log, prod
from random import Random
from statistics import median, quantiles
from time import perf_counter
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

import django

django.setup()

from django.db import connection
from django.db.models import Q

from archive.models import Article, ArticleText, Status, TermFrequency
from archive.models.ordering import newest
from archive.models.termfrequency import ALL_DOCUMENTS
from archive.search.articles import MOST_RANKED, Found, at_most
from archive.search.frequencies import refresh_frequencies
from archive.search.query import parse
from archive.search.tsquery import lexeme
from archive.search.vectors import pair
from archive.text import analyze
from archive.text.tokens import words as words_of
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
# The index knows pairs of neighbours, some by accident: those that have one are sorted, and read until there
# are enough.
PHRASE = f"""
    WITH candidates AS MATERIALIZED (
        SELECT article_id, {KEY} AS date FROM archive_articleindex WHERE vector @@ %(words)s::tsquery
        ORDER BY {KEY} + interval '0' DESC, article_id DESC
    )
    SELECT candidates.article_id FROM candidates CROSS JOIN LATERAL (
        SELECT FROM archive_articleindex i
        WHERE i.article_id = candidates.article_id AND (vector @@ %(query)s::tsquery) IS TRUE OFFSET 0
    ) LIMIT %(limit)s
"""
WALK_RANKED = 0.5


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
        terms = [term_of(word) for word in words.strip('"').split()]
        asked = " & ".join(map(lexeme, terms))
        phrase, ranked = words.startswith('"'), order == "relevance"
        parameters: dict[str, Any] = {
            "words": lexeme(pair(*terms)) if phrase else asked,
            "query": asked.replace("&", "<->") if phrase else asked,
            "limit": MOST_RANKED if ranked else 50,
        }
        common = known.part(terms) > (WALK_RANKED if ranked else WALK)
        chosen = PHRASE if phrase else WALKED if common else SORTED
        if ranked:
            weighted = parse(words).ranking_terms()
            parameters |= {f"term{i}": lexeme(term) for i, term in enumerate(weighted)}
            score = " + ".join(
                f"{known.idf(term)} * ts_rank(v, %(term{i})s::tsquery, 1)" for i, term in enumerate(weighted)
            )
            chosen = f"""
                SELECT article_id FROM (
                    SELECT article_id, vector || ''::tsvector AS v FROM archive_articleindex
                    WHERE article_id = ANY (ARRAY ({chosen})) OFFSET 0
                ) AS candidates
                ORDER BY {score} DESC, article_id DESC LIMIT 50
            """
        with connection.cursor() as cursor:
            cursor.execute(chosen, parameters)
            return [article_id for (article_id,) in cursor.fetchall()]

    return search


def archive(words: str, order: str) -> list[int]:
    """The archive's own way."""
    found = Found(Article.objects.all(), parse(words), [Status.ACCEPTED, Status.SUGGESTED])
    with at_most(60):
        if order == "newest":
            key = newest("index__published_at").expression
            return [pk for pk, _key in found.first(50, key, descending=True, after=Q())]
        return list(found.best().order_by("-rank", "-pk").values_list("pk", flat=True)[:50])


@cache
def term_of(word: str) -> str:
    return next(token.term for token in analyze(word, "ar") if not token.ranking_only)


def cases(known: Frequencies) -> Iterator[tuple[str, list[str]]]:
    """Queries, by what they are."""
    random = Random("search")
    bodies = list(
        ArticleText.objects.filter(body__isnull=False).order_by("-pk").values_list("body", flat=True)[:3000]
    )
    # A word of each term, as it stands in a text.
    seen: dict[str, str] = {}
    for body in bodies:
        for token in analyze(body, "ar"):
            if not token.ranking_only:
                seen.setdefault(token.term, body[token.start : token.end])
    words = {}
    for kind, part in KINDS.items():
        aim = part if part > 1 else part * known.all
        chosen = sorted(seen, key=lambda term: abs(known.get(term, 1) - aim))[:QUERIES]
        words[kind] = [seen[term] for term in chosen]
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
    for body in bodies:
        for (before, _start, _end), (after, _start2, _end2) in pairwise(words_of(body)):
            terms = [t.term for t in analyze(f"{before} {after}", "ar") if not t.ranking_only]
            if len(set(terms)) == 2:
                pairs[f'"{before} {after}"'] = min(known.get(term, 1) for term in terms)
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
        ways = {"SQL": limit(known), "archive": archive}
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
