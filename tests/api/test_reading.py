"""The JSON that the database makes is what plain serializers give, for every resource and every expansion."""

import pytest

from archive.api.counting import STATUSES
from archive.api.shaping import Shape
from tests.api.conftest import walk
from tests.api.plain import plain
from tests.api.resources import VIEWS

pytestmark = pytest.mark.django_db


def expansions() -> list:
    """Each resource as it is, with each field that it can show in full, and with all of them."""
    found = []
    for name, view in VIEWS.items():
        resource = view.serializer_class
        more = [field for field in [*resource.expands, *resource.extra] if field != "highlights"]
        choices = dict.fromkeys([(), *((field,) for field in more), tuple(more)])
        found += [pytest.param(name, choice, id=f"{name} {','.join(choice)}") for choice in choices]
    return found


def shaped(name: str, expand: tuple[str, ...], evidence: str) -> Shape:
    usual = VIEWS[name].serializer_class.usual_fields()
    return Shape(frozenset([*usual, *expand]), frozenset(expand), tuple(STATUSES[evidence]))


@pytest.mark.parametrize("evidence", STATUSES)
@pytest.mark.parametrize(("name", "expand"), expansions())
def test_an_answer_is_what_plain_serializers_give(world, anonymous, name, expand, evidence):
    view, shape = VIEWS[name], shaped(name, expand, evidence)
    parameters = {"evidence": evidence, "page_size": 200, **({"expand": ",".join(expand)} if expand else {})}
    listed = walk(anonymous, f"/api/v1/{name}/", **parameters)
    keys = [row[view.lookup_field.replace("pk", "id")] for row in listed]
    rows = {getattr(row, view.lookup_field): row for row in view.model.objects.all()}
    assert listed == [plain(view.serializer_class, rows[key], shape) for key in keys]
    del parameters["page_size"]
    assert listed[0] == anonymous.get(f"/api/v1/{name}/{keys[0]}/", parameters).json()
