"""Every filter says what its predicate says: the API's answer is a Python filter over all rows."""

from types import SimpleNamespace
from urllib.parse import quote

import pytest

from archive.models import Citation, Fact
from tests.api.cases import CASES
from tests.api.conftest import walk
from tests.api.predicates import COUNTED, Case, counts
from tests.api.resources import VIEWS


@pytest.fixture(scope="module")
def ids(world) -> SimpleNamespace:
    return SimpleNamespace(
        article=world.articles[0].pk,
        other_article=world.articles[4].pk,
        participation=world.participations[1].pk,
        office=world.offices[9].pk,
        link=world.links[4].pk,
        succession=world.successions[5].pk,
    )


def rows(name: str) -> list:
    """All rows that a list has for everybody."""
    model = VIEWS[name].model
    found = list(model.objects.all())
    if model is Citation:
        return [row for row in found if counts(row)]
    return [row for row in found if not issubclass(model, Fact) or row.status in COUNTED]


def key(name: str, row) -> str:
    return str(getattr(row, VIEWS[name].lookup_field))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "case"),
    [pytest.param(name, case, id=f"{name}?{case.query}") for name, cases in CASES.items() for case in cases],
)
def test_a_list_is_the_rows_for_which_the_predicate_holds(anonymous, world, ids, name: str, case: Case):
    query = case.query.format(**vars(ids))
    more = (ids,) if query != case.query else ()
    there = rows(name)
    expected = sorted(key(name, row) for row in there if case.holds(row, *more))
    answer = walk(anonymous, f"/api/v1/{name}/?page_size=200&{quote(query, safe='=&/:,%')}")
    field = VIEWS[name].lookup_field.replace("pk", "id")
    assert sorted(str(row[field]) for row in answer) == expected
    assert case.trivial or 0 < len(expected) < len(there), (
        "the world does not tell this case from none or all"
    )


@pytest.mark.parametrize("name", VIEWS)
def test_every_filter_has_a_case(name):
    asked = {part.split("=")[0] for case in CASES[name] for part in case.query.split("&")}
    assert asked == VIEWS[name].filterset_class.base_filters.keys()
