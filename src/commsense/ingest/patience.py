"""A cap on the time that one message may take.

Every pattern here runs in linear time and every size is bounded; this is the net below, for what
nobody thought of and for the libraries.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from commsense.errors import MessageError

SECONDS: Final = 30.0
"""A hundred times what the largest mail of a real archive takes."""


@contextmanager
def patience(seconds: float = SECONDS) -> Iterator[None]:
    """Give up on what takes longer.

    It works by an alarm of the operating system, which only the main thread of a process on Unix
    can set; elsewhere there is no cap.

    Parameters
    ----------
    seconds : float
        Wall-clock time.

    Raises
    ------
    MessageError
        When time is up.
    """
    if (
        not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return
    before = signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _give_up(number: int, frame: FrameType | None) -> None:
    raise MessageError(
        "a message that took too long to read", "mail that can be read", "export it again"
    )
