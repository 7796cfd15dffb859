"""What a throttle costs a request: the archive's, and DRF's over Django's cache in the database.

    ARCHIVE_DATA_DIR=/tmp/bench-data python -m bench.throttle [REQUESTS]

Each is asked over and over for one user, by one thread and by several at once, with a rate that nobody uses
up: the times are of one question, in ms. Then, with a rate of 100, how many of 400 asked at once it lets by.
"""

import os
import sys
from collections.abc import Callable
from statistics import median, quantiles
from threading import Barrier, Thread
from time import perf_counter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")

import django

django.setup()

from django.core.cache.backends.db import DatabaseCache
from django.core.management import call_command
from django.db import connection
from rest_framework.throttling import SimpleRateThrottle

from archive.models import Allowance, Rate
from monitor.database import available

TABLE = "bench_cache"
# One minute's worth at 20 a second: what DRF's throttle reads and writes back is a list of so many moments.
MOST, THREADS = 1200, 4
Ask = Callable[[int], bool]


class OverCache(SimpleRateThrottle):
    """DRF's own."""

    cache = DatabaseCache(TABLE, {})
    scope = "bench"
    rate = "1/min"

    def get_cache_key(self, request: object, view: object) -> str:
        return "user-1"


def over_cache(most: int) -> bool:
    throttle = OverCache()
    throttle.num_requests, throttle.duration = most, 3600
    return throttle.allow_request(None, None)


def ours(most: int) -> bool:
    return Allowance.objects.take("bench user 1", Rate(most, 3600)) == 0


def forget() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")
    Allowance.objects.filter(key="bench user 1").delete()


def times(ask: Ask, requests: int, threads: int) -> tuple[list[float], int]:
    """How long each question took, in ms, and how many were let by."""
    start, taken, allowed = Barrier(threads), [], []

    def run() -> None:
        ask(0)  # connects
        start.wait()
        for _ in range(requests // threads):
            before = perf_counter()
            allowed.append(ask(MOST))
            taken.append((perf_counter() - before) * 1000)
        connection.close()

    crowd = [Thread(target=run) for _ in range(threads)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    return taken, sum(allowed)


def main(requests: int) -> None:
    call_command("createcachetable", TABLE, verbosity=0)
    try:
        for name, ask in {"the archive's": ours, "DRF's over the cache": over_cache}.items():
            for threads in (1, THREADS):
                forget()
                taken, _ = times(lambda most, ask=ask: ask(most or 10**6), requests, threads)
                print(
                    f"{name:22} {threads} at once: median {median(taken):.2f} ms, of 100 the slowest"
                    f" {quantiles(taken, n=100)[-1]:.2f} ms"
                )
            forget()
            _, allowed = times(lambda most, ask=ask: ask(100 if most else 10**6), 400, THREADS)
            print(f"{name:22} {THREADS} at once, with a rate of 100: {allowed} of 400 let by")
    finally:
        forget()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")


if __name__ == "__main__":
    with available():
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1200)
