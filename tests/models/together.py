"""Two transactions at once, each on a connection of its own."""

import threading

from django.db import connection, transaction


class Beside(threading.Thread):
    """Runs a write in a transaction of its own; whoever starts it can wait until it is blocked, or done."""

    def __init__(self, write):
        super().__init__(daemon=True)
        self.write, self.error, self.pid = write, None, None
        self.connected = threading.Event()

    def run(self):
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_backend_pid()")
                    self.pid = cursor.fetchone()[0]
                self.connected.set()
                self.write()
        except Exception as error:  # told to the test, whatever it is
            self.error = error
        finally:
            self.connected.set()
            connection.close()

    def until_it_waits_or_ends(self):
        self.connected.wait()
        while self.is_alive():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_blocking_pids(%s)", [self.pid])
                if cursor.fetchone()[0]:
                    return
            self.join(0.01)


def at_once(first, second):
    """`second` runs while the transaction of `first` is open; returns when both are committed."""
    beside = Beside(second)
    with transaction.atomic():
        first()
        beside.start()
        beside.until_it_waits_or_ends()
    beside.join()
    if beside.error:
        raise beside.error
