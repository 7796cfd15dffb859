"""Real answers are what the schema says, over made-up rows of every sort and over the fixtures."""

import pytest

from tests.api.contract import answers
from tests.api.resources import VIEWS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", VIEWS)
def test_lists_and_details(world, anonymous, name):
    resource = VIEWS[name].serializer_class
    full = ",".join([*resource.expands, *resource.extra])
    listed = anonymous.get(f"/api/v1/{name}/?count=true&page_size=200")
    answers(listed)
    for row in listed.json()["results"][:5]:
        key = row[VIEWS[name].lookup_field.replace("pk", "id")]
        answers(anonymous.get(f"/api/v1/{name}/{key}/"))
        answers(anonymous.get(f"/api/v1/{name}/{key}/?fields=added"))
        if full:
            answers(anonymous.get(f"/api/v1/{name}/{key}/?expand={full}"))


@pytest.mark.parametrize("name", VIEWS)
def test_the_fixtures(fixtures, anonymous, name):
    listed = anonymous.get(f"/api/v1/{name}/?page_size=200")
    answers(listed)
    assert listed.json()["results"]
