"""A POST with an `Idempotency-Key` that is sent again is answered again, and done once."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.models import F

from archive import tasks
from archive.api.keeping import KEEP, _lock
from archive.curate.purge import purge
from archive.models import Article, KeptAnswer, Person
from tests.api.conftest import client_of, user_with
from tests.api.problems import pointers, problem
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.factories import ArticleTextFactory, PersonFactory

pytestmark = pytest.mark.django_db

LIST = "/api/v1/persons/"
BODY = {"slug": "fuad-hussein", "name": "فؤاد حسين"}


def post(client, body=BODY, key: str = '"8e03978e-40d5"', where: str = LIST, **more):
    return client.post(where, body, headers={"Idempotency-Key": key, **more})


def told(answer) -> tuple:
    return (
        answer.status_code,
        answer.content,
        answer.get("Location"),
        answer["Content-Type"],
        answer.get("ETag"),
    )


@pytest.mark.parametrize("name", VIEWS)
def test_what_is_sent_again_is_answered_again(contributor, name):
    body, where = SAMPLES[name].least(), f"/api/v1/{name}/"
    first, again = (post(contributor, body, where=where) for _ in range(2))
    assert first.status_code == 201
    assert told(again) == told(first)
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert VIEWS[name].model.objects.count() == 1


def test_a_list_that_is_sent_again(contributor):
    rows = [BODY, {"slug": "sergey-lavrov", "name": "سيرغي لافروف"}]
    first, again = (post(contributor, rows, where=f"{LIST}?mode=create") for _ in range(2))
    assert first.status_code == 200
    assert told(again) == told(first)
    assert Person.objects.count() == 2


def test_it_is_answered_as_it_was_whatever_has_happened_since(contributor):
    first = post(contributor)
    contributor.patch(first["Location"], {"name": "آخر"})
    assert told(post(contributor)) == told(first)
    contributor.delete(first["Location"])
    assert told(post(contributor)) == told(first)
    assert not Person.objects.exists()


def test_a_packed_answer_is_packed_again(contributor):
    body = {**BODY, "description": "وزير الخارجية " * 100}
    first, again = (post(contributor, body, Accept_Encoding="gzip") for _ in range(2))
    assert again["Content-Encoding"] == "gzip"
    assert told(again) == told(first)


@pytest.mark.parametrize("body", [{**BODY, "name": "آخر"}, [BODY]])
def test_another_request_with_the_same_key(contributor, body):
    post(contributor)
    assert "another request" in problem(post(contributor, body), 422)["detail"]
    assert Person.objects.count() == 1


def test_another_query_is_another_request(contributor):
    rows = [BODY]
    post(contributor, rows, where=f"{LIST}?mode=create")
    user = user_with("add_person", "change_person")
    client = client_of(user)
    assert post(client, rows, where=f"{LIST}?mode=upsert").status_code == 200
    problem(post(client, rows, where=f"{LIST}?mode=update"), 422)


def test_a_key_is_one_users_and_one_addresses(contributor, editor):
    post(contributor)
    problem(post(editor), 409)  # no replay: the slug is taken
    source = {"slug": "elaph", "name": "إيلاف", "kind": "newspaper"}
    assert post(contributor, source, where="/api/v1/sources/").status_code == 201


def test_what_was_refused_can_be_done_right_with_the_same_key(contributor):
    assert pointers(post(contributor, {"slug": "Fuad"})).keys() == {"/name"}
    PersonFactory(slug="fuad-hussein")
    problem(post(contributor), 409)
    Person.objects.all().delete()
    assert not KeptAnswer.objects.exists()
    assert post(contributor).status_code == 201


def test_who_may_not_write_any_more_is_told_that(contributor):
    first = post(contributor)
    assert first.status_code == 201
    KeptAnswer.objects.update(user=(user := user_with()))
    problem(post(client_of(user)), 403)


@pytest.mark.parametrize(
    "key", ["a", "x" * 255, '"x y"', r'"a\"b\\c"', "8e03978e-40d5-43dd-bc93-6894a57f9324"]
)
def test_a_key(contributor, key):
    assert [post(contributor, key=key).status_code for _ in range(2)] == [201, 201]


def test_a_key_in_quotes_is_the_same_without(contributor):
    assert post(contributor, key="abc").status_code == 201
    assert "Idempotency-Replayed" in post(contributor, key='"abc"')


@pytest.mark.parametrize(
    "key", ["", '""', "a b", '"a', "a, b", '"é"', "x" * 256, f'"{"x" * 256}"', '"a";b=1', "\\"]
)
def test_what_is_no_key(contributor, key):
    assert "Idempotency-Key" in problem(post(contributor, key=key), 400)["detail"]
    assert not Person.objects.exists()


def test_a_body_that_is_no_json(contributor):
    for content_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
    ):
        answer = contributor.generic("POST", LIST, b"a=1", content_type, headers={"Idempotency-Key": "a"})
        problem(answer, 415)


def test_after_a_day_it_is_forgotten(contributor):
    post(contributor)
    KeptAnswer.objects.update(added=F("added") - KEEP + timedelta(minutes=1))
    tasks.forget_answers(0)
    assert "Idempotency-Replayed" in post(contributor)
    KeptAnswer.objects.update(added=F("added") - timedelta(minutes=2))
    problem(post(contributor), 409)  # done anew, not answered again
    tasks.forget_answers(0)
    assert not KeptAnswer.objects.exists()


def test_a_key_whose_day_is_over_can_be_used_again(contributor):
    post(contributor)
    KeptAnswer.objects.update(added=F("added") - KEEP)
    other = {"slug": "other", "name": "آخر"}
    assert post(contributor, other).status_code == 201
    assert "Idempotency-Replayed" in post(contributor, other)


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_under_way_the_second_is_told(contributor):
    user = contributor.handler._force_user
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        held = _number(f"{user.pk} {LIST} a")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [held])
    answer = post(contributor, key="a")
    assert "being answered" in problem(answer, 409)["detail"]
    assert answer["Retry-After"] == "1"
    other.rollback()
    other.close()
    assert post(contributor, key="a").status_code == 201


def _number(name: str) -> int:
    """The lock that a key takes, read from where PostgreSQL lists what is held."""
    with transaction.atomic(), connection.cursor() as cursor:
        _lock(name)
        cursor.execute(
            "SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks"
            " WHERE locktype = 'advisory' AND objsubid = 1 AND pid = pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def test_the_answer_and_what_it_answers_for_are_written_together(contributor, monkeypatch):
    def broken(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(KeptAnswer.objects, "create", broken)
    with pytest.raises(KeyboardInterrupt):
        post(contributor)
    assert not Person.objects.exists()


def test_an_article_that_is_taken_down_is_in_no_kept_answer(editor):
    """Nor what names it: the words of a mention. Answers of other records stay."""
    other = post(editor, SAMPLES["persons"].least(), where=LIST)
    article = post(editor, SAMPLES["articles"].least(), where="/api/v1/articles/").json()
    text = ArticleTextFactory(article_id=article["id"])
    mention = {"text": text.pk, "start": 0, "end": 6, "surface": "العراق", "person": other.json()["slug"]}
    assert post(editor, mention, where="/api/v1/mentions/").status_code == 201
    assert KeptAnswer.objects.count() == 3
    purge(Article.objects.get(pk=article["id"]), "أمر من المحكمة")
    assert [kept.body for kept in KeptAnswer.objects.all()] == [other.content.decode()]
