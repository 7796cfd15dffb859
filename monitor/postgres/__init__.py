"""The embedded PostgreSQL: initialise, start, attach, stop. It runs when no DATABASE_URL names a server.

    with Server(data_dir).running():
        ...

Everybody who uses the server stands inside `running`. The first one in starts it, the last one out stops it,
and nobody trusts a pid: a pid file outlives its server, and its number may by now be somebody else's. Three
kernel locks (flock) carry the truth instead, because the kernel drops them when their holders die, however
they die:

- `postgres.turn`, held while anybody starts or stops the server, so that one does at a time;
- `postgres.users`, shared by all who use the server; whoever can have it alone is the last one;
- the cluster's folder itself, held by the server: a descriptor that the postmaster and all its children
  inherit. While it is locked, some process of a server works on the cluster, be it only a backend that
  outlived its postmaster.
"""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg

from monitor.postgres.locks import held, lock_alone, open_folder, open_lock
from monitor.postgres.programs import PostgresError, Programs, find_programs, server_account, user_name
from monitor.postgres.settings import access_rules, server_settings

__all__ = ["PostgresError", "Server"]

# The archive's role owns its database and may make others (the tests do), and is no superuser, so that
# what works here works on a server where somebody else is.
NAME = "archive"
ADMIN = "postgres"
PORT = 5432
# Seconds that a start, a crash recovery or a stop may take before a person hears of it.
PATIENCE = 60
# libpq reads these where a connection does not say otherwise. They belong to other servers.
LIBPQ_VARIABLES = {"PGDATESTYLE", "PGGEQO", "PGSERVICEFILE", "PGSYSCONFDIR", "PGTZ"} | {
    option.envvar.decode() for option in psycopg.pq.Conninfo.get_defaults() if option.envvar
}


class NoAnswer(PostgresError):
    """No server answers on the socket."""


class Server:
    """The PostgreSQL server of one data directory. Making the object touches nothing and starts nothing."""

    def __init__(self, data_dir: Path | str):
        """`data_dir` is the archive's data directory; it need not exist yet."""
        self.data_dir = Path(os.path.realpath(data_dir))
        self.cluster = self.data_dir / "postgres"
        self.log = self.cluster / "server.log"
        # A socket's path may have about 100 bytes, which a data directory can well exceed. The name follows
        # from the data directory alone, so that every process finds it, whatever its TMPDIR or
        # XDG_RUNTIME_DIR.
        digest = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        self.socket_dir = Path("/tmp") / f"archive-{digest}"

    @property
    def connection(self) -> dict:
        """How to reach the database: keyword arguments for `psycopg.connect`."""
        return {"host": str(self.socket_dir), "port": PORT, "user": NAME, "dbname": NAME}

    @property
    def database(self) -> dict:
        """How to reach the database: entries for Django's DATABASES."""
        return {"NAME": NAME, "USER": NAME, "HOST": str(self.socket_dir), "PORT": str(PORT)}

    @contextmanager
    def running(self, options: Mapping[str, str] | None = None) -> Iterator["Server"]:
        """While inside, the server runs, and has the database and the role that `connection` names.

        `options` are PostgreSQL settings on top of ours (`{"fsync": "off"}`); they count only if this call is
        the one that starts the server. Raises PostgresError. libpq's variables (PGOPTIONS, PGSERVICE, ...)
        are removed from this process's environment, or they would send its connections elsewhere.

        Processes forked inside do not stop the server when they leave. If this one is killed, they, or else
        the next process to enter, see to it.
        """
        for name in LIBPQ_VARIABLES:
            os.environ.pop(name, None)
        process = os.getpid()
        with self._plain_errors():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            turn, users = (open_lock(self.data_dir / name) for name in ("postgres.turn", "postgres.users"))
        with closing(turn), closing(users):
            with self._plain_errors(), held(turn):
                # Never waits: whoever has the users' lock alone has the turn too.
                fcntl.flock(users, fcntl.LOCK_SH)
                try:
                    self._ensure_running(options or {})
                    self._ensure_database()
                except PostgresError:
                    raise  # it could not be started, so there is nothing to stop
                except BaseException:
                    self._leave(users)
                    raise
            try:
                yield self
            finally:
                if os.getpid() == process:
                    with self._plain_errors(), held(turn):
                        self._leave(users)

    # --- Starting -----------------------------------------------------------------------

    def _ensure_running(self, options: Mapping[str, str]) -> None:
        account = server_account(self._owner())
        if not (self.cluster / "PG_VERSION").exists():
            self._initialise(find_programs(account), options)
        with open_folder(self.cluster) as handle:
            give_up = time.monotonic() + PATIENCE
            while True:
                try:
                    self._ask_pid()
                    return
                except NoAnswer as error:
                    # Locked without an answer: it is starting or recovering, or the last processes of a
                    # killed one still end.
                    if lock_alone(handle):
                        break
                    if time.monotonic() > give_up:
                        raise PostgresError(
                            f"a server has {self.cluster} open but does not answer ({error}): wait until it"
                            " is done, or stop the process that postmaster.pid names there"
                        ) from error
                time.sleep(0.05)
            self._start(find_programs(account), handle, options)

    def _owner(self) -> int | None:
        """The uid that owns the cluster, None where there is none (an empty folder is none)."""
        try:
            owner = self.cluster.stat().st_uid
        except FileNotFoundError:
            return None
        if os.geteuid() not in (0, owner) or any(self.cluster.iterdir()):
            return owner
        return None

    def _initialise(self, programs: Programs, options: Mapping[str, str]) -> None:
        if self.cluster.exists() and any(self.cluster.iterdir()):
            raise PostgresError(
                f"{self.cluster} holds something else than a PostgreSQL database: move it away"
            )
        # Made under another name and then renamed, so that a kill in the middle leaves no half of a cluster.
        new = self.data_dir / "postgres.new"
        if new.exists():
            with open_folder(new) as handle:
                # An initdb outlives its killed parent for a moment, and would write into what comes next.
                if not lock_alone(handle, PATIENCE):
                    raise PostgresError(f"an initdb still writes to {new}: stop it")
            shutil.rmtree(new)
        arguments = [f"--username={ADMIN}", "--encoding=UTF8", "--data-checksums"]
        arguments += ["--auth-local=peer", "--auth-host=reject"]
        if programs.major >= 17:
            # The builtin provider sorts and folds case alike on every system. The character classes come from
            # the C library nevertheless: with the class `C`, full-text search takes an Arabic comma for a
            # letter, and trigrams see no letter in Arabic at all.
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            arguments += ["--lc-ctype=C.UTF-8"]
        else:
            arguments += ["--locale=C.UTF-8"]
        if options.get("fsync") == "off":
            arguments += ["--no-sync"]
        try:
            new.mkdir(mode=0o700)
            with open_folder(new) as handle:
                _give(handle, programs)
                fcntl.flock(handle, fcntl.LOCK_EX)
                result = programs.run(
                    "initdb", *arguments, cluster=new, handle=handle, output=subprocess.PIPE
                )
            if result.returncode != 0:
                raise PostgresError(
                    f"no database could be made in {self.data_dir}: {_gist(result.stdout, new)}"
                )
            new.rename(self.cluster)
        except BaseException:
            shutil.rmtree(new, ignore_errors=True)
            raise
        with open_folder(self.data_dir) as handle:
            os.fsync(handle)

    def _start(self, programs: Programs, handle: int, options: Mapping[str, str]) -> None:
        """Start the server, which inherits `handle`, the cluster's folder, and the lock on it."""
        made_by = (self.cluster / "PG_VERSION").read_text().strip()
        if made_by != str(programs.major):
            raise PostgresError(
                f"{self.cluster} was made by PostgreSQL {made_by}, and {programs.folder} holds"
                f" {programs.version}: set ARCHIVE_PG_BIN to the programs of version {made_by}, dump the data"
                f" with pg_dump, and load the dump into a new data directory with version {programs.major}"
            )
        self._make_socket_dir(programs)
        self._remove_misleading_pids(handle)
        rules = access_rules(programs.account.pw_name, [ADMIN, NAME])
        configuration = {"postgresql.conf": server_settings(self.socket_dir, PORT, options), **rules}
        for name, text in configuration.items():
            _put(self.cluster / name, text, programs).close()
        # One log a run, and the one before it: with what the settings let into it, that bounds its size.
        with suppress(FileNotFoundError):
            self.log.rename(self.log.with_suffix(".log.1"))
        with _put(self.log, "", programs) as log:
            # pg_ctl comes between so that the server is not our child, whom we would have to reap.
            arguments = ("start", "--silent", "--wait", f"--timeout={PATIENCE}")
            result = programs.run("pg_ctl", *arguments, cluster=self.cluster, handle=handle, output=log)
        if result.returncode != 0:
            with suppress(OSError):
                self.socket_dir.rmdir()
            gist = _gist(self.log.read_bytes(), self.cluster)
            raise PostgresError(f"PostgreSQL {programs.version} did not start: {gist} (its log: {self.log})")

    def _remove_misleading_pids(self, handle: int) -> None:
        """Remove the pid files that name a live process which is no server of this cluster.

        PostgreSQL sees through pid files of the dead by itself, but gives way to a stranger who got the
        number, and to a zombie that nobody reaps. A postmaster works in its cluster's folder; a zombie works
        nowhere.
        """
        for pid_file in (self.cluster / "postmaster.pid", self.socket_dir / f".s.PGSQL.{PORT}.lock"):
            with suppress(FileNotFoundError, ValueError, IndexError):
                process = Path("/proc") / str(int(pid_file.read_text().splitlines()[0]))
                if process.exists() and not _works_in(process, handle):
                    pid_file.unlink()

    # --- The socket ---------------------------------------------------------------------

    def _make_socket_dir(self, programs: Programs) -> None:
        with suppress(FileExistsError):
            self.socket_dir.mkdir(mode=0o700)
        if os.geteuid() == self.socket_dir.lstat().st_uid == 0:
            os.chown(self.socket_dir, programs.account.pw_uid, programs.account.pw_gid, follow_symlinks=False)
        self._check_socket_dir()

    def _check_socket_dir(self) -> None:
        """Raise PostgresError unless only the server's user can listen here: all can make names in /tmp."""
        info = self.socket_dir.lstat()
        owner = self.cluster.stat().st_uid
        if not (stat.S_ISDIR(info.st_mode) and info.st_uid == owner and stat.S_IMODE(info.st_mode) == 0o700):
            raise PostgresError(
                f"{self.socket_dir} should be a folder of {user_name(owner)} with mode drwx------, but is"
                f" {user_name(info.st_uid)}'s with {stat.filemode(info.st_mode)}: remove it; somebody may"
                " have made it to listen in"
            )

    def _connect(self) -> psycopg.Connection:
        try:
            self._check_socket_dir()
            return psycopg.connect(
                host=str(self.socket_dir),
                port=PORT,
                user=ADMIN,
                dbname="postgres",
                autocommit=True,
                connect_timeout=5,
            )
        except FileNotFoundError as error:
            raise NoAnswer("it has no socket") from error
        except psycopg.OperationalError as error:
            raise NoAnswer(_one_line(error)) from error

    def _ask_pid(self) -> int:
        """The pid of the server that answers and works on this cluster.

        Raises NoAnswer, and PostgresError where the server works elsewhere: a data directory that was moved
        or removed under a running server leaves it listening on the old socket.
        """
        theirs = None
        with self._connect() as connection:
            try:
                # pid, folder and time of the start: no two servers share all of them
                [answer] = connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone()
                theirs = answer.splitlines()[:3]
                if (self.cluster / "postmaster.pid").read_text().splitlines()[:3] == theirs:
                    return int(theirs[0])
            except (psycopg.errors.UndefinedFile, FileNotFoundError):
                pass
            except psycopg.OperationalError as error:  # it is stopping
                raise NoAnswer(_one_line(error)) from error
        way_out = f"stop process {theirs[0]}" if theirs else "wait a minute, and it stops by itself"
        raise PostgresError(
            f"the server that answers in {self.socket_dir} works on a folder that was moved or removed:"
            f" {way_out}"
        )

    def _ensure_database(self) -> None:
        with self._connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE ROLE {NAME} LOGIN CREATEDB")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
                connection.execute(f"CREATE DATABASE {NAME} OWNER {NAME}")

    # --- Stopping -----------------------------------------------------------------------

    def _leave(self, users: int) -> None:
        """Give up the share in the users' lock, and stop the server if nobody else has one."""
        try:
            if lock_alone(users):
                self._stop()
        finally:
            # Closing would not do: children forked inside have the same lock open.
            fcntl.flock(users, fcntl.LOCK_UN)

    def _stop(self) -> None:
        """Stop the server and wait until its last process is gone. Does nothing where none runs."""
        if not self.cluster.exists():
            return
        with open_folder(self.cluster) as handle:
            give_up = time.monotonic() + PATIENCE
            told = False
            while not lock_alone(handle):
                if not told:
                    with suppress(NoAnswer):  # it may be just starting, or gone but for its last processes
                        os.kill(self._ask_pid(), signal.SIGINT)  # a fast shutdown
                        told = True
                if time.monotonic() > give_up:
                    raise PostgresError(
                        f"the server of {self.data_dir} did not stop in {PATIENCE} s; its log: {self.log}"
                    )
                time.sleep(0.02)
        with suppress(OSError):
            self.socket_dir.rmdir()

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        """Turn what the operating system and the server say into one line for a person."""
        try:
            yield
        except OSError as error:
            where = error.filename or self.data_dir
            raise PostgresError(
                f"cannot keep the database in {self.data_dir}: {where}: {error.strerror}"
            ) from error
        except psycopg.Error as error:
            gist = _one_line(error)
            raise PostgresError(
                f"the server of {self.data_dir} failed: {gist}; its log: {self.log}"
            ) from error


def _put(path: Path, text: str, programs: Programs):
    """Put a new file of the server's at `path`, whole or not at all. Returns it, open at its end.

    It takes the place of what was there instead of writing to it: the folder is the server user's, who could
    have left a link there for root to follow.
    """
    file = tempfile.NamedTemporaryFile("wb", prefix=f"{path.name}.", dir=path.parent, delete=False)  # noqa: SIM115
    try:
        _give(file.fileno(), programs)
        file.write(text.encode())
        file.flush()
        os.replace(file.name, path)
    except BaseException:
        os.unlink(file.name)
        file.close()
        raise
    return file


def _give(handle: int, programs: Programs) -> None:
    """Make an open file or folder the server user's, which only root can and need do."""
    if os.geteuid() == 0:
        os.fchown(handle, programs.account.pw_uid, programs.account.pw_gid)


def _works_in(process: Path, handle: int) -> bool:
    """Whether a process, given as its folder in /proc, has the open folder `handle` as working directory."""
    try:
        return os.path.samestat((process / "cwd").stat(), os.fstat(handle))
    except OSError:
        return False  # a zombie has none; another user's is none of ours


def _gist(output: bytes, cluster: Path) -> str:
    """The lines of a program's output that say what went wrong, as one."""
    text = re.sub(r"/proc/self/fd/\d+", lambda _: str(cluster), output.decode(errors="replace"))
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("pg_ctl:")]
    telling = re.compile(r"(FATAL|PANIC|ERROR|HINT|error|could not|invalid|unrecognized).*")
    return "; ".join([found[0] for line in lines if (found := telling.search(line))][-3:] or lines[-3:])


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
