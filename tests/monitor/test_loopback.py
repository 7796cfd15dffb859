"""What `up` relaxes on a loopback address, and when it does not."""

import pytest

from monitor.loopback import relax

RATES = ("ARCHIVE_RATE_READS", "ARCHIVE_RATE_SEARCHES", "ARCHIVE_RATE_WRITES", "ARCHIVE_RATE_LOGINS")
RELAXED = {"ARCHIVE_HTTPS": "0", "ARCHIVE_ANONYMOUS_READ": "1", **dict.fromkeys(RATES, "")}


@pytest.fixture
def environment(monkeypatch):
    """The process's environment with nothing in it that bears on this, and as it was afterwards."""
    for name in (*RELAXED, "ARCHIVE_ALLOWED_HOSTS", "ARCHIVE_TRUST_PROXY"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return monkeypatch


def relaxed():
    import os

    return {name: os.environ[name] for name in RELAXED if name in os.environ}


@pytest.mark.parametrize(
    "arguments", [[], ["--host=::1"], ["--port", "80", "--host", "localhost"], ["--no-worker"]]
)
def test_on_this_machine_alone_anybody_may_read_over_plain_http(environment, arguments):
    relax(arguments)
    assert relaxed() == RELAXED


def test_what_the_environment_says_stands(environment):
    environment.setenv("ARCHIVE_ANONYMOUS_READ", "0")
    relax([])
    assert relaxed() == {**RELAXED, "ARCHIVE_ANONYMOUS_READ": "0"}


def test_on_an_address_that_others_reach_nothing_is_relaxed(environment):
    relax(["--host", "0.0.0.0"])
    assert relaxed() == {}


@pytest.mark.parametrize("name", ["ARCHIVE_ALLOWED_HOSTS", "ARCHIVE_TRUST_PROXY"])
def test_behind_a_proxy_nothing_is_relaxed(environment, name):
    """A name to answer to, or a proxy to trust: others come in, though `up` listens to this machine alone."""
    environment.setenv(name, "archive.example" if name.endswith("HOSTS") else "1")
    relax([])
    assert relaxed() == {}
