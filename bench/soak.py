"""The archive as it stands in production, behind deploy/nginx.conf: slow clients, and a long load.

    make soak [ARGS="--seconds 600"]        (python -m bench.soak)

It starts an archive of its own and a real nginx in front, on ports of this machine that are free. First 500
clients that never finish their headers, then 500 that never finish their bodies, and beside them a normal
one, which has to be answered within a second each time. Then clients read and write as fast as they can,
while the memory of the archive's processes has to stay flat, and each answer has to be the right one. Prints
figures; exits 1 where one of this does not hold. It needs Debian's nginx (apt-get install nginx-light) and
openssl, and installs neither.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import mean, median
from time import monotonic, perf_counter, sleep

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "deploy" / "nginx.conf"
HOST = "archive.example"
SLOW = 500
# Seconds that a slow client waits before it sends its next byte: long enough to hold, short enough to stay.
DRIP = 3
# A normal client among slow ones is to be answered within this many seconds.
PROMPT = 1.0
# What the archive's processes may grow by, once warm: a part of what they have, and some megabytes.
GROWTH, SLACK = 0.05, 16
CLIENTS = 4
TRUST = ssl.create_default_context()
TRUST.check_hostname = False
TRUST.verify_mode = ssl.CERT_NONE


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


# --- The archive, and nginx in front --------------------------------------------------------


def configured(folder: Path, archive: int, tls: int, plain: int) -> Path:
    """deploy/nginx.conf with the paths and ports of this run, and nothing else changed."""
    text = CONFIG.read_text()
    paths = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    for old, new in {
        "user www-data;": "" if os.geteuid() else "user root;",
        "/run/nginx.pid": f"{folder}/nginx.pid",
        "/var/log/nginx/": f"{folder}/",
        "/etc/ssl/archive/": f"{folder}/",
        "unix:/run/archive/web.sock": f"127.0.0.1:{archive}",
        "listen 443 ": f"listen 127.0.0.1:{tls} ",
        "listen 80 ": f"listen 127.0.0.1:{plain} ",
        "http {\n": f"http {{\n    {paths}\n",
    }.items():
        if old not in text:
            raise SystemExit(f"{CONFIG} has no {old!r} to put this run's in place of")
        text = text.replace(old, new)
    file = folder / "nginx.conf"
    file.write_text(text)
    return file


@contextmanager
def nginx(folder: Path, archive: int) -> Iterator[int]:
    """nginx, as a child of this process, in front of the archive on that port. Yields its port for TLS."""
    tls, plain = free_port(), free_port()
    config = configured(folder, archive, tls, plain)
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", f"/CN={HOST}", "-keyout", folder / "key.pem", "-out", folder / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    command = [shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"), "-p", folder, "-c", config]
    subprocess.run([*command, "-t", "-q"], check=True)
    process = subprocess.Popen([*command, "-g", "daemon off;"])
    try:
        while not listens(tls):
            if process.poll() is not None:
                raise SystemExit(f"nginx ended by itself (exit status {process.returncode})")
            sleep(0.05)
        yield tls
    finally:
        process.send_signal(signal.SIGQUIT)
        with suppress(subprocess.TimeoutExpired):
            process.wait(5)
        process.kill()
        process.wait()


class Archive:
    """`manage.py up` with a data directory of its own, set up as for others behind a proxy."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVE_")}
        kept.pop("DATABASE_URL", None)
        self.environment = kept | {
            "ARCHIVE_DATA_DIR": str(folder / "var"),
            "ARCHIVE_ALLOWED_HOSTS": HOST,
            "ARCHIVE_TRUST_PROXY": "1",
            "ARCHIVE_LOG_FORMAT": "json",
            # One user from one address asks as fast as he can, to see what the archive bears.
            **{f"ARCHIVE_RATE_{what}": "" for what in ("READS", "SEARCHES", "WRITES")},
        }
        self.log = folder / "archive.log"

    def __enter__(self) -> "Archive":
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up", f"--port={self.port}"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        while "Ctrl-C stops" not in self.log.read_text():
            if self.process.poll() is not None:
                raise SystemExit(f"the archive did not start:\n{self.log.read_text()}")
            sleep(0.1)
        self.token = subprocess.run(
            [sys.executable, "manage.py", "token", "admin"],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
        return self

    def __exit__(self, *_: object) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait()

    def memory(self) -> float:
        """Megabytes that its own processes hold for themselves; PostgreSQL's are not among them."""
        return sum(map(megabytes, [self.process.pid, *children(self.process.pid)]))


def children(pid: int) -> list[int]:
    """The processes below `pid`, at any depth. The database server is a child of nobody."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            parents[int(path.parent.name)] = int(fields[1])
    found, level = [], [pid]
    while level:
        level = [child for child, parent in parents.items() if parent in level]
        found += level
    return found


def megabytes(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    return 0


# --- Clients --------------------------------------------------------------------------------


class Client:
    """A client that behaves: one connection, asked again and again."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.headers = port, {"Host": HOST, "Authorization": f"Token {token}"}
        self.connection: HTTPConnection | None = None

    def ask(self, method: str, path: str, body: dict | None = None) -> tuple[int, bytes]:
        if self.connection is None:
            plain = socket.create_connection(("127.0.0.1", self.port), timeout=30)
            self.connection = HTTPConnection("127.0.0.1", self.port)
            self.connection.sock = TRUST.wrap_socket(plain, server_hostname=HOST)
        headers = self.headers if body is None else {**self.headers, "Content-Type": "application/json"}
        try:
            self.connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = self.connection.getresponse()
            said = answer.read()
        except (OSError, HTTPException):
            self.close()
            raise
        if answer.will_close:
            self.close()
        return answer.status, said

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class SlowClients:
    """Many clients that begin a request and never end it; a thread of their own keeps them there."""

    def __init__(self, port: int, beginning: str, drop: bytes) -> None:
        self.port, self.beginning, self.drop = port, beginning.encode(), drop
        self.open, self.stopping = 0, False

    def __enter__(self) -> "SlowClients":
        self.thread = threading.Thread(target=lambda: asyncio.run(self.hold()))
        self.thread.start()
        give_up = monotonic() + 60
        while self.open < SLOW and monotonic() < give_up:
            sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping = True
        self.thread.join()

    async def hold(self) -> None:
        await asyncio.gather(*(self.one() for _ in range(SLOW)))

    async def one(self) -> None:
        while not self.stopping:
            with suppress(OSError, ssl.SSLError):
                _, writer = await asyncio.open_connection(
                    "127.0.0.1", self.port, ssl=TRUST, server_hostname=HOST
                )
                writer.write(self.beginning)
                self.open += 1
                try:
                    while not (self.stopping or writer.is_closing()):
                        await writer.drain()
                        await asyncio.sleep(DRIP * random.uniform(0.5, 1))
                        writer.write(self.drop)
                finally:
                    self.open -= 1
                    writer.transport.abort()


def answered(port: int, token: str, seconds: float, each: Callable[[], object] = int) -> list[float]:
    """How long each answer took, of a client that comes anew for each, for so many seconds.

    `each` is called before each of them.
    """
    times, end = [], monotonic() + seconds
    while monotonic() < end:
        each()
        client, began = Client(port, token), perf_counter()
        status, said = client.ask("GET", "/api/v1/articles/?page_size=10")
        times.append(perf_counter() - began)
        client.close()
        if status != 200:
            raise SystemExit(f"a normal request was answered {status}: {said[:200]!r}")
        sleep(0.05)
    return times


def told(name: str, times: list[float], beside: str = "") -> None:
    print(
        f"{name:<26}{len(times):>6} answers, median {median(times) * 1000:7.1f} ms,"
        f" slowest {max(times) * 1000:7.1f} ms{beside}",
        flush=True,
    )


def besides(name: str, port: int, token: str, beginning: str, drop: bytes, seconds: float) -> bool:
    with SlowClients(port, beginning, drop) as slow:
        held: list[int] = []
        times = answered(port, token, seconds, lambda: held.append(slow.open))
    # nginx cuts all of them off after ten seconds, and they come again: one moment says nothing.
    told(name, times, f"; in the median {median(held):,.0f} held open, {min(held)} at least")
    return max(times) < PROMPT and median(held) >= SLOW * 0.9


# --- The load -------------------------------------------------------------------------------

READS = (
    "/api/v1/articles/",
    "/api/v1/articles/?q=العراق",
    "/api/v1/events/?participant__all=IQ,SUHH",
    "/api/v1/persons/?q=فواد حسين",
    "/api/v1/articles/facets/?by=month,person",
    "/api/v1/mentions/?page_size=200",
    "/api/v1/deletions/",
    "/api/v1/articles/?format=jsonl",
    "/admin/login/",
)


def load(port: int, token: str, end: float, number: int, statuses: Counter) -> None:
    """Reads and writes until `end`: of five requests one adds, changes or removes a person."""
    from urllib.parse import quote

    client, chance, made = Client(port, token), random.Random(number), 0
    while monotonic() < end:
        path = quote(chance.choice(READS), safe="/?=&,")
        with suppress(OSError, HTTPException):
            statuses["GET", client.ask("GET", path)[0]] += 1
            if chance.random() < 0.25:
                made += 1
                slug = f"soak-{number}-{made}"
                person = {"slug": slug, "name": f"شخص {number} {made}"}
                statuses["POST", client.ask("POST", "/api/v1/persons/", person)[0]] += 1
                where = f"/api/v1/persons/{slug}/"
                statuses["PATCH", client.ask("PATCH", where, {"description": "وصف " * 50})[0]] += 1
                statuses["DELETE", client.ask("DELETE", where)[0]] += 1
            continue
        statuses["no answer", 0] += 1
    client.close()


def under_load(archive: Archive, port: int, seconds: float) -> bool:
    """Whether all answers are right and memory stays flat while clients ask without a pause."""
    statuses: Counter = Counter()
    began = monotonic()
    threads = [
        threading.Thread(target=load, args=(port, archive.token, began + seconds, number, statuses))
        for number in range(CLIENTS)
    ]
    for thread in threads:
        thread.start()
    samples = []
    while monotonic() < began + seconds:
        sleep(1)
        samples.append(archive.memory())
    for thread in threads:
        thread.join()
    amount = sum(statuses.values())
    print(f"load: {amount:,} answers, {amount / seconds:,.0f} a second", flush=True)
    for (method, status), times in sorted(statuses.items()):
        print(f"    {method:<9} {status:>3} {times:>9,}")
    # The first third warms up: modules are loaded, pools and caches filled.
    third = len(samples) // 3
    before, after = mean(samples[third : 2 * third]), mean(samples[2 * third :])
    print(f"memory of the archive's processes: {before:,.1f} MB, then {after:,.1f} MB", flush=True)
    expected = {("GET", 200), ("POST", 201), ("PATCH", 200), ("DELETE", 204)}
    return statuses.keys() <= expected and after <= before * (1 + GROWTH) + SLACK


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=300, help="how long the load lasts (300)")
    parser.add_argument("--beside", type=float, default=20, help="how long slow clients are held (20)")
    options = parser.parse_args()
    for program, package in (("nginx", "nginx-light"), ("openssl", "openssl")):
        if not shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin"):
            raise SystemExit(f"{program} is missing: apt-get install {package}")
    # Asked to end, it ends what it has started.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = Path(name)
        with Archive(folder) as archive, nginx(folder, archive.port) as port:
            line = f"POST /api/v1/persons/ HTTP/1.1\r\nHost: {HOST}\r\n"
            headers = f"{line}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{{"
            told("alone", answered(port, archive.token, 5))
            held = {
                "headers": besides(
                    f"beside {SLOW} slow headers", port, archive.token, line, b"X-Slow: 1\r\n", options.beside
                ),
                "bodies": besides(
                    f"beside {SLOW} slow bodies", port, archive.token, headers, b" ", options.beside
                ),
                "load": under_load(archive, port, options.seconds),
            }
    failed = [name for name, well in held.items() if not well]
    if failed:
        raise SystemExit(f"does not hold: {', '.join(failed)}")
    print("all of it holds")


if __name__ == "__main__":
    main()
