"""What becomes of writes when many come at once, and when the server is killed among them.

    ARCHIVE_DATA_DIR=/tmp/bench-writes python -m bench.writes [--port 8125] [--posters 16] [--urls 40]
        [--counters 100] [--turns 10] [--requests 1000] [--rows 10] [--kills 3]

It starts `manage.py up` on that data directory, and is its client:

- posters: each posts the same new URLs as articles, at once. One 201 each, the others 409;
- counters: each reads one record, adds one to the number it found, and writes it with If-Match, turn by turn.
  What was not answered 412 is counted;
- lists: requests of many rows, each with an Idempotency-Key, from 8 clients. Among them `up`, all that it has
  started, and PostgreSQL are killed (SIGKILL) and started again, some times over. After each start it looks
  whether what was sent is there whole, or not at all. What was not answered is sent again; at the end
  everything is once more, to be answered byte by byte as before.

It prints what it saw, and ends with status 1 where that is not as it should be.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Barrier, Event, Thread
from time import perf_counter, sleep
from typing import NamedTuple
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
SENDERS = 8
UP = 120
DATA = Path(os.environ.get("ARCHIVE_DATA_DIR", ""))


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]

    def json(self) -> dict:
        return json.loads(self.body)


class Server:
    """`manage.py up`, and what it has started."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}

    def start(self) -> float:
        """Start it. Returns after how many seconds it answered."""
        began = perf_counter()
        self.up = subprocess.Popen(
            [sys.executable, "manage.py", "up", f"--port={self.port}"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
        )
        while perf_counter() - began < UP:
            if self.up.poll() is not None:
                raise RuntimeError(f"up ended with status {self.up.returncode}")
            try:
                if Client(self.port).send("GET", "sources/").status == 200:
                    return perf_counter() - began
            except (OSError, HTTPException):
                sleep(0.1)
        raise RuntimeError(f"up did not answer within {UP} s")

    def kill(self) -> None:
        """End all of it at once, PostgreSQL too, which stands apart."""
        database = int((DATA / "postgres" / "postmaster.pid").read_text().split()[0])
        for pid in [self.up.pid, *descendants(self.up.pid), database, *descendants(database)]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.up.wait()

    def stop(self) -> None:
        if self.up.poll() is None:
            self.up.send_signal(signal.SIGINT)
            self.up.wait()

    def token(self) -> str:
        made = subprocess.run(
            [sys.executable, "manage.py", "token", "admin"],
            cwd=ROOT,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return made.stdout.strip()


def descendants(pid: int) -> list[int]:
    """The processes that `pid` has started, and theirs."""
    children: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the name, which may hold anything: the state, and the parent.
            children.setdefault(int(path.read_text().rpartition(")")[2].split()[1]), []).append(
                int(path.parent.name)
            )
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found[1:]


class Client:
    """One connection, which is kept."""

    def __init__(self, port: int, token: str = "") -> None:
        self.connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": f"Token {token}"} if token else {}

    def send(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        sent = None if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.connection.request(
            method,
            f"/api/v1/{path}",
            sent,
            {"Content-Type": "application/json", **self.headers, **named},
        )
        answer = self.connection.getresponse()
        return Answer(answer.status, answer.read(), dict(answer.headers))


def at_once(number: int, do: Callable[[int], Iterable[Answer]]) -> tuple[list[Answer], float]:
    """What `do` is answered in as many threads, each told its number, and the seconds it took."""
    start, answers = Barrier(number + 1), SimpleQueue()

    def one(place: int) -> None:
        start.wait()
        for answer in do(place):
            answers.put(answer)

    threads = [Thread(target=one, args=[place], daemon=True) for place in range(number)]
    for thread in threads:
        thread.start()
    start.wait()
    began = perf_counter()
    for thread in threads:
        thread.join()
    return drained(answers), perf_counter() - began


def drained(queue: SimpleQueue) -> list:
    found = []
    try:
        while True:
            found.append(queue.get_nowait())
    except Empty:
        return found


def shown(statuses: Counter) -> str:
    return ", ".join(f"{count:,} x {status}" for status, count in sorted(statuses.items()))


def tell(name: str, right: bool, said: str) -> bool:
    print(f"{name:<10}{'as it should be' if right else 'WRONG'}: {said}", flush=True)
    return right


# --- The three parts ------------------------------------------------------------------------


def posters(client: Callable[[], Client], number: int, urls: int) -> bool:
    run = uuid4().hex[:8]
    source = {"slug": f"bench-{run}", "name": "صحيفة", "kind": "newspaper"}
    assert client().send("POST", "sources/", source).status == 201

    def post(place: int) -> Iterable[Answer]:
        mine = client()
        for n in range(urls):
            url = f"https://{run}.example/{n}"
            article = {"source": source["slug"], "identifier": url, "title": "عنوان", "language": "ar"}
            yield mine.send("POST", "articles/", {**article, "addresses": [{"url": url}]})

    answers, seconds = at_once(number, post)
    statuses = Counter(answer.status for answer in answers)
    added = {answer.headers["Location"] for answer in answers if answer.status == 201}
    named = {a.json()["records"][0]["url"] for a in answers if a.status == 409 and "records" in a.json()}
    there = client().send("GET", f"articles/?source={source['slug']}&count=true&fields=id").json()["count"]
    right = statuses == {201: urls, 409: (number - 1) * urls} and named <= added and there == urls
    return tell(
        "posters",
        right,
        f"{number} clients, {urls} URLs, {len(answers):,} answers in {seconds:.1f} s: {shown(statuses)};"
        f" {there} articles, each 409 names one of them",
    )


def counters(client: Callable[[], Client], number: int, turns: int) -> bool:
    where = f"persons/counter-{uuid4().hex[:8]}/"
    made = client().send("POST", "persons/", {"slug": where[8:-1], "name": "عداد", "description": "0"})
    assert made.status == 201

    def count(place: int) -> Iterable[Answer]:
        mine = client()
        for _ in range(turns):
            seen = mine.send("GET", where)
            more = {"description": str(int(seen.json()["description"]) + 1)}
            yield mine.send("PATCH", where, more, If_Match=seen.headers["ETag"])

    answers, seconds = at_once(number, count)
    statuses = Counter(answer.status for answer in answers)
    counted = int(client().send("GET", where).json()["description"])
    right = (
        statuses.keys() <= {200, 412}
        and counted == statuses[200]
        and sum(statuses.values()) == number * turns
    )
    return tell(
        "counters",
        right,
        f"{number} clients, {turns} writes each in {seconds:.1f} s: {shown(statuses)}; counted {counted:,}",
    )


class Lists:
    """The requests of many rows: what each is, and what it was answered first."""

    def __init__(self, client: Callable[[], Client], requests: int, rows: int) -> None:
        self.client, self.rows = client, rows
        self.run = uuid4().hex[:8]
        self.first: dict[int, Answer] = {}
        self.requests = range(requests)

    def body(self, request: int) -> list[dict]:
        return [
            {
                "slug": f"{self.run}-{request}-{row}",
                "name": f"فؤاد {request} {row}",
                "names": [{"text": f"Fuad {request} {row}", "language": "en"}],
            }
            for row in range(self.rows)
        ]

    def send(self, requests: Iterable[int], enough: int = 0, then: Callable[[], None] = int) -> list[Answer]:
        """Send them from several clients, each until it is cut off. After `enough` answers, do `then`."""
        waiting, answers, full = SimpleQueue(), SimpleQueue(), Event()
        for request in requests:
            waiting.put(request)

        def sender() -> None:
            mine = self.client()
            try:
                while True:
                    request = waiting.get_nowait()
                    answer = mine.send(
                        "POST",
                        "persons/?mode=create",
                        self.body(request),
                        Idempotency_Key=f'"{self.run}-{request}"',
                    )
                    answers.put((request, answer))
                    if enough and answers.qsize() >= enough:
                        full.set()
            except (Empty, OSError, HTTPException):
                full.set()

        threads = [Thread(target=sender, daemon=True) for _ in range(SENDERS)]
        for thread in threads:
            thread.start()
        full.wait()
        then()
        for thread in threads:
            thread.join()
        found = drained(answers)
        for request, answer in found:
            if answer.status == 200:
                self.first.setdefault(request, answer)
        self.last = dict(found)
        return list(self.last.values())

    def there(self) -> Counter:
        """How many rows of each request there are."""
        found: Counter = Counter()
        mine = self.client()
        page = "persons/?fields=slug&page_size=200&ordering=-added"
        while page:
            body = mine.send("GET", page).json()
            for person in body["results"]:
                if person["slug"].startswith(f"{self.run}-"):
                    found[int(person["slug"].split("-")[1])] += 1
            page = (body["next"] or "").partition("/api/v1/")[2]
        return found


def lists(server: Server, client: Callable[[], Client], requests: int, rows: int, kills: int) -> bool:
    sent = Lists(client, requests, rows)
    right = True
    for turn in range(kills):
        missing = [request for request in sent.requests if request not in sent.first]
        statuses = Counter(a.status for a in sent.send(missing, requests // (kills + 1), server.kill))
        seconds = server.start()
        there = sent.there()
        parts = [request for request, number in there.items() if number != rows]
        lost = [request for request in sent.first if there[request] != rows]
        unheard = [request for request in there if request not in sent.first]
        right &= tell(
            f"kill {turn + 1}",
            not parts and not lost and statuses.keys() == {200},
            f"answered {shown(statuses)}; up again after {seconds:.1f} s; {len(there):,} of {requests:,}"
            f" requests are there whole, {len(parts)} in part; {len(lost)} were answered and are not there,"
            f" {len(unheard)} are there though the answer was cut off",
        )
    began = perf_counter()
    again = sent.send(sent.requests)
    seconds = perf_counter() - began
    replayed = sum("Idempotency-Replayed" in answer.headers for answer in again)
    same = sum(sent.last[request].body == sent.first[request].body for request in sent.last)
    there = sent.there()
    whole = sum(number == rows for number in there.values())
    return right & tell(
        "replay",
        Counter(a.status for a in again) == {200: requests} and same == requests == whole == len(there),
        f"{len(again):,} sent again in {seconds:.1f} s: {shown(Counter(a.status for a in again))};"
        f" {replayed:,} were answered as before, {same:,} byte by byte;"
        f" {whole:,} requests of {rows} rows are there once",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, usual in {
        "port": 8125,
        "posters": 16,
        "urls": 40,
        "counters": 100,
        "turns": 10,
        "requests": 1_000,
        "rows": 10,
        "kills": 3,
    }.items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    asked = parser.parse_args()
    if "ARCHIVE_DATA_DIR" not in os.environ:
        parser.error("set ARCHIVE_DATA_DIR: this writes")
    server = Server(asked.port)
    server.start()
    try:
        token = server.token()

        def client() -> Client:
            return Client(asked.port, token)

        right = posters(client, asked.posters, asked.urls)
        right &= counters(client, asked.counters, asked.turns)
        right &= lists(server, client, asked.requests, asked.rows, asked.kills)
    finally:
        server.stop()
    sys.exit(not right)


if __name__ == "__main__":
    main()
