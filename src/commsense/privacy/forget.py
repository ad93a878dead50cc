"""Remove a person from a table of messages.

Their own messages go; in those of others their addresses and names are blacked out, letter by
letter, so that the evidence found in these messages keeps its place. Who never wrote is known by
the address alone, as a recipient or in a text. Who is to be forgotten is
remembered as a hash, by which a later run knows the person's messages when it meets them again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

import pandas as pd

from commsense.ingest.addresses import normalise_address
from commsense.ingest.names import name_key, name_words
from commsense.ingest.zones.patterns import any_of
from commsense.schema import REJECTED, Rejected, frame

REASON: Final = "removed: a person in it asked to be forgotten"
BAR: Final = "█"
_TEXTS: Final = ("subject", "text", "quoted", "signature")
_MIN_FULL_NAME: Final = 2  # words
_MIN_WORD: Final = 3  # letters of a single name that is blacked out
_ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}", re.ASCII)
_TOUCHING: Final = re.compile("[\u0e00-\u0e7f\uac00-\ud7a3\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is left without some persons.

    Attributes
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`.
    rejected : pandas.DataFrame
        One row for each message that was removed, columns of :data:`commsense.schema.REJECTED`.
    found : bool
        Whether any of the persons was in a message.
    """

    messages: pd.DataFrame
    rejected: pd.DataFrame
    found: bool


def token(person: str) -> str:
    """Return what a dataset keeps of a person whom it must forget: a hash of address or name."""
    return hashlib.sha256(f"forgotten\n{_key(person)}".encode()).hexdigest()


def without(messages: pd.DataFrame, tokens: Collection[str]) -> Remaining:
    """Remove the persons whom some hashes stand for.

    Parameters
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`.
    tokens : collection of str
        As :func:`token` gives them.
    """
    if not tokens:
        return Remaining(messages, frame(REJECTED, []), found=False)
    authors = messages["author"].fillna("").astype(str)
    names = messages["author_name"].fillna("").astype(str)
    parties = {*authors, *names, *(one for many in messages["recipients"] for one in many)}
    parties |= _addresses_in_texts(messages)
    forgotten = {party for party in parties if party and token(party) in tokens}
    if not forgotten:
        return Remaining(messages, frame(REJECTED, []), found=False)
    theirs = authors.isin(forgotten) | names.isin(forgotten)
    # Who is known by an address is known by the name beside it, in calls for one.
    called = {name for name in names[theirs] if len(name_words(name)) >= _MIN_FULL_NAME}
    keys = {name_key(name) for name in called}
    same = {name for name in parties if name and name_key(name) in keys}
    theirs |= authors.isin(same) | names.isin(same)
    removed = [Rejected(source, REASON) for source in messages["source"][theirs]]
    rest = messages[~theirs].reset_index(drop=True)
    blackened = _blacked_out(rest, _pattern(forgotten | same | called), forgotten | same)
    return Remaining(blackened, frame(REJECTED, removed), found=True)


def _key(person: str) -> str:
    return normalise_address(person) if "@" in person else name_key(person)


def _addresses_in_texts(messages: pd.DataFrame) -> set[str]:
    attached = [one["name"] or "" for many in messages["attachments"] for one in many]
    texts = chain(attached, *(messages[column].fillna("") for column in _TEXTS))
    written = chain.from_iterable(_ADDRESS.findall(text) for text in texts if "@" in text)
    return {address.strip(".'-") for address in written}


def _pattern(persons: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of everything that the persons are called."""
    touching: set[str] = set()
    spaced: set[str] = set()
    addresses = {person for person in persons if "@" in person}
    for person in {*persons} - addresses:
        for word in (person, *person.split()):
            if len(word.strip(".")) >= _MIN_WORD:
                (touching if _TOUCHING.search(word) else spaced).add(word)
    parts = []
    if addresses:  # first, they hold names; other scripts set no space behind one
        parts.append(rf"(?a:(?<!\w)(?<!\w[.+-])(?:{any_of(addresses)})(?!\.?[\w-]))")
    if touching:
        parts.append(any_of(touching))
    if spaced:
        parts.append(rf"(?<!\w)(?:{any_of(spaced)})(?!\w)")
    return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)


def _blacked_out(
    messages: pd.DataFrame, pattern: re.Pattern[str], persons: Collection[str]
) -> pd.DataFrame:
    def bars(text: str) -> str:
        return pattern.sub(lambda found: BAR * len(found[0]), text)

    return messages.assign(
        **{column: messages[column].fillna("").map(bars) for column in _TEXTS},
        client=messages["client"].where(~messages["client"].isin(persons), None),
        recipients=messages["recipients"].map(
            lambda many: [one for one in many if one not in persons]
        ),
        attachments=messages["attachments"].map(
            lambda many: [{**one, "name": bars(one["name"] or "")} for one in many]
        ),
    )
