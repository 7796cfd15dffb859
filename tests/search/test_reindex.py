"""What is behind is made anew: in batches, side by side, while others write."""

import threading
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from archive.models import Article, ArticleIndex
from archive.search import index
from archive.search.reindex import behind, reindex
from archive.text import ANALYZER_VERSION
from tests import factories as make

SECONDS = 20


def fall_behind(**columns):
    ArticleIndex.objects.update(vector=None, **{"version": 0, **columns})


def titled(title):
    return ArticleIndex.objects.extra(where=["vector @@ %s::tsquery"], params=[title])


@pytest.mark.django_db
@pytest.mark.parametrize("state", [{"version": 0}, {"version": 0, "changed": 77}])
def test_what_is_behind_is_made_anew_in_batches(state):
    make.ArticleFactory.create_batch(5)
    fall_behind(**state)
    seen = []
    assert reindex(batch=2, progress=seen.append) == 5
    assert seen == [2, 2, 1]
    assert not behind().exists()
    assert not ArticleIndex.objects.filter(vector__isnull=True).exists()
    assert not ArticleIndex.objects.filter(changed__isnull=False).exists()


@pytest.mark.django_db
def test_what_an_older_analyser_made_is_behind(monkeypatch):
    make.ArticleFactory()
    for module in ("index", "reindex"):
        monkeypatch.setattr(f"archive.search.{module}.ANALYZER_VERSION", ANALYZER_VERSION + 1)
    assert behind().count() == 1
    assert reindex() == 1
    assert ArticleIndex.objects.get().version == ANALYZER_VERSION + 1


@pytest.mark.django_db
def test_nothing_behind_is_nothing_written():
    make.ArticleFactory()
    assert reindex() == 0


@pytest.mark.django_db
def test_the_newest_come_first(monkeypatch):
    articles = [make.ArticleFactory(published=day) for day in ("2001", None, "2003", "2002")]
    fall_behind()
    assert reindex(limit=2) == 2
    assert set(behind().values_list("pk", flat=True)) == {articles[0].pk, articles[1].pk}


@pytest.mark.django_db
def test_all_of_them_are_what_is_in_step_and_what_has_no_row():
    kept, lost = make.ArticleFactory.create_batch(2, title="oil", language="en")
    ArticleIndex.objects.filter(pk=kept.pk).update(vector=None)
    ArticleIndex.objects.filter(pk=lost.pk).delete()
    assert reindex() == 0
    assert reindex(in_step_too=True) == 2
    assert {row.pk: row.published_at for row in titled("oil")} == {
        kept.pk: kept.published_at,
        lost.pk: lost.published_at,
    }


@pytest.mark.django_db(transaction=True)
def test_broken_off_it_goes_on_where_it_stopped():
    make.ArticleFactory.create_batch(5)
    fall_behind()

    def break_off(articles):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(batch=2, progress=break_off)
    assert behind().count() == 3
    assert reindex(batch=2) == 3


@pytest.mark.django_db(transaction=True)
def test_several_processes_share_the_work():
    make.ArticleFactory.create_batch(7, title="oil", language="en")
    fall_behind()
    seen = []
    assert reindex(batch=2, jobs=2, progress=seen.append) == 7
    assert sorted(seen) == [1, 2, 2, 2]
    assert titled("oil").count() == 7


def beside(work):
    """Run `work` in a thread with a connection of its own. Returns the thread, and what it raised."""
    raised = []

    def run():
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, raised


def ends(thread, raised):
    thread.join(SECONDS)
    assert not thread.is_alive()
    assert raised == []


@pytest.mark.django_db(transaction=True)
def test_two_side_by_side_do_not_wait_for_each_other():
    first, _ = make.ArticleFactory.create_batch(2)
    fall_behind()
    with transaction.atomic():
        index.refresh([first.pk])
        made = []
        ends(*beside(lambda: made.append(reindex())))
        assert made == [1]
    assert not behind().exists()


@pytest.mark.django_db(transaction=True)
def test_an_edit_while_the_old_words_are_analysed_leaves_the_row_behind(monkeypatch):
    """It waits for the old vector, and then marks the row. What would be lost if it did not: the mark."""
    article = make.ArticleFactory(title="oil", language="en")
    fall_behind(changed=77)
    real, editor = index.vectors_of, []

    def edit():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE archive_article SET title = 'gas' WHERE id = %s", [article.pk])

    def slowly(ids):
        made = real(ids)
        if not editor:
            editor.append(beside(edit))
            # It has written the article, and stands before the index row.
            wait_for_lock()
        return made

    monkeypatch.setattr(index, "vectors_of", slowly)
    assert reindex() == 1
    ends(*editor[0])
    assert [row.pk for row in behind()] == [article.pk]
    assert reindex() == 1
    assert titled("gas").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_edit_that_is_not_committed_yet_is_passed_over_and_stays_behind():
    article = make.ArticleFactory(title="oil", language="en")
    with transaction.atomic():
        Article.objects.filter(pk=article.pk).update(language="ru")
        made = []
        ends(*beside(lambda: made.append(reindex(in_step_too=True))))
        assert made == [0]
    assert behind().count() == 1


def wait_for_lock():
    with connection.cursor() as cursor:
        for _ in range(SECONDS * 100):
            cursor.execute("SELECT pg_sleep(0.01), count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[1]:
                return
    raise AssertionError("nobody waits")


@pytest.mark.django_db
def test_the_command_says_how_many():
    make.ArticleFactory.create_batch(3)
    fall_behind()
    out = StringIO()
    call_command("reindex", "--batch=2", stdout=out)
    assert out.getvalue().splitlines()[0].startswith("3 of 3 articles")
    assert out.getvalue().splitlines()[-1] == "vectors made: 3; behind: 0"
