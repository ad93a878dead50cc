"""Teach a linear model a label of the user's own, or correct its tags, from a few verdicts.

The weights that the model has are where learning starts: ridge regression on what is still wrong,
``w = w0 + X.T @ solve(X @ X.T + penalty / weight, y - X @ w0)``, so that few texts move a label as
far as they must and no further. For a new label ``w0`` is nothing, and texts that are not about it
have to be shown as well, else every text would look like it.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import linalg

from commsense.errors import UsageError
from commsense.ingest.tables import read_tagger_input
from commsense.language import detect
from commsense.schema import Message
from commsense.tagging.base import Flags, Floats, Tagger, load_tagger, taxonomy_of
from commsense.tagging.calibration import Calibration
from commsense.tagging.linear import Column, LinearTagger
from commsense.taxonomy import Taxonomy, load_taxonomy
from commsense.training.card import SHIPPED, save_with_card
from commsense.training.corpus import files_of
from commsense.training.metrics import average_precision, f1
from commsense.training.provenance import rounded
from commsense.training.verdicts import read_verdicts

FEWEST: Final = 10
"""Texts that must be shown for a new label, and as many against it."""

BACKGROUND_FILE: Final = "background.jsonl.gz"
"""Messages of the written corpus, see ``data/corpus/background.py``."""

_VERDICT_WEIGHT = 2.0  # a verdict that the user gave counts as much as two texts of the background
_MOST_BACKGROUND = 4_000  # texts beside the verdicts; the work grows with their cube
_SEED = 1  # any; fixed, so that the same files give the same model
_FOREIGN = 10  # one shipped message of so many is taken in a language that no verdict is in
_FALSE_ALARMS = 0.02  # share of the texts without the label that may raise it, one label of many

Doubles = npt.NDArray[np.float64]


def teach_file(
    verdicts: Path,
    out: Path,
    *,
    base: str | Path = "default",
    background: Sequence[Path] = (),
    taxonomy: Path | None = None,
) -> LinearTagger:
    """Teach a model from a file of verdicts and write the new model's folder, with its card.

    Parameters
    ----------
    verdicts : Path
        See :func:`commsense.training.verdicts.read_verdicts`.
    out : Path
        The model folder; an existing model is replaced.
    base : str or Path
        The linear model that learns; it stays as it is.
    background : sequence of Path
        See :func:`read_background`; the messages of :func:`shipped_background` where none is named.
    taxonomy : Path, optional
        A TOML file that defines the new labels, see :meth:`commsense.taxonomy.Taxonomy.extended`.

    Raises
    ------
    InputError
        Where a file cannot be read.
    UsageError
        Where a new label is shown too seldom, or the folder cannot be written.
    ModelError
        Where the base cannot be loaded.
    """
    tagger = load_tagger(base)
    known = taxonomy_of(tagger.config)
    defined = known.extended(taxonomy) if taxonomy else known
    said = read_verdicts(verdicts)
    unaided = not background and not set(said["label"]) <= set(tagger.labels)
    others = shipped_background(said["text"]) if unaided else read_background(background)
    new = teach(tagger, said, others, defined)
    if unaided:
        new.describe(taught={**new.config["taught"], "background": SHIPPED})
    save_with_card(new, out)
    return new


def teach(
    tagger: Tagger, verdicts: pd.DataFrame, background: Sequence[str], taxonomy: Taxonomy
) -> LinearTagger:
    """Return a model that has learnt from verdicts.

    Parameters
    ----------
    tagger : Tagger
        A linear model; it stays as it is.
    verdicts : pandas.DataFrame
        See :func:`commsense.training.verdicts.read_verdicts`.
    background : sequence of str
        Texts in which the user's own labels hold seldom, such as the messages of a mailbox; where
        a verdict says otherwise, the verdict counts. For shipped labels they say nothing.
    taxonomy : Taxonomy
        Defines the new labels; one that it does not name becomes a neutral trait.

    Raises
    ------
    UsageError
        Where the model is of another kind, a new label is shown too seldom, or the model has
        learnt it already.
    """
    if not isinstance(tagger, LinearTagger):
        raise UsageError(
            f"the base is a model of kind {tagger.config['kind']!r}",
            "a linear model, as the default one",
            "leave --base out, or train on corpora that carry the label",
        )
    taxonomy = taxonomy_of(tagger.config).with_labels(taxonomy.entries())
    taxonomy = taxonomy.with_labels({"id": label} for label in sorted(set(verdicts["label"])))
    background = _drawn(background)
    taught = {
        str(label): _learnt(tagger, str(label), rows, background)
        for label, rows in verdicts.groupby("label", sort=True)
    }
    told = {entry["id"]: entry for entry in tagger.config.get("own_labels", [])}
    for label, lesson in taught.items():
        if lesson.figures:
            told[label] = taxonomy.entry(label) | lesson.figures
    base = {"name": tagger.config["name"], "hash": tagger.config["hash"]}
    new = tagger.with_columns({label: lesson.column for label, lesson in taught.items()})
    return new.describe(
        own_labels=list(told.values()),
        taught={
            "base": base,
            "verdicts": {label: lesson.verdicts for label, lesson in taught.items()},
        },
    )


def read_background(paths: Sequence[Path]) -> list[str]:
    """Return the texts of messages or labelled corpora, whatever their labels.

    Parameters
    ----------
    paths : sequence of Path
        Files in the neutral message format or of labelled texts, or folders of such.

    Raises
    ------
    InputError
        Where a file cannot be read.
    """
    return [
        row.text
        for path in files_of(paths, with_real=False)
        for row in read_tagger_input(str(path))
        if isinstance(row, Message) and row.text.strip()
    ]


def shipped_background(shown: Iterable[str]) -> list[str]:
    """Return written messages of many trades, in which a user's own label is rare.

    Parameters
    ----------
    shown : iterable of str
        Texts of verdicts. Messages in their languages teach what the label is not; of the others
        a few do, which tell a language from a label.
    """
    packed = files("commsense.training").joinpath(BACKGROUND_FILE).read_bytes()
    rows = [json.loads(line) for line in gzip.decompress(packed).splitlines()]
    languages = {detect(text) for text in shown}
    others = [row for row in rows if row["lang"] not in languages]
    own = [row for row in rows if row["lang"] in languages]
    return [row["text"] for row in [*own, *others[::_FOREIGN]]]


@dataclass(frozen=True, slots=True)
class _Lesson:
    """What verdicts on one label came to; ``figures`` of a new label alone."""

    column: Column
    verdicts: int
    figures: dict[str, Any]


def _drawn(texts: Sequence[str]) -> list[str]:
    """Return each text once, and not more than can be handled."""
    once = list(dict.fromkeys(texts))
    if len(once) <= _MOST_BACKGROUND:
        return once
    chosen = np.random.default_rng(_SEED).choice(len(once), _MOST_BACKGROUND, replace=False)
    return [once[place] for place in sorted(chosen.tolist())]


def _learnt(
    tagger: LinearTagger, label: str, rows: pd.DataFrame, background: Sequence[str]
) -> _Lesson:
    texts, holds = rows["text"].tolist(), rows["holds"].to_numpy(dtype=bool)
    if label not in tagger.labels:
        judged = set(texts)
        return _new_label(tagger, label, texts, holds, [t for t in background if t not in judged])
    if label not in load_taxonomy():
        # Its curve was fitted to few texts and would not hold for weights that move far.
        raise UsageError(
            f"the model has learnt your label {label!r} already",
            "all verdicts on it in one file",
            "add the new rows to that file, and teach the model that you began with",
        )
    return _correction(tagger, label, texts, holds)


def _correction(tagger: LinearTagger, label: str, texts: list[str], holds: Flags) -> _Lesson:
    column = tagger.column(label)
    scores = tagger.scores(texts)[:, tagger.labels.index(label)]
    errors: Doubles = holds - scores.astype(np.float64)
    weights, _ = _ridge(tagger, texts, errors, np.full(len(texts), _VERDICT_WEIGHT))
    return _Lesson(replace(column, weights=column.weights + weights), len(texts), {})


def _new_label(
    tagger: LinearTagger, label: str, texts: list[str], holds: Flags, others: Sequence[str]
) -> _Lesson:
    shown, against = int(holds.sum()), int((~holds).sum()) + len(others)
    if min(shown, against) < FEWEST:
        raise UsageError(
            f"the new label {label!r} is shown by {shown} texts, and {against} are shown without",
            f"at least {FEWEST} of each, and best many more without it",
            "add verdicts, with holds = false for texts without it; or name files of messages "
            "before --add-label, as commsense parse writes them",
        )
    wanted = np.concatenate([holds, np.zeros(len(others), dtype=bool)])
    each = np.concatenate([np.full(len(texts), _VERDICT_WEIGHT), np.ones(len(others))])
    base_rate = float(np.average(wanted, weights=each))
    weights, unseen = _ridge(tagger, [*texts, *others], wanted - base_rate, each)
    scores = (base_rate + unseen).astype(np.float32)[:, None]
    calibration = Calibration.fit(
        scores, wanted.astype(np.float32)[:, None], each.astype(np.float32)
    )
    probabilities = calibration(scores)[:, 0]
    threshold = _threshold(probabilities, wanted)
    column = Column(
        weights,
        np.float32(base_rate),
        slope=calibration.slope[0],
        shift=calibration.shift[0],
        offset=calibration.offset[0],
        floor=np.float32(threshold),
    )
    return _Lesson(column, len(texts), _figures(wanted, probabilities, threshold))


def _ridge(
    tagger: LinearTagger, texts: Sequence[str], errors: Doubles, weights: Doubles
) -> tuple[Floats, Doubles]:
    """Return the change of the weights, and for each text what it would be without that text."""
    vectors = tagger.vectors(texts)
    system: Doubles = (vectors @ vectors.T).toarray().astype(np.float64)
    system[np.diag_indices_from(system)] += tagger.get_params()["penalty"] / weights
    inverse = linalg.inv(system, overwrite_a=True)
    solution = inverse @ errors
    # Leave-one-out of ridge regression (Allen, 1974).
    unseen: Doubles = errors - solution / np.diag(inverse)
    return np.asarray(vectors.T @ solution, dtype=np.float32), unseen


def _threshold(probabilities: Floats, wanted: Flags) -> float:
    """Return the probability with the best F1 of those that seldom raise a false alarm.

    It lies halfway down to the next text that would be raised, for other texts will be less clear.
    """
    strictest = float(np.quantile(probabilities[~wanted], 1 - _FALSE_ALARMS))
    candidates = np.unique(probabilities[wanted & (probabilities > strictest)])
    if not len(candidates):
        return float(np.nextafter(strictest, 1.0))

    def value(at: float) -> float:
        raised: Flags = probabilities >= at
        return f1(wanted & raised, raised, wanted)

    best = max(map(float, candidates), key=value)
    below = probabilities[probabilities < best]
    return (best + float(below.max())) / 2 if len(below) else best


def _figures(wanted: Flags, probabilities: Floats, threshold: float) -> dict[str, Any]:
    raised: Flags = probabilities >= threshold
    found = {
        "average_precision": average_precision(wanted, probabilities) or 0.0,
        "f1": f1(wanted & raised, raised, wanted),
        "false_alarms": float(raised[~wanted].mean()),
    }
    return {"shown": int(wanted.sum()), "against": int((~wanted).sum()), **rounded(found)}
