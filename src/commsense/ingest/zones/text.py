"""Split a plain-text body, line by line, in linear time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from commsense.ingest.zones.attribution import (
    Attribution,
    find_attribution,
    is_lone_verb,
    may_end_attribution,
)
from commsense.ingest.zones.closing import mark_signatures
from commsense.ingest.zones.folding import visible
from commsense.ingest.zones.headers import field, header_block, pasted_header
from commsense.ingest.zones.model import Zone, Zones
from commsense.ingest.zones.separators import (
    announces_answers,
    is_answer_line,
    is_heading,
    is_rule,
    is_separator,
    is_title,
    may_hold_answer_line,
)

_DECORATION = re.compile(r">{2,}[^<]*<{2,}\Z")  # ">>> click here <<<"
_COMPARISON = re.compile(r">\s?\d")  # ">50 users", "> 3 weeks"
_REMARK = re.compile(r"[\[<(]{1,3}[^\[<(]{1,60}[\])>]{1,3}\Z")  # "[snip]", "<...>"
_INITIALED = 5  # columns in which initials and their mark stand
_INITIALS = re.compile(r"[^\W\d_]{1,4}>")  # "BC> ", of The Bat! and Supercite
_SHARE = re.compile(r">\d[\d.,]*\s?%")  # ">5% defects", also on several lines
_MAX_PROOFS = 50  # lines with bars or initials that are looked at for an attribution above them
_MAX_CUTS = 50  # lines of one body that are cut in two
_QUOTE_MARKS = (">", "＞")
_RULE_MARKS = "-_=*~—–─"
_COLONS = (":", "：")


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
        text = visible("\n".join(raw))
        self.bare = [line.strip() for line in text.split("\n")]
        self.zones = zones
        self._may_be_quoted = any(mark in text for mark in _QUOTE_MARKS)
        self._may_be_barred = "|" in text
        self._from_helpdesk = may_hold_answer_line(text)
        self._inline: bool | None = None
        self._cuts = 0
        self._assigned = 0  # lines from the top that are no new words

    def mark_quotes(self) -> None:
        """Assign the lines that carry quote marks."""
        if self._may_be_barred:
            self._mark_proven([index for index, line in enumerate(self.bare) if _is_barred(line)])
        if self._may_be_quoted:
            self._mark_angled()
            near = [index for index, line in enumerate(self.bare) if ">" in line[1:_INITIALED]]
            self._mark_proven([index for index in near if _INITIALS.match(self.bare[index])])
        self._join_broken_quotes()

    def _mark_angled(self) -> None:
        shares = []
        for index, line in enumerate(self.bare):
            if line.startswith(_QUOTE_MARKS) and not self._is_no_quote(index, line):
                if "%" in line and self.zones[index] == Zone.TEXT and _SHARE.match(line):
                    shares.append(index)
                self.zones[index] = Zone.QUOTED
        self._release_shares(shares)

    def _release_shares(self, shares: Sequence[int]) -> None:
        """Give back the paragraphs of which every line compares a share, no attribution above."""
        for _, numbered in groupby(enumerate(shares), key=lambda pair: pair[1] - pair[0]):
            run = [index for _, index in numbered]
            near = (self._line(run[0] - 1), self._line(run[-1] + 1))
            bounded = not any(line.startswith(_QUOTE_MARKS) for line in near)
            if bounded and not self._introduces(run[0]):
                for index in run:
                    self.zones[index] = Zone.TEXT

    def _mark_proven(self, marked: Sequence[int]) -> None:
        """Assign lines whose marks could be something else, where an attribution proves them."""
        if any(self._introduces(index) for index in marked[:_MAX_PROOFS]):
            for index in marked:
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
        if Zone.QUOTED not in zones:
            return
        for index in range(1, len(zones) - 1):
            if zones[index] == Zone.TEXT and zones[index - 1] == zones[index + 1] == Zone.QUOTED:
                line = self.bare[index]
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
            elif self._is_answered(after, named=named):
                index = after
            else:
                self._assign(index, len(self.bare))
                return

    def _heading_at(self, index: int, line: str) -> int | None:
        """Return the index after the separator or header block that begins here."""
        if self._from_helpdesk and is_answer_line(line):
            return self._answer_line_at(index)
        ruled = line[0] in _RULE_MARKS or line[-1] in ":：" or "---" in line
        if ruled and is_separator(line):
            return self._introduction(index, self._header_below(index) or index + 1)
        pasted = pasted_header(self.bare, index) if line[-1] == ">" and "@" in line else None
        if pasted is not None:
            return self._introduction(index, pasted)
        label = field(line)
        end = header_block(self.bare, index, label[0]) if label else None
        if end is None or self._is_announced(index, end):
            return None
        return self._introduction(index, end, headed=True)

    def _is_announced(self, start: int, end: int) -> bool:
        """Tell whether the author announces the fields on the line above: a list of shipments."""
        if self._line(start - 1)[-1:] not in _COLONS or self.zones[start - 1] != Zone.TEXT:
            return False
        return not any("@" in line for line in self.bare[start:end])

    def _answer_line_at(self, index: int) -> int | None:
        """Assign a helpdesk's line; below it is history only where somebody answered above it."""
        if self._words_above(index):
            return self._introduction(index, index + 1)
        self.zones[index] = Zone.SIGNATURE
        return None

    def _header_below(self, index: int) -> int | None:
        """Return the index after the header block that follows a separator."""
        below = index + 1
        while below < len(self.bare) and not self.bare[below]:
            below += 1
        label = field(self.bare[below]) if below < len(self.bare) else None
        return header_block(self.bare, below, label[0]) if label else None

    def _words_above(self, index: int) -> bool:
        """Tell whether new words stand above a line; no line is looked at twice without need."""
        while self._assigned < index and not (
            self.bare[self._assigned] and self.zones[self._assigned] == Zone.TEXT
        ):
            self._assigned += 1
        return self._assigned < index

    def _is_answered(self, after: int, *, named: bool) -> bool:
        """Tell whether new words may stand between the quotations below an introduction.

        A body may begin with an attribution whose quotations stand further down. Below a header
        block with an answer above it, what stands between quotations is somebody's earlier
        answer, unless the new words say otherwise.
        """
        if named and self._quote_follows(after - 1):
            return True
        if not self._words_above(after):
            return self._quote_follows(after - 1) or (named and Zone.QUOTED in self.zones[after:])
        return not named and self._quote_follows(after - 1) and self._announces_answers(after)

    def _announces_answers(self, end: int) -> bool:
        if self._inline is None:
            above = zip(self.bare[:end], self.zones[:end], strict=True)
            self._inline = announces_answers(
                "\n".join(line for line, zone in above if zone == Zone.TEXT)
            )
        return self._inline

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
            if is_rule(line) or (headed and (is_heading(line) or is_title(line))):
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


def _is_barred(line: str) -> bool:
    """Tell whether a line carries a bar for a quote mark; a row of a table ends with one too."""
    return line[:1] == "|" and (line == "|" or line[-1] != "|")


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
