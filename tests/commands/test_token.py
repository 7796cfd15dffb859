"""A token is printed once, works over the API, and only its hash is kept."""

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
