"""How far a long command has come: a bar on a terminal, a line now and then in a log."""

from time import monotonic

from django.core.management.base import OutputWrapper

WIDTH = 30
# Seconds between two drawings of the bar, and between two lines of a log.
BAR, LINE = 0.2, 10.0


class Progress:
    """Call it with what has been done since the last call; `end` leaves the last state standing."""

    def __init__(self, out: OutputWrapper, total: int, things: str):
        """`total` is how much there is to do, `things` what is counted: `articles`."""
        self.out, self.total, self.things = out, total, things
        self.done, self.began = 0, monotonic()
        self.shown = self.began
        self.bar = out.isatty()

    def __call__(self, more: int) -> None:
        self.done += more
        if monotonic() - self.shown >= (BAR if self.bar else LINE):
            self.show()

    def end(self) -> None:
        self.show()
        if self.bar:
            self.out.write("")

    def show(self) -> None:
        self.shown = monotonic()
        total = max(self.total, self.done)
        line = f"{self.done:,} of {total:,} {self.things}"
        if seconds := self.shown - self.began:
            rate = self.done / seconds
            line += f", {rate:,.0f} a second"
            if rate and self.done < total:
                line += f", {_time((total - self.done) / rate)} left"
        if not self.bar:
            self.out.write(line)
            return
        filled = WIDTH * self.done // total if total else WIDTH
        # Spaces wipe out what a longer line has left.
        self.out.write(f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {line}{' ' * 10}", ending="")
        self.out.flush()


def _time(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
