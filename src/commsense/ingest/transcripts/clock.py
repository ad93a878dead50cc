"""Times of day and offsets as transcripts write them."""

from __future__ import annotations

CLOCK = r"(?:\d{1,4}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
"""Pattern of ``M:SS``, ``MM:SS.mmm``, ``HH:MM:SS,mmm``; digits of any script."""


def seconds(clock: str) -> float:
    """Return the seconds of a text that matches :data:`CLOCK`."""
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total
