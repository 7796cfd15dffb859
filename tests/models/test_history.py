"""Every change of every record leaves a row in its history, however it was written."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from archive.curate.history import acting
from archive.models import DERIVED, ArticleText, Person
from archive.models.fields import derived_fields
from archive.models.triggers import CARRIED_FROM_ARTICLE, CARRIED_FROM_EVENT
from tests import factories as make

pytestmark = pytest.mark.django_db

# What derives is nobody's to edit: no editor sees it, and no factory makes it.
MODELS = [
    m
    for m in apps.get_app_config("archive").get_models()
    if not m.__name__.endswith("History") and m not in DERIVED
]
RECORDED = MODELS
FACTORIES = {factory._meta.model: factory for name, factory in vars(make).items() if name.endswith("Factory")}
# Columns that are not kept, besides those that derive from others: copies, and what belongs to a publisher.
LEFT_OUT = {
    "ArticleText": {"body"},
    "Mention": {f if f != "article" else "article_id" for f in CARRIED_FROM_ARTICLE},
    "Citation": {f if f != "article" else "article_id" for f in CARRIED_FROM_ARTICLE},
    "Participation": set(CARRIED_FROM_EVENT),
}


def history(model):
    return apps.get_model("archive", f"{model.__name__}History").objects.order_by("pgh_id")


def labels(row):
    """What happened to `row`, in the order in which it did."""
    return [entry.pgh_label for entry in history(type(row)).filter(pgh_obj_id=row.pk)]


def test_every_table_is_recorded():
    assert [model.__name__ for model in MODELS if not hasattr(model, "history")] == []


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_history_keeps_every_column_that_is_not_derived_or_left_out(model):
    kept = {f.attname for f in history(model).model._meta.concrete_fields if not f.name.startswith("pgh_")}
    derived = {field.attname for field in derived_fields(model)} | {"added", "modified"}
    columns = {field.attname for field in model._meta.concrete_fields}
    assert kept == columns - derived - LEFT_OUT.get(model.__name__, set())


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_adding_and_deleting_leave_a_row_in_the_history(model):
    row = FACTORIES[model]()
    key = row.pk
    row.delete()
    row.pk = key
    assert labels(row) == ["insert", "delete"]


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_saving_without_a_change_leaves_none(model):
    row = FACTORIES[model]()
    model.objects.get(pk=row.pk).save()
    model.objects.bulk_update([row], [model._meta.concrete_fields[-1].name])
    assert labels(row) == ["insert"]


CHANGES = {
    "Article": {"section": "سياسة"},
    "ArticleAbstract": {"text": "غيره"},
    "ArticleAddress": {"url": "https://news.example/moved"},
    "ArticleText": {"obtained": "page"},
    "Citation": {"status": "rejected"},
    "Country": {"note": "غيره"},
    "CountryName": {"language": "en"},
    "Event": {"place": "موسكو"},
    "EventLink": {"kind": "breaks"},
    "Mention": {"how": "nisba"},
    "Office": {"status": "rejected"},
    "Participation": {"role": "host"},
    "Person": {"description": "وزير"},
    "PersonName": {"language": "en"},
    "Purge": {"reason": "غيره"},
    "Review": {"reason": "غيره"},
    "Source": {"city": "لندن"},
    "SourceCollection": {"description": "للمكتب"},
    "SourceName": {"language": "en"},
    "Succession": {"reference": "ISO"},
}


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_a_change_leaves_the_new_values_in_the_history(model):
    row = FACTORIES[model]()
    change = CHANGES.get(model.__name__) or {"source": make.SourceFactory()}
    for name, value in change.items():
        setattr(row, name, value)
    row.save()
    assert labels(row) == ["insert", "update"]
    newest = history(model).last()
    assert {name: getattr(newest, name) for name in change} == change


def test_an_attached_body_leaves_no_trace_of_its_words():
    text = make.ArticleTextFactory(body="نص")
    ArticleText.objects.filter(pk=text.pk).update(body=None)
    assert labels(text) == ["insert"]


def test_what_is_carried_or_derived_anew_is_no_change_of_the_row():
    mention = make.MentionFactory()
    article = mention.text.article
    article.published = "2003"
    article.save()
    assert labels(article) == ["insert", "update"]
    assert labels(mention) == ["insert"]


def test_a_rollback_takes_the_history_with_it():
    person = make.PersonFactory()
    with pytest.raises(RuntimeError), transaction.atomic():
        person.name = "اسم جديد"
        person.save()
        raise RuntimeError
    assert labels(person) == ["insert"]


def test_what_sql_does_is_in_the_history_too():
    person = make.PersonFactory()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE archive_person SET description = 'وزير' WHERE id = %s", [person.pk])
    assert labels(person) == ["insert", "update"]


def test_a_cascade_is_in_the_history_row_by_row():
    name = make.PersonNameFactory()
    key = name.pk
    name.person.delete()
    name.pk = key
    assert labels(name) == ["insert", "delete"]


def create_many():
    return Person.objects.bulk_create(make.PersonFactory.build_batch(3))


def create_and(write):
    people = create_many()
    write(Person.objects.filter(pk__in=[person.pk for person in people]), people)
    return people


def bulk_update(rows, people):
    for person in people:
        person.name = "اسم جديد"
    rows.bulk_update(people, ["name"])


@pytest.mark.parametrize(
    ("write", "label"),
    [
        (lambda rows, people: None, "insert"),
        (bulk_update, "update"),
        (lambda rows, people: rows.update(description="وزير"), "update"),
        (lambda rows, people: rows.delete(), "delete"),
    ],
    ids=["bulk_create", "bulk_update", "update", "delete"],
)
def test_a_bulk_write_says_of_each_row_who_and_why(write, label):
    user = make.UserFactory()
    with acting("tidied up", user=user):
        create_and(write)
    entries = history(Person).filter(pgh_label=label)
    assert entries.count() == 3
    assert {(e.pgh_context.metadata["message"], e.pgh_context.metadata["user"]) for e in entries} == {
        ("tidied up", user.pk)
    }


@pytest.mark.parametrize("model", RECORDED, ids=lambda model: model.__name__)
def test_history_is_written_a_statement_at_a_time(model):
    """Row triggers would take twenty times as long over a bulk write."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE tgtype & 1 = 1) FROM pg_trigger"
            " JOIN pg_proc ON pg_proc.oid = tgfoid"
            " WHERE tgrelid = %s::regclass AND prosrc LIKE %s",
            [model._meta.db_table, f'%INSERT INTO "{history(model).model._meta.db_table}"%'],
        )
        assert cursor.fetchone() == (3, 0)
