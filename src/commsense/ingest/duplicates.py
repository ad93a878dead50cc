"""One message in several exports is one message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from commsense.ingest.fingerprint import fingerprint

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
    ids = messages["id"].tolist()
    keep = ~repeated
    taken = set(messages["id"][keep])  # among them ids that an earlier run made
    kept: dict[str, list[_Content]] = {}
    for place in repeated.nonzero()[0].tolist():
        content = _content(messages.iloc[place])
        same_id = kept.setdefault(ids[place], [])
        if any(content.is_same(other) for other in same_id):
            continue
        if same_id:
            ids[place] = f"{ids[place]}#{content.body[:_DIGITS]}"
        same_id.append(content)
        keep[place] = ids[place] not in taken
    return messages.assign(id=ids)[keep].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class _Content:
    """Hashes of what a message says.

    Two copies may differ in a footer that a mailing list added, so the same new words are enough;
    or in where an older version of this program cut them, so the same lines are enough too.
    """

    words: str
    body: str

    def is_same(self, other: _Content) -> bool:
        return self.words == other.words or self.body == other.body


def _content(row: pd.Series[Any]) -> _Content:
    text, quoted, signature = (str(row[zone]) for zone in ("text", "quoted", "signature"))
    author = str(row["author"]).casefold()
    lines = sorted(filter(None, map(_letters, "\n".join((text, quoted, signature)).split("\n"))))
    said = _letters(text) or _letters(quoted)
    return _Content(fingerprint(author, said), fingerprint(author, *lines))


def _letters(text: str) -> str:
    """Return a text without white space and marks, which exports change."""
    return "".join(filter(str.isalnum, text.casefold()))
