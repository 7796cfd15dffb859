"""Loads made-up articles (bench.synthetic) into the archive of ARCHIVE_DATA_DIR, and indexes them.

    ARCHIVE_DATA_DIR=/tmp/bench-data python -m bench.load [ARTICLES] [--facts] [--plain]

A million by default. `--facts` gives each an abstract, an address, and what it tells of: persons, countries
and events (bench.made). Rows go in by COPY, history and rules as ever. The vectors are made beside, by the
archive's own function, and the index on them afterwards, which is several times faster than row by row;
`--plain` leaves that to `manage.py reindex`. Run again, it goes on where it stopped.
"""

import argparse
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from time import perf_counter
from typing import NamedTuple

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

import django

django.setup()

import pgtrigger
from django.core.management import call_command
from django.db import connection

from archive.api import ready
from archive.curate.history import acting, copying
from archive.models import Article
from archive.search.frequencies import refresh_frequencies
from archive.search.vectors import ABSTRACT, BODY, TITLE, Part, vector
from archive.text import ANALYZER_VERSION, fold, sha256_hex
from bench.made import Subjects, subjects
from bench.synthetic import Made, article
from monitor.database import available

CHUNK = 500
# Articles in one transaction.
AT_ONCE = 10_000
# The columns that COPY writes, in the order of their references. An article and its text have the article's
# number, from 1, as id. Mentions and citations take the article and its date by themselves.
COLUMNS = {
    "article": "id source_id identifier title title_folded title_origin byline section dateline language"
    " published published_lower published_upper published_at",
    "articleabstract": "article_id language text",
    "articleaddress": "article_id url",
    "articletext": "id article_id sha256 length body obtained",
    "articleindex": "article_id published_at version vector",
    "mention": 'text_id start "end" surface how person_id country_id proposed_name status',
    "citation": 'text_id start "end" sha256 event_id status',
}
# What these keep in step is written here, in step: the vectors, and the time an article changed.
VECTORS = (
    "archive.Article:index_insert",
    "archive.ArticleAbstract:mark_insert",
    "archive.ArticleText:mark_insert",
)
TIMES = tuple(f"archive.Article{part}:touch_insert" for part in ("Abstract", "Address", "Text"))
STATUSES = ["suggested"] * 70 + ["accepted"] * 28 + ["rejected"] * 2


class Row(NamedTuple):
    table: str
    values: tuple


def rows_of(made: Made, known: Subjects, *, facts: bool, vectors: bool) -> Iterator[Row]:
    """The rows of one article, in all tables."""
    pk, day, body = made.number + 1, made.published.date(), made.body
    address = f"https://bench.example/{pk}"
    named = (pk, known.sources[made.source], address, made.title, fold(made.title), "printed")
    published = made.published.strftime("%Y-%m-%dT%H:%M:%SZ")
    section = ("سياسة", "اقتصاد", "رياضة", "")[pk % 4] if facts else ""
    yield Row("article", (*named, "", section, "", "ar", published, day, day, made.published))
    yield Row("articletext", (pk, pk, sha256_hex(body), len(body), body, "feed"))
    if facts:
        yield Row("articleabstract", (pk, "ar", made.abstract))
        yield Row("articleaddress", (pk, f"{address}?from=feed"))
    if vectors:
        parts = (Part(made.title, "ar", TITLE), Part(made.abstract, "ar", ABSTRACT), Part(body, "ar", BODY))
        terms = vector(part for part in parts if part.text)
        yield Row("articleindex", (pk, made.published, ANALYZER_VERSION, terms))
    for kind, number, start, end in made.spans:
        words, status = body[start:end], STATUSES[(pk + start) % 100]
        match kind:
            case "person":
                yield Row("mention", (pk, start, end, words, "name", known.persons[number], None, "", status))
            case "country":
                yield Row(
                    "mention", (pk, start, end, words, "name", None, known.countries[number], "", status)
                )
            case "event":
                yield Row("citation", (pk, start, end, sha256_hex(words), known.events[number], status))


def make(numbers: range, of: int, known: Subjects, *, facts: bool, vectors: bool) -> dict[str, list[tuple]]:
    """The rows of some articles, by table."""
    tables: dict[str, list[tuple]] = {table: [] for table in COLUMNS}
    for number in numbers:
        made = article(number, of, known.facts if facts else None)
        for table, values in rows_of(made, known, facts=facts, vectors=vectors):
            tables[table].append(values)
    return tables


def write(chunks: list[Future]) -> None:
    """One transaction: the rows of some chunks."""
    made = [chunk.result() for chunk in chunks]
    with acting("made-up articles"):
        for table, columns in COLUMNS.items():
            if not any(chunk[table] for chunk in made):
                continue
            with copying(f"COPY archive_{table} ({', '.join(columns.split())}) FROM STDIN") as copy:
                for chunk in made:
                    for row in chunk[table]:
                        copy.write_row(row)


def load(amount: int, *, facts: bool = False, vectors: bool = True, jobs: int = os.cpu_count() or 1) -> None:
    """Load articles up to the number `amount`. Those that are there stay."""
    known = subjects(facts)
    first = Article.objects.count()
    began = perf_counter()
    waiting: list[Future] = []
    if vectors:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS articleindex_vector")
    connection.close()
    made = partial(make, of=amount, known=known, facts=facts, vectors=vectors)
    with ProcessPoolExecutor(jobs) as pool, pgtrigger.ignore(*TIMES, *(VECTORS if vectors else ())):
        for start in range(first, amount, AT_ONCE):
            end = min(start + AT_ONCE, amount)
            # The next ones are made while these are written.
            futures = [pool.submit(made, range(n, min(n + CHUNK, end))) for n in range(start, end, CHUNK)]
            if waiting:
                write(waiting)
            waiting = futures
            print(f"{start:>10,} {(start - first) / (perf_counter() - began):>8,.0f} articles/s", flush=True)
        write(waiting)
    with connection.cursor() as cursor:
        for table in ("article", "articletext"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('archive_{table}', 'id'), %s)", [amount])
    print(f"loaded in {perf_counter() - began:,.0f} s", flush=True)
    began = perf_counter()
    with connection.cursor() as cursor:
        if vectors:
            cursor.execute("SET maintenance_work_mem = '1GB'")
            cursor.execute("CREATE INDEX articleindex_vector ON archive_articleindex USING gin (vector)")
            print(f"index on the vectors: {perf_counter() - began:,.0f} s", flush=True)
        cursor.execute("VACUUM (ANALYZE)")
    if vectors:
        refresh_frequencies()
    ready.make()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) archive_readyrecord, archive_stalerecord")
    print(f"vacuumed, and terms counted, JSON ready, after {perf_counter() - began:,.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--facts", action="store_true", help="persons, countries and events too")
    parser.add_argument("--plain", action="store_true", help="leave the vectors to manage.py reindex")
    options = parser.parse_args()
    with available():
        call_command("migrate", verbosity=0)
        load(options.articles, facts=options.facts, vectors=not options.plain)


if __name__ == "__main__":
    main()
