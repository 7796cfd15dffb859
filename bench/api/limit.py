"""The limit: the best hand-written SQL on tables made for it (limit.sql), behind a bare WSGI app.

It answers the lines of the bench with the archive's own addresses and parameters, and nothing else.
BENCH_DATABASE says how to reach the database. No Django here: `archive.text` is pure.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, quote

from psycopg_pool import ConnectionPool

from archive.text import analyze

PAGE, LARGEST = 50, 200
ROWS_OF_EXPORT = 500
CEILING = b"x" * 100_000
LIST, FACETS = "/api/v1/articles/", "/api/v1/articles/facets/"

# Of the rows `ids` (id, moment; one more than a page has), the page as JSON, whether there are more,
# and the last row.
ASSEMBLE = """
    SELECT convert_to(string_agg(a.json, ',' ORDER BY n), 'UTF8'), max(n) > %(size)s,
        max(i.moment::text || ',' || i.id) FILTER (WHERE n = %(size)s)
    FROM (SELECT *, row_number() OVER () AS n FROM ({ids}) AS ids) AS i
    LEFT JOIN bench.article a ON a.id = i.id AND n <= %(size)s
"""
NEWEST = "SELECT id, moment FROM bench.article {after} ORDER BY moment DESC, id DESC LIMIT %(size)s + 1"
AFTER = "WHERE (moment, id) < (%(moment)s::timestamptz, %(id)s::bigint)"
NAMED = """
    SELECT p.article_id AS id, p.moment FROM bench.person_link p
    JOIN bench.country_link c ON c.moment = p.moment AND c.article_id = p.article_id
    WHERE p.person_id = (SELECT id FROM bench.person WHERE slug = %(person)s)
        AND c.country_id = (SELECT id FROM bench.country WHERE code = %(country)s)
        AND p.moment >= %(from)s::timestamptz AND p.moment < %(to)s::timestamptz + interval '1 day'
        AND c.moment >= %(from)s::timestamptz AND c.moment < %(to)s::timestamptz + interval '1 day'
    ORDER BY p.moment DESC, p.article_id DESC LIMIT %(size)s + 1
"""
# All are found first and then sorted: for a word of a hundredth of the articles that is soonest.
SEARCHED = """
    SELECT article_id AS id, published_at AS moment FROM archive_articleindex
    WHERE vector @@ %(query)s::tsquery
    ORDER BY published_at + interval '0' DESC, article_id DESC LIMIT %(size)s + 1
"""
WHOLE = """
    SELECT convert_to(concat(
        '{"id":', a.id, ',"source":', (SELECT json FROM bench.source WHERE id = a.source_id), ',', a.head,
        ',"persons":[', (SELECT string_agg(p.json, ',' ORDER BY n)
            FROM unnest(a.persons) WITH ORDINALITY u(id, n) JOIN bench.person p USING (id)),
        '],"countries":[', (SELECT string_agg(c.json, ',' ORDER BY n)
            FROM unnest(a.countries) WITH ORDINALITY u(id, n) JOIN bench.country c USING (id)),
        '],"events":[', (SELECT string_agg(e.json, ',' ORDER BY n)
            FROM unnest(a.events) WITH ORDINALITY u(id, n) JOIN bench.event e USING (id)),
        '],', a.evidence, ',', a.tail, '}'), 'UTF8')
    FROM bench.part a WHERE a.id = %(id)s
"""
COUNTED = """
    SELECT convert_to(json_build_object('values', coalesce(json_agg(json_build_object(
        'value', s.slug, 'name', s.name, 'count', n) ORDER BY n DESC, s.slug), '[]'),
        'left_out', coalesce(max(others), 0))::text, 'UTF8')
    FROM (
        SELECT source_id, n, greatest(count(*) OVER () - 20, 0) AS others FROM (
            SELECT source_id, count(*) AS n FROM bench.person_link
            WHERE person_id = (SELECT id FROM bench.person WHERE slug = %(person)s) GROUP BY source_id
        ) AS counts ORDER BY n DESC, source_id LIMIT 20
    ) AS found JOIN bench.source s ON s.id = found.source_id
"""
EXPORT = """
    SELECT convert_to(string_agg(json, E'\\n' ORDER BY n), 'UTF8'),
        max(moment::text) FILTER (WHERE n = %(size)s), max(id) FILTER (WHERE n = %(size)s)
    FROM (SELECT *, row_number() OVER () AS n FROM (
        SELECT * FROM bench.article {after} ORDER BY moment DESC, id DESC LIMIT %(size)s
    ) AS a) AS a
"""

pool: ConnectionPool | None = None


def rows(statement: str, parameters: dict[str, Any]) -> tuple:
    """The one row of a statement."""
    global pool
    if pool is None:  # after the fork: a worker's own
        pool = ConnectionPool(
            os.environ["BENCH_DATABASE"], min_size=1, max_size=8, open=True, kwargs={"autocommit": True}
        )
    with pool.connection() as connection:
        connection.prepare_threshold = 1
        return connection.cursor(binary=True).execute(statement, parameters).fetchone()


def after(asked: dict[str, str]) -> tuple[str, dict]:
    if "cursor" not in asked:
        return "", {}
    moment, _, pk = asked["cursor"].rpartition(",")
    return AFTER, {"moment": moment, "id": int(pk)}


def page(asked: dict[str, str]) -> Iterable[bytes]:
    """A list: the newest, of a person and country within dates, or of a word."""
    parameters: dict[str, Any] = {"size": min(int(asked.get("page_size", PAGE)), LARGEST)}
    if "q" in asked:
        term = next(token.term for token in analyze(asked["q"], "ar") if not token.ranking_only)
        ids, parameters["query"] = SEARCHED, f"'{term}'"
    elif "person" in asked:
        ids = NAMED
        parameters |= {"person": asked["person"], "country": asked["country"]}
        parameters |= {"from": asked["published__gte"], "to": asked["published__lte"]}
    else:
        condition, more = after(asked)
        ids = NEWEST.format(after=condition)
        parameters |= more
    found, more, last = rows(ASSEMBLE.format(ids=ids), parameters)
    link = f'"{LIST}?page_size={parameters["size"]}&cursor={quote(last)}"' if more else "null"
    return [b'{"next":', link.encode(), b',"previous":null,"results":[', found or b"", b"]}"]


def whole(pk: str) -> Iterable[bytes]:
    return [rows(WHOLE, {"id": int(pk)})[0]]


def facets(asked: dict[str, str]) -> Iterable[bytes]:
    found = rows(COUNTED, {"person": asked["person"]})[0]
    return [b'{"complete":true,"missing":[],"facets":{"source":', found, b"}}"]


def export(asked: dict[str, str]) -> Iterator[bytes]:
    """All articles, one a line: as pages, so that nothing has to be held in between."""
    condition, parameters = after(asked)
    while True:
        statement = EXPORT.format(after=condition)
        found, moment, pk = rows(statement, {**parameters, "size": ROWS_OF_EXPORT})
        if found:
            yield found + b"\n"
        if pk is None:
            return
        condition, parameters = AFTER, {"moment": moment, "id": pk}


def answer(path: str, asked: dict[str, str]) -> Iterable[bytes]:
    if path == "/ceiling":
        return [CEILING]
    if path == FACETS:
        return facets(asked)
    if path == LIST:
        return export(asked) if asked.get("format") == "jsonl" else page(asked)
    return whole(path.removeprefix(LIST).strip("/"))


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    asked = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    body = answer(environ["PATH_INFO"], asked)
    headers = [("Content-Type", "application/json")]
    if isinstance(body, list):
        headers.append(("Content-Length", str(sum(map(len, body)))))
    start_response("200 OK", headers)
    return body
