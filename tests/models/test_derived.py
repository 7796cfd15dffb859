"""Columns that follow from others follow, by whatever way the others are written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import FieldError, ValidationError
from django.core.serializers import deserialize, serialize
from django.db import connection, transaction

from archive.models import Article, Person, PersonName, Source
from archive.text import EdtfError, fold, sound
from tests import factories as make

pytestmark = pytest.mark.django_db

TITLE, PUBLISHED = "لقاءٌ في موسكو", "1955-01"


def save(article):
    article.title, article.published = TITLE, PUBLISHED
    article.save()


def save_these_fields(article):
    article.title, article.published = TITLE, PUBLISHED
    article.save(update_fields=["title", "published"])


def save_what_was_loaded(article):
    partly = Article.objects.only("title", "published").get(pk=article.pk)
    partly.title, partly.published = TITLE, PUBLISHED
    partly.save()


def save_without_what_was_not_loaded(article):
    partly = Article.objects.defer("title_folded", "published_lower", "published_upper", "published_at").get(
        pk=article.pk
    )
    partly.title, partly.published = TITLE, PUBLISHED
    partly.save()


def bulk_update(article):
    article.title, article.published = TITLE, PUBLISHED
    Article.objects.bulk_update([article], ["title", "published"])


def update_or_create(article):
    Article.objects.update_or_create(
        source=article.source,
        identifier=article.identifier,
        defaults={"title": TITLE, "published": PUBLISHED},
    )


def bulk_create_over_what_is_there(article):
    row = Article(
        source=article.source,
        identifier=article.identifier,
        title=TITLE,
        published=PUBLISHED,
        language="ar",
    )
    Article.objects.bulk_create(
        [row],
        update_conflicts=True,
        update_fields=["title", "published"],
        unique_fields=["source", "identifier"],
    )


def load_a_fixture(article):
    article.title, article.published = TITLE, PUBLISHED
    fixture = serialize("json", [article], fields=["source", "identifier", "title", "published", "language"])
    for row in deserialize("json", fixture):
        row.save()


def assign_them_by_hand(article):
    article.title, article.published = TITLE, PUBLISHED
    article.title_folded, article.published_lower = "lie", date(1900, 1, 1)
    article.save()


WRITERS = [
    save,
    save_these_fields,
    save_what_was_loaded,
    save_without_what_was_not_loaded,
    bulk_update,
    update_or_create,
    bulk_create_over_what_is_there,
    load_a_fixture,
    assign_them_by_hand,
]


@pytest.mark.parametrize("write", WRITERS)
def test_derived_columns_follow(write):
    article = make.ArticleFactory()
    write(article)
    article.refresh_from_db()
    assert (article.title, article.published) == (TITLE, PUBLISHED)
    assert article.title_folded == fold(TITLE)
    assert (article.published_lower, article.published_upper) == (date(1955, 1, 1), date(1955, 1, 31))
    assert article.published_at == datetime(1955, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("create", ["create", "bulk_create", "get_or_create", "update_or_create"])
def test_derived_columns_of_a_new_row_are_filled(create):
    fields = {"slug": "fuad-hussein", "name": "فُؤاد حُسين"}
    if create == "bulk_create":
        Person.objects.bulk_create([Person(**fields)])
    else:
        getattr(Person.objects, create)(**fields)
    assert Person.objects.get().name_folded == fold("فُؤاد حُسين")


def test_an_unknown_date_has_no_bounds():
    article = make.ArticleFactory()
    article.published = None
    article.save()
    article.refresh_from_db()
    assert (article.published_lower, article.published_upper, article.published_at) == (None, None, None)


def test_an_empty_date_is_an_unknown_one():
    article = make.ArticleFactory(published="")
    article.refresh_from_db()
    assert article.published is None


def test_a_time_of_day_is_the_moment_that_lists_sort_by():
    article = make.ArticleFactory(published="2021-08-23T10:30:00Z")
    article.refresh_from_db()
    assert article.published_at == datetime(2021, 8, 23, 10, 30, tzinfo=UTC)


def test_a_bad_date_is_not_stored():
    article = make.ArticleFactory()
    article.published = "23/08/2021"
    with pytest.raises(EdtfError), transaction.atomic():
        article.save()
    article.refresh_from_db()
    assert article.published == "2021-08-23"


def test_a_bad_date_is_explained_to_who_validates():
    article = make.ArticleFactory.build(source=make.SourceFactory(), published="2021-13")
    with pytest.raises(ValidationError) as caught:
        article.full_clean()
    assert list(caught.value.message_dict) == ["published"]
    assert "2021-13" in caught.value.message_dict["published"][0]


@pytest.mark.parametrize(
    ("model", "values", "stale"),
    [
        (Article, {"title": "x"}, ["title_folded"]),
        (Article, {"published": "2021"}, ["published_at", "published_lower", "published_upper"]),
        (PersonName, {"text": "x", "language": "en"}, ["text_folded", "text_sound"]),
    ],
)
def test_an_update_that_would_leave_columns_stale_is_refused(model, values, stale):
    with pytest.raises(FieldError, match=", ".join(stale)):
        model.objects.update(**values)


def test_an_update_through_a_relation_is_refused_alike():
    article = make.ArticleFactory()
    with pytest.raises(FieldError):
        article.source.articles.update(title="x")


def test_an_update_of_other_columns_is_none_of_that():
    source = make.SourceFactory()
    assert Source.objects.filter(pk=source.pk).update(city="لندن") == 1


# --- added and modified -------------------------------------------------------------------


def times(row):
    row.refresh_from_db()
    return row.added, row.modified


def age(row):
    """As if the row were from yesterday: within one test, all of it is one transaction, at one time."""
    table = row._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(
            f"UPDATE {table} SET added = added - '1 day'::interval, modified = added - '1 day'::interval"
        )
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return times(row)


def test_a_new_row_was_added_and_modified_at_once():
    added, modified = times(make.PersonFactory())
    assert added == modified


def test_saving_without_a_change_is_no_modification():
    person = make.PersonFactory()
    before = age(person)
    person.save()
    assert times(person) == before


def test_a_change_moves_modified_and_not_added():
    person = make.PersonFactory()
    added, modified = age(person)
    person.name = "اسم جديد"
    person.save()
    assert times(person)[0] == added
    assert times(person)[1] > modified


def test_each_change_moves_modified_on():
    """Also the second of a transaction, and one whose transaction began before the last change."""
    person = make.PersonFactory()
    been = [times(person)[1]]
    for name in ("فؤاد", "فواد", "فؤاد"):
        Person.objects.bulk_update([Person(pk=person.pk, slug=person.slug, name=name)], ["name"])
        been.append(times(person)[1])
    make.PersonNameFactory(person=person)
    been.append(times(person)[1])
    assert been == sorted(set(been))


def test_nobody_sets_added_or_modified():
    person = make.PersonFactory()
    before = age(person)
    later = before[0] + timedelta(days=900)
    Person.objects.filter(pk=person.pk).update(added=later, modified=later)
    assert times(person) == before


def test_the_sound_of_a_name_is_derived_beside_its_folded_form():
    name = make.PersonNameFactory(text="فؤاد حسين", person__name="Фуад Хусейн")
    name.refresh_from_db()
    assert (name.text_sound, name.person.name_sound) == (sound(name.text), sound(name.person.name))
    name.person.name = "Omar"
    name.person.save(update_fields=["name"])
    assert Person.objects.get().name_sound == "mr =1"
