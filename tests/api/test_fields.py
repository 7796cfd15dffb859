"""Each field of each resource can be asked for alone and left out, and is fetched only where it is shown."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.resources import VIEWS

pytestmark = pytest.mark.django_db


def fetched(client, address: str) -> tuple[int, int]:
    """How many statements an answer takes, and how many joins are in them."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured), sum(query["sql"].count(" JOIN ") for query in captured)


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
    plain = VIEWS[name].lookup_field.replace("pk", "id")
    loads = VIEWS[name].serializer_class.loads.keys() - set(VIEWS[name].serializer_class.extra)
    usual = fetched(anonymous, f"/api/v1/{name}/")
    for query in (f"fields={plain}", f"omit={','.join(loads)}"):
        statements, joins = fetched(anonymous, f"/api/v1/{name}/?{query}")
        assert statements == 1
        assert (statements, joins) < usual
