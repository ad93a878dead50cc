"""How many threads share the tagging of texts in one process."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from functools import cache
from multiprocessing import parent_process

from threadpoolctl import ThreadpoolController


def threads() -> int:
    """Return how many there may be: one in a worker, which has one core for itself."""
    return 1 if parent_process() is not None else os.cpu_count() or 1


def one_thread_for_blas() -> AbstractContextManager[object]:
    """Leave linear algebra one thread a caller.

    Its own threads wait for each other at full speed, and take half of the cores from ours.
    """
    limit: AbstractContextManager[object] = _libraries().limit(limits=1, user_api="blas")
    return limit


@cache
def _libraries() -> ThreadpoolController:
    return ThreadpoolController()
