"""Names are found in any script and with mistakes, the best first, each record once."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.models import Country, Person, Source
from archive.search import names
from archive.search.names import LONGEST, Asked, UnfitText, search
from tests.factories import (
    CountryFactory,
    CountryNameFactory,
    PersonFactory,
    PersonNameFactory,
    SourceFactory,
    SourceNameFactory,
)

pytestmark = pytest.mark.django_db


def person(name: str, *more: str) -> Person:
    found = PersonFactory(name=name)
    for text in more:
        PersonNameFactory(person=found, text=text)
    return found


def found(text: str, rows=None) -> list[str]:
    rows = Person.objects.all() if rows is None else rows
    return [row.name for row in search(rows, Asked(text)).order_by("score", "pk")]


@pytest.fixture
def fuad() -> Person:
    for other in ("سيرغي لافروف", "مصطفى الكاظمي", "Angela Merkel", "Hassan Rouhani"):
        person(other)
    return person("فؤاد حسين", "Fuad Hussein", "Fouad M. Hussein")


@pytest.mark.parametrize(
    "text",
    [
        "فؤاد حسين",
        "فواد حسين",
        "حسين فواد",
        "FUAD HUSSEIN",
        "hussein, fuad",
        "Fouad Hussain",
        "Фуад Хусейн",
        "فُؤَاد حُسَين",
        # only begun
        "فؤا",
        "fua",
        "fuad hus",
        "ف",
        # a part of a word
        "سين",
        # mistyped
        "فؤاد خسين",
        "Fuad Hussrin",
        "Fuad Huxsein",
    ],
)
def test_a_person_is_found_once_however_the_name_is_typed(fuad, text):
    assert found(text).count(fuad.name) == 1
    assert found(text)[0] == fuad.name


@pytest.mark.parametrize("stored", ["فؤاد حسين", "Fuad Hussein", "Фуад Хусейн"])
@pytest.mark.parametrize("asked", ["فواد حسين", "Fouad Hussain", "Fuad Huss", "Фуад Хусейн"])
def test_one_script_is_found_by_the_others(stored, asked):
    person("سيرغي لافروف", "Sergey Lavrov")
    person(stored)
    assert found(asked) == [stored]


@pytest.mark.parametrize("text", ["باريس", "Zzyzx"])
def test_what_is_not_there_is_not_found(fuad, text):
    assert found(text) == []


@pytest.mark.parametrize("text", ["100%", "a_b", "a\\b", "'", "a'b:*", "a & !b", "(", "=2", "\0a", "\ud800x"])
def test_nothing_that_is_typed_is_syntax(text):
    person("a b")
    try:
        asked = Asked(text)
    except UnfitText:
        return
    list(search(Person.objects.all(), asked))


def test_the_better_a_name_fits_the_earlier_it_comes():
    ranked = [
        person("علي حسين"),
        person("حسين علي"),  # the same words
        person("Ali Hussein"),  # the same in another script
        person("علي حسين كمال"),  # begins with it
        person("كمال علي حسين"),
        person("معلي الحسينى"),  # parts of words
        person("Kamal Ali Hussein Omar Hadi"),  # sounds
    ]
    expected = [row.name for row in ranked]
    assert found("علي حسين") == expected


def test_a_name_that_only_sounds_alike_comes_after_those_spelt_so():
    for name in ("محمد حسين", "محمد حسن علي", "محمد حسن"):
        person(name)
    assert found("محمد حسن") == ["محمد حسن", "محمد حسن علي", "محمد حسين"]


def test_the_best_of_several_names_counts():
    late = person("x", "فؤاد", "فؤاد حسين كمال")
    person("فؤاد حسين")
    assert found("فؤاد") == [late.name, "فؤاد حسين"]


def test_shorter_names_come_first_and_then_older_ones():
    for name in ("سعد كمال الدين", "سعد كمال", "سعد جمال"):
        person(name)
    assert found("سعد") == ["سعد كمال", "سعد جمال", "سعد كمال الدين"]


def test_what_is_only_alike_is_asked_for_where_nothing_is_spelt_so(fuad):
    with CaptureQueriesContext(connection) as captured:
        found("فؤاد")
    assert asked(captured) == 2
    with CaptureQueriesContext(connection) as captured:
        found("Fuad Huxsein")
    assert asked(captured) == 3


def asked(captured: CaptureQueriesContext) -> int:
    """How many of the statements look for candidates."""
    return sum(query["sql"].startswith("(SELECT") for query in captured)


def test_with_enough_that_fit_well_nothing_else_is_looked_for(monkeypatch):
    monkeypatch.setattr(names, "MOST", 3)
    for n in range(3):
        person(f"كمال فؤاد {n}")
        person(f"فؤاد {n}")
    with CaptureQueriesContext(connection) as captured:
        assert found("فؤا") == ["فؤاد 0", "فؤاد 1", "فؤاد 2"]
    assert asked(captured) == 1


def test_only_rows_of_the_queryset_are_found(fuad):
    other = person("فؤاد حسين")
    assert found("فؤاد حسين", Person.objects.exclude(pk=fuad.pk)) == [other.name]
    assert [*search(Person.objects.filter(pk=other.pk), Asked("Fouad"))] == [other]
    assert found("Fuad Huxsein", Person.objects.filter(pk=other.pk)) == []


def test_of_too_many_candidates_those_that_the_other_filters_leave_are_looked_at(monkeypatch):
    monkeypatch.setattr(names, "MOST", 2)
    people = [person(f"فؤاد {n}") for n in range(9)]
    assert found("فؤاد", Person.objects.filter(pk=people[-1].pk)) == ["فؤاد 8"]


def test_what_is_to_be_first_is_first(fuad):
    other = Person.objects.get(name="Angela Merkel")
    rows = search(Person.objects.all(), Asked("fuad"), first=[other.pk]).order_by("score", "pk")
    assert list(rows) == [other, fuad]


def test_countries_and_sources_are_found_the_same_way():
    iraq = CountryFactory(name="العراق")
    CountryNameFactory(country=iraq, text="Iraq", language="en")
    CountryNameFactory(country=iraq, text="بغداد", language="ar")
    paper = SourceFactory(name="الشرق الأوسط")
    SourceNameFactory(source=paper, text="Asharq Al-Awsat", language="en")
    assert [*search(Country.objects.all(), Asked("عراق"))] == [iraq]
    assert [*search(Country.objects.all(), Asked("Багдад"))] == [iraq]
    assert [*search(Source.objects.all(), Asked("Al Sharq al-Awsat"))] == [paper]
    assert [*search(Source.objects.all(), Asked("asharq"))] == [paper]


@pytest.mark.parametrize(("text", "why"), [("a" * (LONGEST + 1), "100"), ("…", "letter"), ("", "letter")])
def test_what_cannot_be_searched_for(text, why):
    with pytest.raises(UnfitText, match=why):
        Asked(text)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=LONGEST))
def test_any_text_is_searched_for_or_refused(text):
    try:
        asked = Asked(text)
    except UnfitText:
        return
    list(search(Person.objects.all(), asked))


@pytest.mark.parametrize(
    ("make", "make_name"),
    [
        (PersonFactory, PersonNameFactory),
        (CountryFactory, CountryNameFactory),
        (SourceFactory, SourceNameFactory),
    ],
)
def test_search_reads_indexes_and_no_whole_table(make, make_name):
    model, table = make._meta.model, make._meta.model._meta.model_name
    for row in make.create_batch(60):
        make_name.create_batch(3, **{table: row})
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE archive_{table}, archive_{table}name")
        # A table so small would be read whole.
        for scan in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{scan} = off")
        with CaptureQueriesContext(connection) as captured:
            list(search(model.objects.all(), Asked("فواد Xyzzy")))
        questions = [query["sql"] for query in captured if query["sql"].startswith("(SELECT")]
        indexes = (("folded", "sounds"), ("trigrams", "sounds"), ("trigrams",))
        for question, kinds in zip(questions, indexes, strict=True):
            cursor.execute(f"EXPLAIN {question}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            # A whole name is in the index of the list's order as well, and either will do.
            plan = plan.replace(f"{table}_by_name", f"{table}_name_folded")
            read = set(re.findall(r"Index Scan on (\w+)", plan))
            assert read == {f"{name}_{kind}" for name in (f"{table}_name", f"{table}name") for kind in kinds}
            assert "Seq Scan" not in plan, plan
