"""The settings under which the tests run. Loaded by `-p` (pyproject.toml): before Django reads them."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# A data directory of their own, kept between runs: making a cluster takes longer than many tests.
os.environ.setdefault("ARCHIVE_DATA_DIR", str(ROOT / "var" / "test"))
os.environ.setdefault("ARCHIVE_HTTPS", "0")
os.environ.setdefault("ARCHIVE_ANONYMOUS_READ", "1")
# Tests ask more often than anybody; those of the throttles set rates of their own.
for name in ("READS", "SEARCHES", "WRITES", "LOGINS"):
    os.environ.setdefault(f"ARCHIVE_RATE_{name}", "")
# What a failed test shows is what the archive had to say, not each request: tests of that turn it on.
os.environ.setdefault("ARCHIVE_LOG_REQUESTS", "0")
