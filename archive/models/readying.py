"""How the database knows which records' ready JSON is behind (archive.models.readyrecord).

Whatever is written to a table that a record's JSON shows something of, by whomever and by whichever way,
marks the records that show it. The marks come with what was written, at one commit: who reads finds the JSON
that was ready and no mark, or the mark. The triggers work by the statement: a million rows that come by COPY
are marked at once.

`OF` says for each table which records show its rows. A test holds it against the statements that make JSON.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import pgtrigger

from archive.models.indexing import THIS_TRANSACTION

MARK = f"""
    INSERT INTO archive_stalerecord (resource, record, transaction)
    SELECT DISTINCT '{{resource}}', shown.record, {THIS_TRANSACTION} FROM ({{records}}) AS shown (record)
    WHERE shown.record IS NOT NULL AND NOT EXISTS (
        SELECT FROM archive_stalerecord s
        WHERE s.resource = '{{resource}}' AND s.record = shown.record AND s.transaction = {THIS_TRANSACTION}
    );
"""


@dataclass(frozen=True)
class Part:
    """Rows that belong to a record of `resource`, by the column `owner`: any change of them is one of it."""

    resource: str
    owner: str
    # The columns that are shown, where most changes are to others.
    columns: str = ""

    def inserted(self) -> str:
        return f"SELECT {self.owner} FROM new_values"

    def deleted(self) -> str:
        return f"SELECT {self.owner} FROM old_values"

    def updated(self) -> str:
        if self.columns:
            return f"SELECT {self.owner} FROM ({_changed(self.columns)}) r"
        return f"{self.deleted()} UNION ALL {self.inserted()}"


@dataclass(frozen=True)
class Named:
    """Rows that other records of `resource` name, by some `columns`: they come and go by other tables.

    `records` selects the ids of those, up to where the ids of the rows follow.
    """

    resource: str
    columns: str
    records: str

    def updated(self) -> str:
        return f"{self.records} IN (SELECT id FROM ({_changed(f'id, {self.columns}')}) r)"


def _changed(columns: str) -> str:
    """Selects `columns` of the rows that an update has changed in these: as they were, and as they are."""
    # No join of old and new rows: PostgreSQL keeps the plan, and what suits one takes hours for a million.
    was, now = f"SELECT {columns} FROM old_values", f"SELECT {columns} FROM new_values"
    return f"({was} EXCEPT {now}) UNION ALL ({now} EXCEPT {was})"


def _by_subject(column: str) -> str:
    return f"SELECT article_id FROM archive_articlesubject WHERE {column}"


CODE, SLUG, EVENT = "code, name", "slug, name", 'slug, title, type, start, "end", status'
CITED = "SELECT c.event_id FROM archive_citation c JOIN archive_article a ON a.id = c.article_id WHERE"
TOOK_PART = "SELECT event_id FROM archive_participation WHERE"
# Articles, by what their mentions name and their citations report.
NAMING, REPORTING = (f"SELECT article_id FROM archive_{table} WHERE" for table in ("mention", "citation"))
# And by the events of these facts.
PART_OF, LINK_OF = (
    f"SELECT c.article_id FROM archive_citation c JOIN archive_{table} f ON f.id = c.{column}_id WHERE"
    for table, column in (("participation", "participation"), ("eventlink", "link"))
)
# What belongs to an article, and is shown by lists as well as whole.
OF_ARTICLE = (Part("article", "article_id"), Part("whole", "article_id"))
# By table. The columns that records are sorted by are shown too: the order shows them.
OF: Final[dict[str, tuple[Part | Named, ...]]] = {
    "article": (
        Part("article", "id"),
        Part("whole", "id"),
        Named("event", "source_id, title, published", f"{CITED} a.id"),
    ),
    "mention": (Part("whole", "article_id"),),
    "articleabstract": OF_ARTICLE,
    "articleaddress": OF_ARTICLE,
    "articletext": OF_ARTICLE,
    "articlesubject": tuple(
        replace(part, columns="id, article_id, person_id, country_id, event_id") for part in OF_ARTICLE
    ),
    "source": (
        Part("source", "id"),
        Named("article", SLUG, "SELECT id FROM archive_article WHERE source_id"),
        Named("event", "slug", f"{CITED} a.source_id"),
        Named("whole", "slug", f"{NAMING} source_id"),
    ),
    "sourcename": (Part("source", "source_id"),),
    "collectionmember": (Part("source", "source_id"),),
    "sourcecollection": (
        Named(
            "source",
            "slug, name_folded",
            "SELECT source_id FROM archive_collectionmember WHERE collection_id",
        ),
    ),
    "person": (
        Part("person", "id"),
        Named("article", f"{SLUG}, name_folded", _by_subject("person_id")),
        Named("event", SLUG, f"{TOOK_PART} person_id"),
        Named("whole", "name_folded", _by_subject("person_id")),
        Named("whole", "slug", f"{NAMING} person_id"),
    ),
    "personname": (Part("person", "person_id"),),
    "office": (Part("person", "person_id"), Named("whole", "status", f"{REPORTING} office_id")),
    "country": (
        Part("country", "id"),
        Named("country", CODE, "SELECT successor_id FROM archive_succession WHERE predecessor_id"),
        Named("country", CODE, "SELECT predecessor_id FROM archive_succession WHERE successor_id"),
        Named("article", f"{CODE}, name_folded", _by_subject("country_id")),
        Named("source", CODE, "SELECT id FROM archive_source WHERE country_id"),
        Named("person", CODE, "SELECT person_id FROM archive_office WHERE country_id"),
        Named("event", CODE, "SELECT id FROM archive_event WHERE country_id"),
        Named("event", CODE, f"{TOOK_PART} country_id"),
        Named("whole", "name_folded", _by_subject("country_id")),
        Named("whole", "code", f"{NAMING} country_id"),
    ),
    "countryname": (Part("country", "country_id"),),
    "succession": (
        Part("country", "predecessor_id"),
        Part("country", "successor_id"),
        Named("whole", "status", f"{REPORTING} succession_id"),
    ),
    "event": (
        Part("event", "id"),
        Named("event", EVENT, "SELECT event_id FROM archive_eventlink WHERE other_id"),
        Named("article", f"{EVENT}, start_at", _by_subject("event_id")),
        Named("whole", "slug, start_at, status", f"{REPORTING} event_id"),
        Named("whole", "status", f"{PART_OF} f.event_id"),
        Named("whole", "status", f"{LINK_OF} f.event_id"),
        Named("whole", "status", f"{LINK_OF} f.other_id"),
    ),
    "participation": (
        Part("event", "event_id"),
        Named("whole", "status, event_id", f"{REPORTING} participation_id"),
    ),
    "eventlink": (
        Part("event", "event_id"),
        Named("whole", "status, event_id, other_id", f"{REPORTING} link_id"),
    ),
    "citation": (Part("event", "event_id"), Part("whole", "article_id")),
}


def triggers(rules: Iterable[Part | Named]) -> list[pgtrigger.Trigger]:
    """Those of a table that has these rules."""
    rules = list(rules)
    parts = [rule for rule in rules if isinstance(rule, Part)]
    found = [_marks(pgtrigger.Update, [(rule.resource, rule.updated()) for rule in rules])]
    if parts:
        found += [
            _marks(pgtrigger.Insert, [(part.resource, part.inserted()) for part in parts]),
            _marks(pgtrigger.Delete, [(part.resource, part.deleted()) for part in parts]),
        ]
    return found


# The names of the rows of a statement, as it finds and as it leaves them.
ROWS: Final = {
    pgtrigger.Insert: {"new": "new_values"},
    pgtrigger.Update: {"old": "old_values", "new": "new_values"},
    pgtrigger.Delete: {"old": "old_values"},
}


def _marks(operation: pgtrigger.Operation, marked: list[tuple[str, str]]) -> pgtrigger.Trigger:
    """A trigger that marks records: each a resource, and SQL that selects ids of it."""
    marks = (MARK.format(resource=resource, records=records) for resource, records in marked)
    return pgtrigger.Trigger(
        name=f"stale_{str(operation).lower()}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**ROWS[operation]),
        func=f"{''.join(marks)}    RETURN NULL;",
    )


TRIGGERS: Final = {table: triggers(rules) for table, rules in OF.items()}
# By table, the names of what is kept ready of each of its rows.
RESOURCES: Final = {
    "article": ("article", "whole"),
    **{table: (table,) for table in ("person", "country", "event", "source")},
}
# All records of a kind, as a restored archive marks them: none of their JSON is ready.
MARK_ALL: Final = {
    resource: "INSERT INTO archive_stalerecord (resource, record, transaction)"
    f" SELECT '{resource}', id, 0 FROM archive_{table}"
    for table, resources in RESOURCES.items()
    for resource in resources
}
