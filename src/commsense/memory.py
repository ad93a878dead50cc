"""Give freed memory back to the system between stages, whose tables are of different shapes."""

from __future__ import annotations

import ctypes

import pyarrow as pa


def release_unused() -> None:
    """Return what Arrow and the C library keep of freed memory, where they can."""
    pa.default_memory_pool().release_unused()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's; other systems have none
    if trim is not None:
        trim(0)
