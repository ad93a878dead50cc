"""A cap on the time that one message may take.

Every pattern here runs in linear time and every size is bounded; this is the net below, for what
nobody thought of and for the libraries.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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
    if not _has_alarm():
        yield
        return
    is_ready = signal.getsignal(signal.SIGALRM) is _give_up
    with nullcontext() if is_ready else ready():
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


@contextmanager
def ready() -> Iterator[None]:
    """Have the alarm's answer at hand for many messages, each of which is then read sooner."""
    if not _has_alarm():
        yield
        return
    before = signal.signal(signal.SIGALRM, _give_up)
    try:
        yield
    finally:
        signal.signal(signal.SIGALRM, before)


def _has_alarm() -> bool:
    return hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()


def _give_up(number: int, frame: FrameType | None) -> None:
    raise MessageError(
        "a message that took too long to read", "mail that can be read", "export it again"
    )
