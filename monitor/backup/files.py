"""What a backup's file says of itself."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

MANIFEST = "manifest.json"
FORMAT = "archive-backup-1"


class BackupError(Exception):
    """It cannot be done. The message is for a person: what is wrong, what would be right."""


@dataclass(frozen=True)
class TableEntry:
    """A table in a backup: its columns in their order, its rows and their checksum."""

    columns: list[str]
    rows: int
    checksum: str

    @property
    def counted(self) -> tuple[int, str]:
        return self.rows, self.checksum


@dataclass(frozen=True)
class Manifest:
    """All that restore has to know besides the rows."""

    made: str
    postgresql: str
    migrations: list[list[str]]
    tables: dict[str, TableEntry]
    sequences: dict[str, int | None]

    def text(self) -> str:
        return json.dumps({"format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False)

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def member(table: str) -> str:
    """The name of a table's rows in the file."""
    return f"{table}.copy"


def read_manifest(file: Path) -> Manifest:
    """What `file` says of itself. Raises BackupError where it is no whole backup."""
    try:
        with ZipFile(file) as opened:
            said: dict[str, Any] = json.loads(opened.read(MANIFEST))
            if said.pop("format") != FORMAT:
                raise BackupError(f"{file} is a backup of another format than {FORMAT}")
            tables = {name: TableEntry(**entry) for name, entry in said.pop("tables").items()}
            manifest = Manifest(tables=tables, **said)
            if missing := {member(name) for name in tables} - set(opened.namelist()):
                raise BackupError(f"{file} lacks {', '.join(sorted(missing))}")
    except OSError as error:
        raise BackupError(f"cannot read {file}: {error.strerror}") from None
    except (BadZipFile, KeyError, TypeError, ValueError):
        raise BackupError(f"{file} is no backup of an archive, or not all of one") from None
    return manifest
