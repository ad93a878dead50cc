"""Split a plain-text body, line by line, in linear time."""

from __future__ import annotations

import re
from collections.abc import Sequence

from commsense.ingest.zones.attribution import (
    Attribution,
    find_attribution,
    is_lone_verb,
    may_end_attribution,
)
from commsense.ingest.zones.closing import mark_signatures
from commsense.ingest.zones.folding import visible
from commsense.ingest.zones.headers import field, header_block
from commsense.ingest.zones.model import Zone, Zones
from commsense.ingest.zones.separators import is_heading, is_rule, is_separator

_DECORATION = re.compile(r">{2,}[^<]*<{2,}\Z")  # ">>> click here <<<"
_COMPARISON = re.compile(r">\s?\d")  # ">50 users", "> 3 weeks"
_REMARK = re.compile(r"[\[<(]{1,3}[^\[<(]{1,60}[\])>]{1,3}\Z")  # "[snip]", "<...>"
_MAX_BARRED = 50  # lines with bars that are looked at for an attribution above them
_MAX_CUTS = 50  # lines of one body that are cut in two
_QUOTE_MARKS = (">", "＞")
_RULE_MARKS = "-_=*~—–─"


def split_text(text: str) -> Zones:
    """Split a plain-text body into new words, quoted history and signature.

    Parameters
    ----------
    text : str
        The decoded body; any line ends.

    Returns
    -------
    Zones
        Every line that is not blank stands, unchanged, in exactly one zone. Only where an
        attribution shares a line with new words is that line cut in two.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return split_lines(lines, [Zone.TEXT] * len(lines))


def split_lines(raw: list[str], zones: list[Zone]) -> Zones:
    """Split lines of which some are assigned to a zone already.

    Parameters
    ----------
    raw : list of str
        Lines without line ends.
    zones : list of Zone
        As many; changed in place. ``TEXT`` means undecided.
    """
    if not raw:
        return Zones("", "", "")
    body = _Body(raw, zones)
    body.mark_quotes()
    body.mark_history()
    mark_signatures(body.raw, body.bare, body.zones)
    return body.zoned()


class _Body:
    """The lines of one body, as they came, as they are compared, and where they belong."""

    def __init__(self, raw: list[str], zones: list[Zone]) -> None:
        self.raw = raw
        self.bare = [line.strip() for line in visible("\n".join(raw)).split("\n")]
        self.zones = zones
        self._cuts = 0

    def mark_quotes(self) -> None:
        """Assign the lines that carry quote marks."""
        for index, line in enumerate(self.bare):
            if line.startswith(_QUOTE_MARKS) and not self._is_no_quote(index, line):
                self.zones[index] = Zone.QUOTED
        if any(line.startswith("|") for line in self.bare):
            self._mark_barred()
        self._join_broken_quotes()

    def _mark_barred(self) -> None:
        """Assign lines that carry bars for quote marks, as an attribution above them proves."""
        barred = [index for index, line in enumerate(self.bare) if line.startswith("|")]
        if not any(self._introduces(index) for index in barred[:_MAX_BARRED]):
            return
        for index in barred:
            if self.bare[index] == "|" or not self.bare[index].endswith("|"):
                self.zones[index] = Zone.QUOTED

    def _introduces(self, index: int) -> bool:
        above = self._line(index - 1) or self._line(index - 2)
        end = index - 1 if self._line(index - 1) else index - 2
        if not above.endswith(":"):
            return False
        found = find_attribution(self.bare, end, quote_follows=True)
        return found is not None and found.column == 0

    def _is_no_quote(self, index: int, line: str) -> bool:
        if line[-1] == "<" and _DECORATION.match(line):
            return True
        if line[-1] == ":" and is_lone_verb(line.lstrip(">＞ ")):
            return True
        if not _COMPARISON.match(line):
            return False
        near = (self._line(index - 1), self._line(index + 1))
        return not any(other.startswith(_QUOTE_MARKS) or other.endswith(":") for other in near)

    def _line(self, index: int) -> str:
        return self.bare[index] if 0 <= index < len(self.bare) else ""

    def _join_broken_quotes(self) -> None:
        """Assign a link that was wrapped out of its quotation."""
        zones = self.zones
        for index in range(1, len(zones) - 1):
            line = self.bare[index]
            if zones[index - 1] == zones[index + 1] == Zone.QUOTED and zones[index] == Zone.TEXT:
                wrapped = "://" in line or (len(line) > 1 and " " not in line and line[-1] in ")>]")
                if wrapped:
                    zones[index] = Zone.QUOTED

    def mark_history(self) -> None:
        """Assign attributions, header blocks, separators and the history below them."""
        index = 0
        while index < len(self.bare):
            line = self.bare[index]
            if not line or self.zones[index] != Zone.TEXT:
                index += 1
                continue
            after = self._attribution_at(index) if may_end_attribution(line) else None
            named = after is not None
            if after is None:
                after = self._heading_at(index, line)
            if after is None:
                index += 1
            elif self._quote_follows(after - 1) or (named and self._is_answered_below(after)):
                index = after
            else:
                self._assign(index, len(self.bare))
                return

    def _heading_at(self, index: int, line: str) -> int | None:
        """Return the index after the separator or header block that begins here."""
        if (line[0] in _RULE_MARKS or line[-1] in ":：") and is_separator(line):
            return self._introduction(index, index + 1)
        label = field(line)
        end = header_block(self.bare, index, label[0]) if label else None
        return None if end is None else self._introduction(index, end, headed=True)

    def _is_answered_below(self, after: int) -> bool:
        """Tell whether a body begins with an attribution and its quotations stand further down."""
        above = zip(self.bare[:after], self.zones[:after], strict=True)
        if any(line and zone == Zone.TEXT for line, zone in above):
            return False
        return Zone.QUOTED in self.zones[after:]

    def _attribution_at(self, index: int) -> int | None:
        follows = self._quote_follows(index)
        found = find_attribution(self.bare, index, quote_follows=follows)
        if found is None or not (found.strong or follows):
            return None
        if found.column:
            return self._cut_line(index, found) if self._cuts < _MAX_CUTS else None
        return self._introduction(found.start, index + 1)

    def _cut_line(self, index: int, found: Attribution) -> int:
        """Cut a line that begins with new words and ends with an attribution."""
        head, tail = self.bare[index][: found.column], self.bare[index][found.column :].lstrip()
        self._cuts += 1
        self.raw[index : index + 1] = [head, tail]
        self.bare[index : index + 1] = [head, tail]
        self.zones[index : index + 1] = [Zone.TEXT, Zone.QUOTED]
        return index + 2

    def _introduction(self, start: int, end: int, *, headed: bool = False) -> int:
        """Assign an introduction with the rule, or the heading between dashes, above it."""
        above = start - 1
        while above >= 0 and not self.bare[above]:
            above -= 1
        if above >= 0 and self.zones[above] == Zone.TEXT:
            line = self.bare[above]
            if is_rule(line) or (headed and is_heading(line)):
                start = above
        self._assign(start, end)
        return end

    def _assign(self, start: int, end: int) -> None:
        for index in range(start, end):
            if self.zones[index] == Zone.TEXT:
                self.zones[index] = Zone.QUOTED

    def _quote_follows(self, index: int) -> bool:
        """Tell whether the next line is quoted, a remark like "[snip]" between them or not."""
        remarks = 0
        for after in range(index + 1, len(self.bare)):
            line = self.bare[after]
            if line and self.zones[after] == Zone.QUOTED:
                return True
            if line:
                remarks += 1
                if remarks > 1 or not _REMARK.match(line):
                    return False
        return False

    def zoned(self) -> Zones:
        """Return the lines, gathered by zone."""
        parts = [_gather(self.raw, self.bare, self.zones, zone) for zone in Zone]
        return Zones(*parts)


def _gather(raw: Sequence[str], bare: Sequence[str], zones: Sequence[Zone], zone: Zone) -> str:
    """Join the lines of one zone; a gap between them, however long, is one empty line."""
    kept: list[str] = []
    gap = False
    for line, seen, where in zip(raw, bare, zones, strict=True):
        if where == zone and seen:
            if gap and kept:
                kept.append("")
            kept.append(line.rstrip())
            gap = False
        else:
            gap = True
    return "\n".join(kept)
