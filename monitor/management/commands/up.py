"""The one command that runs everything."""

import fcntl
import secrets
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from importlib import import_module
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, connection

from archive.models import Article, Country, Person, Source
from archive.queue import REFRESH_DERIVED, enqueue
from monitor import collected
from monitor.database import available
from monitor.loopback import add_address

FIXTURES = ("countries", "elaph")
# Seconds a child may take to finish what it is doing after it was asked to stop.
PATIENCE = 15
# Ctrl-C, a request of the system, and a terminal that closes.
REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(Exception):
    """Ctrl-C, or a request of the system to end."""


class Command(BaseCommand):
    help = "Run the archive: database, web server and worker. Ctrl-C stops all of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_address(parser)
        parser.add_argument("--no-worker", action="store_true", help="do not run the worker")

    def handle(self, *, host: str, port: int, no_worker: bool, **options: Any) -> None:
        # Before anything is started: it reads the environment.
        import_module("monitor.serving")
        for name in REQUESTS:
            # nohup ignores the closing of the terminal, and means it.
            if name != signal.SIGHUP or signal.getsignal(name) is not signal.SIG_IGN:
                signal.signal(name, _stop)
        try:
            with _the_only_one(), _listen(host, port) as listener, available():
                self.prepare()
                self.serve(listener, worker=not no_worker)
        except Stopped:
            self.stdout.write("stopped")

    def prepare(self) -> None:
        """Bring the database, its first contents and the static files to where serving can begin."""
        collecting, files = None, collected.brought()
        if not collected.are_collected(files):
            # Beside the migrations: on a first start, both take seconds.
            collecting = _start("manage.py", "collectstatic", "--no-input", "--verbosity=0")
        call_command("migrate", interactive=False, verbosity=0)
        if not any(model.objects.exists() for model in (Country, Source, Person, Article)):
            self.stdout.write("loading the fixtures into the empty archive")
            call_command("loaddata", *FIXTURES, verbosity=0)
        self.make_first_administrator()
        # This may be the first start after an upgrade that brought other rules.
        enqueue(REFRESH_DERIVED, once=REFRESH_DERIVED)
        if collecting:
            if collecting.wait() != 0:
                raise CommandError("the static files could not be collected")
            collected.note(files)
        connection.close()

    def make_first_administrator(self) -> None:
        User = get_user_model()
        if User.objects.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser("admin", password=password)
        self.stdout.write(f"first administrator: admin, password: {password}")
        self.stdout.write("(shown this once; change it in the admin)")

    def serve(self, listener: socket.socket, *, worker: bool) -> None:
        """Run the children until one of them, the database or the person at the keyboard ends it."""
        children = {"the web server": web_server(listener)}
        if worker:
            children["the worker"] = _start("manage.py", "procrastinate", "worker", "--delete-jobs", "never")
        try:
            _wait_until_it_answers(listener, children)
            host, port = listener.getsockname()[:2]
            address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
            self.stdout.write(f"admin:      {address}/admin/")
            self.stdout.write(f"API:        {address}/api/v1/")
            self.stdout.write(f"API pages:  {address}/api/v1/docs/")
            self.stdout.write("Ctrl-C stops the archive")
            self.stdout.flush()
            _watch(children)
        finally:
            _end(children)


def _stop(*_: Any) -> None:
    # Once is enough: a second Ctrl-C must not break off the orderly stop.
    for name in REQUESTS:
        signal.signal(name, signal.SIG_IGN)
    raise Stopped


def _the_only_one() -> BinaryIO:
    """The lock that one `up` holds on its data directory. Raises CommandError if another has it."""
    try:
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        lock = open(settings.DATA_DIR / "up.lock", "ab")  # noqa: SIM115 (the caller closes it)
    except OSError as error:
        raise CommandError(f"cannot write in {settings.DATA_DIR}: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise CommandError(
            f"another `up` runs on {settings.DATA_DIR}: stop it, or set ARCHIVE_DATA_DIR to another folder"
        ) from None
    return lock


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket. Taking the port first means that nothing is started in vain."""
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=2048
        )
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise CommandError(f"cannot listen on {host}, port {port}: {reason}; try --port") from None


def _start(program: str, *arguments: str, **options: Any) -> subprocess.Popen:
    """Start a Python program in a session of its own: Ctrl-C reaches `up` alone, which ends it in order."""
    return subprocess.Popen(
        [sys.executable, "-m", "monitor.child", sys.executable, program, *arguments],
        cwd=settings.BASE_DIR,
        start_new_session=True,
        **options,
    )


def web_server(listener: socket.socket, application: str = "monitor.wsgi") -> subprocess.Popen:
    """Start gunicorn on `listener`, as the archive is served; `bench.api` serves its peers alike."""
    return _start(
        "-m",
        "gunicorn",
        application,
        "--config=python:monitor.serving",
        f"--bind=fd://{listener.fileno()}",
        pass_fds=[listener.fileno()],
    )


def _wait_until_it_answers(listener: socket.socket, children: dict[str, subprocess.Popen]) -> None:
    host, port = listener.getsockname()[:2]
    name = settings.ALLOWED_HOSTS[0].lstrip(".")
    request = f"GET /api/v1/ HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        _check(children)
        with socket.create_connection((host, port), timeout=60) as client:
            client.sendall(request)
            if client.recv(12).startswith(b"HTTP/"):
                return
        time.sleep(0.1)
    raise CommandError("the web server does not answer")


def _check(children: dict[str, subprocess.Popen]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            raise CommandError(
                f"{name} ended by itself (exit status {child.returncode}); the archive is stopped"
            )


def _watch(children: dict[str, subprocess.Popen]) -> None:
    """Raise CommandError as soon as a part is gone: what goes on half is worse than what stops."""
    while True:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error:
            raise CommandError(
                "the database does not answer any more; the archive is stopped,"
                " nothing that it confirmed is lost"
            ) from None
        # After the database: without it, the others end too, and it is why.
        _check(children)
        time.sleep(1)


def _end(children: dict[str, subprocess.Popen]) -> None:
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children.values():
        try:
            child.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
