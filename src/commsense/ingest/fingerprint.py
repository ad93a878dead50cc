"""Short names for contents: the same content has the same one in every run and export."""

from __future__ import annotations

import hashlib


def fingerprint(*parts: str) -> str:
    """Return 40 hexadecimal digits that stand for some texts in their order."""
    # A name, not a protection: whoever forges a collision only hides a mail of their own.
    whole = "\n".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha1(whole, usedforsecurity=False).hexdigest()
