"""When the rules that columns derive by have changed, one command brings the columns in step."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from archive.curate import derived
from archive.curate.derived import derived_models, refresh_derived
from archive.models import Article, Person, PersonName
from archive.text import fold
from tests import factories as make

pytestmark = pytest.mark.django_db


def corrupt(table, assignments):
    """As rows of an older version are: written past the code of this one."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE archive_{table} SET {assignments}")
        return cursor.rowcount


def test_stale_rows_are_mended_and_counted():
    people, article = make.PersonFactory.create_batch(3), make.ArticleFactory()
    corrupt("person", "name_folded = 'stale'")
    corrupt("article", "published_upper = published_upper + 1, published_at = NULL")
    assert refresh_derived() == 4
    assert set(Person.objects.values_list("name_folded", flat=True)) == {fold(p.name) for p in people}
    article.refresh_from_db()
    assert article.published_upper == article.published_lower
    assert article.published_at is not None


def test_nothing_stale_is_nothing_written():
    make.PersonFactory()
    assert refresh_derived() == 0
    assert Person.objects.get().history.count() == 1


def test_mending_leaves_no_history_for_it_changes_no_fact():
    make.PersonFactory()
    corrupt("person", "name_folded = 'stale'")
    refresh_derived()
    assert [entry.pgh_label for entry in Person.objects.get().history.all()] == ["insert"]


def test_every_batch_is_looked_at(settings, monkeypatch):
    monkeypatch.setattr(derived, "BATCH", 2)
    make.PersonFactory.create_batch(5)
    corrupt("person", "name_folded = 'stale'")
    seen = []
    assert refresh_derived(lambda table, rows: seen.append((table, rows))) == 5
    assert [rows for table, rows in seen if table == "archive.person"] == [2, 2, 1]


@pytest.mark.django_db(transaction=True)
def test_broken_off_it_keeps_what_it_has_done_and_goes_on_when_run_again(monkeypatch):
    monkeypatch.setattr(derived, "BATCH", 2)
    make.PersonFactory.create_batch(5)
    corrupt("person", "name_folded = 'stale'")

    def break_off(table, rows):
        if table == "archive.person":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        refresh_derived(break_off)
    assert Person.objects.filter(name_folded="stale").count() == 3
    assert refresh_derived() == 3
    assert not Person.objects.filter(name_folded="stale").exists()


def test_every_table_with_derived_columns_is_among_them():
    assert {Article, Person, PersonName} <= set(derived_models())
    assert all(not model.__name__.endswith("History") for model in derived_models())


def test_the_command_says_how_many():
    make.PersonFactory.create_batch(2)
    corrupt("person", "name_folded = 'stale'")
    out = StringIO()
    call_command("refresh_derived", stdout=out)
    assert "archive.person: 2 rows" in out.getvalue()
    assert out.getvalue().splitlines()[-1] == "rows mended: 2"
