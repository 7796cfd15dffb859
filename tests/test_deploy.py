"""What stands in deploy/ is right, as far as that shows here. `make soak` shows more."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import get_commands

from monitor import serving
from tests.test_meta import ROOT

DEPLOY = ROOT / "deploy"
UNITS = ("archive-web.service", "archive-worker.service")
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze: apt-get install systemd")
def test_systemd_understands_the_units(tmp_path):
    for name in UNITS:
        text = (DEPLOY / name).read_text()
        # Where they are installed there is nothing here: programs are looked for.
        for old, new in {
            "/opt/archive/.venv/bin": str(Path(sys.executable).parent),
            "/opt/archive": str(ROOT),
            "/etc/archive.env": str(DEPLOY / "archive.env"),
        }.items():
            assert old in text
            text = text.replace(old, new)
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(tmp_path / name for name in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "archive-" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.skipif(not NGINX, reason="no nginx: apt-get install nginx-light")
@pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl: apt-get install openssl")
def test_nginx_understands_its_configuration(tmp_path):
    """By `make soak`'s own way to it, in a process of its own: a bench sets Django up for itself."""
    code = (
        "import sys; from pathlib import Path; from bench.soak import nginx\n"
        "with nginx(Path(sys.argv[1]), 1): pass"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_both_units_are_hardened_alike():
    def hardening(name):
        text = (DEPLOY / name).read_text()
        return text[text.index("User=archive") : text.index("[Install]")]

    web, worker = map(hardening, UNITS)
    assert web == worker
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "ProtectHome=yes", "CapabilityBoundingSet="):
        assert line in web.splitlines()


def test_nginx_lets_through_what_the_archive_reads(settings):
    text = (DEPLOY / "nginx.conf").read_text()
    megabytes = int(re.search(r"client_max_body_size (\d+)m;", text)[1])
    assert megabytes * 1024 * 1024 == settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    kilobytes = int(re.search(r"large_client_header_buffers \d+ (\d+)k;", text)[1])
    assert kilobytes * 1024 >= serving.limit_request_line


def test_nginx_says_itself_what_the_archive_believes():
    text = (DEPLOY / "nginx.conf").read_text()
    for header in ("X-Forwarded-Proto https", "X-Forwarded-For $remote_addr", "X-Request-Id $request_id"):
        assert f"proxy_set_header {header};" in text


def test_the_page_names_commands_that_there_are():
    text = (ROOT / "docs" / "operation.md").read_text()
    named = set(re.findall(r"manage\.py (\w+)", text))
    assert named >= {"backup", "restore", "checksum", "purge"}
    assert named <= {*get_commands(), "up"}


def test_the_settings_of_the_units_are_settings():
    known = set(re.findall(r"^\| `([A-Z_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE))
    for file in (DEPLOY / "archive.env", ROOT / "docs" / "operation.md"):
        assert set(re.findall(r"\b(ARCHIVE_[A-Z_]+|DATABASE_URL)\b", file.read_text())) <= known
