"""How the log is written: a line of JSON each, or for people in front of a terminal.

Django's lines, gunicorn's, procrastinate's and ours go through one formatter, so that each has the same
members: `timestamp`, `level`, `logger`, `event`, and in a request its `request_id`.
"""

import logging
import os
import sys
from logging.config import dictConfig
from typing import Any

import psycopg
import structlog
from django.db import Error
from gunicorn.glogging import Logger
from procrastinate.exceptions import ConnectorException

# What every line passes, whoever wrote it.
SHARED = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """Django's LOGGING. `form` is `json`, `text`, or `auto`: text where standard error is a terminal."""
    if form == "auto":
        form = "text" if sys.stderr.isatty() else "json"
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "monitor.logs.formatter", "form": form}},
        "filters": {"brief": {"()": "monitor.logs.BriefOnLostConnection"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["brief"]}},
        "loggers": {
            # A client's mistake is the client's: it is answered, and is no news for the log.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "CRITICAL"},
            # Turned off by ARCHIVE_LOG_REQUESTS, not by the level of the rest.
            "monitor.requests": {"level": "INFO"},
        },
        "root": {"handlers": ["stderr"], "level": level},
    }


def formatter(form: str) -> logging.Formatter:
    """What makes a line of a log record: `json` or `text`."""
    if form == "text":
        last: list[Any] = [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    else:
        last = [
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
    )


class ServerLogger(Logger):
    """gunicorn's logger, without handlers of its own: its lines go where all others go."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        # gunicorn's first process has not asked Django for anything yet.
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "monitor.settings")
        from django.conf import settings

        dictConfig(settings.LOGGING)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.propagate = True


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
