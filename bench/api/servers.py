"""The servers that are compared, each behind the same gunicorn; what they use, read from /proc.

The archive once more behind granian, where that is installed: how much of a request gunicorn takes.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from monitor.management.commands.up import web_server

APPLICATIONS = {
    "archive": "monitor.wsgi",
    "limit": "bench.api.limit:application",
    "textbook": "bench.api.textbook.wsgi",
}
SETTINGS = {"textbook": "bench.api.textbook.settings"}
GRANIAN = "granian"
SERVERS = (*APPLICATIONS, GRANIAN)
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60


@dataclass
class Server:
    """One of them, as it runs."""

    name: str
    port: int
    process: subprocess.Popen

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        return children(self.process.pid)

    def memory(self) -> float:
        """The resident memory of the largest worker, in MiB."""
        return max((resident(pid) for pid in self.workers()), default=0)

    def processor(self) -> float:
        """The seconds of CPU that its processes have used."""
        return sum(used(pid) for pid in (self.process.pid, *self.workers()))

    def get(self, path: str, timeout: float = 600) -> tuple[int, bytes]:
        client = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        client.request("GET", path)
        answer = client.getresponse()
        body = answer.read()
        client.close()
        return answer.status, body


@contextmanager
def serving(names: list[str]) -> Iterator[dict[str, Server]]:
    """All of `names`, on ports of their own, with as many workers and threads as `manage.py up` takes."""
    os.environ["BENCH_DATABASE"] = psycopg.conninfo.make_conninfo(
        **{name: value for name, value in connection.get_connection_params().items() if _is_plain(name)}
    )
    with ExitStack() as stack:
        running = {}
        for name in names:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0), backlog=2048))
            port = listener.getsockname()[1]
            # Told from outside: gunicorn's log asks for settings before it loads the application.
            os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS.get(name, "monitor.settings")
            if name == GRANIAN:
                listener.close()
                process = _granian(port)
            else:
                process = web_server(listener, APPLICATIONS[name])
            stack.callback(_end, process)
            running[name] = Server(name, port, process)
        for server in running.values():
            _wait_for(server)
        yield running


def _granian(port: int) -> subprocess.Popen:
    """The archive behind granian, as that advises: a process a core, one thread for Python in each."""
    options = (f"--port={port}", f"--workers={os.cpu_count()}", "--blocking-threads=1", "--no-ws")
    return subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface=wsgi", *options, "monitor.wsgi:application"],
        stdout=subprocess.DEVNULL,
    )


def _is_plain(parameter: str) -> bool:
    return parameter in ("host", "port", "user", "password", "dbname", "sslmode", "options")


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    process.wait(PATIENCE)


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):  # granian listens only later
            if server.get("/api/v1/articles/1/")[0] == 200 or server.name == "textbook":
                return
        time.sleep(0.2)
    raise SystemExit(f"{server.name} does not answer")


# --- /proc --------------------------------------------------------------------------------


def children(parent: int) -> list[int]:
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and (stat := _stat(int(folder.name))) and int(stat[1]) == parent:
            found.append(int(folder.name))
    return found


def used(pid: int) -> float:
    """The seconds of CPU of a process, and of its children that have ended."""
    stat = _stat(pid)
    return sum(map(int, stat[11:15])) / TICKS if stat else 0


def resident(pid: int) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0)


def _stat(pid: int) -> list[str]:
    """What follows the name, which may hold spaces: state, parent, ..."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def database_processor() -> float:
    """The seconds of CPU that PostgreSQL has used; 0 where DATABASE_URL names a server elsewhere."""
    if settings.EMBEDDED is None:
        return 0
    postmaster = int((settings.EMBEDDED.cluster / "postmaster.pid").read_text().split()[0])
    return sum(used(pid) for pid in (postmaster, *children(postmaster)))
