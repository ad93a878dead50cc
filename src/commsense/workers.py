"""Who does the work: this machine's cores, or others' in :mod:`commsense.distributed`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Protocol, TypeVar

from joblib import Parallel, cpu_count, delayed
from joblib.externals.loky import get_reusable_executor

# After so many pieces of work the processes are ended: left idle they would keep the memory of
# their largest one. After fewer, starting them anew would take longer than it is worth.
_MANY = 50

Item = TypeVar("Item")
Done = TypeVar("Done")


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


class Processes:
    """One process for each core of this machine, started only where there is enough to do."""

    share_files = True

    def map(
        self, work: Callable[[Item], Done], items: Iterable[Item], *, alone: int
    ) -> Iterator[Done]:
        """Yield what the work makes of each item, see :class:`Workers`."""
        rest = iter(items)
        first = list(islice(rest, alone + 1))
        if len(first) <= alone or cpu_count() == 1:
            yield from map(work, chain(first, rest))
            return
        # joblib's processes, unlike the standard library's, need no guard in the caller's script.
        # One item waits, so that no process does; each more would be in memory twice.
        parallel = Parallel(
            n_jobs=cpu_count(),
            pre_dispatch=cpu_count() + 1,
            return_as="generator",
            max_nbytes=None,
        )
        done = 0
        try:
            for result in parallel(delayed(work)(item) for item in chain(first, rest)):
                yield result
                done += 1
        finally:
            if done > _MANY:
                get_reusable_executor().shutdown()
