"""Sides and clients: who of us and them wrote each message, and which client it concerns.

Mail is decided by addresses: each different address is looked at once, rows only point to them. A
mail of ours belongs to the client among its recipients, a mail among us to no client. Calls are
joined to clients by what is known of their speakers, see :mod:`commsense.ingest.callers`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from commsense.ingest.addresses import domain_of, is_free_mail
from commsense.ingest.callers import Callers, Person, join_call
from commsense.ingest.correspondents import Correspondents
from commsense.ingest.directory import US, Directory, organisation_of
from commsense.ingest.heads import Flags, Heads, is_mail
from commsense.ingest.names import name_key, name_words
from commsense.ingest.owner import guess_owner
from commsense.ingest.transcripts.call import file_title
from commsense.profiles import ClientProfile
from commsense.schema import MESSAGES, to_pandas

Codes = npt.NDArray[np.integer[Any]]
Strings = npt.NDArray[np.object_]

PARTIES: Final = pa.schema([MESSAGES.field(name) for name in ("side", "client")])
"""Columns of :data:`commsense.schema.MESSAGES` that are told here."""

_SIDES = ("client", "provider")
_MIN_FULL_NAME = 2  # words by which one person is known under several addresses
_CALL: Final = pa.schema(
    [
        MESSAGES.field(name)
        for name in ("channel", "id", "author", "recipients", "subject", "source")
    ]
)


def assign(
    heads: Heads, threads: pa.Array, us: Sequence[str] = (), profiles: Sequence[ClientProfile] = ()
) -> pa.Table:
    """Return side and client of every message, columns :data:`PARTIES`, null where unknown.

    Parameters
    ----------
    heads : Heads
        Sides and clients that are set already are kept; an ``author`` may be the word ``client``
        or ``provider``.
    threads : pyarrow.Array of string
        The thread or call that each message belongs to.
    us : sequence of str
        Domains and addresses of the provider. Where it is empty, the owner of the mailbox is
        guessed from who sends most, see :func:`commsense.ingest.owner.guess_owner`.
    profiles : sequence of ClientProfile
        What the user told about clients. A client is named by its profile's key, else by its mail
        domain, else, with free mail, by its address.
    """
    mail = Correspondents.of(heads)
    directory = _directory(mail, us, profiles)
    parties = _parties(mail, directory)
    side, client = _given(heads)
    is_call, calls = _calls(heads, threads)
    rows = np.flatnonzero(~is_call)
    _assign_mail(rows, mail, parties, directory, side, client)
    _fill_from_thread(rows, mail, threads, side, client)
    _assign_calls(calls, Callers(directory, _people(mail, parties)), side, client)
    told = [pa.array(side, pa.string()), pa.array(client, pa.string())]
    return pa.Table.from_arrays(told, schema=PARTIES)


def _directory(
    mail: Correspondents, us: Sequence[str], profiles: Sequence[ClientProfile]
) -> Directory:
    """Return the directory of us and the clients; without us, the guessed owner stands for us."""
    directory = Directory(us, profiles)
    if any(entry.strip() for entry in us):
        return directory
    owner = _owner(mail, directory)
    return directory if owner is None else Directory([owner], profiles)


def _owner(mail: Correspondents, directory: Directory) -> str | None:
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


def _parties(mail: Correspondents, directory: Directory) -> list[str | None]:
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


def _people(mail: Correspondents, parties: Sequence[str | None]) -> list[Person]:
    """Return everybody seen in mail, once for each display name, in a fixed order."""
    written = pd.DataFrame({"address": mail.author, "name": mail.name}).drop_duplicates()
    seen = {(code, mail.names[name]) for code, name in written.itertuples(index=False)}
    seen |= {(code, "") for code in np.unique(mail.recipient).tolist()}
    return sorted(
        (
            Person(mail.addresses[code], party, name)
            for code, name in seen
            if (party := parties[code]) is not None
        ),
        key=lambda person: (person.address, person.name),
    )


def _given(heads: Heads) -> tuple[Strings, Strings]:
    """Return the sides and clients that the input states, None where it does not."""
    parts: list[tuple[Strings, Strings]] = [(np.zeros(0, object), np.zeros(0, object))]
    for table in heads.tables(PARTIES.names):
        side, client = (_strings(table[name]) for name in PARTIES.names)
        side[~np.isin(side, _SIDES)] = None
        client[client == ""] = None
        parts.append((side, client))
    sides, clients = zip(*parts, strict=True)
    return np.concatenate(sides), np.concatenate(clients)


def _strings(column: pa.ChunkedArray) -> Strings:
    """Return a column as Python strings, equal ones the same, None where there is none."""
    encoded = column.combine_chunks().dictionary_encode()
    known = np.array([*encoded.dictionary.to_pylist(), None], dtype=object)
    strings: Strings = known[np.asarray(pc.fill_null(encoded.indices, len(known) - 1))]
    return strings


def _calls(heads: Heads, threads: pa.Array) -> tuple[Flags, pd.DataFrame]:
    """Tell which messages are turns of calls, and return these by their place."""
    flags, parts = [np.zeros(0, dtype=bool)], [_CALL.empty_table()]
    for table in heads.tables(_CALL.names):
        flags.append(~is_mail(table))
        parts.append(table.filter(pa.array(flags[-1])))
    is_call = np.concatenate(flags)
    calls = to_pandas(pa.concat_tables(parts)).set_index(np.flatnonzero(is_call))
    return is_call, calls.assign(call=threads.filter(pa.array(is_call)).to_pylist())


def _assign_mail(
    rows: Codes,
    mail: Correspondents,
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
    stated = np.array([name if name in _SIDES else None for name in mail.addresses], dtype=object)
    mine = np.where(pd.isna(mine), stated[mail.author], mine)
    mine[pd.isna(mine) & ours] = "provider"
    written = np.array([bool(address) for address in mail.addresses], dtype=bool)[mail.author]
    mine[pd.isna(mine) & written & ~pd.isna(theirs)] = "client"
    side[rows], client[rows] = mine, theirs


def _chosen_recipient(
    mail: Correspondents, codes: Codes, clients: Sequence[str], directory: Directory
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
    pairs = mail.row[found >= 0].astype(np.int64) * size + found[found >= 0]
    pairs, counts = np.unique(pairs, return_counts=True)
    row, code = pairs // size, pairs % size
    order = np.lexsort((alphabet[code], -frequency[code], -counts, ~described[code], row))
    first = order[np.unique(row[order], return_index=True)[1]]
    chosen[row[first]] = code[first]
    return chosen


def _fill_from_thread(
    rows: Codes, mail: Correspondents, threads: pa.Array, side: Strings, client: Strings
) -> None:
    """Give mail without recipients the client that the rest of its thread has, in place."""
    written = np.array([bool(address) for address in mail.addresses], dtype=bool)
    received = np.bincount(mail.row[written[mail.recipient]], minlength=len(rows)) > 0
    lonely = np.flatnonzero(~received & pd.isna(client[rows]))
    named = threads.take(pa.array(rows[lonely])).to_pylist()
    wanted = pa.array({thread for thread in named if thread}, pa.string())
    if not len(wanted):
        return
    known = np.flatnonzero(np.asarray(pc.is_in(threads, value_set=wanted)) & ~pd.isna(client))
    told = {"thread": threads.take(pa.array(known)).to_pylist(), "client": client[known]}
    counts = pd.DataFrame(told).value_counts()
    usual: dict[str, str] = {}
    for thread, name in sorted(counts.index, key=lambda pair: (-counts[pair], pair)):
        usual.setdefault(thread, name)
    places = rows[lonely]
    client[places] = [usual.get(thread) for thread in named]
    unsided = pd.isna(side[places]) & ~pd.isna(client[places]) & written[mail.author[lonely]]
    side[places[unsided]] = "client"


def _assign_calls(calls: pd.DataFrame, callers: Callers, side: Strings, client: Strings) -> None:
    """Set sides and clients of call turns, in place; the index numbers the rows of the table."""
    keys = calls["call"].where(calls["call"].fillna("") != "", calls["id"])
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
