"""Reads settings from the environment, strictly: a value that makes no sense stops the start."""

import os
import re
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE = ("1", "true", "yes", "on")
FALSE = ("0", "false", "no", "off")
# As browsers write it: no path, lower case, other scripts as xn--.
ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?")

RATE = re.compile(r"([1-9][0-9]{0,6})/(second|minute|hour|day)")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}


def text(name: str, default: str) -> str:
    """The variable `name`, stripped; `default` where it is missing or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    """A yes or no. Raises ImproperlyConfigured on any other word."""
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE + FALSE:
        raise ImproperlyConfigured(f"{name}={value!r}: use 1 or 0")
    return value in TRUE


def number(name: str, default: int, low: int, high: int) -> int:
    """A whole number from `low` to `high`. Raises ImproperlyConfigured on anything else."""
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit() and low <= int(value) <= high):
        raise ImproperlyConfigured(f"{name}={value!r}: use a whole number from {low} to {high}")
    return int(value)


def count(name: str, high: int) -> int:
    """How many, from none to `high`; a yes is one, a no none. Raises ImproperlyConfigured on the rest."""
    value = text(name, "0").lower()
    if value in TRUE + FALSE:
        return int(value in TRUE)
    return number(name, 0, 0, high)


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of `choices`. Raises ImproperlyConfigured on anything else."""
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name}={value!r}: use one of {', '.join(choices)}")
    return value


def rate(name: str, default: str) -> tuple[int, int] | None:
    """How many in how many seconds: `600/minute`. None where the variable is there and empty: no limit.

    Raises ImproperlyConfigured on anything else.
    """
    value = os.environ.get(name, default).strip()
    if not value:
        return None
    if not (found := RATE.fullmatch(value)):
        raise ImproperlyConfigured(
            f"{name}={value!r}: use a number and second, minute, hour or day: 600/minute; or nothing"
        )
    return int(found[1]), SECONDS[found[2]]


def words(name: str, default: list[str]) -> list[str]:
    """A list, separated by commas."""
    value = text(name, "")
    return [word.strip() for word in value.split(",") if word.strip()] if value else default


def origins(name: str) -> list[str]:
    """Web origins, as `https://desk.example:8443`, or `*` alone for all. Raises ImproperlyConfigured."""
    found = words(name, [])
    for origin in found:
        if not ORIGIN.fullmatch(origin) and found != ["*"]:
            raise ImproperlyConfigured(
                f"{name}={origin!r}: use origins as https://desk.example, without a path, or * alone"
            )
    return found


def database_url(name: str) -> dict | None:
    """Django's database settings from a URL, or None where the variable is missing.

    `postgresql://user:password@host:port/name?sslmode=require`; a socket directory stands
    percent-encoded as host, or as `?host=/run/postgresql`. Raises ImproperlyConfigured.
    """
    value = text(name, "")
    if not value:
        return None
    try:
        url = urlsplit(value)
        port = url.port
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}") from None
    if url.scheme not in ("postgres", "postgresql") or not url.path.strip("/"):
        raise ImproperlyConfigured(f"{name}: use postgresql://user:password@host:port/name")
    options = dict(parse_qsl(url.query))
    return {
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", "") or unquote(url.hostname or ""),
        "PORT": options.pop("port", "") or (str(port) if port else ""),
        "OPTIONS": options,
    }


def secret_key(name: str, data_dir: Path) -> str:
    """The variable, or a key made on the first start and kept in `data_dir`, readable by its owner.

    Several processes may start at once: the first key to arrive is everybody's.
    """
    if value := text(name, ""):
        return value
    path = data_dir / "secret_key"
    try:
        if not path.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            fresh = data_dir / f".secret_key.{os.getpid()}.{secrets.token_hex(4)}"
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(64))
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"cannot keep the secret key in {data_dir}: {error.strerror}; set {name}, or ARCHIVE_DATA_DIR"
            " to a folder that can be written"
        ) from None
