"""What is measured: requests by wrk, an export by a client that counts lines, and memory."""

import json
import shutil
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from statistics import median

from bench.api.servers import Server, database_processor, resident

# Seconds that are waited for an export.
LONGEST = 120
SCRIPT = Path(__file__).with_name("requests.lua")


@dataclass
class Run:
    """One run of one line on one server. Times are in ms; CPU is of one request."""

    rate: float
    p50: float
    p95: float
    p99: float
    processor: float
    database: float


def check_wrk() -> None:
    if shutil.which("wrk") is None:
        raise SystemExit("the load comes from wrk, which is not here: apt-get install wrk")


def requests(server: Server, paths: list[str], seconds: float, clients: int) -> Run:
    """Ask for `paths` in turn, over `clients` connections that are kept. Raises SystemExit on errors."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(paths) + "\n")
        file.flush()
        before = server.processor(), database_processor()
        command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds:g}s", "--timeout=60s", f"-s{SCRIPT}"]
        done = subprocess.run(
            [*command, server.address, "--", file.name], capture_output=True, text=True, check=True
        )
        after = server.processor(), database_processor()
    line = next(line for line in done.stdout.splitlines() if line.startswith("JSON "))
    found = json.loads(line.removeprefix("JSON "))
    if found["errors"] or not found["requests"]:
        raise SystemExit(f"{server.name}: {found}")
    own, database = ((b - a) * 1000 / found["requests"] for a, b in zip(before, after, strict=True))
    rate = found["requests"] / found["seconds"]
    return Run(rate, found["p50"], found["p95"], found["p99"], own, database)


def warm(server: Server, paths: list[str], clients: int) -> None:
    """Ask some times, so that every thread has its connection, and the connection its statements."""
    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(server.get, islice(cycle(paths), 6 * clients)))


def middle(runs: list[Run]) -> Run:
    """Of each figure the median."""
    return Run(*(median(getattr(run, name) for run in runs) for name in Run.__dataclass_fields__))


@dataclass
class Export:
    """Rows a second, and the memory of the largest worker before and at the most, in MiB."""

    rows: int
    rate: float
    before: float
    most: float
    processor: float


def export(server: Server, path: str, rows: int) -> Export | int:
    """Read `rows` lines of an export, all there are, or what comes in two minutes.

    The status where it is not answered.
    """
    client = HTTPConnection("127.0.0.1", server.port, timeout=600)
    before, worked = server.memory(), server.processor() + database_processor()
    began = time.perf_counter()
    client.request("GET", path)
    answer = client.getresponse()
    if answer.status != 200:
        client.close()
        return answer.status
    read, seen, over = 0, [before], threading.Event()

    def watch() -> None:
        while not over.wait(0.2):
            seen.append(server.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        while read < rows and time.perf_counter() < began + LONGEST and (chunk := answer.read1(1 << 18)):
            read += chunk.count(b"\n")
    finally:
        over.set()
        watcher.join()
        client.close()
    took = time.perf_counter() - began
    worked = server.processor() + database_processor() - worked
    return Export(read, read / took, before, max(seen), worked * 1000 / max(read, 1))


def memory(server: Server, paths: list[str], total: int, clients: int) -> None:
    """Print how much memory the workers have, before and after each tenth of `total` requests."""

    def say(count: int) -> None:
        sizes = " ".join(f"{size:.1f}" for size in sorted(map(resident, server.workers())))
        print(f"{count:>10,} requests   workers' memory {sizes} MiB", flush=True)

    requests(server, paths, 2, clients)
    say(0)
    asked, rate = 0.0, requests(server, paths, 3, clients).rate
    while asked < total:
        seconds = max(1, round(min(total / 10, total - asked) / rate))
        rate = requests(server, paths, seconds, clients).rate
        asked += rate * seconds
        say(round(asked))
