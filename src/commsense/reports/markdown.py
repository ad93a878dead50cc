"""Render a summary as Markdown that shows the words of a mail as words, whatever they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

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

_LOOP_LENGTH = 280
_SUBJECT_LENGTH = 120
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>|~&#$^]")
_LINK_STARTS = re.compile(r"://|\bwww\.|@", re.IGNORECASE)
_BLOCK_START = re.compile(r"^([-+=:]|\d{1,9}(?=[.)]))")
_SHAPES = {"worse": "▼", "better": "▲", "same": "", "unsure": ""}

_Lines = Iterator[str]


def render_markdown(summary: Mapping[str, Any], *, language: str = "en") -> str:
    """Return one client's report as Markdown (CommonMark with tables).

    Parameters
    ----------
    summary : mapping
        What :func:`commsense.reports.summarise` returned.
    language : str
        Interface language.
    """
    words = load_words(language)
    lines = list(_head(summary, words))
    for name, section in _SECTIONS.items():
        lines += ["", f"## {words('section.' + name)}", "", *section(summary, words)]
    return "\n".join([*lines, "", "---", "", words("page.foot")]) + "\n"


def escape(text: str) -> str:
    r"""Return a text on one line in which Markdown finds nothing to format.

    Examples
    --------
    >>> escape("*Hi* <b>")
    '\\*Hi\\* \\<b\\>'
    """
    escaped = _SPECIAL.sub(r"\\\g<0>", one_line(text))
    # GFM makes links of bare addresses; an escape in their middle stops it.
    escaped = _LINK_STARTS.sub(lambda found: _broken(found[0]), escaped)
    return _BLOCK_START.sub(lambda found: _unblocked(found[0]), escaped)


def _broken(start: str) -> str:
    if start == "@":
        return "\\@"
    return start[:-1] + "\\" + start[-1] if start.endswith(".") else "\\" + start


def _unblocked(start: str) -> str:
    return start + "\\" if start[0].isdigit() else "\\" + start


def _code(text: str) -> str:
    """Return an id as code; ids with back-ticks get a longer fence."""
    line = one_line(text).replace("|", "\\|") or " "
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def _head(summary: Mapping[str, Any], words: Words) -> _Lines:
    yield f"# {escape(summary['name'])}"
    yield ""
    alert = words(f"verdict.{badge(summary)}")
    sentence = f"{summary['verdict']['sentence']} {since_words(summary, words)}"
    yield f"**{alert}.** {escape(sentence)}"
    yield ""
    yield _bullet(words("verdict.standing"), words.signed(summary["standing"]))
    yield _bullet(words("verdict.change"), words.signed(summary["change"]))
    yield _bullet(words("verdict.stage"), _named("stage", summary["stage"]["stage"], words))
    when = period_words(summary, words, words.date)
    yield _bullet(words("verdict.messages"), f"{summary['messages']:,}, {when}")


def _bullet(name: str, value: str) -> str:
    return f"- {escape(name)}: {value}"


def _named(section: str, key: str, words: Words) -> str:
    return escape(words.named(section, key))


def _why(summary: Mapping[str, Any], words: Words) -> _Lines:
    for finding in summary["findings"]:
        how = words(f"severity.{severity(finding['severity'])}")
        since = finding["since"]
        when = ", " + words("finding.since", date=words.date(since)) if since else ""
        name = words.label(finding["id"])
        yield f"- **{escape(name)}** ({how}{when}): {escape(finding['text'])}"
    if not summary["findings"]:
        yield words("finding.none")


def _advice(summary: Mapping[str, Any], words: Words) -> _Lines:
    for number, step in enumerate(summary["advice"], start=1):
        reason = escape(words.label(step["because"])) if step["because"] else ""
        because = f" ({words('advice.because', reason=reason)})" if reason else ""
        yield f"{number}. {escape(step['text'])}{because}"
    if not summary["advice"]:
        yield words("advice.none")


def _dimensions(summary: Mapping[str, Any], words: Words) -> _Lines:
    if not summary["dimensions"]:
        yield words("dimensions.none")
        return
    columns = ("dimension", "now", "interval", "baseline", "change", "by_client", "by_provider")
    yield _row([words(f"dimensions.{column}") for column in columns])
    yield _rule(len(columns))
    for name, dimension in summary["dimensions"].items():
        yield _row(_dimension_cells(name, dimension, words))


def _dimension_cells(name: str, dimension: Mapping[str, Any], words: Words) -> list[str]:
    judged = judge(dimension)
    change = "" if judged == "unsure" else words.signed(dimension["change"])
    sides = dimension["by_side"]
    return [
        words.label(name),
        words.signed(dimension["value"]),
        words.interval(dimension["interval"]),
        words.signed(dimension["baseline"]["value"]),
        " ".join(
            part for part in (change, _SHAPES[judged], judged_words(dimension, words)) if part
        ),
        words.signed(sides["client"]["value"]),
        words.signed(sides["provider"]["value"]),
    ]


def _timeline(summary: Mapping[str, Any], words: Words) -> _Lines:
    if not summary["timeline"]:
        yield words("timeline.none")
        return
    for change in summary["changes"]:
        yield f"- {change_words(change, words)}"
    if not summary["changes"]:
        yield words("timeline.no_changes")
    yield ""
    columns = ("period", "standing", "interval", "messages")
    yield _row([words(f"timeline.{column}") for column in columns])
    yield _rule(len(columns))
    for period in summary["timeline"]:
        value, bounds = words.signed(period["value"]), words.interval(period["interval"])
        yield _row([words.period(period["period"]), value, bounds, str(period["messages"])])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"


def _rule(columns: int) -> str:
    """Return the line below a table's head: the first column left, figures right."""
    return "|---|" + "---:|" * (columns - 1)


def _loops(summary: Mapping[str, Any], words: Words) -> _Lines:
    waiting = open_loops(summary)
    groups = {**waiting, "debates": summary["unresolved_debates"]}
    for name, loops in groups.items():
        if not loops and name == "either":
            continue
        yield f"### {words('loops.' + name)}"
        yield ""
        for loop in loops:
            yield from _loop(loop, words)
        if not loops:
            yield words(f"loops.none_{name}")
            yield ""


def _loop(loop: Mapping[str, Any], words: Words) -> _Lines:
    subject = escape(shorten(loop["subject"], _SUBJECT_LENGTH)) or words("loops.no_subject")
    since = loop["since"]
    parts = [words("loops.since", date=words.date(since))] if since else []
    parts += [escape(part) for part in debate_course(loop, words)]
    when = f" ({'; '.join(parts)})" if parts else ""
    yield f"- **{subject}**{when}, {_code(loop['message_id'])}"
    yield ""
    yield f"  > {escape(shorten(loop['text'], _LOOP_LENGTH))}"
    yield ""


def _quotes(key: str, none: str) -> Callable[[Mapping[str, Any], Words], _Lines]:
    def section(summary: Mapping[str, Any], words: Words) -> _Lines:
        for item in summary[key]:
            yield from _quote(item, words)
        if not summary[key]:
            yield words(none)

    return section


def _quote(item: Mapping[str, Any], words: Words) -> _Lines:
    side = words(f"evidence.by_{item['side'] or 'unknown'}")
    parts = [escape(side), words.date(item["sent_at"]), _code(item["message_id"])]
    yield f"**{escape(words.label(item['label']))}** ({', '.join(parts)})"
    yield ""
    piece = quote(item["text"], *(item["span"] or (0, 0)))
    yield "> " + _marked(piece.before, piece.marked, piece.after)
    yield ""


def _marked(before: str, marked: str, after: str) -> str:
    """Set the deciding words in bold; Markdown wants no space inside the asterisks."""
    if not marked.strip():
        return escape(before + marked + after)
    space = " " if before.endswith(" ") or marked.startswith(" ") else ""
    gap = " " if after.startswith(" ") or marked.endswith(" ") else ""
    head = escape(before) + space if before.strip() else ""
    tail = gap + escape(after) if after.strip() else ""
    return f"{head}**{escape(marked)}**{tail}"


def _missing(summary: Mapping[str, Any], words: Words) -> _Lines:
    if not summary["missing_strengths"]:
        yield words(nothing_missing(summary))
        return
    yield words("missing.lead")
    yield ""
    for label in summary["missing_strengths"]:
        yield f"- {escape(words.label(label))}"


def _rhythm(summary: Mapping[str, Any], words: Words) -> _Lines:
    for name, value in rhythm_figures(summary["rhythm"], words):
        yield _bullet(name, value)


def _stage(summary: Mapping[str, Any], words: Words) -> _Lines:
    stage, kind = summary["stage"], summary["relationship_type"]
    for section, name, confidence in (
        ("stage", stage["stage"], stage["confidence"]),
        ("type", kind["type"], kind["confidence"]),
    ):
        sure = sure_words(confidence, words)
        told = f"**{_named(section, name, words)}**" + (f" ({sure})" if sure else "")
        yield _bullet(words(f"stage.{section}"), told)
    for reason in kind["reasons"]:
        yield f"  - {escape(reason)}"
    for run in stage_runs(stage["history"]):
        name = words.named("stage", run["stage"])
        first, last = words.period(run["first"]), words.period(run["last"])
        yield _bullet(name, words("stage.span", first=first, last=last))


def _caveats(summary: Mapping[str, Any], words: Words) -> _Lines:
    for caveat in caveats(summary, words):
        yield f"- {escape(caveat)}"


_SECTIONS: dict[str, Callable[[Mapping[str, Any], Words], _Lines]] = {
    "why": _why,
    "advice": _advice,
    "dimensions": _dimensions,
    "timeline": _timeline,
    "loops": _loops,
    "evidence": _quotes("evidence", "evidence.none"),
    "strengths": _quotes("strengths", "evidence.none_strengths"),
    "missing": _missing,
    "rhythm": _rhythm,
    "stage": _stage,
    "caveats": _caveats,
}
