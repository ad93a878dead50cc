"""The same table functions on a Dask cluster (extra ``distributed``)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pandas as pd

from commsense.errors import MissingExtraError, UsageError
from commsense.progress import Progress, silent
from commsense.schema import LABELS, frame
from commsense.tagging import Tagger, load_tagger, tag_messages

_CHUNK_ROWS = 2_000  # about a second's work: small enough to balance, large enough to amortise


def tag_on_cluster(
    messages: pd.DataFrame, model: str | Path, scheduler: str, *, progress: Progress = silent
) -> pd.DataFrame:
    """Tag messages on the workers of a running Dask scheduler.

    Parameters
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`.
    model : str or path
        A model that every worker can load.
    scheduler : str
        Address such as ``tcp://host:8786``.

    Returns
    -------
    pandas.DataFrame
        As :func:`commsense.tagging.tag_messages` gives on one machine.

    Raises
    ------
    MissingExtraError
        Where Dask is not installed.
    UsageError
        Where no scheduler answers at the address.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise MissingExtraError("--scheduler", "distributed") from None
    try:
        client = Client(scheduler, timeout="10s")
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no Dask scheduler answers at {scheduler!r}: {error}",
            "an address such as tcp://host:8786",
            "start one with: dask scheduler",
        ) from error
    with client:
        starts = range(0, len(messages), _CHUNK_ROWS)
        chunks = [messages.iloc[start : start + _CHUNK_ROWS] for start in starts]
        futures = client.map(_tag_chunk, chunks, model=str(model), pure=False)
        sizes = dict(zip(futures, map(len, chunks), strict=True))
        done = 0
        for future in as_completed(futures):
            done += sizes[future]
            progress("tagging", done, len(messages))
        tagged = client.gather(futures)
    return pd.concat(tagged, ignore_index=True) if tagged else frame(LABELS, [])


def _tag_chunk(chunk: pd.DataFrame, model: str) -> pd.DataFrame:
    return tag_messages(chunk, _worker_tagger(model))


@lru_cache(maxsize=1)
def _worker_tagger(model: str) -> Tagger:
    """Load the model once a worker."""
    return load_tagger(model)
