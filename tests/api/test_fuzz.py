"""Schemathesis, all checks, reads and writes, against a running archive: a part of what `make fuzz` runs."""

import subprocess
import sys

from tests.monitor.processes import ROOT, environment


def test_schemathesis_finds_nothing(first_start, tmp_path):
    data_dir = first_start.copy(tmp_path / "var")
    done = subprocess.run(
        [sys.executable, "-m", "tests.tools.fuzz", "--short", f"--data={data_dir}"],
        cwd=ROOT,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
