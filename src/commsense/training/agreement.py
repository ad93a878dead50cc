"""How far two readers agree on the same texts, label by label."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from commsense.errors import InputError
from commsense.training.corpus import SECOND_SUFFIX, labels_by_id


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two readings of the same texts.

    Attributes
    ----------
    texts : int
        Texts that both readers labelled.
    micro_f1 : float
        Of the second reader's labels against the first's.
    labels : pandas.DataFrame
        One row a label that either reader gave: ``label``, ``both``, ``first`` and ``second``
        (given by that reader alone), ``kappa`` (Cohen, 1960).
    """

    texts: int
    micro_f1: float
    labels: pd.DataFrame


def agreement(folder: Path) -> Agreement:
    """Compare the second readings in a folder of real labels with the first.

    Parameters
    ----------
    folder : Path
        Holds ``*.labels.jsonl`` and, there or below, ``*.second.jsonl``.

    Raises
    ------
    InputError
        Where a file is malformed or nothing was read twice.
    """
    first = labels_by_id(folder.rglob("*.labels.jsonl"))
    second = labels_by_id(folder.rglob(f"*{SECOND_SUFFIX}"))
    twice = sorted(first.keys() & second.keys())
    if not twice:
        raise InputError(f"no text in {folder} was labelled twice", f"files *{SECOND_SUFFIX}")
    counts = _counts([first[key] for key in twice], [second[key] for key in twice])
    both, alone = counts["both"].sum(), (counts["first"] + counts["second"]).sum()
    counts["kappa"] = [_kappa(row, len(twice)) for row in counts.to_dict("records")]
    return Agreement(len(twice), float(2 * both / (2 * both + alone)), counts)


def _counts(first: list[frozenset[str]], second: list[frozenset[str]]) -> pd.DataFrame:
    rows = []
    for label in sorted(frozenset().union(*first, *second)):
        ones = pd.Series([label in labels for labels in first])
        others = pd.Series([label in labels for labels in second])
        rows.append(
            {
                "label": label,
                "both": int((ones & others).sum()),
                "first": int((ones & ~others).sum()),
                "second": int((~ones & others).sum()),
            }
        )
    return pd.DataFrame(rows, columns=["label", "both", "first", "second"])


def _kappa(row: Mapping[Hashable, float], texts: int) -> float:
    """Return the agreement beyond chance; 0 is chance, 1 is full."""
    ones, others = row["both"] + row["first"], row["both"] + row["second"]
    agreed = 1 - (row["first"] + row["second"]) / texts
    chance = (ones * others + (texts - ones) * (texts - others)) / texts**2
    return 1.0 if chance == 1 else (agreed - chance) / (1 - chance)
