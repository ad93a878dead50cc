"""What to do next: the steps of ``advice.toml`` that answer a client's findings."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np

from commsense.clients.assessment import Finding, Step
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
    """Tell whether we did it after the last message that the finding rests on."""
    shown = [view.place[key] for key in finding.message_ids if key in view.place]
    if not shown or not practice.done_by:
        return False
    last = np.nanmax(view.times[shown], initial=-np.inf)
    columns = [view.column[label] for label in practice.done_by]
    ours = (view.sides == "provider") & (view.times > last)
    return bool(view.holds[ours][:, columns].any())
