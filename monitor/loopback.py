"""What `manage.py up` may relax where nobody but this machine can reach it."""

import argparse
import os

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def add_address(parser: argparse.ArgumentParser) -> None:
    """The options that say where to listen; `up` and `relax` must read them alike."""
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (8000)")


def relax(arguments: list[str]) -> None:
    """On a loopback address, serve plain HTTP, let anybody read, and count no requests.

    What the environment says stands. A name to answer to, or a proxy to trust, means that others come in
    through a proxy on this machine: then nothing is relaxed.
    """
    if os.environ.get("ARCHIVE_ALLOWED_HOSTS") or os.environ.get("ARCHIVE_TRUST_PROXY"):
        return
    parser = argparse.ArgumentParser(add_help=False)
    add_address(parser)
    if parser.parse_known_args(arguments)[0].host in LOOPBACK:
        os.environ.setdefault("ARCHIVE_HTTPS", "0")
        os.environ.setdefault("ARCHIVE_ANONYMOUS_READ", "1")
        for name in ("READS", "SEARCHES", "WRITES", "LOGINS"):
            os.environ.setdefault(f"ARCHIVE_RATE_{name}", "")
