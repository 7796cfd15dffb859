"""PostgreSQL walks an index for each order of each list: nothing is sorted, at any depth."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.api import ready
from archive.models import ArticleSubject, ReadyRecord
from archive.models.readyrecord import in_step
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.factories import MentionFactory, PersonFactory, SourceFactory

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
    ready.make()
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


@pytest.fixture
def many_subjects(db) -> None:
    """Rows of subjects that nothing else knows: of one or two rows, any index is as good as another."""
    others = [
        ArticleSubject(article_id=-n, **{subject: -n}, accepted=True, publisher_id=-n, language="ar")
        for n in range(1, 501)
        for subject in ("person_id", "source_id")
    ]
    ArticleSubject.objects.bulk_create(others)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE archive_articlesubject")


@pytest.mark.usefixtures("many_subjects")
@pytest.mark.parametrize(
    "address",
    [
        "articles/facets/?by=source,language,month&person=person-x",
        "articles/facets/?by=source&person=person-x&published=2021-08&language=ar&evidence=accepted",
        "articles/facets/?by=person&source=source-x",
        "articles/timeline/?interval=week&person=person-x",
        "articles/timeline/?interval=year&person=person-x&by=source",
        "persons/person-x/related/?by=person",
    ],
)
def test_what_one_subject_is_counted_by_is_read_from_indexes_alone(anonymous, address):
    source = SourceFactory(slug="source-x")
    MentionFactory(person=PersonFactory(slug="person-x"), text__article__source=source)
    with CaptureQueriesContext(connection) as captured:
        assert anonymous.get(f"/api/v1/{address}").status_code == 200
    counts = [query["sql"] for query in captured if "WITH found" in query["sql"]]
    plans = []
    with connection.cursor() as cursor:
        for method in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{method} = off")
        for statement in counts:
            cursor.execute(f"EXPLAIN {statement}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    scans = re.findall(r"(\w[\w ]* Scan) using \w+ on archive_articlesubject", "\n".join(plans))
    assert set(scans) == {"Index Only Scan"}, plans


def test_what_is_ready_is_looked_up_by_its_record():
    """Not gone through: PostgreSQL takes records of a resource with one version for fewer than they are."""
    rows = [ReadyRecord(resource="country", record=n, version=7, json="{}") for n in range(30)]
    rows += [ReadyRecord(resource="article", record=n, version=8, json="{}") for n in range(3_000)]
    ReadyRecord.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE archive_readyrecord")
        cursor.execute(f"EXPLAIN SELECT ({in_step('country', 'c.id', 7)}) FROM archive_country c")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search(r"Index Cond: .*resource.* AND .*record = c.id", plan), plan
    # A condition on it is all that it would take.
    assert "version" not in plan, plan
