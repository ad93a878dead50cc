"""Times of day and offsets as transcripts write them."""

from __future__ import annotations

import re

_HALF_DAY = r"(?:(?:\s?[AP]M|[ap]m)\b|\s[ap]\.m\.)"
CLOCK = rf"(?:\d{{1,4}}:\d{{1,2}}:\d{{1,2}}|\d{{1,2}}:\d{{2}})(?:[.,]\d{{1,7}})?{_HALF_DAY}?"
"""Pattern of ``M:SS``, ``MM:SS.mmm``, ``HH:MM:SS,mmm``, ``10:00 AM``; digits of any script."""

_HALF = re.compile(r"\s?([ap])\.?m\.?$", re.IGNORECASE)


def seconds(clock: str) -> float:
    """Return the seconds of a text that matches :data:`CLOCK`; AM and PM make it a time of day."""
    half = _HALF.search(clock)
    parts = [
        float(part) for part in clock[: half.start() if half else None].replace(",", ".").split(":")
    ]
    if half:
        parts[0] = parts[0] % 12 + (12 if half[1] in "pP" else 0)
        parts += [0.0] * (3 - len(parts))
    total = 0.0
    for part in parts:
        total = total * 60 + part
    return total
