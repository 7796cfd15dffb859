"""Short work is done one after the other; what takes long keeps nobody from it."""

from threading import Barrier, Event, Lock
from time import sleep

import pytest

from monitor.turns import Turns

# Seconds: longer than any of these tests, and so that no turn is ever taken from anybody.
FOR_EVER = 600
SOON = 0.01


class Counter:
    """Counts those that work at once."""

    def __init__(self):
        self.lock, self.now, self.most = Lock(), 0, 0

    def work(self, seconds=0.002):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        sleep(seconds)
        with self.lock:
            self.now -= 1


def test_short_work_is_done_one_after_the_other():
    turns, counter = Turns(4, patience=FOR_EVER), Counter()
    for done in [turns.submit(counter.work) for _ in range(50)]:
        done.result(60)
    assert counter.most == 1


def test_what_is_submitted_first_is_done_first():
    turns, said = Turns(4, patience=FOR_EVER), []
    for done in [turns.submit(said.append, number) for number in range(50)]:
        done.result(60)
    assert said == list(range(50))


def test_what_takes_long_lets_others_work():
    # All came at once, and no more comes: each is waited for no longer than the patience lasts.
    turns, all_of_them = Turns(4, patience=SOON), Barrier(4)
    for done in [turns.submit(all_of_them.wait, 60) for _ in range(4)]:
        done.result(60)


def test_short_work_beside_what_takes_long():
    turns, end = Turns(2, patience=SOON), Event()
    long = turns.submit(end.wait, 60)
    for _ in range(10):
        assert turns.submit(int, "7").result(60) == 7
    assert not long.done()
    end.set()
    assert long.result(60)


def test_who_has_lost_its_turn_works_again():
    turns, end = Turns(2, patience=SOON), Event()
    first, second = turns.submit(end.wait, 60), turns.submit(end.wait, 60)
    # All threads are busy: this waits for one of them.
    third = turns.submit(int, "7")
    sleep(5 * SOON)
    assert not third.done()
    end.set()
    assert (first.result(60), second.result(60), third.result(60)) == (True, True, 7)


def test_what_came_while_all_were_busy_does_not_wait_for_the_last_of_them():
    turns, first_ends, second_begins, second_ends = Turns(2, patience=SOON), Event(), Event(), Event()

    def second():
        second_begins.set()
        return second_ends.wait(60)

    first, last = turns.submit(first_ends.wait, 60), turns.submit(second)
    assert second_begins.wait(60)
    third = turns.submit(int, "7")
    # The turn is the second one's, and stays so.
    first_ends.set()
    assert (first.result(60), third.result(60), last.done()) == (True, 7, False)
    second_ends.set()
    assert last.result(60)


def test_who_has_lost_its_turn_takes_no_other_while_somebody_has_one():
    turns, end, begun = Turns(2, patience=2), Event(), Event()

    def second():
        end.set()
        return begun.wait(0.05)

    first, second, third = turns.submit(end.wait, 60), turns.submit(second), turns.submit(begun.set)
    assert first.result(60)
    assert not second.result(60)
    third.result(60)


def test_there_are_no_more_threads_than_it_says():
    turns, counter = Turns(3, patience=0.001), Counter()
    for done in [turns.submit(counter.work, 0.03) for _ in range(20)]:
        done.result(60)
    assert counter.most == 3


def test_a_mistake_is_of_who_submitted_it_and_ends_no_thread():
    turns = Turns(1, patience=FOR_EVER)
    for _ in range(3):
        with pytest.raises(ValueError, match="invalid literal"):
            turns.submit(int, "seven").result(60)
    assert turns.submit(int, "7").result(60) == 7
