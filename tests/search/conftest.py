"""What tests of search start from."""

from collections.abc import Iterator

import pytest
from django.utils.translation import override

from tests.factories import (
    ArticleFactory,
    ArticleTextFactory,
    CitationFactory,
    CountryFactory,
    CountryNameFactory,
    EventFactory,
    MentionFactory,
    PersonFactory,
    PersonNameFactory,
    SourceFactory,
    SourceNameFactory,
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Messages are in the language of the sources."""
    with override("en"):
        yield


@pytest.fixture
def named(db) -> dict:
    """An article of each kind of evidence, by what it is evidence of."""
    country = CountryFactory(code="ZQZQ", name="بلاد الاختبار")
    CountryNameFactory(country=country, text="الاختبارية")
    person = PersonFactory(slug="fuad-test", name="Fuad Test")
    PersonNameFactory(person=person, text="فؤاد المختبر")
    source = SourceFactory(slug="test-daily", name="Test Daily")
    SourceNameFactory(source=source, text="يومية الاختبار")
    event = EventFactory(slug="test-visit", title="زيارة الاختبار")
    articles = {
        "source": ArticleFactory(source=source),
        "country": MentionFactory(country=country).article,
        "person": MentionFactory(person=person).article,
        "event": CitationFactory(event=event).article,
        "suggested": MentionFactory(person=person, status="suggested").article,
        "rejected": MentionFactory(person=person, status="rejected").article,
        "english": ArticleFactory(language="en-GB", published="2022-01"),
        "undated": ArticleFactory(language="eng", published=None),
        "other": MentionFactory(text=ArticleTextFactory(article=ArticleFactory(published="1955-01"))).article,
    }
    return articles
