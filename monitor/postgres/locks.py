"""Locks that the kernel drops when their holders die (flock), on files and folders."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def open_lock(path: Path) -> BinaryIO:
    """A file to lock, made if it is missing. Raises OSError.

    Opened for reading, which is enough to lock it: a user may share the locks that root has made. Programs
    that this process starts do not inherit it.
    """
    return open(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_NOFOLLOW, 0o644), "rb")


@contextmanager
def open_folder(path: Path) -> Iterator[int]:
    """An open file descriptor of a folder, closed at the end. Raises OSError."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def held(lock: BinaryIO) -> Iterator[None]:
    """Hold a lock alone; waits for it."""
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(lock, fcntl.LOCK_UN)


def lock_alone(lock: BinaryIO | int, patience: float = 0) -> bool:
    """Take a lock that nobody else holds or shares, within `patience` seconds. Returns whether that went.

    Where it was not, a share that the caller had in it may be gone: Linux drops it first.
    """
    give_up = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() >= give_up:
                return False
        time.sleep(0.02)
