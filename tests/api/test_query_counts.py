"""How many statements an answer costs: written down, so that a change shows in review.

UPDATE_QUERY_COUNTS=1 python -m pytest tests/api/test_query_counts.py    writes query_counts.json anew
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from archive.api import ready
from archive.models import Person, Source
from archive.search import articles
from tests.api.resources import VIEWS
from tests.factories import (
    ArticleAbstractFactory,
    ArticleAddressFactory,
    ArticleTextFactory,
    CitationFactory,
    CollectionMemberFactory,
    CountryNameFactory,
    EventLinkFactory,
    MentionFactory,
    OfficeFactory,
    ParticipationFactory,
    PersonFactory,
    PersonNameFactory,
    SourceFactory,
    SourceNameFactory,
    SuccessionFactory,
)

pytestmark = pytest.mark.django_db

BASELINE = Path(__file__).with_name("query_counts.json")


def addresses(name: str) -> dict[str, str]:
    """The reads of a resource by what they are, with `{key}` for a record."""
    resource = VIEWS[name].serializer_class
    # Highlights are there in a search only.
    full = ",".join(field for field in [*resource.expands, *resource.extra] if field != "highlights")
    found = {"list": f"/api/v1/{name}/?page_size=200", "detail": f"/api/v1/{name}/{{key}}/"}
    if full:
        found["list, all expanded"] = f"{found['list']}&expand={full}"
        found["detail, all expanded"] = f"{found['detail']}?expand={full}"
    if name == "articles":
        found["search"] = f"{found['list']}&q=عنوان"
        found["search, all asked"] = (
            "/api/v1/articles/?page_size=50&q=عنوان -person:{person}&ordering=relevance&count=true"
            "&expand=highlights"
        )
        # In a test each count has a savepoint of its own around it: two statements more.
        found["facets of one person"] = "/api/v1/articles/facets/?by=source,year&person={person}"
        found["facets of a person and a source"] = (
            "/api/v1/articles/facets/?by=source,year&person={person}&source={source}"
        )
        found["more like one"] = f"{found['list']}&more_like={{key}}"
    return found


def add(n: int) -> None:
    """`n` more rows in every list, each with rows of all sorts around it."""
    for _ in range(n):
        text = ArticleTextFactory()
        ArticleAbstractFactory(article=text.article)
        ArticleAddressFactory(article=text.article)
        SourceNameFactory(source=text.article.source)
        CollectionMemberFactory(source=text.article.source)
        person, state = PersonFactory(), SuccessionFactory()
        PersonNameFactory(person=person)
        CountryNameFactory(country=state.predecessor)
        office, part, link = (
            OfficeFactory(person=person),
            ParticipationFactory(person=person),
            EventLinkFactory(),
        )
        ParticipationFactory(event=link.event)
        for start, whom in enumerate(
            ({"person": person}, {"country": state.successor}, {"source": SourceFactory()})
        ):
            MentionFactory(text=text, start=start * 10, **whom)
        facts = (
            {"event": link.event},
            {"participation": part},
            {"office": office},
            {"link": link},
            {"succession": state},
        )
        for start, fact in enumerate(facts):
            CitationFactory(text=text, start=start, **fact)


def counts(client) -> dict[str, dict[str, int]]:
    """Of articles whose JSON is ready: where it is behind, one statement more makes it."""
    ready.make()
    found: dict[str, dict[str, int]] = {}
    named = {"person": Person.objects.latest("pk").slug, "source": Source.objects.latest("pk").slug}
    for name, view in VIEWS.items():
        key = getattr(view.model.objects.latest("pk"), view.lookup_field)
        for what, address in addresses(name).items():
            # What a search expects to find is remembered for a minute: here nobody has asked for it.
            articles._rows_expected.cache_clear()
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address.format(key=key, **named)).status_code == 200
            found.setdefault(name, {})[what] = len(captured)
    return found


def test_statements_do_not_grow_with_the_page_and_are_as_written_down(anonymous, monkeypatch):
    # How many articles there are is asked once a minute: before this one.
    monkeypatch.setattr(articles, "monotonic", lambda: 0.0)
    articles._articles()
    add(3)
    few = counts(anonymous)
    add(27)
    assert counts(anonymous) == few
    if os.environ.get("UPDATE_QUERY_COUNTS"):
        BASELINE.write_text(json.dumps(few, indent=2) + "\n")
    assert few == json.loads(BASELINE.read_text())
