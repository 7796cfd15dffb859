"""Writes at the same time: one after the other, or told to try again; never our mistake."""

from threading import Barrier, Thread

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import DeadlockDetected, SerializationFailure

from archive.api.serializers import PersonSerializer
from archive.models import ArticleText, Person
from tests.api.conftest import client_of, user_with
from tests.api.problems import problem
from tests.factories import MentionFactory, PersonFactory, PersonNameFactory

together = pytest.mark.django_db(transaction=True)


def at_once(*requests) -> list[int]:
    """The statuses of the answers to `requests`, sent at the same time."""
    start, answers = Barrier(len(requests)), []

    def send(request) -> None:
        try:
            start.wait()
            answers.append(request().status_code)
        finally:
            connection.close()

    threads = [Thread(target=send, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(requests)
    return sorted(answers)


@together
@pytest.mark.parametrize("turn", range(5))
def test_changes_and_a_deletion_of_one_record(turn):
    user = user_with("change_person", "delete_person")
    person = PersonNameFactory(text="قديم").person
    where = f"/api/v1/persons/{person.slug}/"
    names = [{"text": "قديم", "language": "ar", "kind": "alias"}]
    found = at_once(
        lambda: client_of(user).patch(where, {"description": f"{turn}", "names": names}),
        lambda: client_of(user).patch(where, {"names": []}),
        lambda: client_of(user).delete(where),
        lambda: client_of(user).delete(where),
    )
    assert set(found) <= {200, 204, 404, 409}
    assert 204 in found
    assert not Person.objects.filter(pk=person.pk).exists()


@together
@pytest.mark.parametrize("turn", range(5))
def test_evidence_and_the_deletion_of_its_article(turn):
    user = user_with("change_mention", "delete_article", "delete_mention")
    mention = MentionFactory(status="suggested")
    where = f"/api/v1/mentions/{mention.pk}/"
    found = at_once(
        lambda: client_of(user).patch(where, {"how": "nisba", "surface": mention.surface}),
        lambda: client_of(user).delete(where),
        lambda: client_of(user).delete(f"/api/v1/articles/{mention.text.article_id}/"),
    )
    assert set(found) <= {200, 204, 404, 409}


@together
def test_a_change_waits_for_another_and_sees_it():
    """A row that goes between the look and the write is not there: 404, no 500."""
    user, person = user_with("change_person"), PersonFactory()
    where = f"/api/v1/persons/{person.slug}/"
    with_lock, release = Barrier(2), Barrier(2)

    def holder() -> None:
        try:
            with transaction.atomic():
                Person.objects.filter(pk=person.pk).delete()
                with_lock.wait()
                release.wait()
        finally:
            connection.close()

    thread = Thread(target=holder)
    thread.start()
    with_lock.wait()
    waiting: list[int] = []
    other = Thread(target=lambda: (waiting.append(_patch(user, where)), connection.close()))
    other.start()
    other.join(timeout=0.5)
    assert not waiting  # it waits for the lock
    release.wait()
    thread.join()
    other.join()
    assert waiting == [404]


def _patch(user, where: str) -> int:
    return client_of(user).patch(where, {"description": "x"}).status_code


@pytest.mark.django_db
@pytest.mark.parametrize("cause", [DeadlockDetected, SerializationFailure])
def test_a_deadlock_is_a_conflict(contributor, monkeypatch, cause):
    def broken(*args):
        raise OperationalError("deadlock detected") from cause()

    monkeypatch.setattr(PersonSerializer, "update", broken)
    answer = contributor.patch(f"/api/v1/persons/{PersonFactory().slug}/", {"description": "x"})
    assert "try again" in problem(answer, 409)["detail"]


@pytest.mark.django_db
def test_a_text_that_is_gone_is_a_conflict(contributor, monkeypatch):
    def broken(*args):
        raise ArticleText.DoesNotExist

    monkeypatch.setattr(PersonSerializer, "update", broken)
    problem(contributor.patch(f"/api/v1/persons/{PersonFactory().slug}/", {"description": "x"}), 409)
