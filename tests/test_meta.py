"""Rules for what is written here, held by looking at all of it."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection, models

from archive.models import DERIVED, Record
from archive.models.fields import Derived
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
# What derives is nobody's to edit: no editor sees it, and no factory makes it.
MODELS = [
    m
    for m in apps.get_app_config("archive").get_models()
    if not m.__name__.endswith("History") and m not in DERIVED
]
LONGEST = 400
# Long by nature: tables made by a program, and lists that are data.
DATA = {"archive/migrations"}

# What is listed by itself and grows with the archive. The rest is read below its owner, a few rows at a time.
LISTED = [
    apps.get_model("archive", name)
    for name in [
        "Article",
        "Citation",
        "Country",
        "Event",
        "Mention",
        "Person",
        "Purge",
        "Review",
        "Source",
        "SourceCollection",
    ]
]

each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)


def edited_fields(model):
    return [f for f in model._meta.fields if f.editable and not f.auto_created]


def columns_of(index):
    """The first column of an index, where it is a plain one, by its name."""
    if index.fields:
        return index.fields[0].removeprefix("-")
    first = index.expressions[0]
    return getattr(first, "name", None)


def test_every_model_has_a_factory():
    made = {
        f._meta.model for name, f in vars(factories).items() if name.endswith("Factory") and f._meta.model
    }
    assert set(MODELS) <= made


@each_model
@pytest.mark.django_db
def test_every_factory_makes_a_row_that_validates(model):
    (factory,) = [f for name, f in vars(factories).items() if name == f"{model.__name__}Factory"]
    row = factory()
    row.full_clean(exclude=["article"] if hasattr(row, "article_id") else [])


def test_every_model_is_on_the_editors_desk():
    """As a page of its own, or as rows of another's page."""
    pages = {model for model in admin.site._registry if model in MODELS}
    inlines = {inline.model for page in admin.site._registry.values() for inline in page.inlines}
    assert set(MODELS) - pages - inlines == set()


@each_model
def test_a_model_says_in_a_line_what_it_is(model):
    assert model.__doc__
    assert not model.__doc__.startswith(f"{model.__name__}("), "Django's own words"
    assert model.__doc__.splitlines()[0].endswith(".")


@each_model
def test_a_model_has_names_for_people(model):
    assert str(model._meta.verbose_name)
    assert not isinstance(model._meta.verbose_name, str), "it cannot be translated"
    assert not isinstance(model._meta.verbose_name_plural, str), "it cannot be translated"


@each_model
def test_what_an_editor_fills_in_is_explained(model):
    """A reference explains itself by its name, and by what it offers to choose from."""
    silent = [f.name for f in edited_fields(model) if not f.help_text and not f.is_relation]
    assert silent == []


@each_model
def test_what_an_editor_sees_can_be_translated(model):
    plain = [f.name for f in edited_fields(model) if isinstance(f.verbose_name, str)]
    plain += [f.name for f in edited_fields(model) if f.help_text and isinstance(f.help_text, str)]
    assert plain == []


@each_model
def test_rules_and_indexes_are_named_after_their_table(model):
    """Names share one space in PostgreSQL, and stand in its messages."""
    table = {"sourcecollection": "collection", "participation": "partic"}.get(
        model._meta.model_name, model._meta.model_name
    )
    names = [index.name for index in model._meta.indexes]
    assert [name for name in names if not re.fullmatch(rf"{table}_[a-z0-9_]+", name)] == []
    rules = [rule.name for rule in model._meta.constraints]
    assert [name for name in rules if not re.fullmatch(rf"{model._meta.model_name}_[a-z0-9_]+", name)] == []


@each_model
def test_rules_say_to_people_what_is_wrong(model):
    checks = [rule for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]
    assert [r.name for r in checks if r.violation_error_message == r.default_violation_error_message] == []


@each_model
def test_every_reference_has_an_index_that_begins_with_it(model):
    begins = {columns_of(index) for index in model._meta.indexes}
    begins |= {
        c.fields[0] for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) and c.fields
    }
    bare = [f.name for f in model._meta.fields if f.is_relation and not f.db_index and f.name not in begins]
    assert bare == []


@pytest.mark.parametrize("model", LISTED, ids=lambda model: model.__name__)
@pytest.mark.django_db
def test_the_order_of_a_list_is_that_of_an_index(model):
    """Sorting a million rows for a page of fifty takes a second; walking an index, nothing."""
    query, parameters = model.objects.values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        # Whatever the tables hold just now: an index that serves the order is taken, if there is one.
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        cursor.execute(f"EXPLAIN {query} LIMIT 50", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Sort" not in plan, plan


def test_lists_are_ordered_to_the_last_row():
    """Two rows that compare equal would change places from page to page."""
    last = {model.__name__: str(model._meta.ordering[-1]) for model in LISTED}
    assert {name: by for name, by in last.items() if not re.fullmatch(r"-?id|OrderBy\(F\(id\).*", by)} == {}


def test_what_derives_is_never_edited():
    derived = [f for model in MODELS for f in model._meta.fields if isinstance(f, Derived)]
    assert derived
    assert [str(field) for field in derived if field.editable] == []


def test_every_table_but_what_is_written_once_keeps_its_times():
    assert {m.__name__ for m in MODELS if not issubclass(m, Record)} == {"Purge", "Review"}


@pytest.mark.parametrize("room", ["archive", "monitor", "tests"])
def test_a_file_that_passes_400_lines_is_two_files(room):
    files = [
        path
        for path in (ROOT / room).rglob("*.py")
        if not any(path.is_relative_to(ROOT / folder) for folder in DATA)
    ]
    lengths = {str(f.relative_to(ROOT)): len(f.read_text(encoding="utf-8").splitlines()) for f in files}
    assert {name: length for name, length in lengths.items() if length > LONGEST} == {}
