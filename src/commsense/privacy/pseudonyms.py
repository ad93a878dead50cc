"""Stable stand-ins for names, addresses, numbers and ids.

Each is a keyed hash (HMAC-SHA-256) put into a form that people can read: the same person has the
same pseudonym in every message, export and run with the same key, and without the key nobody can
try names until one fits.
"""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Final

from commsense.ingest.addresses import domain_of, normalise_address
from commsense.ingest.names import fold, name_words

_ONSETS: Final = "bdfghjklmnprstvz"
_VOWELS: Final = "aeiou"
_SYLLABLES: Final = 3
_DIGITS: Final = 8  # of ids that people read
_ID_DIGITS: Final = 20  # of message ids, of which there may be many millions


class Pseudonyms:
    """What stands for whom.

    Parameters
    ----------
    key : bytes
        The secret, see :func:`commsense.privacy.key.load_or_make_key`.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.name_word = lru_cache(maxsize=65_536)(self._name_word)

    @property
    def fingerprint(self) -> str:
        """Which key this is, without giving it away: a dataset tells by it whose it is."""
        return self._digest("fingerprint", "").hex()[:_ID_DIGITS]

    def address(self, address: str) -> str:
        """Return the pseudonym of a mail address; its domain stays, it names a company."""
        normalised = normalise_address(address)
        domain = domain_of(normalised)
        if not domain:
            return self.number("person", normalised) if normalised else ""
        return f"{self.number('p', normalised)}@{domain}"

    def party(self, author: str) -> str:
        """Return the pseudonym of an address or of a call's speaker."""
        return self.address(author) if "@" in author else self.name(author)

    def name(self, name: str) -> str:
        """Return the pseudonym of a whole display name, word by word."""
        if "@" in name:
            return self.address(name)
        return " ".join(map(self.name_word, name_words(name)))

    def number(self, kind: str, written: str) -> str:
        """Return ``kind-1f2e3d4c`` for a number or code, however it is grouped."""
        plain = "".join(filter(str.isalnum, written.casefold()))
        plain = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in plain)
        return f"{kind}-{self._digest(kind, plain).hex()[:_DIGITS]}"

    def identifier(self, id_: str) -> str:
        """Return the pseudonym of a message id, which names machines and sometimes people."""
        return f"id-{self._digest('id', id_).hex()[:_ID_DIGITS]}" if id_ else ""

    def _name_word(self, word: str) -> str:
        """Return the pseudonym of one word of a name: accents and capitals make no difference."""
        number = int.from_bytes(self._digest("name", fold(word))[:8], "big")
        sounds = []
        for _ in range(_SYLLABLES):
            number, onset = divmod(number, len(_ONSETS))
            number, vowel = divmod(number, len(_VOWELS))
            sounds.append(_ONSETS[onset] + _VOWELS[vowel])
        return "".join(sounds).capitalize() + _ONSETS[number % len(_ONSETS)]

    def _digest(self, kind: str, text: str) -> bytes:
        message = f"{kind}\n{text}".encode("utf-8", "surrogatepass")
        return hmac.digest(self._key, message, hashlib.sha256)
