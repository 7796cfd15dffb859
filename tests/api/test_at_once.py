"""Many clients at once, over real connections: nothing is lost, and nothing is there twice."""

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

import psycopg
import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from psycopg.errors import DeadlockDetected

from archive.api.serializers import PersonSerializer
from archive.models import Article, KeptAnswer, Person
from tests.api.conftest import client_of, user_with
from tests.api.problems import problem
from tests.factories import PersonFactory, SourceFactory

pytestmark = pytest.mark.django_db(transaction=True)

CLIENTS = 6


def together(send: Callable[[int], list[HttpResponse]]) -> list[HttpResponse]:
    """What `send` is answered in as many threads as there are clients, each told its number."""
    start, answers = Barrier(CLIENTS), []

    def client(number: int) -> None:
        try:
            start.wait()
            answers.extend(send(number))
        finally:
            connection.close()

    threads = [Thread(target=client, args=[number]) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def statuses(answers: list[HttpResponse]) -> Counter:
    return Counter(answer.status_code for answer in answers)


def person(n: int, **more) -> dict:
    return {"slug": f"person-{n}", "name": f"فؤاد {n}", **more}


def test_one_of_those_who_post_the_same_adds_it_and_the_others_are_told_which_it_is():
    user, source = user_with("add_article"), SourceFactory().slug
    urls = [f"https://news.example/{n}" for n in range(8)]

    def send(number: int) -> list[HttpResponse]:
        client = client_of(user)
        return [
            client.post(
                "/api/v1/articles/",
                {
                    "source": source,
                    "identifier": url,
                    "title": "عنوان",
                    "language": "ar",
                    "addresses": [{"url": url}],
                },
            )
            for url in urls
        ]

    answers = together(send)
    assert statuses(answers) == {201: len(urls), 409: (CLIENTS - 1) * len(urls)}
    added = {answer["Location"] for answer in answers if answer.status_code == 201}
    named = {problem(answer, 409)["records"][0]["url"] for answer in answers if answer.status_code == 409}
    assert named == added
    assert Article.objects.count() == len(urls)


@pytest.mark.parametrize("turn", range(3))
def test_upserts_of_the_same_rows_in_any_order(turn):
    """Each row is added once, whoever comes first, and nobody is refused: the others change it."""
    user = user_with("add_person", "change_person")
    rows = [person(n, wikidata=f"Q{n + 1}") for n in range(20)]

    def send(number: int) -> list[HttpResponse]:
        mine = [{**row, "description": f"{number}"} for row in (rows if number % 2 else reversed(rows))]
        return [client_of(user).post("/api/v1/persons/?mode=upsert", mine)]

    answers = together(send)
    assert statuses(answers) == {200: CLIENTS}
    results = Counter(row["result"] for answer in answers for row in answer.json()["results"])
    assert results == {"created": 20, "changed": 20 * (CLIENTS - 1)}
    # All or none: the rows are as one of the requests left them.
    assert len(set(Person.objects.values_list("description", flat=True))) == 1


def test_no_update_is_lost():
    """Each client counts one up from what it has seen: what was not counted was told so."""
    user = user_with("change_person")
    PersonFactory(slug="counter", description="0")
    where = "/api/v1/persons/counter/"

    def send(number: int) -> list[HttpResponse]:
        client, answers = client_of(user), []
        for _ in range(10):
            seen = client.get(where)
            more = {"description": str(int(seen.json()["description"]) + 1)}
            answers.append(client.patch(where, more, headers={"If-Match": seen["ETag"]}))
        return answers

    found = statuses(together(send))
    assert found.keys() == {200, 412}
    assert Person.objects.get().description == str(found[200])


def test_the_same_key_from_many_at_once_is_one_write():
    user = user_with("add_person")

    def send(number: int) -> list[HttpResponse]:
        rows = [person(n) for n in range(20)]
        where, key = "/api/v1/persons/?mode=create", {"Idempotency-Key": "one"}
        answers = []
        while not answers or answers[-1].status_code == 409:
            answers.append(client_of(user).post(where, rows, headers=key))
        return answers

    answers = together(send)
    assert statuses(answers).keys() <= {200, 409}
    assert {answer["Retry-After"] for answer in answers if answer.status_code == 409} <= {"1"}
    done = [answer for answer in answers if answer.status_code == 200]
    assert len({answer.content for answer in done}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in done) == 1
    assert (Person.objects.count(), KeptAnswer.objects.count()) == (20, 1)


def test_a_deadlock_is_tried_again(monkeypatch):
    failed = []
    create = PersonSerializer.create

    def at_first(self, values):
        if len(failed) < 2:
            failed.append(values)
            raise OperationalError("deadlock detected") from DeadlockDetected()
        return create(self, values)

    monkeypatch.setattr(PersonSerializer, "create", at_first)
    client = client_of(user_with("add_person"))
    assert client.post("/api/v1/persons/", person(1)).status_code == 201
    failed.clear()
    failed.extend([{}])
    assert client.post("/api/v1/persons/?mode=create", [person(2)]).status_code == 200
    assert Person.objects.count() == 2


def test_a_database_that_ends_a_connection_is_told_of(anonymous):
    connection.ensure_connection()
    server = connection.connection.info.backend_pid
    with psycopg.connect(**connection.get_connection_params()) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [server])
    try:
        response = anonymous.get("/api/v1/sources/")
    finally:
        connection.close()
    problem(response, 503)
    assert int(response["Retry-After"]) > 0
