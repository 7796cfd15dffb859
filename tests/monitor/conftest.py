"""Data directories for the tests of the embedded PostgreSQL."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from monitor.postgres import Server
from tests.monitor.servers import FAST


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
