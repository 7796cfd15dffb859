"""Runs a program that ends when the process that started it ends, however that ends.

    python -m monitor.child PROGRAM ARGUMENT ...

Linux tells a process of its parent's death, if asked. Elsewhere a killed `up` leaves its
children behind, and the next `up` says that the port is in use.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it died before we could ask
            sys.exit(1)
    os.execv(sys.argv[1], sys.argv[1:])


if __name__ == "__main__":
    main()
