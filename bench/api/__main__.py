"""How fast the archive's REST reads are, as production would serve them, beside two peers in the same run.

    ARCHIVE_DATA_DIR=/tmp/bench-data python -m bench.api [--articles 100000] [--seconds 4] [--rounds 3]
        [--clients 8] [--servers archive limit textbook granian]
        [--only newest person search whole deep facets export] [--export 100000]
    ARCHIVE_DATA_DIR=/tmp/bench-data python -m bench.api --memory [--requests 100000]

It loads made-up articles (bench.load, with facts) where there are fewer, and makes the limit's tables where
these are not of all articles, or `--rebuild` asks for it. Then it starts three servers on the gunicorn of
`manage.py up` and asks each in turn, line by line and round by round, so that a noisy machine hits all alike:

- archive: the archive itself;
- limit: a bare WSGI app, and the best hand-written SQL on tables made for it (limit.sql): ids first by
  covering indexes, ready JSON for each article;
- textbook: DRF as tutorials write it, on the archive's tables, its connections kept;
- granian, if it is named: the archive behind that instead of gunicorn (`pip install granian`).

The load comes from wrk (Debian's, `apt-get install wrk`): one thread, connections kept, other parameters each
time. Before the lines it asks for 100 KB that cost nothing: what wrk and gunicorn can do at all.

It prints a line for each kind of request and server: requests a second, the times of a request (p50, p95,
p99) in ms, the CPU that one takes in ms, of gunicorn's processes and of PostgreSQL's, and PostgreSQL's
share of it, the bytes of a middling answer, and the rate as a part of the limit's. All are medians of the
rounds. An export gives rows a second, CPU ms a row, and the memory of the largest worker before and at most.
Where a server's answer is not the archive's, or there is none, a note says so. `--memory` asks the archive
for a mix of all lines and prints the workers' memory.
"""

import argparse
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")
# As `up` on a loopback address.
os.environ.setdefault("ARCHIVE_HTTPS", "0")
os.environ.setdefault("ARCHIVE_ANONYMOUS_READ", "1")
for rate in ("READS", "SEARCHES", "WRITES", "LOGINS"):
    os.environ.setdefault(f"ARCHIVE_RATE_{rate}", "")
# A line for each request is a log's business, and would stand among the figures.
os.environ.setdefault("ARCHIVE_LOG_REQUESTS", "0")

import django

django.setup()

from itertools import zip_longest
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from archive.models import Article
from bench.api import measure
from bench.api.alike import compare
from bench.api.lines import Line, lines
from bench.api.measure import Run
from bench.api.servers import APPLICATIONS, SERVERS, Server, serving
from bench.load import load
from monitor.database import available

EXPORTS = {
    "archive": "/api/v1/articles/?format=jsonl",
    "granian": "/api/v1/articles/?format=jsonl",
    "limit": "/api/v1/articles/?format=jsonl",
    "textbook": "/articles/export/",
}
COLUMNS = ("req/s", "p50", "p95", "p99", "CPU ms", "of PG", "bytes", "limit")
EXPORT_COLUMNS = ("rows/s", "CPU ms", "MiB", "at most", "rows")


def line_of(line: str, server: str, *figures: str) -> str:
    return f"{line:<30}{server:<10}" + "".join(f"{figure:>9}" for figure in figures)


def prepare(articles: int, *, rebuild: bool) -> None:
    """Load what is missing, and make the limit's tables where these are not of all articles."""
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    if Article.objects.count() < articles:
        load(articles, facts=True)
        rebuild = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench.article') IS NOT NULL")
        if made := cursor.fetchone()[0]:
            cursor.execute("SELECT (SELECT count(*) FROM bench.article) = count(*) FROM archive_article")
            made = cursor.fetchone()[0]
        if rebuild or not made:
            print("making the limit's tables", flush=True)
            cursor.execute(Path(__file__).with_name("limit.sql").read_text())
            cursor.execute("VACUUM (ANALYZE)")
    connection.close()


def table(asked: list[Line], servers: dict[str, Server], options: argparse.Namespace) -> None:
    print(line_of("", "", *COLUMNS), flush=True)
    for line in asked:
        sizes, notes = compare(line, servers)
        runs: dict[str, list[Run]] = {name: [] for name in sizes}
        for name in runs:
            measure.warm(servers[name], line.paths[name], options.clients)
        for _ in range(options.rounds):
            for name, found in runs.items():
                found.append(
                    measure.requests(servers[name], line.paths[name], options.seconds, options.clients)
                )
        middle = {name: measure.middle(found) for name, found in runs.items()}
        for name, run in middle.items():
            figures = [f"{run.rate:,.0f}", *(f"{time:,.1f}" for time in (run.p50, run.p95, run.p99))]
            figures += [f"{run.processor + run.database:.2f}", f"{run.database:.2f}", f"{sizes[name]:,}"]
            figures += [f"{run.rate / middle['limit'].rate:.2f}"] if "limit" in middle else []
            print(line_of(line.name, name, *figures), flush=True)
        for name, note in notes.items():
            print(line_of(line.name, name), note, flush=True)


def exports(servers: dict[str, Server], rows: int) -> None:
    print(line_of("", "", *EXPORT_COLUMNS), flush=True)
    for name, server in servers.items():
        found = measure.export(server, EXPORTS[name], rows)
        if isinstance(found, int):
            print(line_of("export", name), f"answers {found}", flush=True)
            continue
        figures = (f"{found.before:.1f}", f"{found.most:.1f}", f"{found.rows:,}")
        print(line_of("export", name, f"{found.rate:,.0f}", f"{found.processor:.3f}", *figures), flush=True)


def mixed(asked: list[Line], server: Server) -> list[str]:
    """Paths of all lines that the archive answers, in turn."""
    paths = [line.paths["archive"] for line in asked]
    answered = [found for found in paths if server.get(found[0])[0] == 200]
    return [path for together in zip_longest(*answered) for path in together if path]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seconds", type=int, default=4, help="of each run")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--servers", nargs="*", choices=SERVERS, default=list(APPLICATIONS))
    parser.add_argument("--only", nargs="*", default=[], help="lines")
    parser.add_argument("--export", type=int, default=100_000, help="how many rows of an export are read")
    parser.add_argument("--rebuild", action="store_true", help="make the limit's tables anew")
    parser.add_argument("--memory", action="store_true", help="watch the workers' memory instead")
    parser.add_argument("--requests", type=int, default=100_000, help="with --memory")
    options = parser.parse_args()
    measure.check_wrk()
    with available():
        prepare(options.articles, rebuild=options.rebuild)
        with serving(["archive"] if options.memory else options.servers) as servers:
            asked = lines(servers, options.only) if options.only != ["export"] else []
            connection.close()
            if options.memory:
                archive = servers["archive"]
                measure.memory(archive, mixed(asked, archive), options.requests, options.clients)
                return
            if "limit" in servers:
                most = measure.requests(servers["limit"], ["/ceiling"], options.seconds, options.clients)
                print(f"{Article.objects.count():,} articles; 100 KB of nothing: {most.rate:,.0f} a second")
            table(asked, servers, options)
            if not options.only or "export" in options.only:
                exports(servers, options.export)


if __name__ == "__main__":
    main()
