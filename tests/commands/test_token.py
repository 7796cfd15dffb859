"""A token is printed once, works over the API, and only its hash is kept."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from knox.models import get_token_model

from tests import factories as make

pytestmark = pytest.mark.django_db


def made_for(user):
    out, err = StringIO(), StringIO()
    call_command("token", user.username, stdout=out, stderr=err)
    return out.getvalue().strip(), err.getvalue()


def test_the_token_opens_the_api(client, settings):
    settings.ANONYMOUS_READ = False
    token, _ = made_for(make.UserFactory(is_superuser=True))
    assert client.get("/api/v1/sources/").status_code == 401
    answer = client.get("/api/v1/sources/", headers={"Authorization": f"Token {token}"})
    assert answer.status_code == 200


def test_standard_output_is_the_token_and_nothing_else():
    token, said = made_for(make.UserFactory())
    assert len(token.split()) == 1
    assert "valid until" in said
    assert token not in said


def test_only_its_hash_is_kept():
    token, _ = made_for(make.UserFactory())
    (row,) = get_token_model().objects.values()
    assert token not in [str(value) for value in row.values()]


@pytest.mark.parametrize("unknown", [True, False], ids=["unknown", "inactive"])
def test_nobody_else_gets_one(unknown):
    user = make.UserFactory(is_active=False)
    with pytest.raises(CommandError, match="there is no active user"):
        call_command("token", "nobody" if unknown else user.username)
    assert not get_token_model().objects.exists()


def said_by(*arguments) -> str:
    out = StringIO()
    call_command("token", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue().strip()


def test_it_lasts_as_long_as_is_said_and_says_what_it_is_for():
    user = make.UserFactory()
    said_by(user.username, "--days", "7", "--note", "نسخة")
    row = get_token_model().objects.get()
    assert round((row.expiry - row.created) / timedelta(days=1)) == 7
    assert row.note == "نسخة"


@pytest.mark.parametrize("wrong", [["--days=0"], ["--days=91"], [f"--note={'x' * 101}"]])
def test_what_makes_no_sense_makes_none(wrong):
    user = make.UserFactory()
    with pytest.raises(CommandError, match=wrong[0].split("=")[0]):
        said_by(user.username, *wrong)
    assert not get_token_model().objects.exists()


def test_all_of_a_user_are_revoked_and_nobody_elses(client):
    user, other = make.UserFactory(), make.UserFactory()
    tokens = [said_by(one.username) for one in (user, user, other)]
    assert said_by(user.username, "--revoke") == "revoked: 2"
    get = [client.get("/api/v1/persons/", headers={"Authorization": f"Token {token}"}) for token in tokens]
    assert [answer.status_code for answer in get] == [401, 401, 200]


def test_one_is_revoked_by_its_beginning():
    user = make.UserFactory(is_active=False)
    (one, _), (other, _) = (get_token_model().objects.create(user) for _ in range(2))
    assert said_by(user.username, "--revoke", one.beginning) == "revoked: 1"
    assert get_token_model().objects.get() == other


def test_what_is_not_there_is_not_revoked():
    user = make.UserFactory()
    with pytest.raises(CommandError, match="has no token"):
        said_by(user.username, "--revoke", "0000")
    with pytest.raises(CommandError, match="there is no user"):
        said_by("nobody", "--revoke")
