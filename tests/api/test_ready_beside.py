"""Records' JSON is kept ready beside writers, and beside others who make it."""

from contextlib import closing
from json import loads
from threading import Thread

import pytest
from django.db import connection

from archive.api import ready
from archive.models import Article
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
