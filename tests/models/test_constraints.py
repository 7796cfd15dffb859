"""Each named rule of the database is broken once or more, and the database refuses by that rule's name.

Rows are written past Django's own validation: what is tried is what the database holds against anybody.
"""

import re

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from archive.models import DERIVED, Article, Mention
from tests import factories as make
from tests.models.breaking import BREAKING, DOUBLES, NEW, TODAY

pytestmark = pytest.mark.django_db

# What derives is nobody's to edit: no editor sees it, and no factory makes it.
MODELS = [
    m
    for m in apps.get_app_config("archive").get_models()
    if not m.__name__.endswith("History") and m not in DERIVED
]
TRIED = {case[0] for case in (*BREAKING, *DOUBLES, *NEW, *TODAY)}
RAISED = re.compile(r"CONSTRAINT = '(\w+)'")


def refused_by(write) -> str:
    """The name of the rule that refuses `write`."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write()
    return caught.value.__cause__.diag.constraint_name


def set_columns(row, assignments: str) -> None:
    """Write columns as nobody's code would: in SQL. Braces in `assignments` name the row's attributes."""
    sql = assignments.format(row=row)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {sql} WHERE id = %s", [row.pk])
        assert cursor.rowcount == 1


@pytest.mark.parametrize(
    ("name", "factory", "attributes", "assignments"), BREAKING, ids=[f"{c[0]}: {c[3]}" for c in BREAKING]
)
def test_a_value_that_breaks_a_rule_is_refused(name, factory, attributes, assignments):
    row = factory(**attributes)
    assert refused_by(lambda: set_columns(row, assignments)) == name


@pytest.mark.parametrize(
    ("name", "factory", "attributes", "same"),
    DOUBLES,
    ids=[f"{case[0]}: {', '.join(case[3])}" for case in DOUBLES],
)
def test_the_same_twice_is_refused(name, factory, attributes, same):
    row = factory(**attributes)
    again = {field: getattr(row, field) for field in same}
    assert refused_by(lambda: factory(**{**attributes, **again})) == name


@pytest.mark.parametrize(("name", "factory", "attributes"), NEW, ids=[case[0] for case in NEW])
def test_a_new_row_that_breaks_a_rule_is_refused(name, factory, attributes):
    assert refused_by(lambda: factory(**attributes)) == name


@pytest.mark.parametrize(("name", "codes"), TODAY, ids=[case[0] for case in TODAY])
def test_two_countries_of_today_share_no_code(name, codes):
    make.CountryFactory(code="ZQ", **codes)
    assert refused_by(lambda: make.CountryFactory(code="ZX", **codes)) == name


def test_every_rule_of_the_tables_is_broken_here():
    tables = [model._meta.db_table for model in MODELS]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE contype IN ('c', 'u', 'x')"
            " AND conrelid = ANY (%(tables)s::regclass[]) UNION"
            " SELECT relname FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid"
            " WHERE indisunique AND NOT indisprimary AND indrelid = ANY (%(tables)s::regclass[])",
            {"tables": tables},
        )
        rules = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT prosrc FROM pg_proc WHERE prosrc LIKE '%CONSTRAINT = %'")
        rules |= {name for (source,) in cursor.fetchall() for name in RAISED.findall(source)}
    assert rules == TRIED


def test_every_rule_of_the_models_is_in_the_database():
    """The table above is read from the database: no rule may be missing there."""
    declared = {constraint.name for model in MODELS for constraint in model._meta.constraints}
    declared |= {
        name
        for model in MODELS
        for trigger in getattr(model._meta, "triggers", ())
        for name in RAISED.findall(str(trigger.func))
    }
    assert declared <= TRIED


def test_two_sources_may_share_an_identifier():
    article = make.ArticleFactory()
    make.ArticleFactory(identifier=article.identifier)
    assert Article.objects.filter(identifier=article.identifier).count() == 2


@pytest.mark.parametrize("today", ["ZQ", "ZQZQ"])
def test_former_states_share_codes_with_others(today):
    """YUG and SCG, both gone, share 891; and a former state may share with one of today."""
    first, second = (make.CountryFactory(code=code, alpha3="ZQZ", numeric="999") for code in (today, "ZZZQ"))
    assert (first.alpha3, first.numeric) == (second.alpha3, second.numeric)


@pytest.mark.parametrize("make_evidence", [make.MentionFactory, make.CitationFactory])
def test_a_span_may_end_where_its_text_ends_and_no_later(make_evidence):
    text = make.ArticleTextFactory(body="في العراق وسوريا ولبنان والأردن")
    name = f"{make_evidence._meta.model._meta.model_name}_end_within_text"
    end = text.length
    make_evidence(text=text, start=end - 6, end=end)
    assert refused_by(lambda: make_evidence(text=text, start=end - 5, end=end + 1)) == name


@pytest.mark.parametrize("make_evidence", [make.MentionFactory, make.CitationFactory])
def test_a_span_cannot_be_moved_into_a_shorter_text(make_evidence):
    row = (
        make_evidence(start=20, end=26) if make_evidence is make.CitationFactory else make_evidence(start=20)
    )
    shorter = make.ArticleTextFactory(body="العراق")
    name = f"{row._meta.model_name}_end_within_text"
    assert refused_by(lambda: type(row).objects.filter(pk=row.pk).update(text=shorter)) == name


def test_the_end_of_a_span_is_looked_at_when_it_is_written_not_when_it_is_committed():
    """Otherwise the error of one bad row would come up far from it."""
    text = make.ArticleTextFactory(body="العراق")
    with transaction.atomic():
        assert refused_by(lambda: make.MentionFactory(text=text, start=1)) == "mention_end_within_text"
        assert not Mention.objects.exists()


def test_a_body_may_come_and_go():
    text = make.ArticleTextFactory(body="نص")
    for body in (None, "نص"):
        text.body = body
        text.save()
        text.refresh_from_db()
        assert text.body == body


def test_nobody_is_named_only_while_a_name_is_proposed():
    mention = make.MentionFactory(proposed_name="فلان", status="suggested")
    assert (mention.person, mention.country, mention.source) == (None, None, None)
