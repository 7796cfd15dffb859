"""PostgreSQL walks an index for each order of each list: nothing is sorted, at any depth."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES

pytestmark = pytest.mark.django_db


def plan_of(client, address: str) -> str:
    """PostgreSQL's plan of the page that `address` shows, where it avoids what an index spares it.

    A small table would be read whole and sorted: these settings price that out, so that
    what stays is what the indexes cannot do.
    """
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    [statement] = [query["sql"] for query in captured]
    # What finds the rows of the page, without what makes their JSON.
    [page] = re.findall(r".* FROM \((SELECT .*)\) AS page \(pk, key\)", statement)
    with connection.cursor() as cursor:
        for method in ("seqscan", "bitmapscan", "sort", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{method} = off")
        cursor.execute(f"EXPLAIN {page}")
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize(
    ("name", "ordering"),
    [(name, sign + order) for name, view in VIEWS.items() for order in view.orders for sign in ("", "-")],
)
def test_a_page_is_a_walk_of_an_index(anonymous, name, ordering):
    view = VIEWS[name]
    table, column = view.model._meta.db_table, view.orders[ordering.removeprefix("-")].column
    for _ in range(3):
        SAMPLES[name].add()
    first = f"/api/v1/{name}/?page_size=1&ordering={ordering}"
    second = anonymous.get(first).json()["next"]
    for address in (first, second):
        plan = plan_of(anonymous, address)
        # The ties of a unique column are none: sorting each of them by id costs nothing.
        allowed = "Incremental Sort" if view.model._meta.get_field(column).unique else ""
        assert "Sort" not in plan.replace(allowed, "").replace("Sort Key", ""), plan
        scan = re.search(rf"Index (?:Only )?Scan.* on {table} .*\n?.*", plan)
        assert scan, plan
    # The second page starts inside the index, not at its beginning.
    assert re.search(r"Index Cond: .* [<>]=? ", scan[0]), plan
