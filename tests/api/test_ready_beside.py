"""Records' JSON is kept ready beside writers, and beside others who make it."""

from contextlib import closing
from importlib import import_module
from json import loads
from threading import Thread

import pytest
from django.db import connection

from archive.api import ready
from archive.models import Article
from archive.models.readyrecord import in_step as ready_json
from tests import factories as make
from tests.api.test_ready import in_step, right

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_not_committed_yet_stays_behind():
    """Made ready while somebody writes: not with what he writes, and stale once he is done."""
    article = make.ArticleFactory(title="قبل")
    ready.make()
    key = ("article", article.pk)
    with closing(connection.copy()) as other, other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute("UPDATE archive_article SET title = 'بعد' WHERE id = %s", [article.pk])
        ready.make()
        assert loads(in_step()[key])["title"] == "قبل"
        other.commit()
    assert key not in in_step()
    ready.make()
    assert loads(in_step()[key])["title"] == "بعد"


@pytest.mark.parametrize("change", ["an event is rejected", "a person is renamed"])
def test_what_names_something_that_is_just_changing_is_made_ready_after_that(monkeypatch, change):
    """Neither sees what the other writes: who changes it does not know that the article names it."""
    monkeypatch.setattr(ready, "PATIENCE", 0.1)
    text = make.ArticleTextFactory(length=900)
    make.MentionFactory(text=text, start=200, person=make.PersonFactory(name="ب"))
    event, person = make.EventFactory(), make.PersonFactory(name="أ")
    ready.make()
    with closing(connection.copy()) as other, other.cursor() as cursor:
        other.set_autocommit(False)
        if change == "an event is rejected":
            cursor.execute("UPDATE archive_event SET status = 'rejected' WHERE id = %s", [event.pk])
            make.CitationFactory(text=text, start=1, event=event)
        else:
            cursor.execute(
                "UPDATE archive_person SET name = 'ي', name_folded = 'ي' WHERE id = %s", [person.pk]
            )
            make.MentionFactory(text=text, start=1, person=person)
        assert ready.make() == 0  # for as long as that goes on
        other.commit()
    ready.make()
    assert in_step() == right()


def test_marks_are_never_gone_through():
    """A plan that is made while there are none is kept for when there are many."""
    with connection.cursor() as cursor:
        cursor.execute(import_module("archive.migrations.0015_articles_kept_whole").ROOM)
        cursor.execute("VACUUM ANALYZE archive_stalerecord")
        cursor.execute(f"EXPLAIN SELECT ({ready_json('person', 'p.id', 7)}) FROM archive_person p")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "using stalerecord_record" in plan, plan
    assert "Seq Scan on archive_stalerecord" not in plan, plan


def test_two_make_it_at_once():
    """The second leaves it to the first, and waits for nobody."""
    make.SourceFactory()
    with closing(connection.copy()) as other, other.cursor() as cursor:
        other.set_autocommit(False)
        cursor.execute(ready.ALONE)
        assert ready.make() == 0
        other.rollback()
    assert ready.make() == 1


def test_many_write_while_it_is_made():
    articles = [make.ArticleFactory() for _ in range(5)]

    def write(number: int) -> None:
        try:
            for turn in range(20):
                Article.objects.filter(pk=articles[(number + turn) % 5].pk).update(byline=f"{number} {turn}")
        finally:
            connection.close()

    writers = [Thread(target=write, args=[number]) for number in range(4)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        ready.make(batch=2)
    ready.make()
    assert in_step() == right()
