"""Turn the tree of an HTML body into lines, each with its zone; without recursion."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from commsense.ingest.zones.marks import Mark, is_hidden, mark_of
from commsense.ingest.zones.model import Zone
from commsense.ingest.zones.patterns import table

_TAGS = table("html")["tags"]
_DROPPED = frozenset(_TAGS["dropped"])
_BLOCKS = frozenset(_TAGS["blocks"])
_SPACED = frozenset(_TAGS["spaced"])
_CELLS = frozenset(_TAGS["cells"])
_UNSPACED_PARAGRAPH = re.compile(r"margin(?:-top|-bottom)?:0", re.IGNORECASE)
_WHITE = re.compile(r"[ \t\r\n\f]+")
_HARD_SPACE = "\u00a0"


def render(root: LexborNode) -> tuple[list[str], list[Zone]]:
    """Return the visible lines of a tree and the zone of each.

    Parameters
    ----------
    root : LexborNode
        The body element.
    """
    page = _Page()
    node: LexborNode | None = root
    while node is not None:
        child = node.child if page.enter(node) else None
        if child is not None:
            node = child
            continue
        page.leave(node)
        while node is not None and node.mem_id != root.mem_id and node.next is None:
            node = node.parent
            if node is not None:
                page.leave(node)
        node = None if node is None or node.mem_id == root.mem_id else node.next
    page.end_line()
    return page.lines, page.zones


class _Page:
    """The lines written so far, the line being written, and the elements still open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.zones: list[Zone] = []
        self._line: list[str] = []
        self._zone = Zone.TEXT
        self._floor = Zone.TEXT  # the zone outside all marked elements: quoted after history
        self._marked: list[tuple[int, Zone]] = []
        self._preformatted = 0

    def enter(self, node: LexborNode) -> bool:
        """Begin an element or write a text; return whether to look at what it holds."""
        if node.is_text_node:
            self._write(node.text_content or "")
            return False
        tag = node.tag
        if not node.is_element_node or tag in _DROPPED:
            return False
        if tag == "br":
            self._break()
            return False
        attributes = node.attributes
        if attributes and is_hidden(attributes):
            return False
        self._open(node, tag or "")
        self._begin(tag or "", attributes)
        return True

    def _open(self, node: LexborNode, tag: str) -> None:
        if self._zone == Zone.QUOTED:
            return
        mark = mark_of(node, node.attributes)
        if mark is None:
            return
        self.end_line()
        if mark is Mark.HISTORY:
            self._floor = self._zone = Zone.QUOTED
            return
        self._marked.append((node.mem_id, self._zone))
        self._zone = Zone.QUOTED if mark is Mark.QUOTED else Zone.SIGNATURE

    def _begin(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in _BLOCKS:
            self.end_line()
            if tag in _SPACED and not _is_unspaced(attributes):
                self._blank()
            if tag == "li":
                self._line.append("- ")
            self._preformatted += tag == "pre"
        elif tag in _CELLS and self._line:
            self._line.append(" ")

    def leave(self, node: LexborNode) -> None:
        """End an element."""
        if not node.is_element_node:
            return
        tag = node.tag or ""
        if tag in _BLOCKS:
            self.end_line()
            if tag in _SPACED and not _is_unspaced(node.attributes):
                self._blank()
        if tag == "pre" and self._preformatted:
            self._preformatted -= 1
        if self._marked and self._marked[-1][0] == node.mem_id:
            self.end_line()
            self._zone = max(self._marked.pop()[1], self._floor)

    def _write(self, text: str) -> None:
        if self._preformatted:
            first, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            self._line.append(first)
            for line in rest:
                self._break()
                self._line.append(line)
            return
        self._line.append(_WHITE.sub(" ", text))

    def _break(self) -> None:
        line = "".join(self._line)
        self.lines.append(line.rstrip() if self._preformatted else line.strip(" "))
        self.zones.append(self._zone)
        self._line.clear()

    def end_line(self) -> None:
        """End the line being written, if there is anything on it.

        A block that holds only hard spaces is how Word writes an empty line.
        """
        line = "".join(self._line)
        if line and not line.isspace():
            self._break()
        elif _HARD_SPACE in line:
            self._blank()
        self._line.clear()

    def _blank(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")
            self.zones.append(self._zone)


def _is_unspaced(attributes: dict[str, str | None]) -> bool:
    """Tell whether a paragraph is set without space, as Outlook's lines are."""
    if "msonormal" in (attributes.get("class") or "").casefold():
        return True
    return _UNSPACED_PARAGRAPH.match((attributes.get("style") or "").replace(" ", "")) is not None
