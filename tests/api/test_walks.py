"""Lists by date are gone through between bounds: no article at their edges, in whatever zone, is left out."""

from datetime import UTC, date, datetime, time

import pytest

from archive.models import Article
from archive.search import articles
from archive.text import parse_edtf
from tests import factories as make
from tests.api.conftest import pages
from tests.api.test_search import ALWAYS_WALK, NEVER_WALK

pytestmark = pytest.mark.django_db

# All on 1 September 2021 where they were published, and as far from that day in UTC as there are zones.
EDGES = (
    "2021-09-01T00:00:00+14:00",
    "2021-09-01T12:00:00Z",
    "2021-09-01",
    "2021-09-01T23:59:59-12:00",
)
BEYOND = ("2021-08-31T23:59:59-12:00", "2021-09-02T00:00:00+14:00", "2021-09", None)


# From a century to a second, before a day and around it.
DATES = (
    *("19XX", "20XX", "201X", "202X", "2020", "2021", "2022", "2020-24", "2021-21", "2021-22", "2021-23"),
    *("2021-24", "2021-33", "2021-34", "2021-36", "2021-40", "2021-07", "2021-08", "2021-09", "2021-08-24"),
    *("2021-08-25", "2021-08-26", "2021-08-25T01:00:00+03:00", "2021-08-25T23:00:00-03:00", None),
)
DAY = date(2021, 8, 25)


def moment(published: str) -> datetime:
    """Where it stands in an order."""
    edtf = parse_edtf(published)
    return edtf.instant or datetime.combine(edtf.lower, time.min, UTC)


def meaning(ordering: str, *, later: bool) -> list[str]:
    """Of DATES, what may mean DAY, or one that is `later` as well."""
    known = [(published, parse_edtf(published)) for published in DATES if published]
    found = [text for text, edtf in known if edtf.upper >= DAY and (later or edtf.lower <= DAY)]
    found.sort(key=lambda text: (moment(text), DATES.index(text)))
    return found[::-1] if ordering.startswith("-") else found


ways = pytest.mark.parametrize(
    "named", [{}, {"person": "person-x"}, {"person": "person-x", "country": "ZZ"}], ids=" ".join
)
orderings = pytest.mark.parametrize("ordering", ["published", "-published"])


def articles_of(dates) -> dict[str | None, int]:
    """Articles of each date that name one person and one country, by date."""
    person, country = make.PersonFactory(slug="person-x"), make.CountryFactory(code="ZZ")
    found = {}
    for published in dates:
        text = make.ArticleTextFactory(article__published=published, length=900)
        make.MentionFactory(text=text, start=1, person=person)
        make.MentionFactory(text=text, start=30, country=country)
        found[published] = text.article_id
    return found


@ways
@orderings
class TestEdges:
    @pytest.fixture
    def articles(self) -> dict[str | None, int]:
        return articles_of((*EDGES, *BEYOND))

    def ask(self, client, **asked) -> set[int]:
        answer = client.get("/api/v1/articles/", asked)
        assert answer.status_code == 200
        return {row["id"] for row in answer.json()["results"]}

    def test_a_day(self, articles, anonymous, named, ordering):
        found = self.ask(anonymous, published__within="2021-09-01", ordering=ordering, **named)
        assert found == {articles[date] for date in EDGES}

    def test_until_a_day(self, articles, anonymous, named, ordering):
        found = self.ask(anonymous, published__lte="2021-09-01", ordering=ordering, **named)
        assert found == {articles[date] for date in (*EDGES, "2021-08-31T23:59:59-12:00", "2021-09")}

    def test_from_a_day_on(self, articles, anonymous, named, ordering):
        found = self.ask(anonymous, published__gte="2021-09-01", ordering=ordering, **named)
        assert found == {articles[date] for date in (*EDGES, "2021-09-02T00:00:00+14:00", "2021-09")}


@orderings
class TestDatesThatBeganBefore:
    """However long before: a century that a day is in is a date that may mean it."""

    def walk(self, client, **asked) -> list[str]:
        """The dates of all articles, page by page there; back again they are the same."""
        there = list(pages(client, "/api/v1/articles/", page_size=3, **asked))
        back = [there[-1], *pages(client, there[-1]["previous"], "previous")]
        assert [page["results"] for page in reversed(back)] == [page["results"] for page in there]
        return [row["published"] for page in there for row in page["results"]]

    @ways
    @pytest.mark.parametrize("lookup", ["published", "published__gte"])
    def test_articles(self, anonymous, named, ordering, lookup):
        articles_of(DATES)
        found = self.walk(anonymous, **{lookup: str(DAY)}, ordering=ordering, **named)
        assert found == meaning(ordering, later=lookup == "published__gte")

    @pytest.mark.parametrize("way", [NEVER_WALK, ALWAYS_WALK])
    @pytest.mark.parametrize("lookup", ["published", "published__gte"])
    def test_articles_with_a_word(self, anonymous, monkeypatch, ordering, lookup, way):
        monkeypatch.setattr(articles, "WALK", way)
        for article in Article.objects.filter(pk__in=articles_of(DATES).values()):
            make.ArticleAbstractFactory(article=article, text="الوزير")
        found = self.walk(anonymous, q="وزير", **{lookup: str(DAY)}, ordering=ordering)
        assert found == meaning(ordering, later=lookup == "published__gte")

    @ways
    def test_articles_of_two_days(self, anonymous, named, ordering):
        found = {pk: text for text, pk in articles_of(DATES).items()}
        asked = {"published": ["2021-08-24", "2021-08-26"], "ordering": ordering, **named}
        answer = anonymous.get("/api/v1/articles/", asked).json()
        beside = ("2021-08-25", "2021-08-25T01:00:00+03:00", "2021-08-25T23:00:00-03:00")
        either = {*meaning(ordering, later=False)} - {*beside} | {"2021-08-24", "2021-08-26"}
        assert {found[row["id"]] for row in answer["results"]} == either

    def test_mentions(self, anonymous, ordering):
        published = {pk: text for text, pk in articles_of(DATES).items()}
        asked = {"published__gte": str(DAY), "person": "person-x", "ordering": ordering}
        answer = anonymous.get("/api/v1/mentions/", asked).json()
        found = [published[row["article"]["id"]] for row in answer["results"]]
        assert found == meaning(ordering, later=True)

    def test_events(self, anonymous, ordering):
        for start in DATES:
            make.EventFactory(start=start)
        asked = {"start__gte": str(DAY), "ordering": ordering.replace("published", "start")}
        answer = anonymous.get("/api/v1/events/", asked).json()
        assert [row["start"] for row in answer["results"]] == meaning(ordering, later=True)


@ways
@orderings
class TestMonthsAndWintersAlone:
    """Where no longer date reaches so far that all are gone through anyhow."""

    def test_a_month_of_31_days(self, anonymous, named, ordering):
        articles_of(("2021-07", "2021-08-01", "2021-08", "2021-08-30", "2021-09-01"))
        asked = {"published__gte": "2021-08-31", "ordering": ordering, **named}
        found = [row["published"] for row in anonymous.get("/api/v1/articles/", asked).json()["results"]]
        assert sorted(found) == ["2021-08", "2021-09-01"]

    def test_a_winter_with_both_its_ends(self, anonymous, named, ordering):
        articles_of(("2020-11", "2020-24", "2020-12", "2021", "2021-24"))
        asked = {"published__gte": "2022-03-31", "ordering": ordering, **named}
        found = [row["published"] for row in anonymous.get("/api/v1/articles/", asked).json()["results"]]
        assert found == ["2021-24"]
