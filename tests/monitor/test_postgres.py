"""The life of the embedded server: started, shared, stopped, killed, hindered."""

import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from monitor.postgres import PATIENCE, Server
from tests.monitor.servers import (
    FAST,
    as_root,
    ask,
    is_stopped,
    mounted,
    postmaster,
    program,
    refusal,
    started_at,
    wait_for,
)


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
