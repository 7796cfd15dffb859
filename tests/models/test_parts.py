"""A record whose part changes has changed: who keeps a copy in step asks for it by `modified`."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from tests import factories as make

pytestmark = pytest.mark.django_db

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
PARTS = [
    (make.SourceNameFactory, "source", {"text": "اسم آخر"}),
    (make.PersonNameFactory, "person", {"text": "اسم آخر"}),
    (make.CountryNameFactory, "country", {"text": "اسم آخر"}),
    (make.OfficeFactory, "person", {"title": "منصب آخر"}),
    (make.ArticleAbstractFactory, "article", {"text": "ملخص آخر"}),
    (make.ArticleAddressFactory, "article", {"url": "https://news.example/other"}),
    (make.ArticleTextFactory, "article", {"obtained": "api"}),
    (make.ParticipationFactory, "event", {"role": "host"}),
    (make.EventLinkFactory, "event", {"kind": "breaks"}),
]


def set_back(record):
    """Let `record` have changed last long ago: in SQL, past the trigger that keeps the time."""
    table = record._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET modified = %s WHERE id = %s", [LONG_AGO, record.pk])
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def has_changed(record):
    record.refresh_from_db()
    return record.modified > LONG_AGO


@pytest.fixture(params=PARTS, ids=lambda part: part[0]._meta.model.__name__)
def part(request):
    """A part, the record that it is a part of, and what may be changed of it."""
    factory, owner, changes = request.param
    row = factory()
    whole = getattr(row, owner)
    with connection.cursor() as cursor:
        # What waits for the end of the transaction would stand in the way of ALTER TABLE.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    set_back(whole)
    return row, whole, changes


def test_a_part_that_is_added_touches_the_whole(part):
    row, whole, _ = part
    values = {
        f.attname: getattr(row, f.attname)
        for f in row._meta.concrete_fields
        if f.editable and not f.primary_key
    }
    type(row).objects.filter(pk=row.pk).delete()
    set_back(whole)
    type(row).objects.create(**values)
    assert has_changed(whole)


def test_a_part_that_is_changed_touches_the_whole(part):
    row, whole, changes = part
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    assert has_changed(whole)


def test_a_part_that_is_removed_touches_the_whole(part):
    row, whole, _ = part
    row.delete()
    assert has_changed(whole)


def test_a_part_that_is_saved_as_it_was_does_not(part):
    row, whole, _ = part
    row.save()
    assert not has_changed(whole)


def test_a_whole_that_is_touched_leaves_no_history(part):
    row, whole, _ = part
    before = whole.history.count()
    row.delete()
    assert whole.history.count() == before
