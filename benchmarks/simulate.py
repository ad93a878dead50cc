"""Invented clients with known stories, seen through a tagger that errs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from commsense.schema import CONVERSATIONS, LABELS, MESSAGES, frame

DAY = pd.Timedelta(days=1)
START = pd.Timestamp("2024-01-01", tz="UTC")

TRUE_RATES: Mapping[str, float] = {
    "clear_communication": 0.14,
    "opinion_sharing": 0.12,
    "knowledge_sharing": 0.08,
    "courtesy": 0.20,
    "debate_resolution": 0.03,
    "strategic_planning": 0.08,
    "positive_attitude": 0.16,
    "reporting": 0.10,
    "exceeded_expectations": 0.03,
    "unclear_communication": 0.03,
    "withheld_opinion": 0.02,
    "withheld_knowledge": 0.01,
    "poor_etiquette": 0.02,
    "unresolved_debate": 0.02,
    "lack_of_planning": 0.03,
    "negative_attitude": 0.05,
    "missing_reporting": 0.02,
    "missed_expectations": 0.05,
    "follow_up": 0.04,
    "progress_update": 0.06,
    "personal_touch": 0.04,
    "information_passing": 0.03,
    "expansion": 0.02,
    "commitment": 0.03,
}
"""Share of messages that truly carry each label in a good relationship."""

STRENGTHS = frozenset(list(TRUE_RATES)[:9] + list(TRUE_RATES)[18:])
RISKS = frozenset(list(TRUE_RATES)[9:18])

Story = Callable[[str, float], float]
"""Gives the factor on a label's true rate on a day since the start."""


@dataclass(frozen=True)
class Noise:
    """A tagger's errors: share of true labels found, share of other messages tagged wrongly."""

    recall: float = 0.6
    false_alarms: float = 0.015


@dataclass
class Client:
    """What to simulate of one client."""

    name: str
    story: Story = field(default=lambda label, day: 1.0)
    days: int = 365
    per_month: float = 20.0
    rates: Mapping[str, float] = field(default_factory=lambda: TRUE_RATES)


def steady(label: str, day: float) -> float:
    return 1.0


def halved_strengths(start: float, end: float = np.inf) -> Story:
    return lambda label, day: 0.5 if label in STRENGTHS and start <= day < end else 1.0


def doubled_risks(start: float, end: float = np.inf, factor: float = 2.0) -> Story:
    return lambda label, day: factor if label in RISKS and start <= day < end else 1.0


def both(first: Story, second: Story) -> Story:
    return lambda label, day: first(label, day) * second(label, day)


def simulate(
    clients: list[Client], *, seed: int = 0, noise: Noise | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return messages, labels and conversations of the clients, threads of four messages."""
    random = np.random.default_rng(seed)
    noise = noise or Noise()
    messages: list[dict[str, object]] = []
    labels: list[dict[str, object]] = []
    conversations: list[dict[str, object]] = []
    for client in clients:
        count = random.poisson(client.per_month * client.days / 30.4)
        days = np.sort(random.uniform(0, client.days, count))
        for i, day in enumerate(days):
            messages.append(_message(client.name, i, day))
            labels += _labels(client, f"{client.name}-{i}", float(day), noise, random)
        conversations += _conversations(client.name, days)
    return frame(MESSAGES, messages), frame(LABELS, labels), frame(CONVERSATIONS, conversations)


def _message(client: str, i: int, day: float) -> dict[str, object]:
    side = "client" if i % 2 == 0 else "provider"
    return {
        "id": f"{client}-{i}",
        "channel": "email",
        "conversation_id": f"{client}-t{i // 4}",
        "sent_at": START + day * DAY,
        "author": f"{side}@{client}",
        "author_name": side,
        "side": side,
        "client": client,
        "subject": f"Matter {i // 4}",
        "text": f"Message {i} of {client}.",
        "quoted": "",
        "signature": "",
        "language": "en",
        "automatic": False,
    }


def _labels(
    client: Client, key: str, day: float, noise: Noise, random: np.random.Generator
) -> list[dict[str, object]]:
    rows = []
    for label, rate in client.rates.items():
        true = random.random() < min(rate * client.story(label, day), 0.95)
        chance = noise.recall if true else noise.false_alarms
        if random.random() < chance:
            score = float(np.clip(random.normal(0.8 if true else 0.65, 0.1), 0.5, 0.99))
            rows.append(
                {"message_id": key, "label": label, "score": score, "holds": True, "spans": []}
            )
    return rows


def _conversations(client: str, days: np.ndarray) -> list[dict[str, object]]:
    return [
        conversation(f"{client}-t{t}", client, days[4 * t], days[min(4 * t + 3, len(days) - 1)])
        for t in range(-(-len(days) // 4))
    ]


def conversation(
    key: str, client: str, start: float, end: float, **columns: object
) -> dict[str, object]:
    """Return a row of the conversations table in which nothing went wrong."""
    return {
        "conversation_id": key,
        "client": client,
        "channel": "email",
        "subject": key,
        "started_at": START + start * DAY,
        "ended_at": START + end * DAY,
        "messages": 4,
        "had_debate": False,
        "unresolved_debate": False,
        "withheld_opinion": False,
        "interruptions": 0,
        "client_response_h": 6.0,
        "provider_response_h": 4.0,
        "client_word_share": 0.5,
        "initiated_by": "client",
        **columns,
    }
