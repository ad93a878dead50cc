"""Render summaries for a terminal of 80 columns and more; colour only repeats what shapes say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from commsense.reports.text import one_line, quote, shorten
from commsense.reports.timeline import change_words
from commsense.reports.views import (
    badge,
    caveats,
    debate_course,
    judge,
    judged_words,
    nothing_missing,
    open_loops,
    period_words,
    rhythm_figures,
    severity,
    since_words,
    stage_runs,
    sure_words,
)
from commsense.reports.words import Words, load_words

_QUOTE_LENGTH = 240  # three lines of 80 columns
_LOOP_LENGTH = 150
_SUBJECT_LENGTH = 60
_NAME_LENGTH = 40
_MOST_REASONS = 3
_MOST_QUOTES = 5
_MOST_LOOPS = 3
_TRACK_CELLS = 21  # odd, so that zero has a cell of its own
_SPARKS = "▁▂▃▄▅▆▇█"
_MOST_SPARKS = 12
_RISK, _STRENGTH, _QUIET = "red", "cyan", "dim"
_STYLES = {"worse": _RISK, "better": _STRENGTH, "same": "", "unsure": _QUIET}
_ARROWS = {"worse": "▼", "better": "▲", "same": "·", "unsure": " "}
_TRENDS = {"declining": "▼", "recovered": "▲", "improving": "▲", "steady": "=", "unknown": "?"}
_SEVERITIES = {"high": "!!", "medium": "! ", "low": "· "}
_SHAPES = {"risk": "■", "strength": "●", "neutral": "◆"}
_COLOURS = {"risk": _RISK, "strength": _STRENGTH, "neutral": ""}

_Parts = Iterator[RenderableType]


def render_terminal(summary: Mapping[str, Any], *, language: str = "en") -> RenderableType:
    """Return one client's report as something that rich can print.

    Parameters
    ----------
    summary : mapping
        What :func:`commsense.reports.summarise` returned.
    language : str
        Interface language.
    """
    words = load_words(language)
    parts: list[RenderableType] = [_head(summary, words)]
    for name, section in _SECTIONS.items():
        body = list(section(summary, words))
        if body:
            parts += [_heading(words(f"section.{name}")), Padding(Group(*body), (0, 0, 0, 2))]
    return Group(*parts)


def render_portfolio_terminal(
    rows: Sequence[Mapping[str, Any]], *, language: str = "en"
) -> RenderableType:
    """Return the portfolio as a rich table, one row a client."""
    words = load_words(language)
    if not rows:
        return Text(words("portfolio.none"))
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("", width=1, no_wrap=True)
    table.add_column(words("portfolio.client"), min_width=18, max_width=30, overflow="fold")
    table.add_column(words("portfolio.standing_change"), no_wrap=True)
    table.add_column(words("portfolio.why"), min_width=20, overflow="fold")
    for row in rows:
        table.add_row(*_portfolio_cells(row, words), end_section=True)
    return Group(table, Text(words("portfolio.legend"), style=_QUIET))


def _portfolio_cells(row: Mapping[str, Any], words: Words) -> list[Text]:
    client = Text(shorten(row["name"], _NAME_LENGTH), style="bold")
    line = f"\n{sparks(row['timeline'])} {words.count('messages', row['messages'])}"
    client.append(line.replace("\n ", "\n"), style="not bold dim")
    return [
        Text("!" if row["alert"] else " ", style=f"bold {_RISK}"),
        client,
        _standing_cell(row, words),
        _why_cell(row, words),
    ]


def _standing_cell(row: Mapping[str, Any], words: Words) -> Text:
    trend = row["trend"]
    if row["level"] == "unknown":
        return Text(words("level.unknown"), style=_QUIET)
    text = Text(f"{words.signed(row['standing'])} {words('level.' + row['level'])}\n")
    text.stylize(f"bold {_RISK}" if row["alert"] else "bold")
    change = f"{words.signed(row['change'])} {_TRENDS[trend]} {words('trend.' + trend)}"
    return text.append(change, style="not bold default")


def _why_cell(row: Mapping[str, Any], words: Words) -> Text:
    names = [one_line(words.label(reason)) for reason in row["reasons"][:_MOST_REASONS]]
    if not names:
        return Text(words("portfolio.nothing"), style=_QUIET)
    why = Text(words.listed(names))
    if row["since"]:
        why.append(f", {words('finding.since', date=words.day(row['since']))}", style=_QUIET)
    return why


def sparks(values: Sequence[float | None]) -> str:
    """Return values from -1 to +1 as a row of blocks, the latest last, gaps as dots."""
    shown = values[-_MOST_SPARKS:]
    return "".join("·" if value is None else _SPARKS[_spark(value)] for value in shown)


def _spark(value: float) -> int:
    share = (max(-1.0, min(1.0, value)) + 1) / 2
    return min(int(share * len(_SPARKS)), len(_SPARKS) - 1)


def track(value: float | None, interval: Sequence[float | None], baseline: float | None) -> str:
    """Draw a value (●), its interval (━) and the baseline (◇) on a line from -1 to +1."""
    cells = ["─"] * _TRACK_CELLS
    cells[_TRACK_CELLS // 2] = "┼"
    low, high = interval
    if low is not None and high is not None:
        for cell in range(_cell(low), _cell(high) + 1):
            cells[cell] = "━"
    if baseline is not None:
        cells[_cell(baseline)] = "◇"
    if value is not None:
        cells[_cell(value)] = "■" if value < 0 else "●"
    return "".join(cells)


def _cell(value: float) -> int:
    return round((max(-1.0, min(1.0, value)) + 1) / 2 * (_TRACK_CELLS - 1))


_BADGES = {"alert": ("▲", _RISK), "watch": ("◆", "yellow"), "calm": ("✓", _STRENGTH)}


def _head(summary: Mapping[str, Any], words: Words) -> RenderableType:
    text = Text()
    sign, colour = _BADGES[badge(summary)]
    text.append(f"{sign} {words(f'verdict.{badge(summary)}')}\n", style=f"bold {colour}")
    text.append(one_line(f"{summary['verdict']['sentence']} {since_words(summary, words)}"), "bold")
    text.append("\n" + _figures(summary, words), style=_QUIET)
    title = Text(one_line(summary["name"]), style="bold")
    return Panel(text, title=title, title_align="left", box=box.ROUNDED, padding=(0, 1))


def _figures(summary: Mapping[str, Any], words: Words) -> str:
    verdict = summary["verdict"]
    parts = [words.count("messages", summary["messages"])]
    if verdict["level"] != "unknown":
        standing = f"{words('verdict.standing')} {words.signed(summary['standing'])}"
        parts = [f"{standing} ({words('level.' + verdict['level'])})", *parts]
    if summary["change"] is not None:
        change = words("verdict.change_value", value=words.signed(summary["change"]))
        parts.insert(1, change)
    if summary["period"]["start"]:
        parts.append(period_words(summary, words, words.day))
    return " · ".join(parts)


def _heading(title: str) -> RenderableType:
    return Padding(Rule(Text(title, style="bold"), align="left", characters="─"), (1, 0, 0, 0))


def _why(summary: Mapping[str, Any], words: Words) -> _Parts:
    for finding in summary["findings"]:
        how = severity(finding["severity"])
        line = Text(f"{_SEVERITIES[how]} ", style=f"bold {_RISK}" if how == "high" else "")
        line.append(words.label(finding["id"]), style="bold")
        line.append(f" ({words('severity.' + how)}): ", style=_QUIET)
        line.append(one_line(finding["text"]), style="not bold default")
        yield line
    if not summary["findings"]:
        yield Text(words("finding.none"), style=_QUIET)


def _advice(summary: Mapping[str, Any], words: Words) -> _Parts:
    table = Table.grid(padding=(0, 1))
    table.add_column()
    table.add_column(overflow="fold")  # nothing is left out where wide letters end a line
    for number, step in enumerate(summary["advice"], start=1):
        line = Text(one_line(step["text"]))
        if step["because"]:
            because = words("advice.because", reason=words.label(step["because"]))
            line.append(f" {one_line(because)}", style=_QUIET)
        table.add_row(Text(f"{number}.", style="bold"), line)
    yield table if summary["advice"] else Text(words("advice.none"), style=_QUIET)


def _dimensions(summary: Mapping[str, Any], words: Words) -> _Parts:
    if not summary["dimensions"]:
        yield Text(words("dimensions.none"), style=_QUIET)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), header_style=_QUIET)
    table.add_column(words("dimensions.dimension"), no_wrap=True)
    table.add_column("−1         0        +1", no_wrap=True)
    table.add_column(words("dimensions.now"), justify="right", no_wrap=True)
    table.add_column(words("dimensions.change"), no_wrap=True)
    for name, dimension in summary["dimensions"].items():
        table.add_row(*_dimension_cells(name, dimension, words))
    yield table


def _dimension_cells(name: str, dimension: Mapping[str, Any], words: Words) -> list[Text]:
    judged = judge(dimension)
    value, baseline = dimension["value"], dimension["baseline"]["value"]
    line = track(value, dimension["interval"], baseline)
    change = "" if judged == "unsure" else f"{words.signed(dimension['change'])} "
    said = f"{_ARROWS[judged]} {change}{judged_words(dimension, words)}"
    side = "" if value is None else _RISK if value < 0 else _STRENGTH
    return [
        Text(one_line(words.label(name))),
        Text(line, style=side),
        Text(words.signed(value)),
        Text(said, style=_STYLES[judged]),
    ]


def _timeline(summary: Mapping[str, Any], words: Words) -> _Parts:
    periods = summary["timeline"]
    if not periods:
        yield Text(words("timeline.none"), style=_QUIET)
        return
    shown = periods[-_MOST_SPARKS:]
    first, last = (words.period(shown[end]["period"]) for end in (0, -1))
    line = Text(f"{first}  ", style=_QUIET)
    line.append(sparks([period["value"] for period in shown]), style="not dim bold")
    line.append(f"  {last}")
    yield line
    for change in summary["changes"]:
        down = change["direction"] == "decline"
        text = f"{'▼' if down else '▲'} {change_words(change, words)}"
        yield Text(text, style=_RISK if down else _STRENGTH)
    if not summary["changes"]:
        yield Text(words("timeline.no_changes"), style=_QUIET)


def _loops(summary: Mapping[str, Any], words: Words) -> _Parts:
    groups = {**open_loops(summary), "debates": summary["unresolved_debates"]}
    for name, loops in groups.items():
        if not loops:
            continue
        yield Text(f"{words('loops.' + name)} ({len(loops)})", style="bold")
        for loop in loops[:_MOST_LOOPS]:
            yield Padding(_loop_head(loop, words), (0, 0, 0, 2))
            yield Padding(Text(shorten(loop["text"], _LOOP_LENGTH), style="italic"), (0, 0, 0, 4))
        yield from _more(len(loops) - _MOST_LOOPS, words)


def _loop_head(loop: Mapping[str, Any], words: Words) -> Text:
    subject = shorten(loop["subject"], _SUBJECT_LENGTH) or words("loops.no_subject")
    text = Text(f"? {subject}")
    if loop["since"]:
        text.append(f", {words('loops.since', date=words.day(loop['since']))}", style=_QUIET)
    for part in debate_course(loop, words):
        text.append(f", {one_line(part)}", style=_QUIET)
    return text


def _evidence(summary: Mapping[str, Any], words: Words) -> _Parts:
    yield from _quotes(summary["evidence"], "evidence.none", words)


def _strengths(summary: Mapping[str, Any], words: Words) -> _Parts:
    yield from _quotes(summary["strengths"], "evidence.none_strengths", words)


def _quotes(items: Sequence[Mapping[str, Any]], none: str, words: Words) -> _Parts:
    for item in items[:_MOST_QUOTES]:
        yield _quote_head(item, words)
        yield Padding(_quote_text(item), (0, 0, 0, 2))
    yield from _more(len(items) - _MOST_QUOTES, words)
    if not items:
        yield Text(words(none), style=_QUIET)


def _quote_head(item: Mapping[str, Any], words: Words) -> Text:
    kind = item["polarity"]
    text = Text(f"{_SHAPES[kind]} ", style=_COLOURS[kind])
    text.append(one_line(words.label(item["label"])), style="default bold")
    who = words(f"evidence.by_{item['side'] or 'unknown'}")
    when = f", {words.day(item['sent_at'])}" if item["sent_at"] else ""
    text.append(f"  {who}{when}  <{one_line(item['message_id'])}>", style="default dim")
    return text


def _quote_text(item: Mapping[str, Any]) -> Text:
    start, end = item["span"] or (0, 0)
    piece = quote(item["text"], start, end, _QUOTE_LENGTH)
    text = Text(piece.before)
    if piece.marked:
        text.append(f"»{piece.marked}«", style="bold underline")
    return text.append(piece.after)


def _more(count: int, words: Words) -> _Parts:
    if count > 0:
        yield Text(words.count("more", count), style=_QUIET)


def _missing(summary: Mapping[str, Any], words: Words) -> _Parts:
    if summary["missing_strengths"]:
        yield Text(words("missing.lead"))
        names = [words.label(label) for label in summary["missing_strengths"]]
        yield Text(f"○ {words.listed(names)}", style="bold")
    else:
        yield Text(words(nothing_missing(summary)), style=_QUIET)


def _rhythm(summary: Mapping[str, Any], words: Words) -> _Parts:
    table = Table.grid(padding=(0, 2))
    for name, value in rhythm_figures(summary["rhythm"], words):
        table.add_row(Text(name, style=_QUIET), Text(value))
    yield table


def _stage(summary: Mapping[str, Any], words: Words) -> _Parts:
    stage, kind = summary["stage"], summary["relationship_type"]
    for section, name, sure in (
        ("stage", stage["stage"], stage["confidence"]),
        ("type", kind["type"], kind["confidence"]),
    ):
        line = Text(f"{words('stage.' + section)}: ", style=_QUIET)
        line.append(words.named(section, name), style="not dim bold")
        told = sure_words(sure, words)
        line.append(f" ({told})" if told else "")
        yield line
    for reason in kind["reasons"]:
        yield Text(f"  · {one_line(reason)}", style=_QUIET)
    course = [words.named("stage", run["stage"]) for run in stage_runs(stage["history"])]
    if len(course) > 1:
        yield Text(f"{words('stage.history')}: {' → '.join(course)}", style=_QUIET)


def _caveats(summary: Mapping[str, Any], words: Words) -> _Parts:
    for caveat in caveats(summary, words):
        yield Text(f"· {one_line(caveat)}", style=_QUIET)


_SECTIONS = {
    "why": _why,
    "advice": _advice,
    "dimensions": _dimensions,
    "timeline": _timeline,
    "loops": _loops,
    "evidence": _evidence,
    "strengths": _strengths,
    "missing": _missing,
    "rhythm": _rhythm,
    "stage": _stage,
    "caveats": _caveats,
}
