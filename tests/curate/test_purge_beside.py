"""An article is taken down beside others who write: what has the same text is refused, or is named."""

from collections.abc import Callable
from threading import Thread
from time import monotonic, sleep

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from archive.curate import purge as purging
from archive.curate.purge import purge
from archive.models import Article, Purge
from tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = "قال الوزير إن الاتفاق قريب"


class Beside(Thread):
    """Does something over a connection of its own, and keeps what it returned or raised."""

    def __init__(self, do: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self.do, self.result = do, None
        self.start()

    def run(self) -> None:
        try:
            self.result = self.do()
        except Exception as error:
            self.result = error
        finally:
            connection.close()

    def waits(self) -> bool:
        """Wait until it waits for a lock, or is done."""
        end = monotonic() + 20
        while self.is_alive() and monotonic() < end:
            with connection.cursor() as cursor:
                cursor.execute("SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
                if cursor.rowcount:
                    return True
            sleep(0.01)
        return False

    def ends(self) -> object:
        self.join(20)
        return self.result


@pytest.fixture
def article():
    return make.ArticleTextFactory(body=TEXT, article__identifier="https://paper.example/1").article


COMING = {
    "text": lambda: make.ArticleTextFactory(body=TEXT).article,
    "address": lambda: make.ArticleAddressFactory(url="https://paper.example/1").article,
    "identifier": lambda: make.ArticleFactory(identifier="https://paper.example/1"),
}


@pytest.mark.parametrize("way", COMING)
def test_who_comes_meanwhile_waits_and_is_refused(article, way):
    with transaction.atomic():
        purge(article, "an order")
        writer = Beside(COMING[way])
        assert writer.waits()
    assert isinstance(writer.ends(), IntegrityError)
    assert "an order" in str(writer.result)


def test_who_was_there_before_is_waited_for_and_named(article):
    with transaction.atomic():
        other = COMING["text"]()
        taker = Beside(lambda: purge(article, "an order"))
        assert taker.waits()
    assert taker.ends().same_text == [other]
    assert list(Article.objects.all()) == [other]


def test_the_command_names_who_came_after_the_preview(article, monkeypatch, capsys):
    def answer(asked):
        COMING["text"]()
        return "yes"

    monkeypatch.setattr("builtins.input", answer)
    call_command("purge", str(article.pk), reason="an order")
    assert f"stays, with the same text: article {Article.objects.get().pk}" in capsys.readouterr().out


def test_it_does_not_wait_without_an_end(article, monkeypatch):
    monkeypatch.setattr(purging, "PATIENCE", "50ms")
    with transaction.atomic():
        COMING["text"]()
        error = Beside(lambda: purge(article, "an order")).ends()
    assert isinstance(error, ValidationError)
    assert Article.objects.filter(pk=article.pk).exists()
    assert not Purge.objects.exists()


def test_a_writer_who_holds_the_article_does_not_stand_crosswise(article):
    """He has the lock of writers, and then asks for the row of the article that goes."""
    with transaction.atomic():
        COMING["text"]()
        taker = Beside(lambda: purge(article, "an order"))
        assert taker.waits()
        Article.objects.select_for_update().get(pk=article.pk)
    assert not isinstance(taker.ends(), Exception)
    assert not Article.objects.filter(pk=article.pk).exists()
