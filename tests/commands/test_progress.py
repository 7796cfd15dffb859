"""How far a long command has come: a bar for people, lines for a log."""

from io import StringIO

import pytest
from django.core.management.base import OutputWrapper

from archive.management import progress
from archive.management.progress import Progress


class Terminal(StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress, "monotonic", lambda: now[0])
    return now


def run(out, clock, steps, total):
    shown = Progress(OutputWrapper(out), total, "articles")
    for seconds, more in steps:
        clock[0] += seconds
        shown(more)
    shown.end()
    return out.getvalue()


def test_a_log_has_a_line_now_and_then_and_at_the_end(clock):
    said = run(StringIO(), clock, [(4, 100)] * 5, 600)
    assert said.splitlines() == [
        "300 of 600 articles, 25 a second, 0:12 left",
        "500 of 600 articles, 25 a second, 0:04 left",
    ]


def test_a_terminal_has_a_bar_on_one_line(clock):
    said = run(Terminal(), clock, [(1, 150), (1, 150)], 300)
    first, last = said.lstrip("\r").split("\r")[0], said.split("\r")[-1]
    assert first.startswith("[###############...............] 150 of 300 articles, 150 a second, 0:01 left")
    assert last.startswith("[##############################] 300 of 300 articles, 150 a second")
    assert said.count("\n") == 1


def test_there_may_be_nothing_to_do_or_more_than_was_thought(clock):
    assert run(StringIO(), clock, [], 0) == "0 of 0 articles\n"
    assert run(StringIO(), clock, [(1, 5)], 3).startswith("5 of 5 articles")


def test_long_times_have_hours(clock):
    assert "2:46:40 left" in run(StringIO(), clock, [(10, 1)], 1001)
