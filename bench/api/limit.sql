-- What the limit reads: made from the archive's tables once, for data that then stands still. It shows how
-- fast the database can be, not how an archive could be kept: nothing here follows a change.
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;

CREATE FUNCTION bench.stamp(timestamptz) RETURNS text IMMUTABLE LANGUAGE sql
RETURN to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- A JSON object without its braces, to stand among others.
CREATE FUNCTION bench.members(json) RETURNS text IMMUTABLE LANGUAGE sql
RETURN substr($1::text, 2, length($1::text) - 2);

CREATE VIEW bench.mentions AS SELECT * FROM archive_mention WHERE status <> 'rejected';

-- Citations of facts that count. The made-up ones are of events alone.
CREATE VIEW bench.citations AS
SELECT c.*, e.slug AS event_slug FROM archive_citation c JOIN archive_event e ON e.id = c.event_id
WHERE c.status <> 'rejected' AND e.status <> 'rejected';

-- --- Whom articles name: ready in short and in full -----------------------------------------------------

CREATE TABLE bench.source AS
SELECT s.id, s.slug, s.name, row_to_json((SELECT r FROM (SELECT s.slug, s.name) r))::text AS short,
    row_to_json((SELECT r FROM (SELECT
        s.slug, s.name, s.kind, s.homepage,
        (SELECT row_to_json(c) FROM (SELECT code, name FROM archive_country WHERE id = s.country_id) c)
            AS country,
        s.city, s.languages,
        coalesce((SELECT json_agg(n) FROM (SELECT text, language, kind FROM archive_sourcename
            WHERE source_id = s.id ORDER BY kind, language, id) n), '[]') AS names,
        '[]'::json AS collections,
        bench.stamp(s.added) AS added, bench.stamp(s.modified) AS modified) r))::text AS json
FROM archive_source s;

CREATE TABLE bench.person AS
SELECT p.id, p.slug, p.name_folded COLLATE "C" AS sorted,
    row_to_json((SELECT r FROM (SELECT p.slug, p.name) r))::text AS short,
    row_to_json((SELECT r FROM (SELECT
        p.slug, p.name, p.description, p.wikidata,
        coalesce((SELECT json_agg(n) FROM (SELECT text, language, kind FROM archive_personname
            WHERE person_id = p.id ORDER BY kind, language, id) n), '[]') AS names,
        coalesce((SELECT json_agg(o) FROM (SELECT
            o.id, o.title,
            (SELECT row_to_json(c) FROM (SELECT code, name FROM archive_country WHERE id = o.country_id) c)
                AS country,
            o.start, o."end", o.status
            FROM archive_office o WHERE person_id = p.id AND status <> 'rejected'
            ORDER BY o.start_lower, o.id) o), '[]') AS offices,
        bench.stamp(p.added) AS added, bench.stamp(p.modified) AS modified) r))::text AS json
FROM archive_person p;

CREATE TABLE bench.country AS
SELECT c.id, c.code, c.name_folded COLLATE "C" AS sorted,
    row_to_json((SELECT r FROM (SELECT c.code, c.name) r))::text AS short,
    row_to_json((SELECT r FROM (SELECT
        c.code, c.alpha3, c."numeric", c.name, c.kind, c.existed_from, c.existed_from_lower,
        c.existed_from_upper, c.existed_until, c.existed_until_lower, c.existed_until_upper, c.note,
        c.reference,
        coalesce((SELECT json_agg(n) FROM (SELECT text, language, kind FROM archive_countryname
            WHERE country_id = c.id ORDER BY kind, language, id) n), '[]') AS names,
        coalesce((SELECT json_agg(s) FROM (SELECT
            s.id, (SELECT row_to_json(o) FROM (SELECT code, name FROM archive_country
                WHERE id = s.predecessor_id) o) AS country, s.kind, s.date, s.reference, s.status
            FROM archive_succession s WHERE s.successor_id = c.id AND status <> 'rejected'
            ORDER BY s.predecessor_id, s.date_lower, s.id) s), '[]') AS predecessors,
        coalesce((SELECT json_agg(s) FROM (SELECT
            s.id, (SELECT row_to_json(o) FROM (SELECT code, name FROM archive_country
                WHERE id = s.successor_id) o) AS country, s.kind, s.date, s.reference, s.status
            FROM archive_succession s WHERE s.predecessor_id = c.id AND status <> 'rejected'
            ORDER BY s.date_lower, s.id) s), '[]') AS successors,
        bench.stamp(c.added) AS added, bench.stamp(c.modified) AS modified) r))::text AS json
FROM archive_country c;

CREATE TABLE bench.event AS
SELECT e.id, coalesce(e.start_at, '0001-01-01 00:00Z') AS sorted,
    row_to_json((SELECT r FROM (SELECT e.slug, e.title, e.type, e.start, e."end") r))::text AS short,
    row_to_json((SELECT r FROM (SELECT
        e.slug, e.title, e.type, e.mode, e.contexts, e.start, e.start_lower, e.start_upper,
        e."end", e.end_lower, e.end_upper, e.place,
        (SELECT row_to_json(c) FROM (SELECT code, name FROM archive_country WHERE id = e.country_id) c)
            AS country,
        e.occurrence, e.status,
        coalesce((SELECT json_agg(p) FROM (SELECT p.id,
            (SELECT row_to_json(o) FROM (SELECT slug, name FROM archive_person WHERE id = p.person_id) o)
                AS person,
            (SELECT row_to_json(o) FROM (SELECT code, name FROM archive_country WHERE id = p.country_id) o)
                AS country,
            p.role, p.status
            FROM archive_participation p WHERE p.event_id = e.id AND p.status <> 'rejected'
            ORDER BY p.role, p.id) p), '[]') AS participations,
        '[]'::json AS links,
        coalesce((SELECT json_agg(c) FROM (SELECT c.id,
            (SELECT row_to_json(a) FROM (SELECT a.id, s.slug AS source, a.title, a.published
                FROM archive_article a JOIN archive_source s ON s.id = a.source_id
                WHERE a.id = c.article_id) a) AS article,
            c.text_id AS text, c.start, c."end", c.sha256, c.status
            FROM archive_citation c WHERE c.event_id = e.id AND c.status <> 'rejected'
            ORDER BY coalesce(c.published_at, '0001-01-01 00:00Z') DESC, c.id DESC LIMIT 20
            ) c), '[]') AS citations,
        bench.stamp(e.added) AS added, bench.stamp(e.modified) AS modified) r))::text AS json
FROM archive_event e WHERE e.status <> 'rejected';

ALTER TABLE bench.source ADD PRIMARY KEY (id);
ALTER TABLE bench.person ADD PRIMARY KEY (id);
ALTER TABLE bench.country ADD PRIMARY KEY (id);
ALTER TABLE bench.event ADD PRIMARY KEY (id);
CREATE UNIQUE INDEX ON bench.person (slug) INCLUDE (id);
CREATE UNIQUE INDEX ON bench.country (code) INCLUDE (id);

-- --- Link rows, with the date, under indexes that cover what is asked of them ---------------------------

CREATE TABLE bench.person_link AS
SELECT DISTINCT m.person_id, coalesce(m.published_at, '0001-01-01 00:00Z') AS moment, m.article_id, a.source_id
FROM bench.mentions m JOIN archive_article a ON a.id = m.article_id WHERE m.person_id IS NOT NULL
ORDER BY 1, 2 DESC, 3 DESC;
CREATE INDEX ON bench.person_link (person_id, moment DESC, article_id DESC);
CREATE INDEX ON bench.person_link (person_id, source_id);

CREATE TABLE bench.country_link AS
SELECT DISTINCT m.country_id, coalesce(m.published_at, '0001-01-01 00:00Z') AS moment, m.article_id
FROM bench.mentions m WHERE m.country_id IS NOT NULL
ORDER BY 1, 2 DESC, 3 DESC;
CREATE INDEX ON bench.country_link (country_id, moment DESC, article_id DESC);

-- --- Articles in parts: what stands before and after the records they name ------------------------------

CREATE TABLE bench.part (
    id bigint, source_id bigint, moment timestamptz, head text, persons bigint[], countries bigint[],
    events bigint[], evidence text, tail text
) WITH (toast_tuple_target = 8160);
INSERT INTO bench.part
SELECT a.id, a.source_id, coalesce(a.published_at, '0001-01-01 00:00Z'),
    bench.members(row_to_json((SELECT r FROM (SELECT
        a.identifier, a.title, a.title_origin, a.byline, a.section, a.dateline, a.language, a.published,
        a.published_lower, a.published_upper,
        coalesce((SELECT json_agg(x) FROM (SELECT language, text FROM archive_articleabstract
            WHERE article_id = a.id ORDER BY language) x), '[]') AS abstracts,
        coalesce((SELECT json_agg(x) FROM (SELECT url FROM archive_articleaddress
            WHERE article_id = a.id ORDER BY url) x), '[]') AS addresses,
        coalesce((SELECT json_agg(x) FROM (SELECT id, sha256, length, body IS NOT NULL AS has_body, obtained,
            obtained_at FROM archive_articletext WHERE article_id = a.id ORDER BY id) x), '[]') AS texts) r))),
    ARRAY(SELECT p.id FROM bench.person p WHERE id IN (SELECT person_id FROM bench.mentions
        WHERE article_id = a.id) ORDER BY p.sorted, p.id),
    ARRAY(SELECT c.id FROM bench.country c WHERE id IN (SELECT country_id FROM bench.mentions
        WHERE article_id = a.id) ORDER BY c.sorted, c.id),
    ARRAY(SELECT e.id FROM bench.event e WHERE id IN (SELECT event_id FROM bench.citations
        WHERE article_id = a.id) ORDER BY e.sorted DESC, e.id DESC),
    bench.members(row_to_json((SELECT r FROM (SELECT
        coalesce((SELECT json_agg(x) FROM (SELECT m.id, m.text_id AS text, m.start, m."end", m.surface, m.how,
            p.slug AS person, c.code AS country, s.slug AS source, m.proposed_name, m.status
            FROM bench.mentions m LEFT JOIN archive_person p ON p.id = m.person_id
            LEFT JOIN archive_country c ON c.id = m.country_id LEFT JOIN archive_source s ON s.id = m.source_id
            WHERE m.article_id = a.id ORDER BY m.start, m.id) x), '[]') AS mentions,
        coalesce((SELECT json_agg(x) FROM (SELECT c.id, c.text_id AS text, c.start, c."end", c.sha256,
            c.event_slug AS event, c.participation_id AS participation, c.office_id AS office,
            c.link_id AS link, c.succession_id AS succession, c.status
            FROM bench.citations c WHERE c.article_id = a.id ORDER BY c.start, c.id) x), '[]') AS citations
        ) r))),
    bench.members(row_to_json((SELECT r FROM (SELECT bench.stamp(a.added) AS added,
        bench.stamp(a.modified) AS modified) r)))
FROM archive_article a ORDER BY a.id;
ALTER TABLE bench.part ADD PRIMARY KEY (id);

-- --- The read row: the whole answer of one article, as lists show it ------------------------------------

CREATE TABLE bench.article (id bigint, moment timestamptz, json text) WITH (toast_tuple_target = 8160);
INSERT INTO bench.article
SELECT a.id, a.moment, concat(
    '{"id":', a.id, ',"source":', (SELECT short FROM bench.source WHERE id = a.source_id), ',', a.head,
    ',"persons":[', (SELECT string_agg(p.short, ',' ORDER BY n)
        FROM unnest(a.persons) WITH ORDINALITY u(id, n) JOIN bench.person p USING (id)),
    '],"countries":[', (SELECT string_agg(c.short, ',' ORDER BY n)
        FROM unnest(a.countries) WITH ORDINALITY u(id, n) JOIN bench.country c USING (id)),
    '],"events":[', (SELECT string_agg(e.short, ',' ORDER BY n)
        FROM unnest(a.events) WITH ORDINALITY u(id, n) JOIN bench.event e USING (id)),
    '],', a.tail, '}')
FROM bench.part a ORDER BY a.moment DESC, a.id DESC;
ALTER TABLE bench.article ADD PRIMARY KEY (id);
CREATE INDEX ON bench.article (moment DESC, id DESC);
