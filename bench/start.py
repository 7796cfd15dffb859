"""How long `manage.py up` takes from the command to the first page, in an empty data directory and again.

python -m bench.start [PORT]
"""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, sleep
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent


def seconds_to_first_page(data_dir: str, port: int) -> float:
    """Start, wait for the list of articles, stop. Raises RuntimeError if `up` ends before it serves."""
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {
        "ARCHIVE_DATA_DIR": data_dir
    }
    began = perf_counter()
    up = subprocess.Popen(
        [sys.executable, "manage.py", "up", f"--port={port}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        while True:
            if up.poll() is not None:
                raise RuntimeError(f"up ended with status {up.returncode}")
            try:
                with urlopen(f"http://127.0.0.1:{port}/api/v1/articles/", timeout=60) as answer:
                    answer.read()
                return perf_counter() - began
            except (URLError, ConnectionError):
                sleep(0.02)
    finally:
        up.send_signal(signal.SIGINT)
        up.wait()


def main() -> None:
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8123
    with tempfile.TemporaryDirectory() as folder:
        for name in ("first start", "second start"):
            print(f"{name:<14}{seconds_to_first_page(f'{folder}/var', port):6.2f} s")


if __name__ == "__main__":
    main()
