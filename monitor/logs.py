"""What the log leaves out."""

import logging

import psycopg
from django.db import Error
from procrastinate.exceptions import ConnectorException


class BriefOnLostConnection(logging.Filter):
    """A lost database is told in a line: how each part noticed, fifty lines of it, helps nobody."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        while isinstance(error, ConnectorException) and error.__cause__:
            error = error.__cause__
        if isinstance(error, Error) and error.__cause__:
            error = error.__cause__
        if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
            reason = " ".join(str(error).split())
            record.msg, record.args = f"{' '.join(record.getMessage().split())}: {reason}", ()
            record.exc_info = record.exc_text = None
        return True
