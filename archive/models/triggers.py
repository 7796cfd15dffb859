"""What the database itself keeps right across tables.

Link rows carry copies of their article's or event's dates. A row takes them when it is
written, and the article or event passes a change on; nobody else can set them.
"""

import pgtrigger

CARRIED_FROM_ARTICLE = ("article", "published_lower", "published_upper", "published_at")
CARRIED_FROM_EVENT = ("start_lower", "end_upper", "start_at")

take_article = pgtrigger.Trigger(
    name="take_article",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    # FOR SHARE: the article's date, or the text's article, cannot change between this
    # reading and the end of the transaction, so that no copy is left behind. Two readings,
    # no join: a join that waits for a text's move looks the moved text up with the old
    # article, and finds nothing.
    func="""
        SELECT article_id INTO NEW.article_id
        FROM archive_articletext WHERE id = NEW.text_id
        FOR SHARE;
        SELECT published_lower, published_upper, published_at
        INTO NEW.published_lower, NEW.published_upper, NEW.published_at
        FROM archive_article WHERE id = NEW.article_id
        FOR SHARE;
        RETURN NEW;
    """,
)

carry_published = pgtrigger.Trigger(
    name="carry_published",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange("published_lower", "published_upper", "published_at"),
    func="""
        UPDATE archive_mention SET published_at = NEW.published_at WHERE article_id = NEW.id;
        UPDATE archive_citation SET published_at = NEW.published_at WHERE article_id = NEW.id;
        UPDATE archive_articleindex SET published_at = NEW.published_at WHERE article_id = NEW.id;
        RETURN NULL;
    """,
)

text_never_changes = pgtrigger.Trigger(
    name="never_changes",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange("sha256", "length"),
    func="""
        RAISE EXCEPTION 'a text never changes: add another version'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'articletext_never_changes';
    """,
)

carry_article = pgtrigger.Trigger(
    name="carry_article",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange("article"),
    func="""
        UPDATE archive_mention SET article_id = NEW.article_id WHERE text_id = NEW.id;
        UPDATE archive_citation SET article_id = NEW.article_id WHERE text_id = NEW.id;
        RETURN NULL;
    """,
)

take_start = pgtrigger.Trigger(
    name="take_start",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    # The event's row is going to be written: a part of it changes. Two who share it first
    # and write it then would wait for each other.
    func="""
        SELECT e.start_lower, coalesce(e.end_upper, e.start_upper), e.start_at
        INTO NEW.start_lower, NEW.end_upper, NEW.start_at
        FROM archive_event e WHERE e.id = NEW.event_id
        FOR NO KEY UPDATE;
        RETURN NEW;
    """,
)

carry_start = pgtrigger.Trigger(
    name="carry_start",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange("start_lower", "start_upper", "start_at", "end_upper"),
    func="""
        UPDATE archive_participation SET start_at = NEW.start_at WHERE event_id = NEW.id;
        RETURN NULL;
    """,
)


def end_within_text(table: str) -> pgtrigger.Trigger:
    """A constraint trigger: a span of `table` ends within its text."""
    return pgtrigger.Trigger(
        name="end_within_text",
        when=pgtrigger.After,
        timing=pgtrigger.Immediate,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("text_id", "end"),
        declare=[("text_length", "integer")],
        func=f"""
            SELECT length INTO text_length FROM archive_articletext WHERE id = NEW.text_id;
            IF NEW."end" > text_length THEN
                RAISE EXCEPTION 'the span ends at %, but the text has % characters', NEW."end", text_length
                USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_end_within_text';
            END IF;
            RETURN NULL;
        """,
    )
