"""PostgreSQL walks an index for each order of each list: nothing is sorted, at any depth."""

import re
from time import sleep

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from archive.api import ready
from archive.models import ArticleSubject, ReadyRecord
from archive.models.readyrecord import in_step
from archive.search import articles
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES
from tests.api.test_search import ALWAYS_WALK
from tests.factories import ArticleTextFactory, MentionFactory, PersonFactory, SourceFactory

pytestmark = pytest.mark.django_db


def plan_of(client, address: str) -> str:
    """PostgreSQL's plan of the page that `address` shows, where it avoids what an index spares it.

    A small table would be read whole and sorted: these settings price that out, so that
    what stays is what the indexes cannot do.
    """
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    # What finds the rows of the page, without what makes their JSON, or who is named.
    finding = r".* FROM \((SELECT .*)\) AS page \(pk, key\)"
    [page] = [page for query in captured for page in re.findall(finding, query["sql"])]
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


@pytest.mark.parametrize(
    ("address", "index"),
    [
        ("articles/?published=2021-08-25", "article_long"),
        ("articles/?published__gte=2021-08-25&ordering=published", "article_long"),
        ("articles/?published=2021-08-25&person=person-x", "articlesubject_person_long"),
        ("articles/?published=2021-08-25&person=person-x&ordering=published", "articlesubject_person_long"),
        ("articles/?published=2021-08-25&published=2021-09-02", "article_long"),
        ("mentions/?published=2021-08-25", "mention_long"),
        ("citations/?published=2021-08-25&ordering=published", "citation_long"),
        ("events/?start=2021-08-25", "event_long"),
    ],
)
def test_a_walk_of_some_days_has_two_ends(anonymous, address, index):
    PersonFactory(slug="person-x")
    plan = plan_of(anonymous, f"/api/v1/{address}")
    assert "Sort" not in plan.replace("Sort Key", ""), plan
    # What lasts long is looked for among what may reach so far, by both its days.
    of = r"Index (?:Only )?Scan using {} on .*\n *Index Cond: .*"
    assert re.search(of.format(index) + "_at >= .*_upper >= ", plan), plan
    assert re.search(r"Index Cond: .* >= LEAST\(", plan), plan


@pytest.mark.parametrize("ordering", ["published", "-published"])
def test_a_search_of_some_days_is_a_walk_of_these(anonymous, monkeypatch, ordering):
    monkeypatch.setattr(articles, "WALK", ALWAYS_WALK)
    ArticleTextFactory()
    plan = plan_of(anonymous, f"/api/v1/articles/?q=وزير&published=2021-08-25&ordering={ordering}")
    assert "Sort" not in plan, plan
    assert re.search(r"using articleindex_newest on .*\n *Index Cond: .* < '2021-.* >= '2021-", plan), plan


@pytest.fixture
def many_subjects(transactional_db) -> None:
    """Rows of subjects that nothing else knows: of one or two rows, any index is as good as another."""
    others = [
        ArticleSubject(article_id=-n, **{subject: -n}, accepted=True, publisher_id=-n, language="ar")
        for n in range(1, 501)
        for subject in ("person_id", "source_id")
    ]
    with connection.cursor() as cursor:
        with transaction.atomic():
            # A vacuum waits for the disk to have what is committed.
            cursor.execute("SET LOCAL synchronous_commit = on")
            ArticleSubject.objects.bulk_create(others)
        make_visible(cursor, ArticleSubject._meta.db_table)


def make_visible(cursor, table: str) -> None:
    """Else what an index has is looked up in the table all the same, to know who may see it.

    Rows that came after another connection's snapshot are left, whatever it looks at: an analysis
    of any table that PostgreSQL begins by itself is one, and soon done.
    """
    for _ in range(300):
        cursor.execute(f"VACUUM (ANALYZE) {table}")
        cursor.execute("SELECT relallvisible, relpages FROM pg_class WHERE oid = %s::regclass", [table])
        visible, pages = cursor.fetchone()
        if visible == pages:
            return
        sleep(0.1)
    pytest.fail(f"another connection has kept {pages - visible} of {pages} pages of {table} for 30 s")


def plans_of_counts(client, address: str) -> list[str]:
    """PostgreSQL's plans of the counts at `address`, where person-x is named by an article of source-x."""
    source = SourceFactory(slug="source-x")
    MentionFactory(person=PersonFactory(slug="person-x"), text__article__source=source)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"/api/v1/{address}").status_code == 200
    plans = []
    with transaction.atomic(), connection.cursor() as cursor:
        for method in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{method} = off")
        for statement in (query["sql"] for query in captured if "WITH found" in query["sql"]):
            cursor.execute(f"EXPLAIN {statement}")
            plans.append("\n".join(line for (line,) in cursor.fetchall()))
    return plans


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
    plans = plans_of_counts(anonymous, address)
    scans = re.findall(r"(\w[\w ]* Scan) using \w+ on archive_articlesubject", "\n".join(plans))
    assert set(scans) == {"Index Only Scan"}, plans


@pytest.mark.usefixtures("many_subjects")
def test_publishers_of_one_subject_are_counted_as_an_index_has_them(anonymous):
    """Side by side: no row is looked for among the counts, or sorted."""
    [plan] = plans_of_counts(anonymous, "articles/facets/?by=source&person=person-x")
    assert re.search(
        r" GroupAggregate .*\n.*Group Key: .*publisher_id\n(?s:.*) using articlesubject_person_counts", plan
    ), plan
    assert len(re.findall("Sort Key", plan)) == 1, plan


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
