"""Search finds names as people type them, and does so by an index."""

import pytest
from django.contrib import admin
from django.db import connection
from django.urls import reverse

from archive.admin.search import CappedPaginator, search
from archive.models import ArticleAbstract, Office, Person, PersonName
from tests.admin.rows import everything
from tests.factories import PersonFactory, PersonNameFactory

pytestmark = pytest.mark.django_db
BY_NAME = ("=slug", "name_folded", "names__text_folded")


@pytest.fixture
def fuad():
    person = Person.objects.create(slug="fuad-hussein", name="فؤاد حسين")
    for text, language in (("Fuad Hussein", "en"), ("Fouad Hussein", "en"), ("فؤاد محمد حسين", "ar")):
        PersonName.objects.create(person=person, text=text, language=language)
    Person.objects.create(slug="sergey-lavrov", name="سيرغي لافروف")
    return person


@pytest.mark.parametrize(
    "term", ["فواد", "حسين فواد", "fouad", "HUSSEIN", "fuad-hussein", "Fuad-Hussein", "فُؤَاد محمد"]
)
def test_a_name_is_found_once_however_it_is_typed(fuad, term):
    assert list(search(Person.objects.all(), BY_NAME, term)) == [fuad]


@pytest.mark.parametrize("term", ["لافروف فواد", "%", "\0", "\ud800", "…"])
def test_what_is_not_there_is_not_found(fuad, term):
    assert not search(Person.objects.all(), BY_NAME, term).exists()


@pytest.mark.parametrize(
    ("model", "indexes"),
    [
        (Office, {"person_name_trigrams", "personname_trigrams"}),
        (ArticleAbstract, {"article_title_trigrams"}),
    ],
)
def test_search_reads_indexes_and_no_whole_table(model, indexes):
    found = search(model.objects.all(), admin.site.get_model_admin(model).search_fields, "فواد")
    with connection.cursor() as cursor:
        # On an empty table every plan is as good. Trigrams are read by bitmap scans alone: with the others
        # ruled out, a column that no such index serves would still be read as a whole.
        for scan in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{scan} = off")
    plan = found.explain()
    assert {name for name in indexes if name in plan} == indexes, plan
    assert "Seq Scan" not in plan, plan


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%ED%A0%80", "language=%00", "source__id__exact=x", "nonsense=1", "p=x"]
)
def test_no_query_string_breaks_a_list(admin_client, query):
    everything()
    assert admin_client.get(f"{reverse('admin:archive_article_changelist')}?{query}").status_code in (
        200,
        302,
        400,
    )


def test_autocomplete_searches_the_same_way(admin_client, fuad):
    def found(term: str) -> list[str]:
        asked = {"app_label": "archive", "model_name": "mention", "field_name": "person", "term": term}
        answer = admin_client.get(reverse("admin:autocomplete"), asked)
        return [row["id"] for row in answer.json()["results"]]

    assert found("فواد") == [str(fuad.pk)]
    assert found("\0") == []


@pytest.mark.parametrize("term", ["fuad huss", "Фуад Хусейн", "فواد", "Fuad Huxsein", "FUAD-HUSSEIN"])
def test_names_are_searched_as_the_api_does_with_the_best_first(admin_client, term):
    PersonNameFactory(person=PersonFactory(name="فؤاد حسين كمال"), text="Fuad Hussein Kamal")
    best = PersonFactory(name="فؤاد حسين", slug="fuad-hussein")
    PersonNameFactory(person=best, text="Fuad Hussein")
    PersonFactory(name="سيرغي لافروف")
    changelist = admin_client.get(reverse("admin:archive_person_changelist"), {"q": term}).context["cl"]
    assert next(iter(changelist.queryset)) == best
    assert len(changelist.queryset) == 2
    asked = {"app_label": "archive", "model_name": "mention", "field_name": "person", "term": term}
    answer = admin_client.get(reverse("admin:autocomplete"), asked).json()
    assert [row["id"] for row in answer["results"]] == [str(row.pk) for row in changelist.queryset]


def test_a_code_comes_before_names(admin_client):
    PersonFactory(name="Q77")
    coded = PersonFactory(wikidata="Q77")
    page = admin_client.get(reverse("admin:archive_person_changelist"), {"q": "q77"})
    assert next(iter(page.context["cl"].queryset)) == coded


@pytest.mark.parametrize("term", ["…", "x" * 101])
def test_what_is_no_name_finds_nothing(admin_client, fuad, term):
    page = admin_client.get(reverse("admin:archive_person_changelist"), {"q": term})
    assert list(page.context["cl"].queryset) == []


def test_a_list_counts_no_further_than_its_cap(monkeypatch, admin_client):
    monkeypatch.setattr(CappedPaginator, "CAP", 2)
    for _ in range(3):
        everything()
    html = admin_client.get(
        reverse("admin:archive_person_changelist"), HTTP_ACCEPT_LANGUAGE="en"
    ).content.decode()
    assert "more than 2" in html


def test_a_list_can_be_narrowed_to_one_record(admin_client):
    rows, others = everything(), everything()
    page = admin_client.get(
        reverse("admin:archive_mention_changelist"), {"person__id__exact": rows["person"].pk}
    )
    html = page.content.decode()
    assert reverse("admin:archive_mention_change", args=[rows["mention"].pk]) in html
    assert reverse("admin:archive_mention_change", args=[others["mention"].pk]) not in html
    assert f'<option value="{rows["person"].pk}" selected>' in html
