"""How common terms are: counted in chunks, and there all at once."""

from io import StringIO

import pytest
from django.core.management import call_command

from archive.models import ArticleIndex, TermFrequency
from archive.models.termfrequency import ALL_DOCUMENTS
from archive.search import frequencies
from archive.search.frequencies import refresh_frequencies, worth_refreshing
from archive.search.vectors import IN_TITLE, PAIR
from tests import factories as make

pytestmark = pytest.mark.django_db


def articles(*titles):
    return [make.ArticleFactory(title=title, language="en") for title in titles]


def counts():
    return dict(TermFrequency.objects.values_list("term", "documents"))


def test_each_term_is_counted_once_an_article_and_what_stands_in_one_is_left_out():
    articles("oil oil gas", "oil", "gas coal")
    assert refresh_frequencies() == 2
    assert counts() == {"oil": 2, "gas": 2, ALL_DOCUMENTS: 3}


def test_pairs_and_the_terms_of_titles_alone_are_not_counted():
    articles("oil gas", "oil gas")
    refresh_frequencies()
    assert not [term for term in counts() if term.startswith((PAIR, IN_TITLE))]


@pytest.mark.parametrize("chunk", [1, 2, 3, 4])
def test_chunks_add_up(monkeypatch, chunk):
    monkeypatch.setattr(frequencies, "CHUNK", chunk)
    articles("oil", "oil gas", "oil gas")
    ArticleIndex.objects.filter(pk__in=[articles("oil")[0].pk]).update(vector=None)
    seen = []
    refresh_frequencies(seen.append)
    assert counts() == {"oil": 3, "gas": 2, ALL_DOCUMENTS: 3}
    assert sum(seen) == 3


def test_counting_again_changes_adds_and_removes():
    first, *_ = articles("oil gas", "oil gas")
    refresh_frequencies()
    first.title = "oil coal"
    first.save()
    articles("coal oil")
    refresh_frequencies()
    assert counts() == {
        "oil": 3,
        "coal": 2,
        ALL_DOCUMENTS: 3,
    }


def test_an_empty_archive_has_no_terms():
    assert refresh_frequencies() == 0
    assert counts() == {ALL_DOCUMENTS: 0}


def test_it_is_worth_it_when_the_archive_has_grown_or_shrunk(monkeypatch):
    assert not worth_refreshing()
    articles(*["oil"] * 5)
    assert worth_refreshing()
    refresh_frequencies()
    assert not worth_refreshing()
    monkeypatch.setattr(frequencies, "WORTH", 0.5)
    articles("oil")
    assert not worth_refreshing()
    ArticleIndex.objects.update(vector=None)
    assert worth_refreshing()


def test_the_command_says_how_many():
    articles("oil", "oil")
    out = StringIO()
    call_command("refresh_frequencies", stdout=out)
    assert out.getvalue().splitlines()[-1] == "terms counted: 1"
