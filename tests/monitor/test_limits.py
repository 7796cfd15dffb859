"""No request keeps the database, and with it a thread, longer than the setting says."""

import json
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.monitor.processes import ROOT, Up, environment, manage

# Holds what every list of persons needs, until its input ends.
HOLDING = """
from django.db import connection, transaction
with transaction.atomic(), connection.cursor() as cursor:
    cursor.execute("LOCK TABLE archive_person IN ACCESS EXCLUSIVE MODE")
    print("holding", flush=True)
    input()
"""


@pytest.fixture(scope="module")
def up(first_start, tmp_path_factory):
    data_dir = first_start.copy(tmp_path_factory.mktemp("limits") / "data")
    with Up(data_dir, "--no-worker", ARCHIVE_STATEMENT_SECONDS="1") as up:
        yield up


@pytest.fixture
def held(up):
    with subprocess.Popen(
        [sys.executable, "manage.py", "shell", "--no-imports", "--command", HOLDING],
        cwd=ROOT,
        env=environment(up.data_dir),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout.readline() == "holding\n"
        yield
        holder.communicate("\n", timeout=60)


def test_a_read_is_given_up(up, held):
    for path in ("persons/", "persons/?name__contains=a", "persons/?count=true", "persons/fuad-hussein/"):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(f"{up.address}/api/v1/{path}", timeout=60)
        with caught.value as answer:
            assert answer.status == 503, path
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert int(answer.headers["Retry-After"]) > 0
            assert "too long" in json.load(answer)["detail"]
    assert "Traceback" not in up.said


def test_a_command_takes_what_it_needs(up):
    ask = "from django.db import connection as c; k = c.cursor(); k.execute('SHOW statement_timeout');"
    ask += "print(k.fetchone()[0])"
    said = manage(
        up.data_dir, "shell", "--no-imports", "--command", ask, ARCHIVE_STATEMENT_SECONDS="1"
    ).stdout
    assert said.split() == ["0"]
