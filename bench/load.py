"""Loads made-up articles (bench.synthetic) into the archive of ARCHIVE_DATA_DIR, and indexes them.

    ARCHIVE_DATA_DIR=/tmp/bench-data python -m bench.load [ARTICLES] [--mentions N] [--plain]

A million by default. Rows go in by COPY, history and rules as ever. The vectors are made beside, by the
archive's own function, and the index on them afterwards, which is several times faster than row by row;
`--plain` leaves that to `manage.py reindex`. Run again, it goes on where it stopped.
"""

import argparse
import os
from concurrent.futures import Future, ProcessPoolExecutor
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

import django

django.setup()

import pgtrigger
from django.core.management import call_command
from django.db import connection

from archive.curate.history import acting, copying
from archive.models import Article, ArticleIndex, ArticleSubject, ArticleText, Mention, Person, Source
from archive.search.vectors import BODY, TITLE, Part, vector
from archive.text import ANALYZER_VERSION, fold, sha256_hex
from bench.synthetic import SOURCES, article, person_name
from monitor.database import available

CHUNK = 500
# Articles in one transaction.
AT_ONCE = 10_000
PERSONS = 2_000
ARTICLE = (
    "id source_id identifier title title_folded title_origin byline section dateline language"
    " published published_lower published_upper published_at"
).split()
TEXT = "id article_id sha256 length body obtained".split()
INDEX = "article_id published_at version vector".split()
MENTION = 'text_id article_id start "end" surface how person_id proposed_name status'.split()
# What these keep in step is written here, in step.
DONE_HERE = (
    "archive.Article:index_insert",
    "archive.ArticleText:mark_insert",
    "archive.ArticleText:touch_insert",
)


def rows(numbers: range, of: int, sources: list[int], persons: list[int], mentions: int, vectors: bool):
    """Rows for the four tables. An article and its text have its number, from 1, as id."""
    tables: tuple[list, list, list, list] = ([], [], [], [])
    for made in (article(n, of, len(persons), mentions) for n in numbers):
        pk, day = made.number + 1, made.published.date()
        identifier = f"https://bench.example/{pk}"
        published = made.published.strftime("%Y-%m-%dT%H:%M:%SZ")
        named = (pk, sources[made.source], identifier, made.title, fold(made.title), "printed")
        tables[0].append((*named, "", "", "", "ar", published, day, day, made.published))
        tables[1].append((pk, pk, sha256_hex(made.body), len(made.body), made.body, "feed"))
        if vectors:
            terms = vector([Part(made.title, "ar", TITLE), Part(made.body, "ar", BODY)])
            tables[2].append((pk, made.published, ANALYZER_VERSION, terms))
        for person, start in made.persons:
            name = person_name(person)
            span = (pk, pk, start, start + len(name), name)
            tables[3].append((*span, "name", persons[person], "", "suggested"))
    return tables


def write(chunks: list[Future]) -> None:
    """One transaction: the rows of some chunks."""
    tables: list[list] = [[], [], [], []]
    for chunk in chunks:
        for table, more in zip(tables, chunk.result(), strict=True):
            table += more
    names = ("article", "articletext", "articleindex", "mention")
    with acting("made-up articles"):
        for name, columns, table in zip(names, (ARTICLE, TEXT, INDEX, MENTION), tables, strict=True):
            if table:
                with copying(f"COPY archive_{name} ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in table:
                        copy.write_row(row)


def made_before(amount: int) -> tuple[list[int], list[int]]:
    """The ids of the sources, and of the persons."""
    for n in range(SOURCES):
        Source.objects.get_or_create(
            slug=f"bench-{n}", defaults={"name": f"صحيفة {n}", "kind": "newspaper", "languages": ["ar"]}
        )
    Person.objects.bulk_create(
        [Person(slug=f"bench-{n}", name=person_name(n)) for n in range(amount)], ignore_conflicts=True
    )
    return [
        list(model.objects.filter(slug__startswith="bench-").order_by("pk").values_list("pk", flat=True))
        for model in (Source, Person)
    ]


def load(amount: int, *, mentions: int = 0, vectors: bool = True, jobs: int = os.cpu_count() or 1) -> None:
    """Load articles up to the number `amount`. Those that are there stay."""
    sources, persons = made_before(PERSONS if mentions else 0)
    first = Article.objects.count()
    began = perf_counter()
    waiting: list[Future] = []
    if vectors:
        with connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS articleindex_vector")
    connection.close()
    with ProcessPoolExecutor(jobs) as pool, pgtrigger.ignore(*(DONE_HERE if vectors else DONE_HERE[2:])):
        for start in range(first, amount, AT_ONCE):
            end = min(start + AT_ONCE, amount)
            # The next ones are made while these are written.
            chunks = [range(n, min(n + CHUNK, end)) for n in range(start, end, CHUNK)]
            futures = [pool.submit(rows, c, amount, sources, persons, mentions, vectors) for c in chunks]
            if waiting:
                write(waiting)
            waiting = futures
            print(f"{start:>10,} {(start - first) / (perf_counter() - began):>8,.0f} articles/s", flush=True)
        write(waiting)
    with connection.cursor() as cursor:
        for table in ("article", "articletext"):
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('archive_{table}', 'id'), %s)", [amount])
    print(f"loaded in {perf_counter() - began:,.0f} s", flush=True)
    if vectors:
        began = perf_counter()
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX articleindex_vector ON archive_articleindex USING gin (vector)")
            print(f"index on the vectors: {perf_counter() - began:,.0f} s", flush=True)
            for model in (Article, ArticleText, ArticleIndex, Mention, ArticleSubject):
                cursor.execute(f"VACUUM (ANALYZE) {model._meta.db_table}")
        print(f"vacuumed after {perf_counter() - began:,.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--mentions", type=int, default=0, help="of persons, in each article")
    parser.add_argument("--plain", action="store_true", help="leave the vectors to manage.py reindex")
    options = parser.parse_args()
    with available():
        call_command("migrate", verbosity=0)
        load(options.articles, mentions=options.mentions, vectors=not options.plain)


if __name__ == "__main__":
    main()
