"""The fields of a query, on real rows: what they find, and what they say of values that are none."""

import pytest
from django.db.models import Q

from archive.models import Article, Event
from archive.search.errors import QueryError
from archive.search.query import parse
from tests.factories import (
    CountryFactory,
    CountryNameFactory,
    EventFactory,
    MentionFactory,
    PersonNameFactory,
)

ALL = ["accepted", "suggested"]


def found(query: str, articles: dict, statuses: list[str] = ALL) -> set[str]:
    names = {article.pk: name for name, article in articles.items()}
    rows = Article.objects.filter(parse(query).condition(statuses), pk__in=names)
    return {names[row.pk] for row in rows}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("source:test-daily", {"source"}),
        ('source:"Test Daily"', {"source"}),
        ('source:"يومية الاختبار"', {"source"}),
        ("country:ZQZQ", {"country"}),
        ("country:الإختبارية", {"country"}),
        ("country:«بلاد الاختبار»", {"country"}),
        ("person:fuad-test", {"person", "suggested"}),
        ('person:"فواد المختبر"', {"person", "suggested"}),
        ('person:"\u200f فؤاد المختبر \u200f"', {"person", "suggested"}),
        ('person:"fuad test"', {"person", "suggested"}),
        ("event:test-visit", {"event"}),
        ('event:"زيارة الإختبار"', {"event"}),
        ("lang:en", {"english"}),
        ("lang:en-GB", {"english"}),
        ("published:2022", {"english"}),
        ("published:2022-01-31", {"english"}),
        ("published:2021-12..2022-01-01", {"english"}),
        ("published:2022..", {"english"}),
        ("published:..1955-01-01", {"other"}),
        ("published:1954..1956-02~", {"other"}),
        ("source:test-daily OR country:ZQZQ", {"source", "country"}),
        ("source:test-daily country:ZQZQ", set()),
        ("person:fuad-test OR lang:en", {"person", "suggested", "english"}),
        (
            "(person:fuad-test OR event:test-visit) -lang:en published:2021-08",
            {"person", "suggested", "event"},
        ),
        ("-(lang:ar OR published:2022)", {"undated"}),
    ],
)
def test_a_field_finds_its_articles(named, query, expected):
    assert found(query, named) == expected


def test_not_finds_all_the_others(named):
    assert found("-person:fuad-test", named) == named.keys() - {"person", "suggested"}
    assert found("NOT published:2021..", named) == {"undated", "other"}


def test_only_facts_that_count_are_looked_at(named):
    assert found("person:fuad-test", named, ["accepted"]) == {"person"}
    assert found("-person:fuad-test", named, ["accepted"]) == named.keys() - {"person"}


def test_an_event_that_only_is_suggested_counts_with_the_suggested(named):
    Event.objects.filter(slug="test-visit").update(status="suggested")
    assert found("event:test-visit", named) == {"event"}
    assert found("event:test-visit", named, ["accepted"]) == set()


def test_words_and_fields_go_together():
    query = parse("وزير published:2021 (موسكو OR lang:ru) -حرب")
    assert query.tsquery == "('وزير' & !'حرب')"
    words, published, either = query.condition(ALL).children
    assert words == Q(index__vector__matches=query.tsquery)
    assert str(published).startswith("(AND: ('published_lower__lte'")
    assert either.connector == "OR"
    assert either.children[0] == Q(index__vector__matches="'موسكو'")


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["مريخي", "المريخي", "مريخية", "المريخيّة"])
def test_a_country_by_its_nisba(form):
    country = CountryNameFactory(text="مريخي").country
    article = MentionFactory(country=country).article
    assert found(f"country:{form}", {"its": article}) == {"its"}


@pytest.mark.django_db
def test_a_code_in_other_letters_is_shown_as_it_is_written():
    CountryFactory(code="IQ")
    with pytest.raises(QueryError, match=r"There is no country iq.*Near it: IQ"):
        parse("country:iq").condition(ALL)


@pytest.mark.parametrize("query", ["lang:ar", "وزير OR lang:ar", "-(وزير lang:ar)", "في OR lang:ar"])
def test_no_tsquery_where_no_words_are_asked_of_all(query):
    assert parse(query).tsquery is None


def test_words_that_must_not_be_there_are_part_of_the_tsquery():
    assert parse("-وزير lang:ar").tsquery == "!'وزير'"


@pytest.mark.parametrize(
    ("query", "says", "position", "length"),
    [
        ("وزير person:nobody", "There is no person nobody", 12, 6),
        ("وزير person:NoBody", "There is no person NoBody", 12, 6),
        ('person:"لا أحد"', "There is no person لا أحد", 7, 8),
        ("person:\0", "There is no person", 7, 1),
        ('person:"\ud800"', "There is no person", 7, 3),
        ("person:—", "There is no person —", 7, 1),
        ("country:iq9", "There is no country iq9", 8, 3),
        ("-(وزير source:x)", "There is no source x", 14, 1),
        ("event:زيارة", "There is no event زيارة", 6, 5),
        ("event:nothing source:nothing", "There is no event nothing", 6, 7),
        ("source:nothing event:nothing", "There is no source nothing", 7, 7),
        ("lang:arabic", "BCP 47", 5, 6),
        ("lang:AR", "Write it ar", 5, 2),
        ("published:2021-08-23T10:00:00Z..2022", "write 2021-08-23", 10, 26),
        ("published:2021-13", "no such month as 13", 10, 7),
        ("published:٢٠٢١", "write '2021'", 10, 4),
        ("published:2021-08..2021-9", "is not a date to find others by", 10, 15),
        ("published:..", "Give a date before the dots", 10, 2),
        ("published:2022..2021", "wrong way round", 10, 10),
        ("published:2021/2022", "is an interval", 10, 9),
    ],
)
def test_a_value_that_is_none(db, query, says, position, length):
    with pytest.raises(QueryError) as caught:
        parse(query)
    assert says in caught.value.message
    assert (caught.value.position, caught.value.length) == (position, length)


def test_a_rejected_event_is_none(db):
    EventFactory(slug="rejected-event", status="rejected")
    with pytest.raises(QueryError, match="There is no event"):
        parse("event:rejected-event")


def test_a_name_of_several_is_any_of_them(named):
    namesake = PersonNameFactory(text="فُواد المُختبر").person
    named["namesake"] = MentionFactory(person=namesake).article
    assert found('person:"فؤاد المختبر"', named) == {"person", "suggested", "namesake"}


def test_a_key_comes_before_a_name(named):
    CountryNameFactory(country=CountryFactory(), text="ZQZQ")
    assert found("country:ZQZQ", named) == {"country"}


def test_records_are_looked_up_all_at_once(named, django_assert_num_queries):
    persons = " OR ".join(
        f'person:fuad-test OR person:"فؤاد المختبر" OR country:ZQZQ {"x" * n}' for n in range(1, 5)
    )
    with django_assert_num_queries(7):
        parse(f"{persons} source:test-daily event:test-visit")
    with django_assert_num_queries(0):
        parse("وزير lang:ar published:2021")
