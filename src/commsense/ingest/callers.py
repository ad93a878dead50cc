"""Who speaks in a call: which client it is with, and on which side each speaker is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from commsense.ingest.addresses import domain_of, names, normalise_address
from commsense.ingest.directory import US, Directory
from commsense.ingest.names import (
    fold,
    given_names,
    label_parts,
    name_key,
    name_words,
    squeezed,
)
from commsense.schema import Side

_NUMBER = re.compile(r"[\s_#-]*\d{1,3}$")
_UNSPACED_NAME = re.compile("[가-힣]{3,}|[\u4e00-\u9fff]{2,}")  # family and given name in one
_WORD = re.compile(r"[^\W_]+")
_MIN_COMPANY = 4  # letters of a company's name that a title or file name may be searched for
_MAX_NAME_WORDS = 4  # of a company's name in a title
_MAX_TITLE = 300
_MIN_FULL_NAME = 2  # words


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody seen in mail: an address, its party and a display name, which may be empty."""

    address: str
    party: str
    name: str


class Callers:
    """Everything by which a speaker can be told.

    Parameters
    ----------
    directory : Directory
        Us and the clients that the user described.
    people : iterable of Person
        Who was seen in mail.
    """

    def __init__(self, directory: Directory, people: Iterable[Person]) -> None:
        self._directory = directory
        self._named: dict[str, set[str]] = defaultdict(set)
        self._given: dict[str, set[str]] = defaultdict(set)
        parties = {US}
        for person in people:
            parties.add(person.party)
            for name in (person.name, _local_name(person.address)):
                self._learn(name, person.party)
        self._told: dict[str, str] = {}
        for profile in directory.profiles.values():
            for speaker in profile.speakers:
                self._told[name_key(speaker)] = profile.client
                self._learn(speaker, profile.client)
        self._companies = directory.companies(parties)

    def party(self, label: str) -> str | None:
        """Return the party of a speaker whom the label alone names, None where it does not."""
        parts = label_parts(label)
        if domain_of(normalise_address(label)):
            return self._directory.party(normalise_address(label))
        for part in (label, *parts):
            key = name_key(part)
            if key and key in self._told:
                return self._told[key]
        return self._by_full_name(label) or self._by_company(parts)

    def party_among(self, label: str, parties: Set[str] | None = None) -> str | None:
        """Return which one of some parties, or of all, has somebody of the label's name.

        The full name is looked for, and the given name where the label is no more than that.
        """
        found = self._named.get(name_key(label)) or self._by_given_name(label)
        possible = found & parties if parties is not None else found
        return next(iter(possible)) if len(possible) == 1 else None

    def client_in(self, title: str) -> str | None:
        """Return the one client that a title or file name names, None for none or several."""
        words = [squeezed(word) for word in _WORD.findall(fold(title[:_MAX_TITLE]))]
        spans = (
            "".join(words[i : i + length])
            for length in range(1, _MAX_NAME_WORDS + 1)
            for i in range(len(words) - length + 1)
        )
        found = {self._companies.get(span) for span in spans if len(span) >= _MIN_COMPANY}
        clients = found - {None, US}
        return clients.pop() if len(clients) == 1 else None

    def _learn(self, name: str, party: str) -> None:
        if len(name_words(name)) >= _MIN_FULL_NAME or _UNSPACED_NAME.fullmatch(name_key(name)):
            self._named[name_key(name)].add(party)
        for given in given_names(name):
            self._given[given].add(party)

    def _by_given_name(self, label: str) -> set[str]:
        words = name_words(label)
        if not words or any(len(word) > 1 for word in words[1:]):
            return set()
        return self._given.get(words[0], set())

    def _by_full_name(self, label: str) -> str | None:
        found = self._named.get(name_key(label), set())
        return next(iter(found)) if len(found) == 1 else None

    def _by_company(self, parts: Sequence[str]) -> str | None:
        for part in parts[1:]:
            company = self._companies.get(squeezed(part))
            if company is not None and fold(part) not in names("asides", "names"):
                return company
        return None


@dataclass(frozen=True, slots=True)
class Joined:
    """A call's client and the side of each speaker label; both None where unknown."""

    client: str | None
    sides: Mapping[str, Side | None]


def join_call(
    callers: Callers,
    turns: Mapping[str, int],
    *,
    listed: Sequence[str] = (),
    titles: Sequence[str] = (),
    client: str | None = None,
) -> Joined:
    """Tell which client a call is with and who is on whose side.

    Looked at in this order: roles that the labels state, speakers named in the clients file,
    names seen in mail, companies within labels, participants that the transcript lists, and last
    the title and the file name. Once the client is known, given names are looked for among its
    people and ours. Speakers still unknown are the client's in a call with one of ours; a single
    unknown one in a call with the client's people alone is ours.

    Parameters
    ----------
    callers : Callers
        What is known of people.
    turns : mapping of str to int
        Speaker labels with the number of their turns.
    listed, titles : sequence of str
        Participants, and texts that may name the client.
    client : str, optional
        The client, where it was given with the input.
    """
    stated = {label: role(label) for label in turns}
    found = {label: None if stated[label] else callers.party(label) for label in turns}
    client = client or _client_of(callers, found, turns, listed)
    if client is None and turns and all(party == US for party in found.values()):
        return Joined(None, dict.fromkeys(turns, "provider"))
    client = client or next(filter(None, map(callers.client_in, titles)), None)
    for label, party in found.items():
        if party is None and not stated[label]:
            found[label] = _by_name(callers, label, client)
    known = {label: stated[label] or _side(found[label]) for label in turns}
    return Joined(client, _completed(known, client))


def _client_of(
    callers: Callers,
    found: Mapping[str, str | None],
    turns: Mapping[str, int],
    listed: Sequence[str],
) -> str | None:
    """Return the client whose people say most, else the one that most listed people belong to."""
    spoken: Counter[str] = Counter()
    for label, party in found.items():
        if party is not None:
            spoken[party] += turns[label]
    present = Counter(party for name in listed if (party := callers.party(name)) is not None)
    for parties in (spoken, present):
        del parties[US]
        if parties:
            return min(parties, key=lambda party: (-parties[party], party))
    return None


def _by_name(callers: Callers, label: str, client: str | None) -> str | None:
    """Look for a name among ours and the client's; without a client only ours is believed."""
    if client is not None:
        return callers.party_among(label, {US, client})
    return US if callers.party_among(label) == US else None


def _side(party: str | None) -> Side | None:
    if party is None:
        return None
    return "provider" if party == US else "client"


def _completed(known: Mapping[str, Side | None], client: str | None) -> dict[str, Side | None]:
    """Add the side of speakers that only the others tell."""
    sides = dict(known)
    unknown = [label for label, side in known.items() if side is None and label]
    if client is None or not unknown:
        return sides
    if "provider" in known.values():
        sides |= dict.fromkeys(unknown, "client")
    elif "client" in known.values() and len(unknown) == 1:
        sides[unknown[0]] = "provider"
    return sides


def role(label: str) -> Side | None:
    """Return the side that a label such as ``"AGENT"`` or ``"Customer 1"`` states."""
    word = _NUMBER.sub("", label.strip().casefold())
    if word in names("client", "roles"):
        return "client"
    return "provider" if word in names("provider", "roles") else None


def _local_name(address: str) -> str:
    return address.rpartition("@")[0].replace(".", " ").replace("_", " ")
