"""One message in several exports is one message."""

from __future__ import annotations

import hashlib

import pandas as pd

_DIGITS = 8


def drop_duplicates(messages: pd.DataFrame) -> pd.DataFrame:
    """Keep the first of messages that have the same id and say the same.

    Different messages under one id, which careless programs write, are all kept: the later ones
    get ids that their content is a part of, the same ones in every run.

    Parameters
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`.

    Returns
    -------
    pandas.DataFrame
        Unique ids, a fresh range index.
    """
    repeated = messages["id"].duplicated(keep=False).to_numpy(bool)
    if not repeated.any():
        return messages.reset_index(drop=True)
    keys: dict[str, str] = {}
    ids = messages["id"].tolist()
    keep = ~repeated
    taken = set(messages["id"][keep])  # among them ids that an earlier run made
    for place in repeated.nonzero()[0].tolist():
        row = messages.iloc[place]
        key = _content_key(str(row["author"]), str(row["text"]), str(row["quoted"]))
        if keys.get(ids[place], key) != key:
            ids[place] = f"{ids[place]}#{key[:_DIGITS]}"
        if ids[place] not in keys and ids[place] not in taken:
            keys[ids[place]] = key
            keep[place] = True
    return messages.assign(id=ids)[keep].reset_index(drop=True)


def _content_key(author: str, text: str, quoted: str) -> str:
    """Return a hash of what a message says, however its white space and marks were changed."""
    said = text if text.strip() else quoted
    letters = "".join(filter(str.isalnum, said.casefold()))
    whole = f"{author.casefold()}\n{letters}".encode("utf-8", "surrogatepass")
    return hashlib.sha1(whole, usedforsecurity=False).hexdigest()
