"""A fixture names rows by what they say, not by numbers."""

import pytest
from django.apps import apps

from archive.models import Person, Record, Review
from archive.models.natural import remembering
from tests import factories as make

pytestmark = pytest.mark.django_db

MODELS = [m for m in apps.get_app_config("archive").get_models() if issubclass(m, Record)]
FACTORIES = {factory._meta.model: factory for name, factory in vars(make).items() if name.endswith("Factory")}
VARIANTS = [
    *((FACTORIES[model], {}) for model in MODELS),
    (make.OfficeFactory, {"country": None}),
    (make.OfficeFactory, {"start": "2021-08"}),
    (make.ParticipationFactory, {"person": make.PersonFactory}),
    (make.MentionFactory, {"person": make.PersonFactory}),
    (make.MentionFactory, {"source": make.SourceFactory}),
    (make.MentionFactory, {"proposed_name": "فلان", "status": "suggested"}),
    (make.CitationFactory, {"participation": make.ParticipationFactory}),
    (make.CitationFactory, {"office": make.OfficeFactory}),
    (make.CitationFactory, {"link": make.EventLinkFactory}),
    (make.CitationFactory, {"succession": make.SuccessionFactory}),
]


def make_row(factory, attributes):
    return factory(**{k: v() if isinstance(v, type) else v for k, v in attributes.items()})


@pytest.fixture(params=VARIANTS, ids=lambda v: " ".join([v[0]._meta.model.__name__, *v[1]]))
def row(request):
    factory, attributes = request.param
    make_row(factory, attributes)  # another of its kind, not to be taken for it
    return make_row(factory, attributes)


def test_a_row_is_found_by_its_natural_key(row):
    assert type(row).objects.get_by_natural_key(*row.natural_key()) == row


def test_a_row_is_found_by_its_natural_key_during_a_load(row):
    with remembering():
        assert type(row).objects.get_by_natural_key(*row.natural_key()) == row


def test_a_row_saved_during_a_load_is_found_without_asking_the_database(django_assert_num_queries):
    with remembering():
        Person.objects.get_queryset()  # the table is empty, and the load is told so once
        with pytest.raises(Person.DoesNotExist):
            Person.objects.get_by_natural_key("fuad-hussein")
        person = make.PersonFactory(slug="fuad-hussein")
        with django_assert_num_queries(0):
            assert Person.objects.get_by_natural_key("fuad-hussein") == person


def test_one_load_remembers_nothing_of_the_last():
    with remembering():
        person = make.PersonFactory()
    person.delete()
    with remembering(), pytest.raises(Person.DoesNotExist):
        Person.objects.get_by_natural_key(person.slug)


def test_a_key_that_leads_nowhere_says_which():
    with pytest.raises(Person.DoesNotExist, match=r"no archive\.person with the natural key \['nobody'\]"):
        Person.objects.get_by_natural_key("nobody")


def test_a_key_of_the_wrong_length_says_what_it_consists_of():
    with pytest.raises(Person.DoesNotExist, match=r"\['slug'\], not \['fuad', 'hussein'\]"):
        Person.objects.get_by_natural_key("fuad", "hussein")


def test_every_record_has_a_natural_key_and_a_review_has_none():
    """A review is one archive's own: who decided it has no account in another."""
    assert all(model.NATURAL_KEY for model in MODELS)
    assert not hasattr(Review, "NATURAL_KEY")
