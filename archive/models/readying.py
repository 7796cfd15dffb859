"""How the database knows which articles' ready JSON is behind (archive.models.readyarticle).

Whatever is written to a table that an article's JSON shows something of, by whomever and by whichever way,
marks the articles that show it. The marks come with what was written, at one commit: who reads finds the JSON
that was ready and no mark, or the mark. The triggers work by the statement: a million rows that come by COPY
are marked at once.

`OF` says for each table which articles show its rows. A test holds it against the statement that makes JSON.
"""

from dataclasses import dataclass
from typing import Final

import pgtrigger

from archive.models.indexing import THIS_TRANSACTION

MARK = f"""
    INSERT INTO archive_stalearticle (article_id, transaction)
    SELECT DISTINCT shown.article_id, {THIS_TRANSACTION} FROM ({{articles}}) AS shown (article_id)
    WHERE NOT EXISTS (
        SELECT FROM archive_stalearticle s
        WHERE s.article_id = shown.article_id AND s.transaction = {THIS_TRANSACTION}
    );
    RETURN NULL;
"""


@dataclass(frozen=True)
class Part:
    """Rows that belong to one article: any change of them is one of it."""

    article: str = "article_id"
    # The columns that are shown, where most changes are to others.
    columns: str = ""

    def triggers(self) -> list[pgtrigger.Trigger]:
        old, new = f"SELECT {self.article} FROM old_values", f"SELECT {self.article} FROM new_values"
        changed = f"SELECT {self.article} FROM ({_changed(self.columns)}) r"
        either = changed if self.columns else f"{old} UNION ALL {new}"
        return [
            _mark(pgtrigger.Insert, new, new="new_values"),
            _mark(pgtrigger.Update, either, old="old_values", new="new_values"),
            _mark(pgtrigger.Delete, old, old="old_values"),
        ]


@dataclass(frozen=True)
class Named:
    """Records that articles show by some `columns`: what names the record comes and goes by other tables."""

    columns: str
    articles: str

    def triggers(self) -> list[pgtrigger.Trigger]:
        articles = f"{self.articles} IN (SELECT id FROM ({_changed(f'id, {self.columns}')}) r)"
        return [_mark(pgtrigger.Update, articles, old="old_values", new="new_values")]


def _changed(columns: str) -> str:
    """Selects `columns` of the rows that an update has changed in these: as they were, and as they are."""
    # No join of old and new rows: PostgreSQL keeps the plan, and what suits one takes hours for a million.
    was, now = f"SELECT {columns} FROM old_values", f"SELECT {columns} FROM new_values"
    return f"({was} EXCEPT {now}) UNION ALL ({now} EXCEPT {was})"


def _mark(operation: pgtrigger.Operation, articles: str, **rows: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"stale_{str(operation).lower()}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**rows),
        func=MARK.format(articles=articles),
    )


def _by_subject(column: str) -> str:
    return f"SELECT article_id FROM archive_articlesubject WHERE {column}"


# By table. The columns that records are sorted by are shown too: the order shows them.
OF: Final = {
    "article": Part("id"),
    "articleabstract": Part(),
    "articleaddress": Part(),
    "articletext": Part(),
    "articlesubject": Part(columns="id, article_id, person_id, country_id, event_id"),
    "source": Named("slug, name", "SELECT id FROM archive_article WHERE source_id"),
    "person": Named("slug, name, name_folded", _by_subject("person_id")),
    "country": Named("code, name, name_folded", _by_subject("country_id")),
    "event": Named('slug, title, type, start, "end", status, start_at', _by_subject("event_id")),
}
TRIGGERS: Final = {table: rule.triggers() for table, rule in OF.items()}
