"""A model's tags against labels: per language, kind of text and source."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from rich.console import Group, RenderableType
from rich.table import Table

from commsense.progress import Progress, silent
from commsense.tagging.base import Flags, Floats, Tagger, load_tagger
from commsense.training.corpus import corpus_hash, read_corpora, targets
from commsense.training.metrics import MIN_SUPPORT, Figures, Interval, figures

_AT_ONCE = 1_024  # texts between two reports of progress
_GROUPINGS = {
    "languages": ["lang"],
    "kinds": ["kind"],
    "languages_and_kinds": ["lang", "kind"],
    "sources": ["source"],
}
_UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an evaluation found.

    Attributes
    ----------
    model, model_hash, corpus_hash : str
        What was compared with what.
    trained_on : tuple of str
        Sources of the corpus that the model was trained on by name; figures on them promise too
        much, held-out ones are in the model's card.
    overall : Figures
    groups : dict of str to dict of str to Figures
        By ``languages``, ``kinds`` (written, real), ``languages_and_kinds`` and ``sources``.
    """

    model: str
    model_hash: str
    corpus_hash: str
    trained_on: tuple[str, ...]
    overall: Figures
    groups: dict[str, dict[str, Figures]]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values: every figure, None where it cannot be computed."""
        return asdict(self)

    def to_json(self) -> str:
        """Return :meth:`to_dict` as JSON."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False) + "\n"


def evaluate_file(
    labelled: Path,
    *,
    model: str | Path = "default",
    texts: Path | None = None,
    progress: Progress = silent,
) -> Evaluation:
    """Evaluate a model on a labelled file or a folder of them.

    Parameters
    ----------
    labelled : Path
        See :func:`commsense.training.read_corpora`.
    model : str or Path
        A shipped model's name or a model folder.
    texts : Path, optional
        Folder with the texts of labels that come without.
    progress : Progress

    Raises
    ------
    InputError
        Where the file or the texts cannot be read.
    ModelError
        Where the model cannot be loaded.
    """
    tagger = load_tagger(model)
    return evaluate(read_corpora([labelled], texts), tagger, progress=progress)


def evaluate(corpus: pd.DataFrame, tagger: Tagger, *, progress: Progress = silent) -> Evaluation:
    """Compare a model's tags with the labels of a corpus.

    Parameters
    ----------
    corpus : pandas.DataFrame
        As :func:`commsense.training.read_corpora` gives it.
    tagger : Tagger
    progress : Progress
    """
    probabilities, holds = _predictions(corpus, tagger, progress)
    return evaluation(corpus, tagger, probabilities, holds)


def evaluation(
    corpus: pd.DataFrame, tagger: Tagger, probabilities: Floats, holds: Flags
) -> Evaluation:
    """Compare given predictions with the labels of a corpus."""
    wanted = targets(corpus, tagger.labels)

    def of(rows: npt.NDArray[np.int64]) -> Figures:
        return figures(tagger.labels, wanted[rows], probabilities[rows], holds[rows])

    groups = {
        name: {key: of(rows) for key, rows in _groups(corpus, columns)}
        for name, columns in _GROUPINGS.items()
    }
    config = tagger.config
    return Evaluation(
        model=config["name"],
        model_hash=config["hash"],
        corpus_hash=corpus_hash(corpus),
        trained_on=_trained_on(corpus, config),
        overall=of(np.arange(len(corpus))),
        groups=groups,
    )


def render_evaluation(found: Evaluation) -> RenderableType:
    """Return an evaluation as tables for the terminal."""
    summary = Table(title=f"{found.model}: by language, kind and source")
    for heading in ("texts of", "texts", "micro F1", "90 %", "macro F1", "mean AP", "false alarms"):
        summary.add_column(heading, justify="left" if heading == "texts of" else "right")
    _add_figures(summary, "all", found.overall)
    for groups in found.groups.values():
        for name, one in groups.items():
            _add_figures(summary, name, one)
    tables = [_label_table(name, one) for name, one in found.groups["languages"].items()]
    note = (
        f"Means are over labels with {MIN_SUPPORT} and more positives. False alarms: share of the "
        "texts without a label that were given one."
    )
    notes = [note]
    if found.trained_on:
        notes.append(
            f"The model was trained on {', '.join(found.trained_on)}: figures on them promise too "
            "much. Held-out figures are in the model's card."
        )
    return Group(summary, *tables, *notes)


def _trained_on(corpus: pd.DataFrame, config: dict[str, Any]) -> tuple[str, ...]:
    sources = config.get("training", {}).get("sources", [])
    return tuple(sorted({one["source"] for one in sources} & set(corpus["source"])))


def _predictions(corpus: pd.DataFrame, tagger: Tagger, progress: Progress) -> tuple[Floats, Flags]:
    texts, languages = corpus["text"].tolist(), corpus["lang"].tolist()
    probabilities = np.zeros((len(texts), len(tagger.labels)), dtype=np.float32)
    holds = np.zeros(probabilities.shape, dtype=bool)
    for start in range(0, len(texts), _AT_ONCE):
        end = min(start + _AT_ONCE, len(texts))
        judged = tagger.judge(texts[start:end], languages[start:end])
        probabilities[start:end], holds[start:end] = judged.probabilities, judged.holds
        progress("evaluating", end, len(texts))
    return probabilities, holds


def _groups(
    corpus: pd.DataFrame, columns: list[str]
) -> Iterator[tuple[str, npt.NDArray[np.int64]]]:
    for key, rows in corpus.reset_index(drop=True).groupby(columns, sort=True).indices.items():
        names: tuple[Hashable, ...] = key if isinstance(key, tuple) else (key,)
        yield " ".join(map(str, names)), np.asarray(rows, dtype=np.int64)


def _add_figures(table: Table, name: str, one: Figures) -> None:
    table.add_row(
        name,
        str(one.texts),
        _number(one.micro_f1),
        _interval(one.micro_f1_interval),
        _number(one.macro_f1),
        _number(one.mean_average_precision),
        f"{_number(one.false_alarms)} of {one.unlabelled}",
    )


def _label_table(language: str, one: Figures) -> Table:
    table = Table(title=f"Labels, {language}")
    for heading in ("label", "support", "raised", "precision", "recall", "F1", "AP"):
        table.add_column(heading, justify="left" if heading == "label" else "right")
    for label in one.labels:
        table.add_row(
            label.label,
            str(label.support),
            str(label.raised),
            _number(label.precision),
            _number(label.recall),
            _number(label.f1),
            _number(label.average_precision),
        )
    return table


def _number(value: float | None) -> str:
    return _UNKNOWN if value is None else f"{value:.2f}"


def _interval(value: Interval | None) -> str:
    return _UNKNOWN if value is None else f"{value[0]:.2f}-{value[1]:.2f}"
