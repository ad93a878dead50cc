"""How tagging uses the cores of a machine: processes, and threads in each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from multiprocessing import parent_process
from threading import Lock
from typing import Final

from threadpoolctl import ThreadpoolController

from commsense.tagging.base import Tagger
from commsense.workers import Processes, ThisProcess, Workers


def workers_for(tagger: Tagger) -> Workers:
    """Return who tags many texts by a model, which is ready for them from then on.

    Parameters
    ----------
    tagger : Tagger
        As :func:`commsense.tagging.loaded_tagger` gives it: a linear one is shared, on Linux, with
        the processes that are started later.
    """
    if tagger.config["kind"] != "linear":
        # A transformer uses all cores itself, and its threads are lost in a copied process.
        return ThisProcess()
    tagger.predict([""])  # builds what each process would build for itself
    return Processes()


def threads() -> int:
    """Return how many there may be: one in a worker, which has one core for itself."""
    return 1 if parent_process() is not None else os.cpu_count() or 1


class _Held:
    """Holds linear algebra to one thread while anybody asks for it.

    The limit is one for the whole process: who comes second must not take the first one's limit
    for what was there before, nor the first to leave lift it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._users = 0
        self._limit = ExitStack()
        self._libraries: ThreadpoolController | None = None

    @contextmanager
    def __call__(self) -> Iterator[None]:
        with self._lock:
            self._users += 1
            if self._users == 1:
                # Not before: a library counts from when it is loaded.
                self._libraries = self._libraries or ThreadpoolController()
                self._limit.enter_context(self._libraries.limit(limits=1, user_api="blas"))
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if self._users == 0:
                    self._limit.close()


_HELD: Final = _Held()


def one_thread_for_blas() -> AbstractContextManager[None]:
    """Leave linear algebra one thread a caller.

    Its own threads wait for each other at full speed, and take half of the cores from ours.
    """
    return _HELD()
