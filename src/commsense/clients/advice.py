"""What to do next: the steps of ``advice.toml`` that answer a client's findings."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from commsense.clients.assessment import Finding, Step
from commsense.clients.periods import DAY_S, Floats, seconds
from commsense.clients.view import ClientView

MOST_STEPS = 5
"""A list that is longer is not followed."""


@dataclass(frozen=True, slots=True)
class Practice:
    """A step that practice knows; fields as in ``advice.toml``."""

    id: str
    because: tuple[str, ...]
    done_by: tuple[str, ...]


@lru_cache(maxsize=1)
def practices() -> tuple[Practice, ...]:
    """Return the steps of ``advice.toml``, what comes first in front."""
    text = files("commsense.clients").joinpath("advice.toml").read_text(encoding="utf-8")
    return tuple(
        Practice(step["id"], tuple(step["because"]), tuple(step["done_by"]))
        for step in tomllib.loads(text)["steps"]
    )


def advice(view: ClientView, findings: Sequence[Finding], missing: Sequence[str]) -> list[Step]:
    """Return the next steps, the gravest finding's first; none that we have taken since.

    Parameters
    ----------
    findings : sequence of Finding
        Worst first.
    missing : sequence of str
        Expected strengths that are absent.
    """
    steps: dict[str, Step] = {}
    for finding in findings:
        keys = _keys(finding, missing)
        for practice in practices():
            if keys & set(practice.because) and not _done(view, practice, finding):
                step = Step(practice.id, finding.id, finding.message_ids)
                steps.setdefault(practice.id, step)
    return list(steps.values())[:MOST_STEPS]


def _keys(finding: Finding, missing: Sequence[str]) -> set[str]:
    """Return what ``because`` may name of a finding: itself, and what it is about."""
    keys = {finding.id}
    if finding.id == "missing_strengths":
        keys |= {f"missing_strengths:{label}" for label in missing}
    if finding.id == "unanswered_questions":
        filled = finding.said.filled
        keys |= {"unanswered_questions:ours"} if filled["ours"] else set()
        keys |= {"unanswered_questions:theirs"} if filled["count"] != filled["ours"] else set()
    return keys


def _done(view: ClientView, practice: Practice, finding: Finding) -> bool:
    """Tell whether we took a step, and the finding did not show again after it.

    What shows again is as many signs as two, or all there were before: tags err, and one stray
    sign makes nobody start anew. Of what is absent there are no signs; a step of the last month
    counts.
    """
    taken = _taken(view, practice, finding)
    if not len(taken):
        return False
    last = float(taken.max())
    signs = _signs(view, finding)
    if not len(signs):
        return last >= view.end - _FRESH_DAYS * DAY_S
    before, after = int((signs <= last).sum()), int((signs > last).sum())
    return before > 0 and after < min(_AGAIN, before)


_FRESH_DAYS = 30.0
_AGAIN = 2
_CALL, _MESSAGE = "call", "message"
"""What shows a step beside labels, see ``advice.toml``."""


def _taken(view: ClientView, practice: Practice, finding: Finding) -> Floats:
    """Return when we took a step."""
    labels = [view.column[name] for name in practice.done_by if name not in (_CALL, _MESSAGE)]
    any_message = _MESSAGE in practice.done_by and finding.said.key == "silence"
    taken = (view.sides == "provider") & (any_message | view.holds[:, labels].any(axis=1))
    if _CALL in practice.done_by:
        taken |= view.calls & (view.sides == "client")
    return _known(view.times[taken])


def _signs(view: ClientView, finding: Finding) -> Floats:
    """Return when a finding showed: all messages with its label, or of its risks, since it began.

    Its message ids are the plainest or the first; whether it goes on the others tell.
    """
    shown = [view.place[key] for key in finding.message_ids if key in view.place]
    if finding.id in view.column:
        showing = view.carrying(finding.id)
    elif finding.id in _OF_ALL_RISKS:
        showing = view.risks > 0
    else:
        showing = np.zeros(len(view), dtype=np.bool_)
    if finding.since is not None:
        showing = showing & (view.times >= seconds(finding.since))
    showing[shown] = True
    return _known(view.times[showing])


def _known(times: Floats) -> Floats:
    known: Floats = times[~np.isnan(times)]
    return known


_OF_ALL_RISKS = ("decline", "risks_prevail")
