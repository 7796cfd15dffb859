"""Work in processes beside this one. Imports no Django: a process that begins has to set it up first."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context


def side_by_side(
    work: Callable[[list[int]], int], chunks: Iterator[list[int]], jobs: int, database: str
) -> Iterator[tuple[list[int], int]]:
    """`work` on every chunk in `jobs` processes, on the database of that name: chunk and result, as they end.

    Left early, by Ctrl-C too, it lets the chunks in hand come to their ends, and begins no others.
    """
    with ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (database,)) as pool:
        futures = {pool.submit(work, chunk): chunk for chunk in chunks}
        try:
            for future in as_completed(futures):
                yield futures.pop(future), future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _begin(database: str) -> None:
    import django

    # Ctrl-C goes to all processes of a terminal: it is the first one's to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    django.setup()

    from django.db import connections

    connections.databases["default"]["NAME"] = database
