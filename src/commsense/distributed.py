"""The workers of a Dask cluster in place of this machine's cores (extra ``distributed``)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from commsense.errors import MissingExtraError, UsageError
from commsense.workers import Done, Item, in_order

if TYPE_CHECKING:
    from distributed import Client

_WAITING_A_THREAD: Final = 2  # pieces of work sent ahead, so that no worker waits for the next


class Cluster:
    """Workers behind a Dask scheduler.

    What a worker had when it was lost is done again by another: the scheduler keeps every piece
    of work until its result is here.
    """

    share_files = False

    def __init__(self, client: Client) -> None:
        self._client = client

    def map(
        self, work: Callable[[Item], Done], items: Iterable[Item], *, alone: int
    ) -> Iterator[Done]:
        """Yield what the work makes of each item, see :class:`commsense.workers.Workers`.

        Nothing is done here, however few items there are: who names a cluster wants it used.
        """
        threads = sum(self._client.nthreads().values())
        return in_order(
            lambda item: self._client.submit(work, item, pure=False),
            items,
            max(1, threads) * _WAITING_A_THREAD,
        )


@contextmanager
def connected(scheduler: str) -> Iterator[Cluster]:
    """Connect to a running Dask scheduler.

    Parameters
    ----------
    scheduler : str
        Address such as ``tcp://host:8786``.

    Raises
    ------
    MissingExtraError
        Where Dask is not installed.
    UsageError
        Where no scheduler answers at the address.
    """
    try:
        from distributed import Client
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
        yield Cluster(client)
