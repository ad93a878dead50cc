"""Short names for contents: the same content has the same one in every run and export."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

Hashes = npt.NDArray[np.uint64]


def fingerprint(*parts: str) -> str:
    """Return 40 hexadecimal digits that stand for some texts in their order."""
    # A name, not a protection: whoever forges a collision only hides a mail of their own.
    whole = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha1(whole, usedforsecurity=False).hexdigest()


def hashes(strings: pa.Array | pa.ChunkedArray) -> Hashes:
    """Return 64 bits for each string, the same for equal ones; a missing one is empty.

    Two in ten million strings share them by chance with a probability of one in 400,000.
    """
    values = pc.fill_null(strings, "").to_numpy(zero_copy_only=False).astype(object)
    return pd.util.hash_array(values, categorize=False)
