"""The JSON that the database makes is what plain serializers give, for every resource and every expansion."""

from datetime import datetime
from json import loads

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.api.counting import STATUSES
from archive.api.reading import read
from archive.api.shaping import Shape
from archive.models import Status
from archive.models.sql import Statement
from tests import factories as make
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


# What PostgreSQL's text holds: all but NUL and halves of surrogate pairs.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
WORDS = st.text(LETTERS, min_size=1, max_size=60).filter(lambda text: text.strip())
MOMENTS = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.timezones())


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(WORDS, min_size=6, max_size=6),
    statuses=st.lists(st.sampled_from(Status.values), min_size=4, max_size=4),
    obtained=st.none() | MOMENTS,
    published=st.sampled_from([None, "2021-08-23?", "195X", "2021-09-01T10:00:00Z", "0001-01-01"]),
)
def test_whatever_the_rows_hold(words, statuses, obtained, published):
    title, name, abstract, byline, city, place = words
    with transaction.atomic():
        source = make.SourceFactory(name=name, city=city, languages=["ar", "ckb"])
        article = make.ArticleFactory(source=source, title=title, byline=byline, published=published)
        make.ArticleAbstractFactory(article=article, text=abstract)
        text = make.ArticleTextFactory(article=article, length=500, obtained_at=obtained)
        person, event = make.PersonFactory(name=name), make.EventFactory(place=place, status=statuses[0])
        make.ParticipationFactory(event=event, person=person, status=statuses[1])
        make.MentionFactory(text=text, start=0, person=person, status=statuses[2])
        make.MentionFactory(text=text, start=50, person=person, status=statuses[3])
        make.CitationFactory(text=text, start=9, event=event, status=statuses[1])
        for resource, view in VIEWS.items():
            serializer = view.serializer_class
            expand = tuple({*serializer.expands, *serializer.extra} - {"highlights"})
            shape = shaped(resource, expand, "all")
            for row in view.model.objects.all():
                ids = Statement.of(view.model.objects.filter(pk=row.pk).values_list("pk", "pk"))
                [found] = read(ids, serializer, shape)
                assert loads(found.json) == plain(serializer, row, shape)
        transaction.set_rollback(True)
