"""Who does the work: this machine's cores, or others' in :mod:`commsense.distributed`."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import current_process, get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import Protocol, TypeVar

from joblib import cpu_count
from joblib.externals.loky import ProcessPoolExecutor as FreshProcesses

from commsense.errors import CommsenseError

Item = TypeVar("Item")
Done = TypeVar("Done")
Made = TypeVar("Made", covariant=True)


class Future(Protocol[Made]):
    """What is being done elsewhere."""

    def result(self) -> Made:
        """Wait for it, and return what it made."""
        ...

    def cancel(self) -> object:
        """Leave it undone where it was not begun."""
        ...


class Workers(Protocol):
    """Where pieces of work are done.

    Attributes
    ----------
    share_files : bool
        Whether a path of this machine leads to the same file there.
    """

    share_files: bool

    def map(
        self, work: Callable[[Item], Done], items: Iterable[Item], *, alone: int
    ) -> Iterator[Done]:
        """Yield what the work makes of each item, in the items' order.

        Parameters
        ----------
        work : callable
            A function of a module, or a partial one: it may be sent to another process.
        items : iterable
            Taken as they are needed, not all at once.
        alone : int
            Up to so many items are not worth sending anywhere.
        """
        ...


class ThisProcess:
    """Nobody else: one item after the other."""

    share_files = True

    def map(
        self, work: Callable[[Item], Done], items: Iterable[Item], *, alone: int
    ) -> Iterator[Done]:
        """Yield what the work makes of each item, see :class:`Workers`."""
        return map(work, items)


class Processes:
    """One process for each core of this machine, started only where there is enough to do.

    On Linux, what this process has loaded by then, modules and models, they have too.
    """

    share_files = True

    def map(
        self, work: Callable[[Item], Done], items: Iterable[Item], *, alone: int
    ) -> Iterator[Done]:
        """Yield what the work makes of each item, see :class:`Workers`."""
        rest = iter(items)
        first = list(islice(rest, alone + 1))
        # A daemonic process may have none of its own.
        if len(first) <= alone or cpu_count() == 1 or current_process().daemon:
            yield from map(work, chain(first, rest))
            return
        try:
            with _processes(cpu_count()) as executor:
                # One item waits, so that no process does; each more would be in memory twice.
                yield from in_order(
                    lambda item: executor.submit(work, item), chain(first, rest), cpu_count() + 1
                )
        except BrokenExecutor as error:
            raise CommsenseError(
                f"a process that did a part of the work was ended: {error}",
                mend="read fewer exports at a time, or use a machine with more memory",
            ) from error


def in_order(
    submit: Callable[[Item], Future[Done]], items: Iterable[Item], ahead: int
) -> Iterator[Done]:
    """Yield what is made of each item elsewhere, in the items' order.

    Parameters
    ----------
    submit : callable
        Sends an item to be worked on.
    items : iterable
    ahead : int
        How many may be sent before the first of them is done.
    """
    rest, sent = iter(items), deque[Future[Done]]()
    try:
        sent.extend(submit(item) for item in islice(rest, ahead))
        while sent:
            done = sent.popleft().result()
            sent.extend(submit(item) for item in islice(rest, 1))
            yield done
    finally:
        for one in sent:
            one.cancel()


@contextmanager
def _processes(count: int) -> Iterator[Executor]:
    """Start processes that need no guard in the caller's script, and end them.

    Where they are not wanted any more, for an error or because nobody takes what they make, they
    are ended in the midst of their work.
    """
    if sys.platform == "linux":
        # A copy of this process starts at once, and shares its memory. Elsewhere system
        # libraries do not survive that.
        yield from _copies(count)
    else:
        yield from _fresh(count)


def _copies(count: int) -> Iterator[Executor]:
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()  # what waits there would be written by each copy as well
    executor = ProcessPoolExecutor(count, get_context("fork"), _begin_as_copy)
    try:
        yield executor
    except BaseException:
        for process in list((executor._processes or {}).values()):
            process.kill()
        raise
    finally:
        executor.shutdown()


def _fresh(count: int) -> Iterator[Executor]:
    executor = FreshProcesses(count)
    try:
        yield executor
    except BaseException:
        executor.shutdown(kill_workers=True)
        raise
    executor.shutdown()


def _begin_as_copy() -> None:
    """Prepare a process that is a copy of another."""
    # Who interrupts means the parent, which ends its processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A progress bar may have taken their place; it belongs to the parent.
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    # What was there before is left where it is: to look through it would copy it.
    gc.freeze()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End where the parent was killed, rather than wait for work that cannot come."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
