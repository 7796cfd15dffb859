"""What is asked: a line of the table each, with many requests of one kind, in the dialect of each server."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from random import Random
from urllib.parse import urlencode, urlsplit

from django.db import connection

from archive.models import Article, ArticleText, TermFrequency
from archive.models.termfrequency import ALL_DOCUMENTS
from archive.text import analyze
from bench.api.servers import GRANIAN, Server

API, TEXTBOOK = "/api/v1/articles/", "/articles/"
EXPANDED = "source,persons,countries,events,mentions,citations"
ROW = 50_000
PAGE, LARGEST_PAGE = 50, 200
REQUESTS = 200


@dataclass
class Line:
    """Paths to ask for, by the server's name."""

    name: str
    paths: dict[str, list[str]] = field(default_factory=dict)


def lines(servers: dict[str, Server], only: list[str]) -> list[Line]:
    """The lines whose names begin with one of `only`; all where it is empty."""
    makers = {
        "newest": newest,
        "person": named,
        "search": searched,
        "whole": whole,
        "deep": deep,
        "facets": facets,
    }
    return [maker(servers) for name, maker in makers.items() if not only or name in only]


def both(name: str, queries: list[dict], textbook: list[dict], below: str = "") -> Line:
    """A line of lists: the archive and the limit understand the same parameters."""
    own = [f"{API}{below}?{urlencode(query)}" for query in queries]
    book = [f"{TEXTBOOK}{below}?{urlencode(query)}" for query in textbook]
    return Line(name, {**alike(own), "textbook": book})


def alike(paths: list[str]) -> dict[str, list[str]]:
    """The same paths for all that answer in the archive's dialect."""
    return {"archive": paths, GRANIAN: paths, "limit": paths}


def newest(servers: dict[str, Server]) -> Line:
    return Line("newest 50", {**alike([API]), "textbook": [TEXTBOOK]})


def named(servers: dict[str, Server]) -> Line:
    """Persons and countries that articles name together, 50 times and more within two years."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH named AS MATERIALIZED (
                SELECT DISTINCT article_id, published_at, person_id, country_id FROM archive_mention
                WHERE status <> 'rejected' AND published_at IS NOT NULL)
            SELECT person.slug, country.code, year, count(*) FROM generate_series(2015, 2023) AS year, (
                SELECT p.person_id, c.country_id, extract(year FROM p.published_at) AS at
                FROM named p JOIN named c USING (article_id)
                WHERE p.person_id IS NOT NULL AND c.country_id IS NOT NULL) AS pair
            JOIN archive_person person ON person.id = person_id
            JOIN archive_country country ON country.id = country_id
            WHERE at IN (year, year + 1)
            GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
            """
        )
        all_pairs = [(asked, count) for *asked, count in cursor.fetchall()]
    # In an archive of few articles none stand together so often.
    found = [asked for asked, count in all_pairs if count >= PAGE] or [asked for asked, _ in all_pairs]
    chosen = Random("named").sample(found, min(REQUESTS, len(found)))
    return both(
        "person, country, 2 years",
        [
            {"person": p, "country": c, "published__gte": f"{y}-01-01", "published__lte": f"{y + 1}-12-31"}
            for p, c, y in chosen
        ],
        [
            {"person": p, "country": c, "published_after": f"{y}-01-01", "published_before": f"{y + 1}-12-31"}
            for p, c, y in chosen
        ],
    )


def searched(servers: dict[str, Server]) -> Line:
    """Words that some 3 % of the articles have."""
    articles = TermFrequency.objects.get(pk=ALL_DOCUMENTS).documents
    bounds = (articles * 0.025, articles * 0.035)
    terms = set(TermFrequency.objects.filter(documents__range=bounds).values_list("term", flat=True))
    words: dict[str, str] = {}
    for body in ArticleText.objects.order_by("pk").values_list("body", flat=True)[:500]:
        tokens = list(analyze(body, "ar"))
        alone = Counter((token.start, token.end) for token in tokens if not token.ranking_only)
        for token in tokens:
            if token.term in terms and not token.ranking_only and alone[token.start, token.end] == 1:
                words.setdefault(token.term, body[token.start : token.end])
    queries = [{"q": words[term]} for term in sorted(words)][:REQUESTS]
    return both("search, newest 50", queries, queries)


def whole(servers: dict[str, Server]) -> Line:
    ids = Random("whole").sample(range(1, _articles()), REQUESTS)
    own = [f"{API}{pk}/?expand={EXPANDED}" for pk in ids]
    return Line(
        "one article, expanded",
        {**alike(own), "textbook": [f"{TEXTBOOK}{pk}/" for pk in ids]},
    )


def deep(servers: dict[str, Server]) -> Line:
    """Pages around row 50,000: the cursors that lead there, walked to beforehand."""
    row = min(ROW, _articles() // 2)
    starts = range(row - 5 * LARGEST_PAGE, row + 5 * LARGEST_PAGE, LARGEST_PAGE)
    found = {name: _walk(server, starts) for name, server in servers.items() if name != "textbook"}
    found["textbook"] = [f"{TEXTBOOK}?page={start // PAGE + 1}" for start in starts]
    return Line(f"row {row:,}", found)


def _walk(server: Server, starts: range) -> list[str]:
    """The paths of the pages that begin after so many rows."""
    path, paths = f"{API}?page_size={LARGEST_PAGE}", []
    for row in range(0, starts[-1] + 1, LARGEST_PAGE):
        if row in starts:
            paths.append(path.replace(f"page_size={LARGEST_PAGE}", f"page_size={PAGE}"))
        # Of the page nothing is needed but the way to the next one.
        small = path if server.name == "limit" else f"{path}&fields=id"
        status, body = server.get(small)
        if status != 200:
            raise SystemExit(f"{server.name} answers {status}: {small}")
        if (following := json.loads(body)["next"]) is None:
            break
        following = urlsplit(following)
        path = f"{following.path}?{following.query}".replace("&fields=id", "").replace("fields=id&", "")
    return paths


def facets(servers: dict[str, Server]) -> Line:
    """Persons whom about a hundredth of the articles name."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT slug FROM archive_person p JOIN (
                SELECT person_id AS id, count(DISTINCT article_id) AS articles FROM archive_mention
                WHERE status <> 'rejected' AND person_id IS NOT NULL GROUP BY 1) AS named USING (id)
            ORDER BY abs(articles - %s), slug LIMIT 40
            """,
            [_articles() / 100],
        )
        persons = [slug for (slug,) in cursor.fetchall()]
    return both(
        "facet by source, of a person",
        [{"by": "source", "person": slug} for slug in persons],
        [{"person": slug} for slug in persons],
        "facets/",
    )


@cache
def _articles() -> int:
    return Article.objects.count()
