"""Measure how soon a decline is noticed against how often nothing is taken for one.

Usage: python benchmarks/detection.py [--clients 40] [--plot docs/images/detection.svg]

Invented clients of 20 messages a month are seen through a tagger that errs as the shipped model
does, on real text of sources that it had not seen (its card: how many labels it finds, how many it
gives wrongly) and on messages by authors that it had not seen (data/held_out). Each is assessed
week by week, with what was known by then. Steady clients of two years show the false alarms; others
change on day 200. Beside the product stand two plain rules on the same tags: the mean of strengths
less risks, and of positive less negative attitude, over 60 days against all days before; each
alarms at the depth that keeps it to one false alarm in two client-years on other steady clients.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from joblib import Parallel, cpu_count, delayed

from commsense.clients import assess
from commsense.tagging import load_tagger
from commsense.training import read_corpora
from commsense.training.evaluate import evaluate
from simulate import (
    RISKS,
    STRENGTHS,
    Client,
    Noise,
    Story,
    both,
    doubled_risks,
    halved_strengths,
    simulate,
    steady,
)

HELD_OUT = Path(__file__).parent.parent / "data" / "held_out"
CHANGE = 200
LAST = 400  # days that a client with a change is watched
STEADY_DAYS = 730
FIRST_LOOK = 120
WEEK = 7
WINDOW = 60.0
ALLOWED = 0.5  # false alarms a client-year
STORIES: dict[str, Story] = {
    "strengths halved": halved_strengths(CHANGE),
    "risks doubled": doubled_risks(CHANGE),
    "both": both(halved_strengths(CHANGE), doubled_risks(CHANGE)),
    "both, risks fourfold": both(halved_strengths(CHANGE), doubled_risks(CHANGE, factor=4.0)),
}
Tables = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]
Depths = dict[int, float]
"""Day of a look, and how deep the relationship seemed to have fallen."""


def real_noise() -> Noise:
    """Return the shipped model's errors on real text of sources that it had not seen."""
    return _noise(load_tagger("default").config["metrics"]["held_out"]["kinds"]["real"])


def written_noise() -> Noise:
    """Return its errors on business messages by authors that it had not seen."""
    return _noise(asdict(evaluate(read_corpora([HELD_OUT]), load_tagger("default")).overall))


def _noise(figures: Mapping[str, Any]) -> Noise:
    labels = [one for one in figures["labels"] if one["support"] >= 5]
    texts = figures["texts"]
    wrong = sum(one["raised"] * (1 - (one["precision"] or 0)) for one in labels)
    found = sum(one["support"] * (one["recall"] or 0) for one in labels)
    return Noise(
        recall=found / sum(one["support"] for one in labels),
        false_alarms=wrong / (texts * len(labels)),
    )


def product(tables: Tables, days: Sequence[int]) -> Depths:
    """Return 1 where the product alerts, 0 where it does not."""
    start = date(2024, 1, 1)
    return {day: float(assess(*tables, until=start + timedelta(days=day))[0].alert) for day in days}


def moving_average(
    good: frozenset[str], bad: frozenset[str]
) -> Callable[[Tables, Sequence[int]], Depths]:
    """Return a rule that compares the last 60 days with all before, in standard errors."""

    def depths(tables: Tables, days: Sequence[int]) -> Depths:
        messages, labels, _ = tables
        held = labels[labels["holds"].astype(bool)]
        sign = held["label"].map(lambda name: (name in good) - (name in bad))
        value = sign.groupby(held["message_id"]).sum().reindex(messages["id"], fill_value=0)
        since = (messages["sent_at"] - messages["sent_at"].min()).dt.total_seconds() / 86_400
        values, times = value.to_numpy(float), since.to_numpy(float)
        return {day: _fall(values, times, day) for day in days}

    return depths


def _fall(values: np.ndarray, times: np.ndarray, day: float) -> float:
    before, now = values[times < day - WINDOW], values[(times >= day - WINDOW) & (times < day)]
    if len(before) < 20 or len(now) < 10:
        return 0.0
    error = np.sqrt(before.var() / len(before) + before.var() / len(now))
    return float((before.mean() - now.mean()) / error) if error else 0.0


METHODS: dict[str, Callable[[Tables, Sequence[int]], Depths]] = {
    "commsense": product,
    "moving average of all tags": moving_average(STRENGTHS, RISKS),
    "plain sentiment": moving_average(
        frozenset(["positive_attitude"]), frozenset(["negative_attitude"])
    ),
}


@dataclass(frozen=True)
class Looks:
    """How deep each client seemed to have fallen, look by look."""

    depths: list[Depths]

    def alarms_a_year(self, level: float) -> float:
        """Return how often an alarm begins, a client-year."""
        begun = 0
        for depths in self.depths:
            raised = [depth >= level for depth in depths.values()]
            begun += sum(
                now and not before for before, now in zip([False, *raised], raised, strict=False)
            )
        years = sum(len(depths) for depths in self.depths) * WEEK / 365
        return begun / years

    def delays(self, level: float) -> np.ndarray:
        """Return the days from the change to the first alarm after it, infinite where none."""
        return np.array(
            [
                min(
                    (day - CHANGE for day, depth in depths.items() if depth >= level),
                    default=np.inf,
                )
                for depths in self.depths
            ]
        )


def watch(
    method: str, story: Story, days: Sequence[int], length: int, seed: int, noise: Noise
) -> Depths:
    """Simulate one client and look at it week by week."""
    tables = simulate([Client("acme", story, days=length)], seed=seed, noise=noise)
    return METHODS[method](tables, days)


def looks(method: str, story: Story, days: range, length: int, seeds: range, noise: Noise) -> Looks:
    """Watch many clients of one story."""
    jobs = (delayed(watch)(method, story, days, length, seed, noise) for seed in seeds)
    return Looks(Parallel(n_jobs=cpu_count())(jobs))


def level_of(method: str, clients: int, noise: Noise) -> float:
    """Return the depth at which a rule alarms seldom enough on clients of its own."""
    if method == "commsense":
        return 1.0
    quiet = looks(method, steady, range(FIRST_LOOK, STEADY_DAYS, WEEK), STEADY_DAYS,
                  range(10_000, 10_000 + 2 * clients), noise)  # fmt: skip
    return next(level for level in np.arange(0.5, 8, 0.1) if quiet.alarms_a_year(level) <= ALLOWED)


def measure(clients: int, noise: Noise) -> pd.DataFrame:
    """Return one row a method and story."""
    rows = []
    for method in METHODS:
        level = level_of(method, clients, noise)
        quiet = looks(method, steady, range(FIRST_LOOK, STEADY_DAYS, WEEK), STEADY_DAYS,
                      range(clients), noise)  # fmt: skip
        alarms = quiet.alarms_a_year(level)
        for name, story in STORIES.items():
            seen = looks(
                method, story, range(CHANGE + WEEK, LAST, WEEK), LAST, range(clients), noise
            )
            delays = seen.delays(level)
            rows.append(
                {
                    "method": method,
                    "change": name,
                    "false alarms a client-year": round(alarms, 2),
                    "noticed in 60 days": round(float((delays <= 60).mean()), 2),
                    "in 120": round(float((delays <= 120).mean()), 2),
                    "in 200": round(float((delays <= LAST - CHANGE).mean()), 2),
                    "median days": ""
                    if np.isinf(np.median(delays))
                    else f"{np.median(delays):.0f}",
                    "delays": delays,
                }
            )
    return pd.DataFrame(rows)


def plot(table: pd.DataFrame, target: Path) -> None:
    """Draw the share noticed by days since the change, a panel a story."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "commsense"
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(
        1, len(STORIES), figsize=(12, 3.2), sharey=True, layout="constrained"
    )
    days = np.arange(0, LAST - CHANGE + 1)
    for axis, (name, rows) in zip(axes, table.groupby("change", sort=False), strict=True):
        for _, row in rows.iterrows():
            share = [(row["delays"] <= day).mean() for day in days]
            axis.plot(days, share, label=row["method"])
        axis.axvline(60, color="0.7", linewidth=0.8)
        axis.set(title=name, xlabel="days since the change", ylim=(0, 1))
    axes[0].set_ylabel("share of clients noticed")
    axes[1].legend(fontsize=8, loc="upper left")  # where no line is
    figure.savefig(target, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=40)
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    taggers = {
        "real text of sources never seen": real_noise(),
        "messages by authors never seen": written_noise(),
    }
    for name, errors in taggers.items():
        print(f"\n{name}: finds {errors.recall:.2f}, gives wrongly {errors.false_alarms:.4f}\n")
        table = measure(arguments.clients, errors)
        print(_markdown(table.drop(columns="delays")))
        if arguments.plot:
            plot(table, arguments.plot)  # the last one stays: messages are what the product is for


def _markdown(table: pd.DataFrame) -> str:
    rows = [list(table), ["---"] * table.shape[1], *table.astype(str).to_numpy().tolist()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    main()
