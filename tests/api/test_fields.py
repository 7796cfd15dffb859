"""Each field of each resource can be asked for alone and left out, and is fetched only where it is shown."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.resources import VIEWS

pytestmark = pytest.mark.django_db


def tables(client, address: str) -> int:
    """How many times an answer names a table to read from."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    statements = "\n".join(query["sql"] for query in captured)
    return len(re.findall(r' (?:FROM|JOIN) "', statements))


@pytest.mark.parametrize("name", VIEWS)
def test_each_field_can_be_asked_for_alone_and_left_out(world, anonymous, name):
    resource = VIEWS[name].serializer_class
    row = anonymous.get(f"/api/v1/{name}/?page_size=1").json()["results"][0]
    key = row[VIEWS[name].lookup_field.replace("pk", "id")]
    for address in (f"/api/v1/{name}/{key}/", f"/api/v1/{name}/?page_size=1"):
        whole = anonymous.get(address).json()
        whole = whole["results"][0] if "results" in whole else whole
        assert list(whole) == [field for field in resource.Meta.fields if field not in resource.extra]
        joint = "&" if "?" in address else "?"
        for field in whole:
            only = anonymous.get(f"{address}{joint}fields={field}").json()
            rest = anonymous.get(f"{address}{joint}omit={field}").json()
            only, rest = (found["results"][0] if "results" in found else found for found in (only, rest))
            assert only == {field: whole[field]}
            assert rest == {other: value for other, value in whole.items() if other != field}


@pytest.mark.parametrize("name", VIEWS)
def test_what_is_not_shown_is_not_fetched(world, anonymous, name):
    row = anonymous.get(f"/api/v1/{name}/?page_size=1").json()["results"][0]
    nested = {field for field, value in row.items() if isinstance(value, list | dict)}
    plain = VIEWS[name].lookup_field.replace("pk", "id")
    usual = tables(anonymous, f"/api/v1/{name}/")
    fewest = tables(anonymous, f"/api/v1/{name}/?fields={plain}")
    for field in nested - {"languages", "contexts"}:
        assert fewest <= tables(anonymous, f"/api/v1/{name}/?omit={field}") < usual
