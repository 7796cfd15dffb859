"""Lists by date are gone through between bounds: no article at their edges, in whatever zone, is left out."""

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db

# All on 1 September 2021 where they were published, and as far from that day in UTC as there are zones.
EDGES = (
    "2021-09-01T00:00:00+14:00",
    "2021-09-01T12:00:00Z",
    "2021-09-01",
    "2021-09-01T23:59:59-12:00",
)
BEYOND = ("2021-08-31T23:59:59-12:00", "2021-09-02T00:00:00+14:00", "2021-09", None)


@pytest.fixture
def articles() -> dict[str | None, int]:
    """Articles of each date that name one person and one country, by date."""
    person, country = make.PersonFactory(slug="person-x"), make.CountryFactory(code="ZZ")
    found = {}
    for date in (*EDGES, *BEYOND):
        text = make.ArticleTextFactory(article__published=date, length=900)
        make.MentionFactory(text=text, start=1, person=person)
        make.MentionFactory(text=text, start=30, country=country)
        found[date] = text.article_id
    return found


@pytest.mark.parametrize("named", [{}, {"person": "person-x"}, {"person": "person-x", "country": "ZZ"}])
@pytest.mark.parametrize("ordering", ["published", "-published"])
class TestEdges:
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
