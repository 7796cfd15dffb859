"""Nothing in a query is ignored: what cannot be understood is a 400 that names the parameter and helps."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.api.conftest import client_of
from tests.api.problems import parameters, problem
from tests.api.resources import VIEWS
from tests.factories import ArticleFactory, CountryFactory, EventFactory, MentionFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", VIEWS)
def test_an_unknown_parameter_of_a_list(anonymous, name):
    found = parameters(anonymous.get(f"/api/v1/{name}/?nonsense=1&evidence=all"))
    assert found.keys() == {"nonsense"}
    assert "page_size" in found["nonsense"]
    assert "added__gte" in found["nonsense"]


def test_an_unknown_parameter_of_a_detail(anonymous):
    slug = PersonFactory().slug
    for name in ("nonsense", "name", "page_size"):
        assert parameters(anonymous.get(f"/api/v1/persons/{slug}/?{name}=x")).keys() == {name}


def test_an_unknown_parameter_of_a_write(contributor):
    person = PersonFactory()
    for method, address in (("post", "/api/v1/persons/"), ("patch", f"/api/v1/persons/{person.slug}/")):
        refused = getattr(contributor, method)(f"{address}?dry_run=true", {})
        assert parameters(refused).keys() == {"dry_run"}


# Address, parameter, value, and a word of what would be right.
REFUSED = [
    ("articles", "language", "AR", "Write it ar"),
    ("articles", "sha256", "abc", "64"),
    ("articles", "title_origin", "Printed", "printed"),
    ("articles", "source", "no-such-paper", "no-such-paper"),
    ("articles", "source__not", "no-such-paper", "no-such-paper"),
    ("articles", "person__all", "a,,b", "empty"),
    ("articles", "person__all", "nobody,somebody", "nobody, somebody"),
    ("articles", "country", "iq", "iq. Meant may be: IQ"),
    ("articles", "country", "IRQ", "Meant may be: IQ"),
    ("sources", "language", "EN-gb", "en-GB"),
    ("articles", "language", "arabic", "BCP 47"),
    ("articles", "event", "none", "none"),
    ("articles", "title__contains", "،؟", "letter"),
    ("articles", "published", "2021-13", "2021-13"),
    ("articles", "published", "23.8.2021", "23.8.2021"),
    ("articles", "published", "2021-02-30", "2021-02-30"),
    ("articles", "published", "٢٠٢١", "2021"),
    ("articles", "published", "1955/1991", "interval"),
    ("articles", "published", "2021-08-24T00:30:00+03:00", "write 2021-08-24"),
    ("articles", "published__within", "2021-08-23T10:00:00", "write 2021-08-23"),
    ("articles", "published__within", "2021-21", "33 to 36"),
    ("countries", "existed_from__within", "1991-24", "33 to 36"),
    ("articles", "published__gte", "yesterday", "yesterday"),
    ("articles", "published__known", "yes", "true, false"),
    ("articles", "published__within", "", "empty"),
    ("articles", "published__not", "2021", "published__gte"),
    ("articles", "added", "2021", "added__gte"),
    ("articles", "added__gte", "2021", "2021-08-23"),
    ("articles", "added__gte", "2021-08-23T10:00:00-17:54", "2021-08-23"),
    ("articles", "added__gte", "0001-01-01T00:00:00+14:00", "2021-08-23"),
    ("articles", "modified__lte", "9" * 40, "2021-08-23"),
    ("articles", "section", "", "empty"),
    ("articles", "section", "  ", "empty"),
    ("articles", "evidence", "some", "accepted, all"),
    ("articles", "evidence", "", "accepted, all"),
    ("articles", "fields", "id,nonsense", "'nonsense'"),
    ("articles", "fields", "", "title"),
    ("articles", "fields", "body", "'body'"),
    ("articles", "omit", "nonsense", "title"),
    ("articles", "expand", "title", "source"),
    ("articles", "ordering", "title", "-published"),
    ("articles", "ordering", "published,added", "-published"),
    ("articles", "ordering", "--published", "-published"),
    ("articles", "ordering", "", "-published"),
    ("articles", "count", "yes", "true"),
    ("articles", "cursor", "nonsense", "cursor"),
    ("persons", "article", "1" + 30 * "0", "number"),
    ("persons", "article", "-1", "number"),
    ("persons", "article", "١", "number"),
    ("persons", "article", "999999999", "999999999"),
    ("persons", "wikidata", "9545", "Q9545"),
    ("persons", "role", "king", "actor"),
    ("countries", "code", "iq", "iq"),
    ("countries", "alpha3", "irq", "IRQ"),
    ("countries", "numeric", "٣٦٨", "368"),
    ("countries", "former", "1", "true, false"),
    ("countries", "kind", "State", "state"),
    ("events", "type", "CONSULT", "consult"),
    ("events", "context", "weather", "military"),
    ("events", "participant", "XX", "XX"),
    ("events", "participant", "no-body", "no-body"),
    ("events", "status", "maybe", "suggested"),
    ("events", "status", "rejected", "decides"),
    ("mentions", "how", "by name", "nisba"),
    ("citations", "reports", "person", "event"),
    ("citations", "participation", "77777777", "77777777"),
]


@pytest.mark.parametrize(("name", "parameter", "value", "help"), REFUSED)
def test_a_value_that_cannot_be_right(anonymous, name, parameter, value, help):
    CountryFactory(code="IQ", alpha3="IRQ")
    found = parameters(anonymous.get(f"/api/v1/{name}/", {parameter: value}))
    assert found.keys() == {parameter}
    assert help in found[parameter]


@pytest.mark.parametrize("parameter", ["page_size", "cursor", "count", "ordering", "evidence"])
def test_a_single_parameter_twice(anonymous, parameter):
    values = {"page_size": "5", "cursor": "x", "count": "true", "ordering": "added", "evidence": "all"}
    twice = "&".join([f"{parameter}={values[parameter]}"] * 2)
    assert parameters(anonymous.get(f"/api/v1/sources/?{twice}")).keys() == {parameter}


def test_every_bad_filter_is_named_at_once(anonymous):
    found = parameters(anonymous.get("/api/v1/events/?type=x&mode=y&start=z&country=Q"))
    assert found.keys() == {"type", "mode", "start", "country"}


def test_too_many_values(anonymous):
    query = "&".join(f"byline={n}" for n in range(101))
    assert "100" in parameters(anonymous.get(f"/api/v1/articles/?{query}"))["byline"]


def test_too_many_parameters(anonymous):
    problem(anonymous.get("/api/v1/articles/?" + "&".join(f"byline={n}" for n in range(1001))), 400)


@pytest.mark.parametrize("value", ["%00", "a%00b", "%ED%A0%80", "%FF", "%C3"])
def test_bytes_that_are_no_text(anonymous, value):
    assert parameters(anonymous.get(f"/api/v1/articles/?section={value}")).keys() == {"section"}
    assert len(parameters(anonymous.get(f"/api/v1/articles/?{value}=1"))) == 1
    for address in (f"/api/v1/persons/{value}/", f"/api/v1/articles/{value}/", f"/api/v1/{value}/"):
        problem(anonymous.get(address), 404)


@pytest.mark.parametrize(
    "key", ["0", "-1", "abc", "1" + 30 * "0", "9223372036854775808", "١", "1.0", "%20", "+1"]
)
def test_an_id_that_is_none(anonymous, key):
    for name in ("articles", "mentions", "citations"):
        problem(anonymous.get(f"/api/v1/{name}/{key}/"), 404)


@pytest.mark.parametrize("date", ["2021", "2021-08", "2021-08-23", "202X", "2021-08?", "2021~", "2021-08-XX"])
def test_a_date_of_any_precision(anonymous, date):
    article = ArticleFactory(published="2021-08-23")
    body = anonymous.get("/api/v1/articles/", {"published": date}).json()
    assert [row["id"] for row in body["results"]] == [article.pk]


def test_an_offset_whose_plus_was_not_escaped(anonymous):
    ArticleFactory()
    answer = anonymous.get("/api/v1/articles/?added__gte=2021-08-23T10:00:00+03:00")
    assert len(answer.json()["results"]) == 1


@pytest.mark.parametrize(
    ("moment", "found"),
    [("2021-08-23", 1), ("2021-08-22", 0), ("2021-08-23T00:00:00Z", 0), ("2021-08-23T23:00:00Z", 1)],
)
def test_the_end_of_a_day_is_in_it(anonymous, moment, found):
    ArticleFactory(added=datetime(2021, 8, 23, 22, tzinfo=UTC))
    answer = anonymous.get("/api/v1/articles/", {"added__lte": moment, "added__gte": "2021-08-23"})
    assert len(answer.json()["results"]) == found


def test_rejected_facts_for_who_decides(anonymous, editor):
    rejected = EventFactory(status="rejected")
    accepted = EventFactory(status="accepted")
    address = f"/api/v1/events/{rejected.slug}/"
    problem(anonymous.get(address), 404)
    assert editor.get(address).status_code == 200
    listed = [row["slug"] for row in editor.get("/api/v1/events/").json()["results"]]
    assert listed == [accepted.slug]
    asked = editor.get("/api/v1/events/?status=rejected").json()["results"]
    assert [row["slug"] for row in asked] == [rejected.slug]
    assert editor.get("/api/v1/events/?status=rejected&evidence=all").json()["results"] == []


def test_a_rejected_fact_is_no_value_of_a_filter(anonymous):
    rejected = EventFactory(status="rejected")
    assert "event" in parameters(anonymous.get(f"/api/v1/articles/?event={rejected.slug}"))


ANY = st.text(st.characters(codec=None), min_size=1, max_size=12)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(list(VIEWS)), pick=st.integers(0, 10**6), value=ANY, lone=st.booleans())
@example("mentions", 3, "\0", False)
def test_no_value_of_any_parameter_is_our_mistake(db, name, pick, value, lone):
    view = VIEWS[name]
    known = [
        *view.filterset_class.base_filters,
        "fields",
        "omit",
        "expand",
        "page_size",
        "cursor",
        "ordering",
    ]
    query = f"{known[pick % len(known)]}={_percent(value)}" if not lone else _percent(value)
    answer = client_of().get(f"/api/v1/{name}/?{query}")
    assert answer.status_code == 200 or problem(answer, 400)


def _percent(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "surrogatepass"))


def test_no_row_comes_twice(anonymous):
    mention = MentionFactory()
    for start in range(1, 4):
        MentionFactory(text=mention.text, country=mention.country, start=start * 10)
    body = anonymous.get(f"/api/v1/articles/?country={mention.country.code}&count=true").json()
    assert (len(body["results"]), body["count"]) == (1, 1)
