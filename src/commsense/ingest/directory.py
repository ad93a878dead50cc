"""Which party an address belongs to: us, or a client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from commsense.ingest.addresses import (
    domain_of,
    is_free_mail,
    normalise_address,
    organisation,
    parents,
    stem,
)
from commsense.ingest.names import squeezed
from commsense.profiles import ClientProfile

US: Final = "\0us"
"""The party that we are; every other party is named by its client key."""


class Directory:
    """Us and the known clients.

    Parameters
    ----------
    us : sequence of str
        Domains (sub-domains belong to them) and addresses of the provider.
    profiles : sequence of ClientProfile
        Clients that the user described.
    """

    def __init__(self, us: Sequence[str], profiles: Sequence[ClientProfile]) -> None:
        ours = [entry.strip().lower() for entry in us if entry.strip()]
        self._addresses: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        for profile in profiles:
            self._addresses |= dict.fromkeys(
                map(normalise_address, profile.addresses), profile.client
            )
            self._domains |= dict.fromkeys(map(_domain, profile.domains), profile.client)
        for entry in ours:
            if "@" in entry.lstrip("@"):
                self._addresses[normalise_address(entry)] = US
            else:
                self._domains[_domain(entry)] = US
        self.profiles: Mapping[str, ClientProfile] = {entry.client: entry for entry in profiles}

    def party(self, address: str) -> str | None:
        """Return the party of a normalised address, None for what is no address."""
        if address in self._addresses:
            return self._addresses[address]
        domain = domain_of(address)
        for above in parents(domain) if domain else ():
            if above in self._domains:
                return self._domains[above]
        return organisation_of(address)

    def is_described(self, address: str) -> bool:
        """Tell whether the user said whose address this is."""
        return address in self._addresses or not self._domains.keys().isdisjoint(
            parents(domain_of(address))
        )

    def companies(self, parties: Iterable[str]) -> dict[str, str]:
        """Return the names by which companies are called, squeezed, each with its party.

        Names that two parties share name neither.
        """
        found: dict[str, str] = {}
        shared: set[str] = set()
        for name, party in self._company_names(parties):
            if name and found.setdefault(name, party) != party:
                shared.add(name)
        return {name: party for name, party in found.items() if name not in shared}

    def _company_names(self, parties: Iterable[str]) -> Iterable[tuple[str, str]]:
        for domain, party in self._domains.items():
            yield squeezed(stem(domain)), party
        for profile in self.profiles.values():
            yield squeezed(profile.name), profile.client
            yield squeezed(stem(profile.client)), profile.client
        for party in parties:
            if party != US and "@" not in party:
                yield squeezed(stem(party)), party


def organisation_of(address: str) -> str | None:
    """Return who stands behind an address: its domain, or with free mail the address itself."""
    domain = domain_of(address)
    if not domain:
        return None
    return address if is_free_mail(domain) else organisation(domain)


def _domain(entry: str) -> str:
    return entry.strip().lower().lstrip("@").removeprefix("www.").strip(".")
