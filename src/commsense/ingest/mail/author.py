"""Who wrote a mail, also where a list put its own address into From.

Lists do that to mail of domains whose DMARC policy forbids others to pass it on: From becomes
"Anna Lopez via Sales <sales@agency.example>". Google Groups and Mailman keep the author elsewhere.
"""

from __future__ import annotations

from typing import Final

from commsense.ingest.mail.headers import Headers
from commsense.ingest.mail.people import Address

_VIA: Final = " via "
_ORIGINAL: Final = ("x-original-from", "x-original-sender")
_LIST: Final = ("list-id", "list-post", "mailing-list")


def author(headers: Headers) -> Address:
    """Return display name and address of the author; the name in small letters for no address."""
    people = headers.addresses("from") or headers.addresses("sender", "return-path")
    name, address = people[0] if people else ("", "")
    if _VIA in name:
        name, address = _behind_list(headers, name, address)
    return name, address or name.lower()


def _behind_list(headers: Headers, name: str, address: str) -> Address:
    """Return who wrote to a list; the list where no field tells."""
    fields = [*_ORIGINAL, *(["reply-to"] if any(one in headers for one in _LIST) else [])]
    for own_name, own in (person for field in fields for person in headers.addresses(field)):
        if "@" in own and own != address:
            return own_name or name.rpartition(_VIA)[0].strip("'\" "), own
    return name, address
