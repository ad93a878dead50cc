"""Tell mail that stays within one side: what the other never heard, it cannot answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from commsense.ingest.addresses import domain_of, is_free_mail, normalise_address


@dataclass(frozen=True, slots=True)
class Sides:
    """Which side an address belongs to, as far as who wrote what tells it.

    Attributes
    ----------
    addresses, domains : dict of str to str
        Those that only one side writes from; of free mail no domains.
    """

    addresses: dict[str, str]
    domains: dict[str, str]

    @classmethod
    def of(cls, authors: pd.DataFrame) -> Sides:
        """Learn from everybody who writes for a side.

        Parameters
        ----------
        authors : pandas.DataFrame
            As :func:`commsense.ingest.collecting.authors_of` gives them.
        """
        pairs = [
            (normalise_address(str(author or "")), str(side))
            for author, side in zip(authors["author"], authors["side"], strict=True)
        ]
        domains = [
            (domain, side)
            for address, side in pairs
            if (domain := domain_of(address)) and not is_free_mail(domain)
        ]
        return cls(_single(pairs), _single(domains))

    def side(self, address: str) -> str | None:
        """Return the side of a normalised address, None where it is not known."""
        return self.addresses.get(address) or self.domains.get(domain_of(address))

    def keep(self, author: str, side: str, recipients: object) -> bool:
        """Tell whether a side's mail went to people of that side alone.

        A mail that names nobody but its author went to people who are not named.
        """
        if isinstance(recipients, str) or not isinstance(recipients, Iterable):
            return False
        others = {normalise_address(str(one)) for one in recipients} - {normalise_address(author)}
        return bool(others) and all(self.side(one) == side for one in others)


def _single(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, side in pairs:
        found[key].add(side)
    return {key: next(iter(sides)) for key, sides in found.items() if key and len(sides) == 1}
