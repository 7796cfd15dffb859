"""Who may start and reach the embedded server, and where."""

import os
import pwd
import stat
from pathlib import Path

import psycopg
import pytest

from monitor.postgres import PostgresError, Server
from tests.monitor.servers import FAST, as_root, as_user, ask, postmaster, refusal


@as_root
def test_root_serves_from_a_folder_that_only_root_can_enter(data_dir):
    parents = {path: path.stat().st_mode for path in data_dir.parents}
    data_dir.parent.chmod(0o700)
    server = Server(data_dir)
    with server.running(FAST):
        owner = Path(f"/proc/{postmaster(server)}").stat().st_uid
        assert owner == server.cluster.stat().st_uid != 0
        assert as_user(pwd.getpwuid(owner).pw_name, lambda: os.access(data_dir, os.X_OK)) is False
        with psycopg.connect(**server.connection) as connection:  # a backend reads and writes there, too
            connection.execute("CREATE TABLE rows AS SELECT generate_series(1, 50000) AS n")
            connection.execute("CREATE INDEX ON rows (n)")
    assert {path: path.stat().st_mode for path in data_dir.parents} == parents


@as_root
def test_an_ordinary_user_and_root_share_one_archive(template, open_dir):
    nobody = pwd.getpwnam("nobody")
    os.chown(open_dir, nobody.pw_uid, nobody.pw_gid)
    server = Server(open_dir)

    def serve():
        with server.running(FAST):
            return ask(server, "SELECT current_user::text")

    assert as_user("nobody", serve) == "archive"
    with server.running(FAST):  # root, on the user's files
        assert Path(f"/proc/{postmaster(server)}").stat().st_uid == nobody.pw_uid
        assert as_user("nobody", serve) == "archive"
    assert {path.stat().st_uid for path in server.cluster.rglob("*")} == {nobody.pw_uid}
    assert as_user("nobody", serve) == "archive"
    error = as_user("daemon", serve)
    assert isinstance(error, PostgresError)
    assert "belongs to nobody" in str(error)


@as_root
def test_other_users_cannot_connect(data_dir):
    server = Server(data_dir)
    with server.running(FAST):
        server.socket_dir.chmod(0o755)  # as if the folder did not protect the socket
        (server.socket_dir / ".s.PGSQL.5432").chmod(0o777)
        message = as_user("daemon", lambda: ask(server, "SELECT 1"))
        server.socket_dir.chmod(0o700)
    assert "Peer authentication failed" in message


@as_root
def test_an_ordinary_user_hears_of_a_folder_that_is_not_his(open_dir):
    error = as_user("nobody", lambda: refusal(Server(open_dir / "var")))
    assert "Permission denied" in error
    assert str(open_dir / "var") in error


@pytest.mark.parametrize(
    "name", ["x" * 200, "it's $HOME \"`a`\\ ключ مفتاح", "  "], ids=["long", "odd", "spaces"]
)
def test_any_name_of_a_folder_will_do(data_dir, name):
    server = Server(data_dir.rename(data_dir.with_name(name)))
    with server.running(FAST):
        assert ask(server, "SELECT 1") == 1


def squat_open(path):
    path.mkdir(mode=0o755)


def squat_link(path):
    path.symlink_to("/")


def squat_foreign(path):
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    path.mkdir(mode=0o700)
    os.chown(path, 1, 1)


@pytest.mark.parametrize("squat", [squat_open, squat_link, squat_foreign])
def test_a_socket_folder_that_others_could_have_made_is_refused(data_dir, squat):
    server = Server(data_dir)
    squat(server.socket_dir)
    if squat is squat_open and os.geteuid() == 0:
        os.chown(server.socket_dir, server.cluster.stat().st_uid, -1)
    try:
        assert f"{server.socket_dir} should be a folder" in refusal(server)
    finally:
        server.socket_dir.unlink() if server.socket_dir.is_symlink() else server.socket_dir.rmdir()


def test_listens_on_no_network(data_dir):
    server = Server(data_dir)
    with server.running(FAST):
        assert ask(server, "SELECT current_setting('listen_addresses')") == ""
        assert stat.S_IMODE(server.socket_dir.stat().st_mode) == 0o700
