"""Real `manage.py` processes, for tests that want to see them start, answer, fail and end."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What this test run, or the machine it runs on, says about an archive is not for these.
FOREIGN = re.compile("ARCHIVE_|DATABASE_URL|DJANGO_|PG")
READY = "Ctrl-C stops the archive"
# Seconds for what takes a few where nothing else runs. A first start was seen to take 70 on a busy machine.
PATIENCE = 300


def environment(data_dir, **more):
    kept = {name: value for name, value in os.environ.items() if not FOREIGN.match(name)}
    # Fewer processes start sooner.
    fewer = {"ARCHIVE_WEB_WORKERS": "2", "ARCHIVE_WEB_THREADS": "4"}
    return {**kept, "ARCHIVE_DATA_DIR": str(data_dir), "PYTHONUNBUFFERED": "1", **fewer, **more}


def manage(data_dir, *arguments, stderr=subprocess.STDOUT, **more):
    """Run a command to its end. Its `stdout` holds all that it said, errors too unless told otherwise."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(data_dir, **more),
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def state_and_parent(pid):
    """One letter, and the parent's pid; ("Z", 0) where there is no such process any more."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return "Z", 0
    return fields[0], int(fields[1])


def children(pid):
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [child for child in pids if state_and_parent(child)[1] == pid]


def descendants(pid):
    direct = children(pid)
    return direct + [deeper for child in direct for deeper in descendants(child)]


def is_alive(pid):
    return state_and_parent(pid)[0] != "Z"


def until(condition):
    give_up = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < give_up, "it did not come to that"
        time.sleep(0.02)


class Up:
    """A running `manage.py up`. Leaving kills what is left of it."""

    def __init__(self, data_dir, *arguments, **more):
        self.data_dir, self.port = data_dir, free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = data_dir.parent / f"up-{self.port}.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", f"--port={self.port}", *arguments],
                cwd=ROOT,
                env=environment(data_dir, **more),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self):
        try:
            until(lambda: READY in self.said or self.process.poll() is not None)
            assert READY in self.said, self.said
            # All that it has started, the database server with what that has started.
            self.family = [*descendants(self.process.pid), self.postmaster, *descendants(self.postmaster)]
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    @property
    def said(self):
        return self.log.read_text()

    @property
    def postmaster(self):
        return int((self.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])

    def child(self, word):
        """The child of `up` whose command line has `word` in it."""
        (pid,) = [
            pid
            for pid in children(self.process.pid)
            if word in Path(f"/proc/{pid}/cmdline").read_text().split("\0")
        ]
        return pid

    def ask(self, path, body=None, **headers):
        """Status and text of the answer."""
        request = urllib.request.Request(
            self.address + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **headers} if body is not None else headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def stop(self, request=signal.SIGINT):
        """Ask it to stop, or kill it, and wait for its end. Returns its exit status."""
        self.process.send_signal(request)
        return self.process.wait(PATIENCE)

    def left(self):
        """Which of the processes that it had started are still there."""
        return [pid for pid in self.family if is_alive(pid)]


def complaint(text):
    """The one line that says what is wrong. Fails on a traceback, and on any line that is not that one."""
    assert "Traceback" not in text, text
    (line,) = [line for line in text.splitlines() if line.startswith(("CommandError: ", "error: "))]
    return line
