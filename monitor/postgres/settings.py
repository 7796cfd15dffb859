"""The settings of the embedded PostgreSQL: sized to the machine, reachable by nobody from outside."""

import os
import pwd
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

MB = 1024 * 1024
HEADER = "# Written at each start of the server. What ALTER SYSTEM sets is kept, and wins.\n"


def server_settings(socket_dir: Path, port: int, options: Mapping[str, str]) -> str:
    """The text of postgresql.conf.

    The server listens in `socket_dir` only; `options` are added and win over ours.
    """
    memory = memory_limit()
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_dir),
        "unix_socket_permissions": "0700",
        "port": port,
        "cluster_name": socket_dir.name,  # shown by ps
        "max_connections": 100,
        "shared_buffers": megabytes(memory / 8, 64, 2048),
        "effective_cache_size": megabytes(memory / 2, 128, 1 << 20),
        "maintenance_work_mem": megabytes(memory / 16, 64, 1024),
        "work_mem": "32MB",
        "random_page_cost": 1.1,  # solid-state disks
        "jit": "off",  # our queries are short; compiling them takes longer than running them
        "timezone": "UTC",
        "log_timezone": "UTC",
        "datestyle": "ISO, YMD",
        "default_text_search_config": "pg_catalog.simple",
        # A client's error is reported to the client. In the log it would show publishers' text, and a client
        # that fails in a loop would fill the disk.
        "log_min_messages": "log",
        "log_error_verbosity": "terse",
        "log_checkpoints": "off",
        **options,
    }
    if not _roomy(Path("/dev/shm")):
        settings.setdefault("dynamic_shared_memory_type", "mmap")
    return HEADER + "".join(f"{name} = {_quoted(value)}\n" for name, value in settings.items())


def access_rules(account: str, roles: Iterable[str]) -> dict[str, str]:
    """The texts of pg_hba.conf and pg_ident.conf, by file name.

    The kernel tells the server who stands at the other end of its socket: root and `account`, the operating
    system user of the server, may be any of `roles`, and nobody else anything. There are no passwords to
    keep.
    """
    users = sorted({account, pwd.getpwuid(0).pw_name})
    idents = (f'archive "{user}" "{role}"\n' for user in users for role in roles)
    return {
        "pg_hba.conf": f"{HEADER}local all all peer map=archive\n",
        "pg_ident.conf": HEADER + "".join(idents),
    }


def memory_limit(root: Path = Path("/")) -> int:
    """The bytes of memory that this process may use: the machine's, or the limit of its control group.

    `root` is the folder that holds `proc` and `sys`.
    """
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    try:
        groups = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        groups = []
    for line in groups:
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            folder, name = root / "sys/fs/cgroup", "memory.max"
        elif "memory" in controllers.split(","):
            folder, name = root / "sys/fs/cgroup/memory", "memory.limit_in_bytes"
        else:
            continue
        # A limit on an outer group counts too; and a container may see only the outermost folder.
        inner = folder / group.lstrip("/")
        for place in (inner, *inner.parents):
            with suppress(OSError, ValueError):  # no such group in sight, or "max"
                limits.append(int((place / name).read_text()))
    return min(limits)


def megabytes(size: float, low: int, high: int) -> str:
    """A size in bytes as PostgreSQL writes it, and no less than `low` MB and no more than `high` MB."""
    return f"{min(max(int(size / MB), low), high)}MB"


def _roomy(folder: Path) -> bool:
    """Whether shared memory has room for parallel queries: a container has 64 MB unless told otherwise."""
    try:
        info = os.statvfs(folder)
    except OSError:
        return False
    return info.f_blocks * info.f_frsize >= 512 * MB


def _quoted(value: object) -> str:
    return "'" + str(value).replace("\\", "\\\\").replace("'", "''") + "'"
