"""How the database knows what leaves the lists of the API (archive.models.deletion), by whatever way.

A record leaves its list when it is deleted. A fact leaves it when it is rejected, and a citation when what
it reports is; when that is taken back, the citation counts as modified. A record whose key changes leaves
under the old one.
"""

import pgtrigger

REJECTED = "'rejected'"


def _reports_rejected(c: str) -> str:
    """Whether the citation `c` reports something rejected, or something that rests on what is."""
    return f"""(
        EXISTS (SELECT FROM archive_event e WHERE e.id = {c}.event_id AND e.status = 'rejected')
        OR EXISTS (
            SELECT FROM archive_participation p JOIN archive_event e ON e.id = p.event_id
            WHERE p.id = {c}.participation_id AND 'rejected' IN (p.status, e.status)
        )
        OR EXISTS (SELECT FROM archive_office o WHERE o.id = {c}.office_id AND o.status = 'rejected')
        OR EXISTS (
            SELECT FROM archive_eventlink l
            JOIN archive_event e ON e.id = l.event_id JOIN archive_event o ON o.id = l.other_id
            WHERE l.id = {c}.link_id AND 'rejected' IN (l.status, e.status, o.status)
        )
        OR EXISTS (SELECT FROM archive_succession s WHERE s.id = {c}.succession_id AND s.status = 'rejected')
    )"""


# The citations that report an event: itself, a part in it, or a link from or to it.
OF_EVENT = """
    SELECT id FROM archive_citation WHERE event_id = NEW.id
    UNION ALL
    SELECT c.id FROM archive_citation c JOIN archive_participation p ON p.id = c.participation_id
    WHERE p.event_id = NEW.id
    UNION ALL
    SELECT c.id FROM archive_citation c JOIN archive_eventlink l ON l.id = c.link_id
    WHERE NEW.id IN (l.event_id, l.other_id)
"""


def deleted(
    resource: str, key: str = "r.id", *, seen: str = "true", source: str = "''", identifier: str = "''"
) -> pgtrigger.Trigger:
    """Notes the deleted rows `r` of a table that were `seen`, a statement at a time."""
    return pgtrigger.Trigger(
        name="note_deleted",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        referencing=pgtrigger.Referencing(old="old_values"),
        func=f"""
            INSERT INTO archive_deletion (resource, key, source, identifier)
            SELECT '{resource}', {key}, {source}, {identifier} FROM old_values r WHERE {seen};
            RETURN NULL;
        """,
    )


def moved(resource: str, key: str) -> pgtrigger.Trigger:
    """Notes the old key of a row that has another."""
    return pgtrigger.Trigger(
        name="note_moved",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(key),
        func=f"""
            INSERT INTO archive_deletion (resource, key, moved_to)
            VALUES ('{resource}', OLD.{key}, NEW.{key});
            RETURN NULL;
        """,
    )


def rejected(resource: str, *, seen: str = "true") -> pgtrigger.Trigger:
    """Notes a fact that is rejected and was `seen` (by the row `c`) until then."""
    return pgtrigger.Trigger(
        name="note_rejected",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(new__status="rejected") & ~pgtrigger.Q(old__status="rejected"),
        func=f"""
            INSERT INTO archive_deletion (resource, key)
            SELECT '{resource}', c.id FROM (SELECT NEW.*) c WHERE {seen};
            RETURN NULL;
        """,
    )


def carry_status(citations: str) -> pgtrigger.Trigger:
    """Has `citations` (a query for their ids) leave their list, or come back to it, with what they report."""
    return pgtrigger.Trigger(
        name="carry_status",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("status"),
        func=f"""
            IF NEW.status = {REJECTED} THEN
                INSERT INTO archive_deletion (resource, key)
                SELECT 'citations', id FROM archive_citation
                WHERE status <> {REJECTED} AND id IN ({citations});
            ELSIF OLD.status = {REJECTED} THEN
                UPDATE archive_citation SET modified = modified WHERE id IN ({citations});
            END IF;
            RETURN NULL;
        """,
    )


def carry_status_by(column: str) -> pgtrigger.Trigger:
    return carry_status(f"SELECT id FROM archive_citation WHERE {column} = NEW.id")


article_triggers = [
    deleted(
        "articles",
        # Where all is deleted at once, the source may be gone before its articles.
        source="coalesce((SELECT s.slug FROM archive_source s WHERE s.id = r.source_id), '')",
        identifier="r.identifier",
    )
]
mention_triggers = [deleted("mentions", seen=f"r.status <> {REJECTED}"), rejected("mentions")]
citation_triggers = [
    deleted("citations", seen=f"r.status <> {REJECTED} AND NOT {_reports_rejected('r')}"),
    rejected("citations", seen=f"NOT {_reports_rejected('c')}"),
]
event_triggers = [
    deleted("events", "r.slug", seen=f"r.status <> {REJECTED}"),
    pgtrigger.Trigger(
        name="note_moved",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("slug", "status"),
        func=f"""
            IF OLD.status <> {REJECTED} AND (NEW.status = {REJECTED} OR NEW.slug <> OLD.slug) THEN
                INSERT INTO archive_deletion (resource, key, moved_to)
                VALUES ('events', OLD.slug, CASE WHEN NEW.status = {REJECTED} THEN '' ELSE NEW.slug END);
            END IF;
            RETURN NULL;
        """,
    ),
    carry_status(OF_EVENT),
]


def keyed(resource: str, key: str) -> list[pgtrigger.Trigger]:
    """The triggers of a table whose records are known by `key`."""
    return [deleted(resource, f"r.{key}"), moved(resource, key)]
