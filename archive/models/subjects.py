"""How the database knows who and what each article names (archive.models.articlesubject).

Whatever is written to mentions and citations, by whomever and by whichever way, the rows of the
subjects that it speaks of are right at the end of the statement. The triggers work by the statement:
a million rows that come by COPY are counted at once.

Two transactions may write mentions of the same subject at once, and neither sees what the other has
not committed. So each takes the subjects' rows first, made where there is none, in one order for all;
and only then, in a statement of its own, which sees all that was committed until then, looks what
the facts say.
"""

import pgtrigger

# What an article can name, by the column that leads to it.
COLUMNS = ("person", "country", "source", "event")
NAMED = ("person_id", "country_id", "source_id")
REPORTED = ("event_id",)

# What a row carries of its article, besides the moment that it is sorted by.
OF_ARTICLE = ("published_lower", "published_upper", "publisher", "language")

OLD = pgtrigger.Referencing(old="old_values")
NEW = pgtrigger.Referencing(new="new_values")
BOTH = pgtrigger.Referencing(old="old_values", new="new_values")

# A conflict locks the row also where there is nothing to write. The article is locked already, by the
# fact's own trigger: its date cannot change before the row is there to be changed with it.
TAKE = """
    INSERT INTO archive_articlesubject AS s (
        article_id, {columns}, accepted,
        publisher_id, language, published_lower, published_upper, published_at
    )
    SELECT a.id, {of_facts}, f.accepted,
        a.source_id, a.language, a.published_lower, a.published_upper, a.published_at
    FROM ({facts}) f JOIN archive_article a ON a.id = f.article_id
    ORDER BY a.id, {of_facts}
    ON CONFLICT (article_id, person_id, country_id, source_id, event_id)
    DO UPDATE SET accepted = true WHERE excluded.accepted AND NOT s.accepted;
"""

SETTLE = """
    DELETE FROM archive_articlesubject s USING ({facts}) f
    WHERE {same_subject} AND NOT EXISTS (
        SELECT FROM archive_{table} r WHERE {same_fact} AND r.status <> 'rejected'
    );
    UPDATE archive_articlesubject s SET accepted = NOT s.accepted FROM ({facts}) f
    WHERE {same_subject} AND s.accepted <> EXISTS (
        SELECT FROM archive_{table} r WHERE {same_fact} AND r.status = 'accepted'
    );
"""


def fact_triggers(table: str, columns: tuple[str, ...]) -> list[pgtrigger.Trigger]:
    """The triggers of a table of facts, whose `columns` lead to what an article names."""
    listed = ", ".join(columns)

    def facts(rows: str) -> str:
        return (
            f"SELECT article_id, {listed}, bool_or(status = 'accepted') AS accepted FROM {rows} WHERE"
            f" status <> 'rejected' AND num_nonnulls({listed}) = 1 GROUP BY article_id, {listed}"
        )

    def same(row: str) -> str:
        pairs = (f"{row}.{column} IS NOT DISTINCT FROM f.{column}" for column in columns)
        return " AND ".join((f"{row}.article_id = f.article_id", *pairs))

    def trigger(operation, referencing, rows: str, *, settle: bool) -> pgtrigger.Trigger:
        statements = TAKE + (SETTLE if settle else "")
        filled = statements.format(
            table=table,
            columns=listed,
            of_facts=", ".join(f"f.{column}" for column in columns),
            facts=facts(rows),
            same_subject=same("s"),
            same_fact=same("r"),
        )
        return pgtrigger.Trigger(
            name=f"subjects_{str(operation).lower()}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=referencing,
            func=f"{filled} RETURN NULL;",
        )

    # No join of old and new rows: PostgreSQL keeps the plan, and what suits one takes hours for a million.
    says = f"SELECT article_id, {listed}, status FROM"
    changed = f"""(
        ({says} old_values EXCEPT ALL {says} new_values) UNION ALL
        ({says} new_values EXCEPT ALL {says} old_values)
    ) r"""
    return [
        # A new fact takes nothing away.
        trigger(pgtrigger.Insert, NEW, "new_values", settle=False),
        trigger(pgtrigger.Update, BOTH, changed, settle=True),
        trigger(pgtrigger.Delete, OLD, "old_values", settle=True),
    ]


carry_to_subjects = pgtrigger.Trigger(
    name="carry_to_subjects",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange("source", "language", "published_lower", "published_upper", "published_at"),
    func="""
        UPDATE archive_articlesubject SET
            publisher_id = NEW.source_id, language = NEW.language, published_lower = NEW.published_lower,
            published_upper = NEW.published_upper, published_at = NEW.published_at
        WHERE article_id = NEW.id;
        RETURN NULL;
    """,
)
