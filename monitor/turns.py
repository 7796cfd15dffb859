"""The threads of a web server's process: one of them works, others only while that takes long.

Python runs one thread at a time. Of two short requests at once each waits for the other again and again, and
both take longer: one after the other, the first is answered sooner, and the second no later. But nobody is to
wait for a slow one: who has had its turn for long goes on without it, and another thread takes that.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock, Thread
from time import monotonic
from typing import Any, Final

# Seconds after which a turn may be taken from who has it. Most reads take less where all cores are busy.
PATIENCE: Final = 0.01


class _Worker(Thread):
    """A thread that sleeps until it is woken."""

    def __init__(self, run: "Callable[[_Worker], None]") -> None:
        super().__init__(daemon=True)
        self._run, self._asleep = run, Lock()
        self._asleep.acquire()

    def run(self) -> None:
        self._run(self)

    def sleep(self, seconds: float = -1) -> None:
        self._asleep.acquire(timeout=seconds)

    def wake(self) -> None:
        self._asleep.release()


class Turns:
    """As an executor takes work (`concurrent.futures`), with at most `threads`, made when they are needed."""

    def __init__(self, threads: int, patience: float = PATIENCE) -> None:
        self._left, self._patience = threads, patience
        self._lock = Lock()
        self._work: deque[tuple[Future, Callable, tuple]] = deque()
        # Who sleeps, the last one that worked at the end: what it uses is in the processor's caches.
        self._idle: list[_Worker] = []
        # Whose turn it is, and since when; and who watches that this does not take long.
        self._turn: _Worker | None = None
        self._since = 0.0
        self._watch: _Worker | None = None

    def submit(self, function: Callable, *arguments: Any) -> Future:
        """Have a function called as soon as there is a turn."""
        future: Future = Future()
        with self._lock:
            self._work.append((future, function, arguments))
            if self._turn:
                self._have_it_watched()
            elif worker := self._sleeper():
                self._give_turn(worker)
                worker.wake()
        return future

    def shutdown(self, wait: bool = True) -> None:
        """Nothing is waited for here: gunicorn has waited for its connections when it asks for this."""

    # --- With the lock held -------------------------------------------------------------------

    def _give_turn(self, worker: _Worker) -> None:
        self._turn, self._since = worker, monotonic()

    def _have_it_watched(self) -> None:
        if self._watch is None and (worker := self._sleeper()):
            self._watch = worker
            worker.wake()

    def _sleeper(self) -> _Worker | None:
        """Somebody who is asleep; None where all there may be are busy."""
        if self._idle:
            return self._idle.pop()
        if not self._left:
            return None
        worker = _Worker(self._run)
        try:
            worker.start()
        except RuntimeError:  # the system has no more: who is there does it
            return None
        self._left -= 1
        return worker

    # --- In the threads -----------------------------------------------------------------------

    def _run(self, me: _Worker) -> None:
        while True:
            me.sleep()
            if self._watch is me and not self._watched(me):
                continue
            while work := self._next(me):
                _do(*work)

    def _watched(self, me: _Worker) -> bool:
        """Whether the turn is this thread's now, which watches as long as there is work that waits."""
        while True:
            with self._lock:
                late = not self._turn or monotonic() - self._since >= self._patience
                if late or not self._work:
                    self._watch = None
                    if self._work:
                        self._give_turn(me)
                    else:  # it has not worked: others come first
                        self._idle.insert(0, me)
                    return bool(self._work)
                left = self._since + self._patience - monotonic()
            # Nobody wakes who watches.
            me.sleep(max(left, 0))

    def _next(self, me: _Worker) -> tuple[Future, Callable, tuple] | None:
        """What this thread does next; None where it is to sleep."""
        with self._lock:
            if self._work and self._turn in (me, None):
                self._give_turn(me)
                work = self._work.popleft()
                if self._work:
                    self._have_it_watched()
                return work
            if self._turn is me:
                self._turn = None
            self._idle.append(me)
            if self._work:  # while all were busy, nobody was there to watch
                self._have_it_watched()
            return None


def _do(future: Future, function: Callable, arguments: tuple) -> None:
    try:
        result = function(*arguments)
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
