"""What history rows say of who wrote them, why, and in which request."""

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import RequestFactory

from archive.curate.history import acting, copying
from archive.models import Person
from archive.text import fold, sound
from monitor.middleware import HistoryMiddleware
from monitor.tracing import TracingMiddleware
from tests import factories as make

pytestmark = pytest.mark.django_db

COPY = "COPY archive_person (slug, name, name_folded, name_sound, description) FROM STDIN"


def known_of(person):
    """What the newest row in the history of `person` says besides the columns, or None."""
    context = person.history.order_by("pgh_id").last().pgh_context
    return context and context.metadata


def test_nobody_is_named_where_nobody_is_known():
    assert known_of(make.PersonFactory()) is None


def test_acting_says_why():
    with acting("a duplicate"):
        person = make.PersonFactory()
    assert known_of(person) == {"message": "a duplicate"}


def test_acting_says_who():
    user = make.UserFactory()
    with acting("a duplicate", user=user):
        person = make.PersonFactory()
    assert known_of(person) == {"message": "a duplicate", "user": user.pk}


def test_acting_is_one_transaction():
    with pytest.raises(RuntimeError), acting("half done"):
        make.PersonFactory()
        raise RuntimeError
    assert not Person.objects.exists()


def test_two_acts_are_told_apart():
    with acting("first"):
        one = make.PersonFactory()
    with acting("second"):
        other = make.PersonFactory()
    assert [known_of(one)["message"], known_of(other)["message"]] == ["first", "second"]


def requested(view, user=None):
    """What a request gets from `view`, behind the middleware that names it."""
    request = RequestFactory().post("/persons/")
    if user:
        request.user = user

    def respond(request):
        view(request)
        return HttpResponse()

    return TracingMiddleware(HistoryMiddleware(respond))(request)


def test_a_request_says_who_and_which_request():
    user = make.UserFactory()
    people = []
    response = requested(lambda request: people.append(make.PersonFactory()), user)
    assert known_of(people[0]) == {
        "user": user.pk,
        "url": "/persons/",
        "request": response["X-Request-Id"],
    }


def test_a_request_that_finds_its_user_late_names_him_too():
    """The API knows its user only inside the view, when it has read the token."""
    user = make.UserFactory()
    people = []

    def view(request):
        request.user = user
        people.append(make.PersonFactory())

    requested(view)
    assert known_of(people[0])["user"] == user.pk


def test_acting_inside_a_request_keeps_what_the_request_says():
    user = make.UserFactory()
    people = []

    def view(request):
        with acting("a duplicate"):
            people.append(make.PersonFactory())

    response = requested(view, user)
    known = known_of(people[0])
    assert (known["message"], known["user"], known["request"]) == (
        "a duplicate",
        user.pk,
        response["X-Request-Id"],
    )


def test_every_request_has_an_id_of_its_own():
    one, other = (requested(lambda request: None)["X-Request-Id"] for _ in range(2))
    assert one != other


def copied(copy):
    for slug, name in (("fuad-hussein", "فؤاد حسين"), ("jumaa-inad", "جمعة عناد")):
        copy.write_row((slug, name, fold(name), sound(name), ""))


# In a transaction of their own: the savepoint that a test's transaction makes of `acting` would
# say who and why before the COPY does.
@pytest.mark.django_db(transaction=True)
def test_copying_says_who_and_why():
    user = make.UserFactory()
    with acting("persons copied in", user=user), copying(COPY) as copy:
        copied(copy)
    assert [known_of(person) for person in Person.objects.all()] == [
        {"message": "persons copied in", "user": user.pk}
    ] * 2


@pytest.mark.django_db(transaction=True)
def test_a_bare_copy_is_in_the_history_but_does_not_say_who():
    """This is why `copying` exists."""
    with acting("persons copied in"), connection.cursor() as cursor, cursor.copy(COPY) as copy:
        copied(copy)
    assert [known_of(person) for person in Person.objects.all()] == [None, None]


@pytest.mark.django_db(transaction=True)
def test_copying_needs_a_transaction():
    """What it says of who and why lasts as long as the transaction: without one, not at all."""
    with pytest.raises(transaction.TransactionManagementError), copying(COPY):
        pytest.fail("it copied")
