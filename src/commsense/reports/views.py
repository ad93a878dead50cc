"""Read a summary the way every renderer needs it: what is worse, serious, waiting, silent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from commsense.reports.words import Words

_SILENCE = 2.0  # a silence of so many usual gaps is worth a remark
_SEVERE, _NOTABLE = 0.66, 0.33  # thirds of the severity's range


def severity(value: float | None) -> str:
    """Return a finding's severity in one word: high, medium or low."""
    known = value or 0.0
    return "high" if known >= _SEVERE else "medium" if known >= _NOTABLE else "low"


def judge(dimension: Mapping[str, Any]) -> str:
    """Say whether a dimension is better or worse than usual; its interval must leave zero out."""
    low, high = dimension["change_interval"]
    if None in (dimension["value"], dimension["baseline"]["value"], low, high):
        return "unsure"
    return "worse" if high < 0 else "better" if low > 0 else "same"


def open_loops(summary: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    """Sort a summary's open questions by whose turn it is."""
    sides = {"us": "provider", "them": "client", "either": None}
    return {
        name: [loop for loop in summary["open_questions"] if loop["waiting_for"] == side]
        for name, side in sides.items()
    }


def debate_course(loop: Mapping[str, Any], words: Words) -> list[str]:
    """Say how long a debate went on, and over what; nothing of a question."""
    parts = []
    if loop["lasted_days"] is not None:
        days = words.count("days", max(1, round(loop["lasted_days"])))
        parts.append(words("loops.lasted", days=days))
    if loop["about"]:
        parts.append(words("loops.about", words=words.listed(loop["about"])))
    return parts


def anchors(summary: Mapping[str, Any]) -> dict[str, str]:
    """Return the id in the page of every message that the page quotes."""
    quoted: dict[str, str] = {}
    for section in ("evidence", "strengths", "open_questions", "unresolved_debates"):
        for number, item in enumerate(summary[section], start=1):
            quoted.setdefault(item["message_id"], f"{section.replace('_', '-')}-{number}")
    return quoted


def judged_words(dimension: Mapping[str, Any], words: Words) -> str:
    """Say how a dimension compares; where nothing speaks of it any more, since when."""
    signs = [one["period"] for one in dimension["periods"] if one["strengths"] + one["risks"] > 0]
    if dimension["value"] is None and signs:
        return words("dimensions.no_sign_since", period=words.period(signs[-1]))
    return words(f"dimensions.{judge(dimension)}")


def period_words(summary: Mapping[str, Any], words: Words, day: Callable[[str], str]) -> str:
    """Say from when to when the messages are; ``day`` writes a date."""
    start, end = summary["period"]["start"], summary["period"]["end"]
    if not start:
        return words("page.period_unknown")
    return day(start) if start == end else words("page.period", start=day(start), end=day(end))


def sure_words(confidence: float | None, words: Words) -> str:
    """Say how sure an estimate is; empty where there is none."""
    return "" if confidence is None else words("stage.sure", share=words.probability(confidence))


def stage_runs(history: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Join neighbouring periods of the same stage."""
    joined: list[dict[str, str]] = []
    for item in history:
        if joined and joined[-1]["stage"] == item["stage"]:
            joined[-1]["last"] = item["period"]
        else:
            period = item["period"]
            joined.append({"stage": item["stage"], "first": period, "last": period})
    return joined


def silence_factor(rhythm: Mapping[str, Any]) -> float | None:
    """Return how many usual gaps the present silence lasts, where that is worth a remark."""
    usual, current = rhythm["usual_gap_days"], rhythm["current_gap_days"]
    if not usual or current is None or current / usual < _SILENCE:
        return None
    return float(current / usual)


def rhythm_figures(rhythm: Mapping[str, Any], words: Words) -> list[tuple[str, str]]:
    """Return the rhythm's measures with their values in words."""
    contacts = [words.count("mails", rhythm["mails"]), words.count("calls", rhythm["calls"])]
    return [
        (words("rhythm.contacts"), words.listed(contacts)),
        (words("rhythm.client_response"), _response(rhythm, "client", words)),
        (words("rhythm.provider_response"), _response(rhythm, "provider", words)),
        (words("rhythm.client_answer_rate"), words.percent(rhythm["client_answer_rate"])),
        (words("rhythm.provider_answer_rate"), words.percent(rhythm["provider_answer_rate"])),
        (words("rhythm.initiates"), words.percent(rhythm["client_initiates"])),
        (words("rhythm.words"), words.percent(rhythm["client_word_share"])),
        (words("rhythm.usual_gap"), words.days(rhythm["usual_gap_days"])),
        (words("rhythm.current_gap"), _silence(rhythm, words)),
        *(_of_calls(rhythm, words) if rhythm["calls"] else ()),
    ]


def _of_calls(rhythm: Mapping[str, Any], words: Words) -> Iterator[tuple[str, str]]:
    yield words("rhythm.interruptions"), str(rhythm["interruptions"])
    yield words("rhythm.interactivity"), words.figure(rhythm["interactivity"])
    for measure in ("monologue", "patience"):
        for side in ("client", "provider"):
            value = words.seconds(rhythm[f"{side}_{measure}_s"])
            yield words(f"rhythm.{side}_{measure}"), value
    for side in ("client", "provider"):
        yield words(f"rhythm.{side}_questions"), words.figure(rhythm[f"{side}_questions"])


def _response(rhythm: Mapping[str, Any], side: str, words: Words) -> str:
    """Return how long a side takes to answer, and how long of late where that differs."""
    value = words.office_hours(rhythm[f"{side}_response_h"])
    late = rhythm[f"{side}_response_now_h"]
    now = words.office_hours(late)
    return value if late is None or now == value else words("rhythm.of_late", value=value, now=now)


def _silence(rhythm: Mapping[str, Any], words: Words) -> str:
    days, factor = rhythm["current_gap_days"], silence_factor(rhythm)
    if days is not None and days < 1:
        return words("rhythm.not_silent")
    if factor is None:
        return words.days(days)
    return words("rhythm.silent", value=words.days(days), times=f"{factor:.0f}")


def badge(summary: Mapping[str, Any]) -> str:
    """Return which badge a report bears: alert, watch or calm.

    Where nothing calls for somebody to act, a standing may still be bad: that is not calm.
    """
    if summary["alert"]:
        return "alert"
    return "watch" if summary["verdict"]["level"] in ("strained", "poor") else "calm"


def since_words(summary: Mapping[str, Any], words: Words) -> str:
    """Say since when the client fares as it does; empty where nothing turned."""
    course, since = summary["verdict"]["trend"], summary["since"]
    if course in ("recovered", "improving"):
        turned = max(change["date"] for change in summary["changes"])
        return words("verdict.since_recovery", date=words.date(turned))
    if not since or (course != "declining" and badge(summary) == "calm"):
        return ""
    return words("verdict.since_trouble", date=words.date(since))


def sureness(item: Mapping[str, Any], words: Words) -> str:
    """Say how sure a piece of evidence is; what the thread shows has no probability to speak of."""
    if item["score"] < _THREAD_ONLY:
        return words("evidence.by_thread")
    return words("evidence.score", score=words.probability(item["score"]))


_THREAD_ONLY = 0.1


def nothing_missing(summary: Mapping[str, Any]) -> str:
    """Return the key of what to say where no strength is missing: few messages prove nothing."""
    return "missing.unknown" if summary["verdict"]["level"] == "unknown" else "missing.none"


def caveats(summary: Mapping[str, Any], words: Words) -> list[str]:
    """Return what limits the figures: of these data, and how they are made."""
    return [*summary["caveats"], words("caveats.standing")]
