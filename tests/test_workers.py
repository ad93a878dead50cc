import os
import time
from functools import partial

import pytest

from commsense.workers import Processes


def who(_item: int) -> int:
    return os.getpid()


def add(number: int, to: int) -> int:
    return number + to


def test_few_items_are_done_here():
    assert set(Processes().map(who, [1, 2], alone=2)) == {os.getpid()}


@pytest.mark.skipif((os.cpu_count() or 1) == 1, reason="one core needs no other process")
def test_many_items_are_done_by_others():
    assert os.getpid() not in set(Processes().map(who, range(8), alone=2))


@pytest.mark.parametrize("alone", [0, 3, 40])
def test_results_come_in_the_order_of_the_items(alone):
    found = Processes().map(partial(add, to=1), range(20), alone=alone)
    assert list(found) == list(range(1, 21))


def test_items_are_taken_as_they_are_needed():
    taken = []

    def items():
        for number in range(600):
            taken.append(number)
            yield number

    found = Processes().map(partial(slowly, seconds=0.01), items(), alone=2)
    assert next(found) == 0
    assert len(taken) < 600
    assert list(found) == list(range(1, 600))


def slowly(item: int, seconds: float) -> int:
    time.sleep(seconds)
    return item
