"""From labelled corpora to a model folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from commsense.errors import UsageError
from commsense.progress import Progress, silent
from commsense.tagging.base import Floats, Tagger
from commsense.tagging.linear import LinearTagger
from commsense.tagging.transformer import import_torch
from commsense.training.card import save_with_card
from commsense.training.corpus import REAL, read_corpora, targets
from commsense.training.crossvalidate import HeldOut, folds_of, held_out, held_out_scores
from commsense.training.decisions import Decisions
from commsense.training.evaluate import evaluation
from commsense.training.faithfulness import faithfulness
from commsense.training.metrics import reliability
from commsense.training.network import RidgeAndNetwork
from commsense.training.provenance import describe, families_of, held_out_metrics, held_out_parts
from commsense.training.ridge import Blend, MixedRidge

_MIN_TEXTS = 10  # below which there is nothing to learn and nothing to hold out


def train(
    corpora: Sequence[Path],
    out: Path,
    *,
    base: str | None = None,
    texts: Path | None = None,
    hidden: int = 0,
    progress: Progress = silent,
) -> Tagger:
    """Train a model and write its folder, with its card.

    Parameters
    ----------
    corpora : sequence of Path
        Labelled files or folders of them, see :func:`commsense.training.read_corpora`.
    out : Path
        The model folder; an existing model is replaced.
    base : str, optional
        A Hugging Face encoder, by name or folder, to fine-tune; a linear model where left out.
    texts : Path, optional
        Folder with the texts of labels that come without.
    hidden : int
        Units of a small network beside a linear model's weights; it is fitted with torch, and
        needs none to be used.
    progress : Progress

    Returns
    -------
    Tagger
        The trained model.

    Raises
    ------
    InputError
        Where a corpus or its texts cannot be read.
    UsageError
        Where the folder cannot be written, or the corpus is too small to hold anything out.
    ModelError
        Where the base cannot be loaded.
    MissingExtraError
        Where fine-tuning or a network needs packages that are not installed.
    """
    if hidden:
        import_torch()  # that it is missing is told before the work
    corpus = read_corpora(list(corpora), texts)
    if len(corpus) < _MIN_TEXTS:
        raise UsageError(f"{len(corpus)} labelled texts", f"at least {_MIN_TEXTS}", "label more")
    if base is None:
        tagger: Tagger = train_linear(corpus, hidden=hidden, progress=progress)
    else:
        from commsense.training.finetune import fine_tune

        tagger = fine_tune(corpus, base, progress=progress)
    save_with_card(tagger, out)
    return tagger


def train_linear(
    corpus: pd.DataFrame,
    tagger: LinearTagger | None = None,
    *,
    hidden: int = 0,
    progress: Progress = silent,
) -> LinearTagger:
    """Fit a linear model, calibrate it on held-out predictions and measure it by them.

    Parameters
    ----------
    corpus : pandas.DataFrame
        As :func:`commsense.training.read_corpora` gives it.
    tagger : LinearTagger, optional
        One with other parameters than the default ones; its languages are set to the corpus's.
    hidden : int
        Units of a network beside the weights; none where it is 0.
    progress : Progress

    Raises
    ------
    MissingExtraError
        Where a network is wanted and torch is not installed.
    """
    tagger = tagger or LinearTagger()
    tagger.set_params(languages=corpus["lang"].value_counts().index.tolist())
    progress("fitting", 0, 1)
    families = families_of(corpus)
    ridge = fitted_ridge(tagger, corpus, families)
    tagger.set_weights(ridge.coefficients, ridge.mean)
    model: Blend | RidgeAndNetwork = ridge
    if hidden:
        model = RidgeAndNetwork.fit(ridge, units=hidden)
        tagger.set_network(model.network)
    progress("fitting", 1, 1)
    corpus = corpus.assign(part=held_out_parts(corpus))
    folds = folds_of(corpus)
    scores = held_out_scores(model, folds, progress=progress)
    decisions = Decisions.fit(corpus, *_apart(scores, model.wanted))
    tagger.calibrate(decisions.calibration, decisions.rule, decisions.register)
    metrics = _metrics(corpus, tagger, _held_out(corpus, scores, model, folds))
    metrics |= _metrics_by_family(corpus, tagger, model, scores, families, progress)
    metrics["folds"] = len(set(folds))
    return tagger.describe(training=describe(corpus), metrics=metrics)


def fitted_ridge(tagger: LinearTagger, corpus: pd.DataFrame, families: Sequence[str]) -> Blend:
    """Learn the features of a corpus and solve for a tagger's outputs; it keeps the features.

    Without families all texts are alike, and there is nothing to blend.
    """
    texts = corpus["text"].tolist()
    tagger.features.fit(texts)
    vectors, wanted = tagger.vectors(texts), outputs_wanted(corpus, tagger.labels)
    penalty, weights = tagger.get_params()["penalty"], text_weights(corpus)
    kinds: list[Sequence[str]] = [(), families] if families else [()]
    return Blend(
        tuple(
            MixedRidge.fit(vectors, wanted, penalty=penalty, weights=weights, families=kind)
            for kind in kinds
        )
    )


def outputs_wanted(corpus: pd.DataFrame, labels: Sequence[str]) -> Floats:
    """Return what a model's outputs are to be, shape (texts, 1 + labels).

    The register comes first: written texts are messages of client relations, as few real ones are.
    """
    written = (corpus["kind"] != REAL).to_numpy(dtype=np.float32)
    return np.column_stack([written, targets(corpus, labels)])


def text_weights(corpus: pd.DataFrame) -> Floats:
    """Return how much each text counts in training.

    A real source counts as the square root of its size, so that the large review sources do not
    take over; real texts together count as much as as many written ones.
    """
    real = (corpus["kind"] == REAL).to_numpy()
    sizes = corpus.groupby("source")["id"].transform("size").to_numpy(dtype=np.float64)
    weights = np.where(real, 1 / np.sqrt(sizes), 1.0)
    if real.any():
        weights[real] /= weights[real].mean()
    return weights.astype(np.float32)


def _metrics_by_family(
    corpus: pd.DataFrame,
    tagger: LinearTagger,
    model: Blend | RidgeAndNetwork,
    scores: Floats,
    families: Sequence[str],
    progress: Progress,
) -> dict[str, Any]:
    """Return the figures of real texts whose kind the model that judged them had never seen."""
    real = (corpus["kind"] == REAL).to_numpy()
    if not families or not real.any():
        return {}
    kinds = np.where(real, families, "").tolist()
    of_kinds = held_out_scores(model, kinds, progress=progress)
    scores = np.where(real[:, None], of_kinds, scores)
    unseen = _held_out(corpus, scores, model, kinds)
    found = evaluation(corpus[real], tagger, unseen.probabilities[real], unseen.holds[real])
    figures = held_out_metrics(found)["languages_and_kinds"]
    for one in figures.values():
        del one["labels"]
    return {"held_out_families": figures}


def _apart(scores: Floats, wanted: Floats) -> tuple[Floats, Floats, Floats]:
    """Part a linear model's outputs into the scores of labels, what was wanted, and register."""
    return scores[:, 1:], wanted[:, 1:], scores[:, 0]


def _held_out(
    corpus: pd.DataFrame, outputs: Floats, model: Blend | RidgeAndNetwork, groups: Sequence[str]
) -> HeldOut:
    scores, wanted, register = _apart(outputs, model.wanted)
    return held_out(corpus, scores, wanted, groups, register)


def _metrics(corpus: pd.DataFrame, tagger: LinearTagger, unseen: HeldOut) -> dict[str, Any]:
    found = evaluation(corpus, tagger, unseen.probabilities, unseen.holds)
    return {
        "held_out": held_out_metrics(found),
        "reliability": reliability(targets(corpus, tagger.labels), unseen.probabilities),
        "evidence": faithfulness(corpus["text"].tolist(), tagger),
    }
