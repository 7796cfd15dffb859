#!/usr/bin/env python
"""Runs the archive's commands; the embedded PostgreSQL is there while one needs it."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")
    from django.core.management import execute_from_command_line

    from monitor.database import DatabaseUnavailable, available

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    try:
        with available(command):
            execute_from_command_line(sys.argv)
    except DatabaseUnavailable as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
