"""The first `manage.py up` on an empty directory: what it said and answered, how it ended, and what it left.

It takes longest of all that the tests do, so a run has one, whichever of its processes comes to it first.
Tests that need an archive with the fixtures begin with a copy of what it left.
"""

import json
import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

from monitor.postgres.locks import held, open_lock
from tests.monitor.processes import Up


class FirstStart(NamedTuple):
    address: str
    said: str
    answers: dict[str, tuple[int, str]]
    status: int
    left_over: list[int]
    data_dir: str

    def copy(self, data_dir: Path) -> Path:
        """A data directory as this start left it."""
        subprocess.run(["cp", "-a", self.data_dir, data_dir], check=True)
        return data_dir


def first_start_of_run(own: Path) -> FirstStart:
    """The one of this run, of which `own` is the folder of one process."""
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    record = folder / "first-start.json"
    with open_lock(folder / "first-start.lock") as lock, held(lock):
        if not record.exists():
            start = _start(Path(tempfile.mkdtemp(prefix="first-start-", dir=folder)) / "var")
            record.write_text(json.dumps(start._asdict()))
    return FirstStart(**json.loads(record.read_text()))


def _start(data_dir: Path) -> FirstStart:
    with Up(data_dir) as up:
        answers = {path: up.ask(path) for path in ("/api/v1/articles/", "/admin/login/", "/api/v1/docs/")}
        styles = re.findall(r'href="(/static/[^"]+\.css)"', answers["/admin/login/"][1])
        answers |= {path: up.ask(path) for path in styles}
        status = up.stop(signal.SIGINT)
        return FirstStart(up.address, up.said, answers, status, up.left(), str(data_dir))
