"""Who asks, and over what rows."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission, User
from rest_framework.test import APIClient

from tests.api.world import build
from tests.conftest import rolled_back
from tests.factories import UserFactory

MODELS = ("source", "article", "person", "country", "event", "mention", "citation")


def user_with(*permissions: str) -> User:
    """A user with those of archive's permissions."""
    user = UserFactory()
    found = Permission.objects.filter(content_type__app_label="archive", codename__in=permissions)
    assert found.count() == len(permissions)
    user.user_permissions.set(found)
    return user


def client_of(user: User | None = None) -> APIClient:
    client = APIClient()
    if user is not None:
        client.force_authenticate(user)
    return client


@pytest.fixture
def anonymous() -> APIClient:
    return client_of()


@pytest.fixture
def contributor(db) -> APIClient:
    """Adds, changes and deletes everything; decides nothing."""
    return client_of(user_with(*(f"{verb}_{m}" for m in MODELS for verb in ("add", "change", "delete"))))


@pytest.fixture
def editor(db) -> APIClient:
    """A contributor who decides too."""
    names = [f"{verb}_{m}" for m in MODELS for verb in ("add", "change", "delete")]
    return client_of(user_with(*names, "add_review"))


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[SimpleNamespace]:
    """Made-up rows of every sort, the same for all tests of a module, which only read them."""
    with rolled_back(django_db_blocker):
        yield build()


def pages(client: APIClient, address: str, way: str = "next", **parameters) -> Iterator[dict]:
    """The pages of a list, from `address` on. Fails where a link leads to where it has been."""
    been: set[str] = set()
    query = parameters
    while True:
        answer = client.get(address, query)
        assert answer.status_code == 200, answer.content.decode()
        yield (body := answer.json())
        if body[way] is None:
            return
        address, query = body[way], None
        assert address not in been, "the pages go round in a circle"
        been.add(address)


def walk(client: APIClient, address: str, **parameters) -> list[dict]:
    """All rows of a list, page by page."""
    return [row for page in pages(client, address, **parameters) for row in page["results"]]
