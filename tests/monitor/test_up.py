"""`manage.py up` as a process: it starts, answers, complains and stops as the README promises.

The first start is the whole run's (`first_start.py`). What stops an archive runs on one copy of
what it left, one after the other, as a machine would have it.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from monitor.postgres import Server
from tests.monitor.processes import PATIENCE, Up, complaint, manage, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through /proc")

PASSWORD = re.compile(r"first administrator: admin, password: (\S+)")


def ask_database(data_dir, sql):
    with psycopg.connect(**Server(data_dir).connection, autocommit=True) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchone()[0] if cursor.description else None


@pytest.fixture(scope="module")
def data_dir(first_start, tmp_path_factory):
    return first_start.copy(tmp_path_factory.mktemp("up") / "var")


@pytest.fixture(scope="module")
def second(data_dir):
    """An archive that runs while all tests that only use it do; a row was edited since the first start."""
    with Server(data_dir).running():
        ask_database(data_dir, "UPDATE archive_country SET note = 'edited' WHERE code = 'IQ'")
    with Up(data_dir) as up:
        yield up


# --- The first start ----------------------------------------------------------------------


def test_it_says_where_it_answers(first_start):
    assert f"admin:      {first_start.address}/admin/" in first_start.said
    assert f"API:        {first_start.address}/api/v1/" in first_start.said


def test_it_makes_an_administrator_and_prints_the_password_once(first_start):
    assert len(PASSWORD.findall(first_start.said)) == 1


def test_it_serves_the_fixtures_article(first_start):
    status, text = first_start.answers["/api/v1/articles/"]
    (article,) = json.loads(text)["results"]
    assert (status, article["source"]["slug"]) == (200, "elaph")


def test_it_serves_the_pages_with_their_styles(first_start):
    styles = {path: answer[0] for path, answer in first_start.answers.items() if path.endswith(".css")}
    assert styles
    assert set(styles.values()) == {200}
    assert first_start.answers["/admin/login/"][0] == 200
    assert first_start.answers["/api/v1/docs/"][0] == 200


def test_ctrl_c_ends_it_in_order_and_leaves_nothing(first_start):
    assert first_start.status == 0
    assert first_start.said.splitlines()[-1] == "stopped"
    assert first_start.left_over == []
    assert "Traceback" not in first_start.said


# --- While it runs ------------------------------------------------------------------------


def test_another_start_makes_no_administrator_and_loads_no_fixtures(second):
    assert "password" not in second.said
    assert "fixtures" not in second.said
    assert ask_database(second.data_dir, "SELECT note FROM archive_country WHERE code = 'IQ'") == "edited"


def test_another_start_collects_no_static_files_that_are_there(first_start, second):
    written = [
        (Path(data_dir) / "static" / "staticfiles.json").stat().st_mtime_ns
        for data_dir in (first_start.data_dir, second.data_dir)
    ]
    assert written[0] == written[1]


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Ssl": "on"},
        {"SCRIPT_NAME": "/evil"},
        {"Script-Name": "/evil"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_what_a_client_says_of_its_way_here_is_not_believed(second, headers):
    status, text = second.ask("/api/v1/", **headers)
    assert status in (200, 400)
    if status == 200:
        assert json.loads(text)["articles"] == f"{second.address}/api/v1/articles/"


def test_a_foreign_host_is_a_problem_and_no_news(second):
    status, text = second.ask("/api/v1/", Host="evil.example")
    assert (status, json.loads(text)["title"]) == (400, "Bad Request")
    assert "evil.example" not in second.said


def test_a_long_question_is_heard(second):
    status, _ = second.ask(f"/api/v1/persons/?name={'%D8%A7' * 1000}")
    assert status == 200


def test_the_password_opens_the_desk(first_start, second):
    """It is the first start's, and it is the administrator's still."""
    (password,) = PASSWORD.findall(first_start.said)
    code = (
        "from django.contrib.auth.models import User;"
        f"print(User.objects.get(username='admin', is_superuser=True).check_password({password!r}))"
    )
    done = manage(second.data_dir, "shell", "--verbosity=0", "-c", code)
    assert done.stdout.strip() == "True"


def test_a_token_made_beside_it_writes(second):
    # Its standard output is the token and nothing else, so that a script can take it.
    made = manage(second.data_dir, "token", "admin", stderr=subprocess.DEVNULL)
    source = {"slug": "al-mada", "name": "المدى", "kind": "newspaper", "languages": ["ar"]}
    assert second.ask("/api/v1/sources/", source)[0] in (401, 403)
    status, text = second.ask("/api/v1/sources/", source, Authorization=f"Token {made.stdout.strip()}")
    assert (status, json.loads(text)["slug"]) == (201, "al-mada")


def test_another_command_works_beside_it_and_leaves_the_server_alone(second):
    postmaster = second.postmaster
    done = manage(second.data_dir, "check_archive")
    assert (done.stdout, done.returncode) == ("no problems\n", 0)
    assert second.postmaster == postmaster
    assert second.ask("/api/v1/articles/")[0] == 200


def test_a_second_one_on_the_same_data_is_refused(second):
    done = manage(second.data_dir, "up", "--port=0")
    assert done.returncode == 1
    assert f"another `up` runs on {second.data_dir}" in complaint(done.stdout)
    assert second.ask("/api/v1/articles/")[0] == 200


# --- What it cannot start with ------------------------------------------------------------


def test_a_port_in_use_is_named_and_nothing_is_started(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = manage(tmp_path / "var", "up", f"--port={port}")
    assert done.returncode == 1
    assert f"port {port}" in complaint(done.stdout)
    assert not (tmp_path / "var" / "postgres").exists()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("postgresql://nobody@127.0.0.1:1/nowhere", "Connection refused"),
        ("postgresql://nobody@nowhere.invalid/nowhere", "nowhere.invalid"),
        ("mysql://localhost/archive", "use postgresql://"),
        ("postgresql://localhost:port/archive", "DATABASE_URL"),
    ],
)
@pytest.mark.parametrize("command", ["up", "check_archive"])
def test_a_database_that_is_not_there_is_named(tmp_path, command, url, reason):
    arguments = [command, "--port=0"] if command == "up" else [command]
    done = manage(tmp_path / "var", *arguments, DATABASE_URL=url)
    assert done.returncode == 1
    assert reason in complaint(done.stdout)
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ARCHIVE_DEBUG", "perhaps"),
        ("ARCHIVE_LANGUAGE", "klingon"),
        ("ARCHIVE_LOG_LEVEL", "LOUD"),
        ("ARCHIVE_WEB_THREADS", "-1"),
        ("ARCHIVE_WEB_WORKERS", "many"),
    ],
)
def test_a_value_that_makes_no_sense_is_named(tmp_path, name, value):
    done = manage(tmp_path / "var", "up", "--port=0", **{name: value})
    assert done.returncode == 1
    assert f"{name}={value!r}: use " in complaint(done.stdout)
    assert not (tmp_path / "var" / "postgres").exists()


def test_a_data_directory_that_cannot_be_is_named(tmp_path):
    (tmp_path / "file").touch()
    done = manage(tmp_path / "file" / "var", "up", "--port=0")
    assert done.returncode == 1
    assert str(tmp_path / "file" / "var") in complaint(done.stdout)


@pytest.mark.parametrize("options", ["size=1M", "size=1M,ro"])
def test_a_full_or_read_only_disk_is_told(tmp_path, options):
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "none", str(tmp_path)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        pytest.skip(f"mount is not allowed here: {done.stderr.strip()}")
    try:
        tried = manage(tmp_path / "var", "up", "--port=0")
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
    assert tried.returncode == 1
    assert re.search("No space left|Read-only", complaint(tried.stdout))


# --- How it ends. These run last: they end what the tests above use -------------------------


def test_it_ends_in_order_when_the_system_asks(second):
    assert second.stop(signal.SIGTERM) == 0
    assert second.said.splitlines()[-1] == "stopped"
    assert second.left() == []


@pytest.mark.parametrize(
    ("word", "name"), [("gunicorn", "the web server"), ("worker", "the worker")], ids=["web server", "worker"]
)
def test_it_ends_when_a_part_is_killed_and_says_which(data_dir, word, name):
    with Up(data_dir) as up:
        os.kill(up.child(word), signal.SIGKILL)
        assert up.process.wait(PATIENCE) == 1
        assert f"{name} ended by itself" in complaint(up.said)
        until(lambda: not up.left())


def test_it_ends_when_its_database_is_killed_and_the_next_start_has_all_data(data_dir):
    with Up(data_dir) as up:
        ask_database(data_dir, "UPDATE archive_country SET note = 'the last word' WHERE code = 'IQ'")
        os.kill(up.postmaster, signal.SIGKILL)
        assert up.process.wait(PATIENCE) == 1
        assert "the database does not answer any more" in complaint(up.said)
        until(lambda: not up.left())
    with Up(data_dir) as up:
        assert json.loads(up.ask("/api/v1/countries/IQ/")[1])["note"] == "the last word"


def test_when_it_is_killed_its_children_end_and_the_next_runs_until_its_terminal_closes(data_dir):
    with Up(data_dir) as up:
        mine = {up.child("gunicorn"), up.child("worker")}
        assert up.stop(signal.SIGKILL) == -signal.SIGKILL
        until(lambda: not mine & set(up.left()))
    with Up(data_dir) as up:
        assert up.ask("/api/v1/articles/")[0] == 200
        assert up.stop(signal.SIGHUP) == 0
        assert up.left() == []
