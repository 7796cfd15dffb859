"""Real servers, processes, users and mounts, for the tests of the embedded PostgreSQL."""

import fcntl
import os
import pickle
import pwd
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from monitor.postgres import PostgresError

FAST = {"fsync": "off", "shared_buffers": "16MB"}
SYSTEM = sorted(Path("/usr/lib/postgresql").glob("1[5-7]/bin/postgres"))

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be two users, or mount")
with_system = pytest.mark.skipif(not SYSTEM, reason="needs a PostgreSQL 15, 16 or 17 from the system")


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
