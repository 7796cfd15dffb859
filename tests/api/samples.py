"""For each resource: rows of it, and what may be written."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from archive.models import Article, ArticleText
from tests import factories as make


class Sample(NamedTuple):
    """How to add a row that no editor decided on, the least that a POST takes, and a change by PATCH."""

    add: Callable[..., Any]
    least: Callable[[], dict]
    change: dict


def text() -> ArticleText:
    return make.ArticleTextFactory(length=200)


def article() -> Article:
    return make.ArticleFactory()


SAMPLES: dict[str, Sample] = {
    "sources": Sample(
        make.SourceFactory,
        lambda: {"slug": "elaph", "name": "إيلاف", "kind": "newspaper"},
        {"city": "لندن"},
    ),
    "articles": Sample(
        make.ArticleFactory,
        lambda: {
            "source": make.SourceFactory().slug,
            "identifier": "https://news.example/new",
            "title": "عنوان",
            "language": "ar",
        },
        {"section": "سياسة"},
    ),
    "persons": Sample(
        make.PersonFactory,
        lambda: {"slug": "fuad-hussein", "name": "فؤاد حسين"},
        {"description": "وزير الخارجية"},
    ),
    "countries": Sample(
        make.CountryFactory,
        lambda: {"code": "ZZ", "name": "دولة"},
        {"note": "ملاحظة"},
    ),
    "events": Sample(
        partial(make.EventFactory, status="suggested"),
        lambda: {"slug": "a-visit", "title": "زيارة", "type": "consult"},
        {"place": "موسكو"},
    ),
    "mentions": Sample(
        partial(make.MentionFactory, status="suggested"),
        lambda: {
            "text": text().pk,
            "start": 0,
            "end": 6,
            "surface": "العراق",
            "country": make.CountryFactory().code,
        },
        {"how": "nisba"},
    ),
    "citations": Sample(
        partial(make.CitationFactory, status="suggested"),
        lambda: {
            "text": text().pk,
            "start": 0,
            "end": 6,
            "sha256": "0" * 64,
            "event": make.EventFactory().slug,
        },
        {"start": 1, "sha256": "1" * 64},
    ),
}
