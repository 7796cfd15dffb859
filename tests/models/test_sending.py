"""Statements that are sent past cursors do as cursors do."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import DataError, connection, transaction
from django.test.utils import CaptureQueriesContext

from archive.models.sending import MOST_PREPARED, TookTooLong, all_at_most, at_most
from archive.models.sql import Statement

pytestmark = pytest.mark.django_db

# Where it matters that no transaction is there.
ALONE = pytest.mark.django_db(transaction=True)
ONE_PLAN = pytest.mark.parametrize("one_plan", [False, True])
SLOW = "SELECT pg_sleep(%s)::text"


def setting(name: str) -> str:
    return Statement("SELECT current_setting(%s, true)", [name]).fetch()[0][0]


@ONE_PLAN
@pytest.mark.parametrize("bounded", [False, True])
@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("text", "نص 100% 'من' \\ $1"),
        ("bigint", -(2**62)),
        ("boolean", True),
        ("numeric", Decimal("1.50")),
        ("float8", 0.1),
        ("date", dt.date(2021, 8, 23)),
        ("timestamptz", dt.datetime(2021, 8, 23, 1, 2, 3, 4, tzinfo=dt.UTC)),
        ("text[]", ["خبر", None, '"']),
        ("bigint[]", []),
        ("text", None),
    ],
)
def test_values_are_as_a_cursor_has_them(type_, value, one_plan, bounded):
    statement = Statement(f"SELECT %s::{type_}, '5%%', NULL, '{{\"a\": [1]}}'::json", [value], one_plan)
    with at_most(9) if bounded else transaction.atomic():
        found = statement.fetch()
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        assert found == cursor.fetchall()
    assert found == [(value, "5%", None, {"a": [1]})]


@ONE_PLAN
def test_texts_are_as_postgresql_writes_them(one_plan):
    statement = Statement("SELECT %s::json, 7, NULL UNION ALL SELECT '[]', 8, 'ب'", ['{"أ" :1}'], one_plan)
    assert statement.texts() == [('{"أ" :1}'.encode(), b"7", None), (b"[]", b"8", "ب".encode())]


@pytest.mark.parametrize("parameters", [[], [1, 2]])
def test_a_parameter_too_many_or_too_few_is_told(parameters):
    with pytest.raises(ValueError):
        Statement("SELECT %s", parameters).fetch()


@ONE_PLAN
def test_an_error_is_djangos_with_its_cause(one_plan):
    with pytest.raises(DataError) as caught, transaction.atomic():
        Statement("SELECT 1 / %s::integer", [0], one_plan).fetch()
    assert caught.value.__cause__.sqlstate == "22012"
    assert Statement("SELECT 1", []).fetch() == [(1,)]


@ALONE
@ONE_PLAN
def test_bounds_hold_inside_and_nowhere_else(one_plan):
    before = setting("statement_timeout")
    with pytest.raises(TookTooLong), at_most(0.05):
        Statement(SLOW, [5], one_plan).fetch()
    with at_most(0.05):
        assert setting("statement_timeout") == "50ms"
        assert setting("max_parallel_workers_per_gather") == "0"
    assert setting("statement_timeout") == before
    assert Statement(SLOW, [0.1], one_plan).fetch() == [("",)]


def test_no_time_left_is_some_time_and_not_no_limit():
    with at_most(-3):
        assert setting("statement_timeout") == "1ms"


@ALONE
def test_bounds_of_all_hold_for_cursors_too_and_end_with_their_transaction():
    with pytest.raises(TookTooLong), all_at_most(0.05), connection.cursor() as cursor:
        cursor.execute(SLOW, [5])
    with all_at_most(0.05):
        assert not connection.in_atomic_block
        with connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            assert cursor.fetchone() == ("50ms",)
        assert connection.in_atomic_block
    assert not connection.in_atomic_block


@ALONE
@ONE_PLAN
def test_the_first_statement_of_a_transaction_begins_it(one_plan):
    with transaction.atomic():
        Statement("SELECT set_config('archive.test', %s, true)", ["here"], one_plan).fetch()
        assert setting("archive.test") == "here"
    assert not setting("archive.test")


def test_a_connection_keeps_so_many_plans_and_no_more():
    for number in range(MOST_PREPARED + 20):
        assert Statement(f"SELECT %s + {number}", [1], one_plan=True).fetch() == [(number + 1,)]
    # Asked for again, the oldest one that is gone is planned anew.
    assert Statement("SELECT %s + 0", [1], one_plan=True).fetch() == [(1,)]
    kept = Statement("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'archive%%'", [])
    assert kept.fetch() == [(MOST_PREPARED,)]


@ONE_PLAN
def test_the_log_shows_what_was_asked(one_plan):
    with CaptureQueriesContext(connection) as captured:
        Statement("SELECT %s::text", ["كلمة"], one_plan).texts()
    assert [query["sql"] for query in captured] == ["SELECT 'كلمة'::text"]


def test_a_statement_in_the_place_of_a_parameter():
    mark = object()
    inner = Statement("SELECT %s::int + %s", (3, 4))
    asked = Statement("SELECT '100%%', %s::int, %s + %s::int", [1, mark, 2]).filled({mark: inner})
    assert asked.fetch() == [("100%", 1, 9)]
    assert replace(asked, one_plan=True).fetch() == asked.fetch()
