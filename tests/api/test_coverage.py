"""What every resource has: filters for its fields, indexed orders, fields named one by one, and its tests."""

import pytest
from django.db.models import Index
from django.utils import translation

from archive.api.filtering import ApiFilterSet
from archive.api.keyset import Moment
from tests.api.cases import CASES
from tests.api.resources import VIEWS
from tests.api.samples import SAMPLES

# Fields that no filter reads, and why.
BOUND = "a bound: the date's own filter compares it"
PROSE = "prose: full-text search is for it"
OFFSET = "an offset means nothing without its text"
NESTED = "a nested list: the filters named beside it ask about its rows"
UNFILTERED = {
    "sources": {"slug": "the address itself", "homepage": "nobody asks by it", "names": "name"},
    "articles": {
        "id": "the address itself",
        "title": "title__contains",
        "published_lower": BOUND,
        "published_upper": BOUND,
        "abstracts": PROSE,
        "addresses": "url",
        "texts": "sha256",
        "persons": "person",
        "countries": "country",
        "events": "event",
        "mentions": "person, country, names_source",
        "citations": "event",
        "highlights": "q",
    },
    "persons": {
        "slug": "the address itself",
        "description": PROSE,
        "names": "name",
        "offices": "office_country, office__contains",
    },
    "countries": {
        **{f"existed_{edge}_{bound}": BOUND for edge in ("from", "until") for bound in ("lower", "upper")},
        "note": PROSE,
        "reference": "nobody asks by it",
        "names": "name",
        "predecessors": "succeeds",
        "successors": "succeeded_by",
    },
    "events": {
        "slug": "the address itself",
        "title": "title__contains",
        **{f"{edge}_{bound}": BOUND for edge in ("start", "end") for bound in ("lower", "upper")},
        "contexts": "context",
        "participations": "participant, role",
        "links": "link, link_kind",
        "citations": "article",
    },
    "mentions": {
        "id": "the address itself",
        "text": "sha256",
        "start": OFFSET,
        "end": OFFSET,
        "published_lower": BOUND,
        "published_upper": BOUND,
    },
    "citations": {
        "id": "the address itself",
        "text": "sha256",
        "start": OFFSET,
        "end": OFFSET,
        "published_lower": BOUND,
        "published_upper": BOUND,
    },
}
# Fields whose filter has another name.
RENAMED = {
    "sources": {"languages": "language", "collections": "collection"},
}


@pytest.mark.parametrize("name", VIEWS)
def test_every_field_has_a_filter_or_a_reason(name):
    filters = VIEWS[name].filterset_class.base_filters.keys()
    stems = {parameter.split("__")[0] for parameter in filters}
    fields = {RENAMED.get(name, {}).get(field, field) for field in VIEWS[name].serializer_class.Meta.fields}
    assert fields - stems == UNFILTERED[name].keys() - stems


@pytest.mark.parametrize("name", VIEWS)
def test_a_resource_is_whole(name):
    view = VIEWS[name]
    assert issubclass(view.filterset_class, ApiFilterSet)
    assert CASES[name]
    assert SAMPLES[name]
    assert view.default_order.removeprefix("-") in view.orders
    assert {"added", "modified"} <= view.orders.keys()


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_filter_says_what_it_does(name, language):
    with translation.override(language):
        for parameter, found in VIEWS[name].filterset_class.base_filters.items():
            assert len(found.description) > 8, parameter
            assert found.description.endswith((".", ":", "؟", "؛")) or found.description[-1].isalnum(), (
                parameter
            )


def serializers(found: type) -> set[type]:
    """The serializer `found` and all that stand in it."""
    nested = {
        type(getattr(field, "child", field))
        for field in found().get_fields().values()
        if hasattr(getattr(field, "child", field), "get_fields")
    }
    shapes = {field.shape for field in found().get_fields().values() if hasattr(field, "shape")}
    return {found}.union(*(serializers(other) for other in nested | shapes))


@pytest.mark.parametrize("name", VIEWS)
def test_fields_are_named_one_by_one(name):
    # `__all__` would publish every new column, a text's body among them.
    for found in serializers(VIEWS[name].serializer_class):
        assert isinstance(found.Meta.fields, list), found
        assert "body" not in found.Meta.fields or found().fields["body"].write_only, found


@pytest.mark.parametrize(
    ("name", "order"), [(name, order) for name, view in VIEWS.items() for order in view.orders]
)
def test_every_order_has_an_index(name, order):
    view = VIEWS[name]
    column = view.orders[order].column
    unique = view.model._meta.get_field(column).unique
    plain = any(index.fields == [column, "id"] for index in view.model._meta.indexes)
    expressions = [
        index for index in view.model._meta.indexes if isinstance(index, Index) and index.expressions
    ]
    moments = sum(column in str(index.expressions[0]) for index in expressions)
    assert (moments >= 2) if isinstance(view.orders[order], Moment) else (plain or unique)
