"""Corpora, training, evaluation and model cards.

The calls that the command line makes::

    train(corpora: Sequence[Path], out: Path, *, base: str | None = None,
          texts: Path | None = None, progress: Progress = silent) -> Tagger
    teach_file(verdicts: Path, out: Path, *, base: str | Path = "default",
               background: Sequence[Path] = (), taxonomy: Path | None = None) -> LinearTagger
    evaluate_file(labelled: Path, *, model: str | Path = "default",
                  texts: Path | None = None, progress: Progress = silent) -> Evaluation
    render_evaluation(evaluation) -> rich renderable

and for programs: ``read_corpora(paths, texts) -> DataFrame``, ``evaluate(corpus, tagger)``,
``agreement(folder)`` between two readers.
"""

from commsense.training.agreement import Agreement, agreement
from commsense.training.card import lessons
from commsense.training.corpus import read_corpora
from commsense.training.evaluate import Evaluation, evaluate, evaluate_file, render_evaluation
from commsense.training.teach import teach, teach_file
from commsense.training.train import train, train_linear

__all__ = [
    "Agreement",
    "Evaluation",
    "agreement",
    "evaluate",
    "evaluate_file",
    "lessons",
    "read_corpora",
    "render_evaluation",
    "teach",
    "teach_file",
    "train",
    "train_linear",
]
