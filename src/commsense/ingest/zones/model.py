"""What a body is cut into."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


@dataclass(frozen=True, slots=True)
class Zones:
    """A body, cut into three; no line of it is thrown away.

    Attributes
    ----------
    text : str
        The author's own new words.
    quoted : str
        Quoted or forwarded history with the lines that introduce it.
    signature : str
        Signature, disclaimer and mailing-list footer.
    """

    text: str
    quoted: str
    signature: str


class Zone(IntEnum):
    """Where one line belongs."""

    TEXT = 0
    QUOTED = 1
    SIGNATURE = 2
