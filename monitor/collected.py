"""The static files: `up` collects them where they are others than those that it collected before.

To collect them, name them after what they hold and compress them takes longer than the rest of a start.
"""

import os
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders

from archive.text import sha256_hex

# Not among the files, which are served.
NOTE = settings.DATA_DIR / "static.collected"


def brought() -> str:
    """A hash of which static files the archive and its libraries bring, and of when they were written."""
    lines = [str(settings.STORAGES["staticfiles"])]
    for finder in get_finders():
        for name, storage in finder.list([]):
            info = os.stat(path := storage.path(name))
            # An installer can set the time of writing; that of the change is the system's.
            lines.append(f"{path} {info.st_size} {info.st_mtime_ns} {info.st_ctime_ns}")
    return sha256_hex("\n".join(lines))


def are_collected(files: str) -> bool:
    """Whether these are the files that were collected last, and nobody has removed them since."""
    there = Path(settings.STATIC_ROOT) / "staticfiles.json"
    return there.exists() and NOTE.exists() and NOTE.read_text() == files


def note(files: str) -> None:
    """These are collected now, all of them."""
    NOTE.write_text(files)
