"""The two addresses that probes ask: does the process answer, can it serve."""

import pytest
from django.db import connection
from django.test import Client, override_settings

from monitor import health
from tests.monitor.processes import free_port


@pytest.fixture
def probe():
    """A client whose archive has not been asked before. The host is no name of the archive's."""
    return Client(headers={"Host": "10.0.0.7:8000"})


@override_settings(SECURE_SSL_REDIRECT=True)
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
@pytest.mark.django_db(transaction=True)
def test_it_answers_over_plain_http_whatever_the_host(probe, path):
    answer = probe.get(path)
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_the_process_is_well_without_a_database(probe):
    # No mark: pytest-django refuses every query.
    assert probe.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_is_only_read(probe, path):
    answer = probe.post(path)
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", ["/healthz/", "/readyz/x", "/api/readyz"])
def test_no_other_address_is_answered_here(path):
    assert Client().get(path).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_missing_migration_is_named(probe):
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'archive' AND name LIKE '0001%%' RETURNING *"
        )
        row = cursor.fetchone()
    try:
        answer = probe.get("/readyz")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO django_migrations VALUES (%s, %s, %s, %s)", row)
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer["Cache-Control"] == "no-store"
    assert answer["Retry-After"] == "5"
    assert "archive.0001_extensions" in answer.json()["detail"]


def test_a_database_that_is_not_there_is_told_without_its_address(probe, monkeypatch):
    port = free_port()
    nowhere = {"host": "127.0.0.1", "port": port, "user": "secret-user", "password": "secret-word"}
    monkeypatch.setattr(connection, "get_connection_params", lambda: nowhere)
    answer = probe.get("/readyz")
    assert answer.status_code == 503
    assert "secret" not in answer.content.decode()
    assert str(port) not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_answer_holds_a_while(probe, monkeypatch):
    """Who asks without end does not keep the database busy."""
    monkeypatch.setattr(health, "HOLDS", 3600)
    assert probe.get("/readyz").status_code == 200
    monkeypatch.setattr(connection, "get_connection_params", lambda: {"host": "nowhere.invalid"})
    assert probe.get("/readyz").status_code == 200
