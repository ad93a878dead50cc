"""How well a user's own label is found after 20, 50 and 200 examples.

Usage: python benchmarks/own_label.py [CORPUS_FOLDER]

Each label of the taxonomy in turn plays the new one. A model is trained on the parts ``*-a`` of the
written corpus without knowing that label, is taught it from examples drawn from these parts (all
others stand for messages without it), and is judged on the parts ``*-b``, by other authors.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from commsense.tagging import LinearTagger
from commsense.taxonomy import load_taxonomy
from commsense.training import read_corpora, teach
from commsense.training.corpus import targets
from commsense.training.metrics import figures

EXAMPLES = (20, 50, 200)
_SEED = 3


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path("data/corpus")
    corpus = read_corpora([folder])
    seen = corpus[corpus["part"].str.endswith("-a")].reset_index(drop=True)
    unseen = corpus[corpus["part"].str.endswith("-b")].reset_index(drop=True)
    print(f"{'label':<24}{'examples':>10}{'AP':>8}{'F1':>8}{'false alarms':>14}")
    rows = []
    for label in load_taxonomy().text_ids:
        for row in curve(label, seen, unseen):
            rows.append(row)
            print("{:<24}{:>10}{:>8.2f}{:>8.2f}{:>14.3f}".format(*row[1:]), flush=True)
    names = ["wanted", "label", "examples", "AP", "F1", "false alarms"]
    table = pd.DataFrame(rows, columns=names).drop(columns="label")
    print("\nMean over labels, by the number of examples wanted (where there are fewer, all):")
    print(table.groupby("wanted").mean().round(3).to_string())


def curve(
    label: str, seen: pd.DataFrame, unseen: pd.DataFrame
) -> list[tuple[int, str, int, float, float, float]]:
    """Return for each number of examples how many there were, AP, F1, share of false alarms."""
    others = [other for other in load_taxonomy().text_ids if other != label]
    base = LinearTagger(labels=others, languages=sorted(set(seen["lang"])))
    base.fit(seen["text"].tolist(), targets(seen, others))
    shows = targets(seen, [label])[:, 0] > 0
    order = np.random.default_rng(_SEED).permutation(np.flatnonzero(shows))
    rows = []
    for number in EXAMPLES:
        texts = seen["text"].to_numpy()[order[:number]]
        verdicts = pd.DataFrame({"text": texts, "label": label, "holds": True})
        background = seen["text"][~shows].tolist()
        taught = teach(base, verdicts, background, load_taxonomy())
        column = [taught.labels.index(label)]
        judged = taught.judge(unseen["text"].tolist())
        probabilities, holds = judged.probabilities, judged.holds
        wanted = targets(unseen, [label])
        found = figures([label], wanted, probabilities[:, column], holds[:, column])
        ap, f1 = found.labels[0].average_precision or 0.0, found.labels[0].f1 or 0.0
        rows.append((number, label, len(texts), ap, f1, found.false_alarms or 0.0))
    return rows


if __name__ == "__main__":
    main()
