#!/usr/bin/env python
"""Runs the archive's commands; while one runs that needs it, so does the embedded PostgreSQL."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

# They read and write files only; `up` sees to the database itself, once it has its port.
NEED_NO_DATABASE = {
    "",
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "up",
    "version",
}
HELP = {"--help", "-h", "--version"}


def database_for(arguments: list[str]) -> AbstractContextManager:
    """What keeps the database there while the command in `arguments` runs."""
    command = arguments[0] if arguments else ""
    if command in NEED_NO_DATABASE or HELP & set(arguments):
        return nullcontext()
    from monitor.database import available

    return available()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")
    if sys.argv[1:2] == ["up"]:
        # Before the settings are read: what is right on the loopback address.
        from monitor.loopback import relax

        relax(sys.argv[2:])
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from monitor.postgres import PostgresError

    try:
        with database_for(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError, PostgresError) as error:
        sys.exit(f"error: {' '.join(str(error).split())}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
