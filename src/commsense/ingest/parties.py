"""Sides and clients: who of us and them wrote each message, and which client it concerns.

Mail is decided by addresses: each different address is looked at once, rows only point to them. A
mail of ours belongs to the client among its recipients, a mail among us to no client. Calls are
joined to clients by what is known of their speakers, see :mod:`commsense.ingest.callers`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from commsense.ingest.addresses import domain_of, is_free_mail, normalise_address
from commsense.ingest.callers import Callers, Person, join_call
from commsense.ingest.directory import US, Directory, organisation_of
from commsense.ingest.names import name_key, name_words
from commsense.ingest.owner import Codes, guess_owner
from commsense.ingest.transcripts.call import file_title
from commsense.profiles import ClientProfile

__all__ = ["assign", "normalise_address"]

Strings = npt.NDArray[np.object_]

_SIDES = ("client", "provider")
_MIN_FULL_NAME = 2  # words by which one person is known under several addresses


def assign(
    messages: pd.DataFrame, us: Sequence[str] = (), profiles: Sequence[ClientProfile] = ()
) -> pd.DataFrame:
    """Set side and client of every message.

    Parameters
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`. Sides and clients that are set already are
        kept; an ``author`` may be the word ``client`` or ``provider``.
    us : sequence of str
        Domains and addresses of the provider. Where it is empty, the owner of the mailbox is
        guessed from who sends most, see :func:`commsense.ingest.owner.guess_owner`.
    profiles : sequence of ClientProfile
        What the user told about clients.

    Returns
    -------
    pandas.DataFrame
        The same rows in the same order with ``side`` and ``client`` set, null where unknown. A
        client is named by its profile's key, else by its mail domain, else, with free mail, by its
        address.
    """
    table = messages.reset_index(drop=True)
    is_call = (table["channel"] == "call").to_numpy(bool)
    mail = _mail(table[~is_call])
    directory = _directory(mail, us, profiles)
    parties = _parties(mail, directory)
    side, client = _given(table)
    _assign_mail(np.flatnonzero(~is_call), mail, parties, directory, side, client)
    _fill_from_thread(table, is_call, side, client)
    _assign_calls(table[is_call], Callers(directory, _people(mail, parties)), side, client)
    return messages.assign(
        side=pd.Series(side, index=messages.index, dtype=object),
        client=pd.Series(client, index=messages.index, dtype=object),
    )


@dataclass(frozen=True, slots=True)
class _Mail:
    """The mails of a table, their addresses as numbers.

    Attributes
    ----------
    addresses : list of str
        Each different normalised address.
    author : int array of shape (mails,)
        Number of the author's address.
    recipient, row : int arrays of shape (recipients,)
        Numbers of the recipients' addresses, and the mails that they belong to.
    names : object array of shape (mails,)
        Display names of the authors.
    automatic : bool array of shape (mails,)
    """

    addresses: list[str]
    author: Codes
    recipient: Codes
    row: Codes
    names: Strings
    automatic: npt.NDArray[np.bool_]


def _mail(mails: pd.DataFrame) -> _Mail:
    authors = mails["author"].fillna("").astype(str).to_numpy(object)
    lists = [value if isinstance(value, list) else [] for value in mails["recipients"]]
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    written, spellings = pd.factorize(
        np.array([*authors, *chain.from_iterable(lists)], dtype=object)
    )
    normalised, addresses = pd.factorize(
        np.array([normalise_address(str(spelling)) for spelling in spellings], dtype=object)
    )
    codes = normalised[written] if len(spellings) else written
    return _Mail(
        addresses=[str(address) for address in addresses],
        author=codes[: len(mails)],
        recipient=codes[len(mails) :],
        row=np.repeat(np.arange(len(mails)), lengths),
        names=mails["author_name"].fillna("").astype(str).to_numpy(object),
        automatic=mails["automatic"].fillna(False).to_numpy(bool),
    )


def _directory(mail: _Mail, us: Sequence[str], profiles: Sequence[ClientProfile]) -> Directory:
    """Return the directory of us and the clients; without us, the guessed owner stands for us."""
    directory = Directory(us, profiles)
    if any(entry.strip() for entry in us):
        return directory
    owner = _owner(mail, directory)
    return directory if owner is None else Directory([owner], profiles)


def _owner(mail: _Mail, directory: Directory) -> str | None:
    """Guess whose mailbox it is from what people wrote; described clients are not the owner."""
    possible = [
        None if directory.is_described(address) else organisation_of(address)
        for address in mail.addresses
    ]
    codes, organisations = pd.factorize(np.array(possible, dtype=object))
    if not len(organisations):
        return None
    people = ~mail.automatic
    places = np.cumsum(people) - 1
    kept = people[mail.row]
    return guess_owner(
        codes[mail.author[people]],
        codes[mail.recipient[kept]],
        places[mail.row[kept]],
        [str(name) for name in organisations],
    )


def _parties(mail: _Mail, directory: Directory) -> list[str | None]:
    """Return the party of each address; who writes from home too is still of the same party."""
    parties = [directory.party(address) for address in mail.addresses]
    private = {
        code
        for code, address in enumerate(mail.addresses)
        if parties[code] == address and is_free_mail(domain_of(address))
    }
    if not private:
        return parties
    people = _people(mail, parties)
    named: dict[str, set[str]] = defaultdict(set)
    for person in people:
        if person.party != person.address:
            named[name_key(person.name)].add(person.party)
    numbers = {mail.addresses[code]: code for code in private}
    for person in people:
        found = named.get(name_key(person.name), set())
        full = len(name_words(person.name)) >= _MIN_FULL_NAME
        if person.address in numbers and full and len(found) == 1:
            parties[numbers[person.address]] = next(iter(found))
    return parties


def _people(mail: _Mail, parties: Sequence[str | None]) -> list[Person]:
    """Return everybody seen in mail, once for each display name, in a fixed order."""
    written = pd.DataFrame({"address": mail.author, "name": mail.names}).drop_duplicates()
    seen = set(zip(written["address"].tolist(), written["name"].tolist(), strict=True))
    seen |= {(code, "") for code in np.unique(mail.recipient).tolist()}
    return sorted(
        (
            Person(mail.addresses[code], party, name)
            for code, name in seen
            if (party := parties[code]) is not None
        ),
        key=lambda person: (person.address, person.name),
    )


def _given(table: pd.DataFrame) -> tuple[Strings, Strings]:
    """Return the sides and clients that the input states."""
    side = _objects(table["side"], table["side"].isin(_SIDES))
    client = _objects(table["client"], table["client"].notna() & (table["client"] != ""))
    codes, authors = pd.factorize(table["author"].fillna("").to_numpy(object))
    words = np.array([str(author).strip().casefold() for author in authors], dtype=object)
    for name in _SIDES:
        side[(words == name)[codes] & pd.isna(side)] = name
    return side, client


def _objects(column: pd.Series[Any], known: pd.Series[bool]) -> Strings:
    """Return a column as Python objects, None where it is not known."""
    values = np.full(len(column), None, dtype=object)
    values[known.to_numpy(bool)] = column[known].to_numpy(object)
    return values


def _assign_mail(
    rows: Codes,
    mail: _Mail,
    parties: Sequence[str | None],
    directory: Directory,
    side: Strings,
    client: Strings,
) -> None:
    """Set sides and clients of mail, in place."""
    names = [None if party == US else party for party in parties]
    codes, clients = pd.factorize(np.array(names, dtype=object))
    is_us = np.array([party == US for party in parties], dtype=bool)
    found = codes[mail.author]
    ours = is_us[mail.author]
    chosen = _chosen_recipient(mail, codes, [str(name) for name in clients], directory)
    unknown = found < 0
    found[unknown] = chosen[unknown]
    named = np.array([*map(str, clients), None], dtype=object)[found]  # -1 is the last one, None
    mine, theirs = side[rows], client[rows]
    theirs = np.where(pd.isna(theirs), named, theirs)
    mine[pd.isna(mine) & ours] = "provider"
    written = np.array([bool(address) for address in mail.addresses], dtype=bool)[mail.author]
    mine[pd.isna(mine) & written & ~pd.isna(theirs)] = "client"
    side[rows], client[rows] = mine, theirs


def _chosen_recipient(
    mail: _Mail, codes: Codes, clients: Sequence[str], directory: Directory
) -> Codes:
    """Return the client among the recipients of each mail, -1 where there is none.

    Of several, clients that the user described come first, then who has most recipients in the
    mail, then who is in most mails, then the alphabet.
    """
    chosen = np.full(len(mail.author), -1, dtype=np.int64)
    found = codes[mail.recipient]
    size = len(clients)
    if not size or not (found >= 0).any():
        return chosen
    everywhere = np.concatenate([codes[mail.author], found])
    frequency = np.bincount(everywhere[everywhere >= 0], minlength=size)
    described = np.array([name in directory.profiles for name in clients], dtype=bool)
    alphabet = np.argsort(np.argsort(np.array(clients, dtype=object)))
    pairs = mail.row[found >= 0] * size + found[found >= 0]
    pairs, counts = np.unique(pairs, return_counts=True)
    row, code = pairs // size, pairs % size
    order = np.lexsort((alphabet[code], -frequency[code], -counts, ~described[code], row))
    first = order[np.unique(row[order], return_index=True)[1]]
    chosen[row[first]] = code[first]
    return chosen


def _fill_from_thread(
    table: pd.DataFrame, is_call: npt.NDArray[np.bool_], side: Strings, client: Strings
) -> None:
    """Give mail without recipients the client that the rest of its thread has, in place."""
    threads = table["conversation_id"].fillna("").astype(str)
    lonely = [not any(value) if isinstance(value, list) else True for value in table["recipients"]]
    open_ = pd.isna(client) & ~is_call & np.array(lonely, bool) & (threads != "").to_numpy(bool)
    if not open_.any():
        return
    wanted = set(threads[open_])
    known = (threads.isin(wanted) & ~pd.isna(client)).to_numpy(bool)
    counts = pd.DataFrame({"thread": threads[known], "client": client[known]}).value_counts()
    usual: dict[str, str] = {}
    for thread, name in sorted(counts.index, key=lambda pair: (-counts[pair], pair)):
        usual.setdefault(thread, name)
    client[open_] = [usual.get(thread) for thread in threads[open_]]
    unsided = open_ & pd.isna(side) & ~pd.isna(client) & (table["author"].fillna("") != "")
    side[unsided.to_numpy(bool)] = "client"


def _assign_calls(calls: pd.DataFrame, callers: Callers, side: Strings, client: Strings) -> None:
    """Set sides and clients of call turns, in place; the index numbers the rows of the table."""
    conversations = calls["conversation_id"].fillna("").astype(str)
    keys = conversations.where(conversations != "", calls["id"].astype(str))
    labels = calls["author"].fillna("").astype(str)
    for rows in calls.groupby(keys, sort=False).groups.values():
        places = np.asarray(rows, dtype=np.int64)
        told = Counter(labels[rows].tolist())
        first = calls.loc[places[0]]
        given = [name for name in client[places] if name is not None]
        joined = join_call(
            callers,
            told,
            listed=first["recipients"] if isinstance(first["recipients"], list) else [],
            titles=_titles(first),
            client=given[0] if given else None,
        )
        for place, label in zip(places.tolist(), labels[rows], strict=True):
            client[place] = client[place] or joined.client
            side[place] = side[place] or joined.sides.get(label)


def _titles(call: pd.Series[Any]) -> list[str]:
    """Return the texts that may name a call's client: its title, and its file's name."""
    source = str(call["source"] or "").partition("#")[0]
    return [str(call["subject"] or ""), file_title(source)]
