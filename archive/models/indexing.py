"""How the database knows which articles' index rows are behind what the articles say.

An index row comes with its article and goes with it. Whatever is written to an article's title or
language, to its abstracts or to its bodies, by whomever and by whichever way, marks the row: its
version becomes 0, and `changed` the transaction that did it. `archive.search.index` makes the
vector anew and takes the mark away.

The triggers work by the statement: a million rows that come by COPY are marked at once.
"""

import pgtrigger

THIS_TRANSACTION = "pg_current_xact_id()::text::bigint"

# A row that this transaction has marked already is held by it: nobody can have made it anew since.
# Any other has to be written even if it is marked: whoever makes it anew just now has read the old
# words, and this waits for them.
MARK = f"""
    UPDATE archive_articleindex SET version = 0, changed = {THIS_TRANSACTION}
    WHERE article_id IN ({{articles}}) AND changed IS DISTINCT FROM {THIS_TRANSACTION};
    RETURN NULL;
"""
OLD = pgtrigger.Referencing(old="old_values")
NEW = pgtrigger.Referencing(new="new_values")
BOTH = pgtrigger.Referencing(old="old_values", new="new_values")


def _after(name: str, operation: pgtrigger.Operation, rows: pgtrigger.Referencing, func: str):
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=rows,
        func=func,
    )


def _mark(name: str, operation: pgtrigger.Operation, rows: pgtrigger.Referencing, articles: str):
    return _after(name, operation, rows, MARK.format(articles=articles))


def _mark_parts(counts: str, changed: str) -> list[pgtrigger.Trigger]:
    """Triggers of a table whose rows are parts of what an article says.

    `counts` is the condition under which a row `r` says something, `changed` the one under which
    an update from `o` to `n` says something else.
    """
    return [
        _mark(
            "mark_insert",
            pgtrigger.Insert,
            NEW,
            f"SELECT article_id FROM new_values r WHERE {counts}",
        ),
        _mark(
            "mark_update",
            pgtrigger.Update,
            BOTH,
            "SELECT unnest(ARRAY[o.article_id, n.article_id])"
            " FROM old_values o JOIN new_values n USING (id)"
            f" WHERE o.article_id <> n.article_id OR {changed}",
        ),
        _mark(
            "mark_delete",
            pgtrigger.Delete,
            OLD,
            f"SELECT article_id FROM old_values r WHERE {counts}",
        ),
    ]


article_triggers = [
    _after(
        "index_insert",
        pgtrigger.Insert,
        NEW,
        f"""
        INSERT INTO archive_articleindex (article_id, version, changed, published_at)
        SELECT id, 0, {THIS_TRANSACTION}, published_at FROM new_values;
        RETURN NULL;
        """,
    ),
    _mark(
        "index_update",
        pgtrigger.Update,
        BOTH,
        "SELECT id FROM old_values o JOIN new_values n USING (id)"
        " WHERE o.title <> n.title OR o.language <> n.language",
    ),
    pgtrigger.Trigger(
        name="index_delete",
        # Before, and by the row: a foreign key that is not deferred is looked at before a statement ends.
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func="DELETE FROM archive_articleindex WHERE article_id = OLD.id; RETURN OLD;",
    ),
]

abstract_triggers = _mark_parts("true", "o.text <> n.text OR o.language <> n.language")

# A text never changes: its body can only come and go. To compare two would be to read both.
text_triggers = _mark_parts("body IS NOT NULL", "(o.body IS NULL) <> (n.body IS NULL)")
