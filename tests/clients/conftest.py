from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import pytest

from commsense.clients import assess
from commsense.clients.assessment import Assessment
from commsense.profiles import ClientProfile
from commsense.schema import CONVERSATIONS, LABELS, MESSAGES, frame
from simulate import DAY, START, conversation

Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
Row = tuple[float, str, Sequence[str]]
"""Day, side and labels of a message."""


@pytest.fixture(scope="session")
def tables() -> Callable[..., Tables]:
    """Build the tables of one client from a list of rows, each mail a thread of its own."""

    def build(rows: Sequence[Row], client: str = "acme", **columns: Any) -> Tables:
        messages, labels, threads = [], [], []
        for i, (day, side, names) in enumerate(rows):
            key = f"{client}-{i}"
            messages.append(
                {
                    "id": key,
                    "channel": "email",
                    "conversation_id": f"{key}-t",
                    "sent_at": START + day * DAY,
                    "author": f"{side}@x.example",
                    "side": side,
                    "client": client,
                    "text": f"Message {i}.",
                    "language": "en",
                    "automatic": False,
                    **columns,
                }
            )
            labels += [
                {"message_id": key, "label": name, "score": 0.9, "holds": True, "spans": []}
                for name in names
            ]
            threads.append(conversation(f"{key}-t", client, day, day))
        return frame(MESSAGES, messages), frame(LABELS, labels), frame(CONVERSATIONS, threads)

    return build


@pytest.fixture(scope="session")
def one() -> Callable[..., Assessment]:
    """Assess tables that hold one client."""

    def assessed(tables: Tables, **weights: float) -> Assessment:
        profiles = [ClientProfile("acme", weights=weights)] if weights else []
        (found,) = assess(*tables, profiles=profiles)
        return found

    return assessed


def alternating(days: Sequence[float], labels: Callable[[int, float], Sequence[str]]) -> list[Row]:
    """Messages by the client and us in turn."""
    sides = ("client", "provider")
    return [(day, sides[i % 2], labels(i, day)) for i, day in enumerate(days)]


def reasons(assessment: Assessment) -> set[str]:
    return {finding.id for finding in assessment.findings}
