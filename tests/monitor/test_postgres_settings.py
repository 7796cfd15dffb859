"""What the embedded server is told."""

import psycopg
import pytest

from monitor.postgres import Server
from monitor.postgres.settings import memory_limit
from tests.monitor.servers import FAST, ask


def test_arabic_is_letters_and_its_comma_is_none(data_dir):
    server = Server(data_dir)
    with server.running(FAST):
        with psycopg.connect(**server.connection) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
        assert ask(server, "SELECT to_tsvector('بغداد، قال')::text") == "'بغداد':1 'قال':2"
        assert ask(server, "SELECT cardinality(show_trgm('بغداد'))") == 6
        assert ask(server, "SELECT lower('Й') || current_setting('server_encoding')") == "йUTF8"
        assert ask(server, "SHOW data_checksums") == "on"


def test_is_durable_and_tuned_unless_told_otherwise(data_dir):
    server = Server(data_dir)
    sql = "SELECT string_agg(current_setting(name), ' ') FROM unnest(%s::text[]) AS name"
    names = "{fsync,full_page_writes,synchronous_commit,jit,work_mem,timezone}"
    with server.running(), psycopg.connect(**server.connection) as connection:
        assert connection.execute(sql, [names]).fetchone()[0] == "on on on off 32MB UTC"
    with (
        server.running({"fsync": "off", "work_mem": "64MB"}),
        psycopg.connect(**server.connection) as connection,
    ):
        assert connection.execute(sql, [names]).fetchone()[0] == "off on on off 64MB UTC"


def test_the_environment_of_the_caller_does_not_reach_the_server(tmp_path, monkeypatch):
    leaks = {
        "PGDATA": "/nowhere", "PGHOST": "nowhere.invalid", "PGHOSTADDR": "192.0.2.1", "PGPORT": "1",
        "PGUSER": "x", "PGSERVICE": "nowhere", "PGOPTIONS": "-c search_path=pg_catalog", "PGTZ": "Asia/Tokyo",
        "PGREQUIREAUTH": "password", "LC_ALL": "xx_XX.UTF-8", "LANG": "xx", "TZ": "Asia/Baghdad",
    }  # fmt: skip
    for name, value in leaks.items():
        monkeypatch.setenv(name, value)
    server = Server(tmp_path)
    with server.running(FAST):
        assert (
            ask(server, "SELECT current_setting('search_path') || current_setting('timezone')")
            == '"$user", publicUTC'
        )


@pytest.mark.parametrize(
    ("groups", "files", "limit"),
    [
        ("0::/a/b", {"a/b/memory.max": "max", "a/memory.max": "1000"}, 1000),
        ("0::/gone", {"memory.max": "2000"}, 2000),
        ("4:cpu:/x\n3:memory:/box", {"memory/box/memory.limit_in_bytes": "3000"}, 3000),
    ],
    ids=["version 2, an outer group", "version 2, inside a container", "version 1"],
)
def test_memory_limits_of_control_groups_count(tmp_path, groups, files, limit):
    (tmp_path / "proc/self").mkdir(parents=True)
    (tmp_path / "proc/self/cgroup").write_text(groups)
    for name, text in files.items():
        path = tmp_path / "sys/fs/cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n")
    assert memory_limit(tmp_path) == limit


def test_the_log_keeps_one_run_before_and_no_errors_of_clients(data_dir):
    server = Server(data_dir)
    for _ in range(3):
        with server.running(FAST), pytest.raises(psycopg.errors.UndefinedColumn):
            ask(server, "SELECT publishers_sentence")
    logs = sorted(server.cluster.glob("server.log*"))
    assert [log.name for log in logs] == ["server.log", "server.log.1"]
    assert all("is shut down" in log.read_text() and "publishers" not in log.read_text() for log in logs)
