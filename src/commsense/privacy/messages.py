"""Pseudonyms in every column of a table of messages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import pandas as pd

from commsense.ingest.addresses import is_free_mail
from commsense.privacy.names import People
from commsense.privacy.personal import find_personal, pieces
from commsense.privacy.pseudonyms import Pseudonyms
from commsense.profiles import ClientProfile

_SIDES = ("client", "provider")  # an author may be given as the side alone
_IDS = ("id", "in_reply_to", "conversation_id")


def pseudonymise(messages: pd.DataFrame, pseudonyms: Pseudonyms) -> pd.DataFrame:
    """Put pseudonyms in place of names, addresses, telephone and account numbers.

    Quoted history and signatures, which hold little else and are not analysed, are left out.
    Companies stay: the domains of addresses and the clients that are named by them.

    Parameters
    ----------
    messages : pandas.DataFrame
        Columns of :data:`commsense.schema.MESSAGES`, sides and clients set.
    pseudonyms : Pseudonyms

    Returns
    -------
    pandas.DataFrame
        The same rows and columns.
    """
    people = People(messages["author_name"].fillna(""), _addresses(messages))
    texts = _Texts(people, pseudonyms)

    def party(author: str) -> str:
        return author if author in _SIDES else pseudonyms.party(author)

    changed = {name: messages[name].fillna("").map(pseudonyms.identifier) for name in _IDS}
    return messages.assign(
        **changed,
        references=_each(messages["references"], pseudonyms.identifier),
        source=_sources(messages, pseudonyms),
        author=messages["author"].fillna("").map(party),
        author_name=messages["author_name"].fillna("").map(pseudonyms.name),
        recipients=_each(messages["recipients"], party),
        client=messages["client"].map(lambda key: _client(key, pseudonyms), na_action="ignore"),
        subject=messages["subject"].fillna("").map(texts.replaced),
        text=messages["text"].fillna("").map(texts.replaced),
        quoted="",
        signature="",
        attachments=_each(
            messages["attachments"], lambda one: {**one, "name": texts.replaced(one["name"] or "")}
        ),
    )


def pseudonymous_rejected(rejected: pd.DataFrame, pseudonyms: Pseudonyms) -> pd.DataFrame:
    """Put pseudonyms in place of the files' names in a table of rejected pieces."""
    return rejected.assign(source=_sources(rejected, pseudonyms))


def _sources(table: pd.DataFrame, pseudonyms: Pseudonyms) -> pd.Series[str]:
    return table["source"].fillna("").map(lambda name: pseudonymous_source(name, pseudonyms))


def pseudonymous_source(source: str, pseudonyms: Pseudonyms) -> str:
    """Return a pseudonym of a file's path; the place in the file stays readable."""
    if not source:
        return ""
    file, mark, place = source.rpartition("#")
    if not mark or not place.isdigit():
        file, mark, place = source, "", ""
    return f"{pseudonyms.number('source', file)}{mark}{place}"


def pseudonymous_profiles(
    profiles: Iterable[ClientProfile], pseudonyms: Pseudonyms
) -> tuple[ClientProfile, ...]:
    """Return what the user told about clients with pseudonyms for their people."""
    return tuple(
        replace(
            profile,
            client=_client(profile.client, pseudonyms),
            addresses=tuple(map(pseudonyms.address, profile.addresses)),
            speakers=tuple(map(pseudonyms.name, profile.speakers)),
        )
        for profile in profiles
    )


def _each(lists: pd.Series[Any], change: Callable[[Any], Any]) -> pd.Series[Any]:
    return lists.map(lambda values: [change(value) for value in values])


def _addresses(messages: pd.DataFrame) -> set[str]:
    lists: Sequence[list[str]] = messages["recipients"].tolist()
    written = {*messages["author"].fillna(""), *chain.from_iterable(lists)}
    return {address for address in written if "@" in address}


def _client(key: str, pseudonyms: Pseudonyms) -> str:
    """Return the pseudonym of a client that is a person, known by an address."""
    domain = key.rpartition("@")[2]
    return pseudonyms.address(key) if domain != key and is_free_mail(domain) else key


class _Texts:
    """Replaces what is personal in the texts of one table."""

    def __init__(self, people: People, pseudonyms: Pseudonyms) -> None:
        self._people, self._pseudonyms = people, pseudonyms

    def replaced(self, text: str) -> str:
        """Return a text with pseudonyms in it."""
        if not text:
            return text
        found = find_personal(text, self._people)
        return "".join(self._stand_in(part, kind) for part, kind in pieces(text, found))

    def _stand_in(self, part: str, kind: str | None) -> str:
        if kind is None:
            return part
        if kind == "name":
            return " ".join(map(self._pseudonyms.name_word, part.split()))
        if kind == "address":
            return self._pseudonyms.address(part)
        return self._pseudonyms.number(kind, part)
