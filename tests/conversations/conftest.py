from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pandas as pd
import pytest

from commsense.conversations.question_model import shipped_question_model, with_questions
from commsense.conversations.threads import Thread, threads
from commsense.schema import LABELS, MESSAGES, frame

Tables = tuple[pd.DataFrame, pd.DataFrame]
_TURN = re.compile(r"(?P<side>\w+): (?P<text>.*?)(?: \[(?P<labels>[\w, ]+)\])?$", re.DOTALL)
START = pd.Timestamp("2025-03-03 09:00", tz="UTC")


def thread_tables(
    turns: Sequence[str], key: str = "t", channel: str = "email", start: pd.Timestamp = START
) -> Tables:
    """Turn "side: text [labels]" lines into messages, five hours apart, and labels."""
    messages, labels = [], []
    for i, line in enumerate(turns):
        found = _TURN.match(line)
        assert found, line
        messages.append(
            {
                "id": f"{key}-{i}",
                "conversation_id": key,
                "channel": channel,
                "client": "acme",
                "side": found["side"],
                "author": found["side"],
                "text": found["text"],
                "sent_at": start + i * pd.Timedelta(hours=5),
                "automatic": False,
                "subject": "",
            }
        )
        labels += [
            {"message_id": f"{key}-{i}", "label": label, "score": 0.9, "holds": True, "spans": []}
            for label in (found["labels"] or "").replace(",", " ").split()
        ]
    return frame(MESSAGES, messages), frame(LABELS, labels)


@pytest.fixture(scope="session")
def tables() -> Callable[..., Tables]:
    return thread_tables


@pytest.fixture(scope="session")
def asking_threads() -> Callable[[pd.DataFrame, pd.DataFrame], list[Thread]]:
    """Make threads of messages and labels that know what is asked in each turn."""

    def read(messages: pd.DataFrame, labels: pd.DataFrame) -> list[Thread]:
        return with_questions(list(threads(messages, labels)), shipped_question_model())

    return read
