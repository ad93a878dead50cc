"""Read off an HTML element whether its mail program marks it as a quotation or a signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum

from selectolax.lexbor import LexborNode

from commsense.ingest.zones.patterns import table

_TABLE = table("html")
_QUOTED_NAMES = frozenset(_TABLE["quoted"]["classes"])
_QUOTED_IDS = frozenset(_TABLE["quoted"]["ids"])
_QUOTED_NAME = frozenset(_TABLE["quoted"]["names"])
_HISTORY_IDS = frozenset(_TABLE["history"]["ids"])
_HISTORY_CLASSES = frozenset(_TABLE["history"]["classes"])
_HISTORY_MARKERS = frozenset(_TABLE["history"]["data_markers"])
_BORDERS = tuple(_TABLE["history"]["borders"])
_SIGNATURE_CLASSES = frozenset(_TABLE["signature"]["classes"])
_SIGNATURE_IDS = frozenset(_TABLE["signature"]["ids"])
_SIGNATURE_NAMES = frozenset(_TABLE["signature"]["names"])

# What servers set before the names of the mail that they quote.
_PREFIX = re.compile(r"(?:x_|ecx|m_-?\d+)+")
_HIDDEN = re.compile(r"display:none|visibility:hidden|mso-hide:all|max-height:0(?:px)?(?:;|\Z)")
_INDENT = re.compile(r"border:(?:none|0|medium|currentcolor)")
_MIN_FIELDS = 3  # colons of From, Sent, To in the block below an Outlook border
_HEADER_CHARACTERS = 2_000
_MAX_CHILDREN = 400


class Mark(Enum):
    """What an element is marked as."""

    QUOTED = "quoted"
    HISTORY = "history"
    SIGNATURE = "signature"


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether an element is not shown to the reader."""
    if "hidden" in attributes:
        return True
    style = attributes.get("style") or ""
    return _HIDDEN.search(_plain_style(style)) is not None


def mark_of(node: LexborNode, attributes: Mapping[str, str | None]) -> Mark | None:
    """Return what an element is marked as by its class, id, name or style.

    Parameters
    ----------
    node : LexborNode
        The element.
    attributes : mapping
        Its attributes.
    """
    if node.tag == "blockquote":
        return None if _is_indented(attributes) else Mark.QUOTED
    if not attributes:
        return None
    classes = _names(attributes.get("class"))
    ids = _names(attributes.get("id"))
    names = _names(attributes.get("name"))
    if _is_history(node, attributes, classes, ids):
        return Mark.HISTORY
    if any(name.startswith("yahoo_quoted") for name in ids) or _is_quoted(classes, ids, names):
        holds_answers = "gmail_quote" in classes and _holds_answers(node)
        return None if holds_answers else Mark.QUOTED
    marked = classes & _SIGNATURE_CLASSES or ids & _SIGNATURE_IDS or names & _SIGNATURE_NAMES
    return Mark.SIGNATURE if marked else None


def _is_quoted(classes: set[str], ids: set[str], names: set[str]) -> bool:
    return bool(classes & _QUOTED_NAMES or ids & _QUOTED_IDS or names & _QUOTED_NAME)


def _is_history(
    node: LexborNode,
    attributes: Mapping[str, str | None],
    classes: Iterable[str],
    ids: Iterable[str],
) -> bool:
    if not _HISTORY_IDS.isdisjoint(ids) or not _HISTORY_CLASSES.isdisjoint(classes):
        return True
    marker = attributes.get("data-marker")
    if marker and marker.casefold() in _HISTORY_MARKERS:
        return True
    style = attributes.get("style")
    if not style or "border-top" not in style.casefold():
        return False
    style = _plain_style(style)
    return any(_plain_style(border) in style for border in _BORDERS) and _heads_history(node)


def _heads_history(node: LexborNode) -> bool:
    """Tell whether an element begins with fields: From, Sent, To, in whatever language."""
    head = node.text(deep=True)[:_HEADER_CHARACTERS]
    return head.count(":") + head.count("：") >= _MIN_FIELDS


def _holds_answers(node: LexborNode) -> bool:
    """Tell whether Gmail's container holds quotations between which answers may stand.

    A forwarded message has no quotation of its own in the container: all of it is quoted.
    """
    child = node.child
    for _ in range(_MAX_CHILDREN):
        if child is None or _introduces_forward(child):
            return False
        if child.tag == "blockquote":
            return True
        child = child.next
    return False


def _introduces_forward(node: LexborNode) -> bool:
    if not node.is_element_node or "gmail_attr" not in (node.attributes.get("class") or ""):
        return False
    return node.text(deep=True).lstrip().startswith("-")


def _is_indented(attributes: Mapping[str, str | None]) -> bool:
    """Tell whether a blockquote is only the indentation of an editor."""
    if "webkit-indent-blockquote" in (attributes.get("class") or ""):
        return True
    if attributes.get("type") or attributes.get("cite"):
        return False
    style = _plain_style(attributes.get("style") or "")
    return _INDENT.search(style) is not None and "border-left" not in style


def _plain_style(style: str) -> str:
    return style.casefold().replace(" ", "")


def _names(value: str | None) -> set[str]:
    if not value:
        return set()
    return {name[_prefix_end(name) :] for name in value.casefold().split()}


def _prefix_end(name: str) -> int:
    match = _PREFIX.match(name)
    return match.end() if match else 0
