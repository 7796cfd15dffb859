"""Whatever the rows hold, the JSON that the database makes of it is what plain serializers give.

Apart from `test_reading.py`: its made-up world would be looked at with every example.
"""

from datetime import datetime
from json import loads

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.api.reading import read
from archive.models import Status
from archive.models.sql import Statement
from tests import factories as make
from tests.api.plain import plain
from tests.api.resources import VIEWS
from tests.api.test_reading import shaped

pytestmark = pytest.mark.django_db

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
