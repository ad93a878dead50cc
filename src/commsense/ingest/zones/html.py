"""Split an HTML body: cut what mail programs mark in the document, then look at the lines."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from commsense.ingest.zones.contact import is_sentence
from commsense.ingest.zones.model import Zone, Zones
from commsense.ingest.zones.patterns import table
from commsense.ingest.zones.render import render
from commsense.ingest.zones.text import split_lines, split_text

# Below this number of tags no nesting costs a parser noticeable time.
_HARMLESS_TAGS = 1_000
# The parser's work may grow with open elements times tags; mail programs stay far below.
_MAX_DEPTH = 1_000
_MAX_WORK = 5_000_000
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s<>/]{0,40})[^<>]*>")
_ANY_TAG = re.compile(r"<[!/?a-zA-Z][^<>]*>")
_LINE_TAG = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?blockquote|/?h[1-6])\b[^<>]*>", re.IGNORECASE)
_UNNESTED = frozenset(table("html")["tags"]["unnested"])


def split_html(html: str) -> Zones:
    """Split an HTML body into new words, quoted history and signature.

    Parameters
    ----------
    html : str
        The decoded body; entities still encoded.

    Returns
    -------
    Zones
        Plain text: blocks on lines of their own, scripts, styles and hidden text dropped.
    """
    if _too_deep(html):
        return split_text(unescape(_ANY_TAG.sub(" ", _LINE_TAG.sub("\n", html))))
    root = LexborHTMLParser(html).body
    if root is None:
        return split_text("")
    lines, zones = render(root)
    split = split_lines(list(lines), list(zones))
    if split.text or not _holds_words(split.signature):
        return split
    # An answer typed inside the signature's own element is an answer all the same.
    undecided: list[Zone] = [Zone.TEXT if zone == Zone.SIGNATURE else zone for zone in zones]
    return split_lines(lines, undecided)


def _holds_words(signature: str) -> bool:
    return any(line and is_sentence(line) for line in signature.split("\n"))


def _too_deep(html: str) -> bool:
    """Tell whether the document is nested beyond what a parser digests in linear time."""
    tags = html.count("<")
    if tags <= _HARMLESS_TAGS:
        return False
    still_open: Counter[str] = Counter()
    depth = peak = 0
    for match in _TAG.finditer(html):
        name = match.group(2).lower()
        if name in _UNNESTED:
            continue
        if not match.group(1):
            still_open[name] += 1
            depth += 1
            peak = max(peak, depth)
        elif still_open[name]:
            still_open[name] -= 1
            depth -= 1
    return peak > _MAX_DEPTH or peak * tags > _MAX_WORK
