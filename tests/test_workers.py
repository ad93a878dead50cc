import multiprocessing
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from commsense.errors import CommsenseError, MissingExtraError
from commsense.workers import Processes, ThisProcess

several_cores = pytest.mark.skipif(
    (os.cpu_count() or 1) == 1, reason="one core needs no other process"
)
LOADED: list[str] = []


def who(_item: int) -> int:
    return os.getpid()


def add(number: int, to: int) -> int:
    return number + to


def test_few_items_are_done_here():
    assert set(Processes().map(who, [1, 2], alone=2)) == {os.getpid()}


@several_cores
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


def loaded(_item: int) -> list[str]:
    return LOADED


@several_cores
@pytest.mark.skipif(sys.platform != "linux", reason="processes are copies on Linux alone")
def test_other_processes_have_what_was_loaded_here(monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "LOADED", ["a model"])
    assert list(Processes().map(loaded, range(4), alone=0)) == [["a model"]] * 4


def test_one_item_after_the_other_is_done_here():
    assert set(ThisProcess().map(who, range(9), alone=2)) == {os.getpid()}


def end(_item: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@several_cores
def test_a_process_that_was_ended_is_told():
    with pytest.raises(CommsenseError, match=r"was ended: .*; mend"):
        list(Processes().map(end, range(4), alone=0))


def fail(item: int) -> int:
    raise ValueError(f"not {item}")


@several_cores
def test_an_error_comes_through_as_it_was():
    with pytest.raises(ValueError, match="not 0"):
        list(Processes().map(fail, range(4), alone=0))


@several_cores
def test_what_nobody_waits_for_is_ended_in_the_midst():
    found = Processes().map(slowly_at_times, [0.0, *[60.0] * 9], alone=0)
    assert next(found) == 0.0
    started = time.monotonic()
    found.close()
    assert time.monotonic() - started < 30


@several_cores
def test_ending_some_work_ends_no_other():
    one, other = (Processes().map(who, range(40), alone=0) for _ in range(2))
    next(one)
    next(other)
    one.close()
    assert len(list(other)) == 39


PRINTING = """
import io
from contextlib import redirect_stdout
from commsense.workers import Processes

print("once")
with redirect_stdout(io.StringIO()):
    list(Processes().map(abs, range(9), alone=0))
"""


@several_cores
def test_what_was_printed_before_is_printed_once():
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    told = subprocess.run(
        [sys.executable, "-c", PRINTING], env=buffered, capture_output=True, text=True, check=True
    )
    assert told.stdout == "once\n"


def slowly_at_times(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


@several_cores
def test_an_error_in_the_items_ends_the_work():
    def items():
        yield 0.0
        yield 60.0
        raise OSError("the disk is gone")

    started = time.monotonic()
    with pytest.raises(OSError, match="the disk is gone"):
        list(Processes().map(slowly_at_times, items(), alone=0))
    assert time.monotonic() - started < 30


def missing(_item: int) -> None:
    raise MissingExtraError("reading .pst", "outlook")


@several_cores
def test_our_own_errors_come_through_as_they_were():
    with pytest.raises(MissingExtraError, match="mend: pip install") as told:
        list(Processes().map(missing, range(4), alone=0))
    assert told.value.extra == "outlook"


def in_turn(numbers: list[int]) -> list[int]:
    return list(Processes().map(abs, numbers, alone=1))


def test_a_process_that_may_have_none_of_its_own_does_the_work_itself():
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(in_turn, ([-1, -2, -3],)) == [1, 2, 3]


INTERRUPTED = """
import time
from commsense.workers import Processes

def work(item):
    print("begun", flush=True)
    time.sleep(600)

try:
    list(Processes().map(work, range(4), alone=0))
except KeyboardInterrupt:
    print("stopped")
"""


@several_cores
def test_an_interruption_is_heard_at_once():
    command = [sys.executable, "-c", INTERRUPTED]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        assert process.stdout is not None
        process.stdout.read(1)
        os.killpg(process.pid, signal.SIGINT)
        told, _ = process.communicate(timeout=60)
    assert told.endswith("stopped\n")


ORPHANS = """
import os, time
from commsense.workers import Processes

def work(item):
    os.write(1, b"%d\\n" % os.getpid())
    time.sleep(600)

list(Processes().map(work, range(4), alone=0))
"""


@several_cores
@pytest.mark.skipif(sys.platform != "linux", reason="asks the kernel's process table")
def test_processes_end_with_a_parent_that_was_killed():
    with subprocess.Popen([sys.executable, "-c", ORPHANS], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        try:
            workers = [int(parent.stdout.readline()) for _ in range(2)]
        finally:
            parent.kill()
    waited = time.monotonic() + 20
    while any(map(is_running, workers)) and time.monotonic() < waited:
        time.sleep(0.05)
    assert not any(map(is_running, workers))


def is_running(process: int) -> bool:
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return told.rpartition(")")[2].split()[0] != "Z"
