"""Whose mailbox this is, where nobody says it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]


def guess_owner(
    sent: Codes, received: Codes, rows: Codes, organisations: Sequence[str]
) -> str | None:
    """Guess which organisation a mailbox belongs to.

    The owner is whoever sends most and takes part in most: a client may write more than the owner
    writes, but not in mails to others. So the organisation with the largest sum of mails sent and
    mails taken part in is the owner, among those that both send and receive.

    Where nobody does both, the mail went one way. An inbox of several senders belongs to the
    organisation that received most of it, an outbox to its only sender; of a single pair, the
    receiver is the owner, since a lone mail is kept by whom it was written to. Where no recipients
    are known at all, the one who sends most is the owner.

    Parameters
    ----------
    sent : int array of shape (mails,)
        Organisation of each mail's author, -1 where unknown.
    received : int array of shape (recipients,)
        Organisation of each recipient, -1 where unknown.
    rows : int array of shape (recipients,)
        Which mail each recipient belongs to.
    organisations : sequence of str
        What the numbers mean.

    Returns
    -------
    str or None
        None where no mail has an author, or nothing tells one sender from another.
    """
    size = len(organisations)
    writes = np.bincount(sent[sent >= 0], minlength=size)
    foreign = received[(received >= 0) & (received != sent[rows])]
    reads = np.bincount(foreign, minlength=size)
    if not writes.any():
        return None
    takes_part = _takes_part(sent, received, rows, size)
    both = np.flatnonzero((writes > 0) & (reads > 0))
    if len(both):
        return _best(both, writes + takes_part, organisations)
    senders, receivers = np.flatnonzero(writes), np.flatnonzero(reads)
    if len(senders) == 1 and len(receivers) > 1:
        return organisations[int(senders[0])]
    if len(receivers):
        return _best(receivers, takes_part, organisations)
    top = np.flatnonzero(writes == writes.max())
    return organisations[int(top[0])] if len(senders) > 1 and len(top) == 1 else None


def _takes_part(sent: Codes, received: Codes, rows: Codes, size: int) -> Codes:
    """Count the mails in which each organisation is author or recipient."""
    mails = np.concatenate([np.arange(len(sent)), rows])
    parties = np.concatenate([sent, received])
    known = parties >= 0
    pairs = np.unique(mails[known] * size + parties[known])
    return np.bincount(pairs % size, minlength=size)


def _best(candidates: Codes, score: Codes, organisations: Sequence[str]) -> str:
    codes: list[int] = candidates.tolist()
    chosen = min(codes, key=lambda code: (-score[code], organisations[code]))
    return organisations[chosen]
