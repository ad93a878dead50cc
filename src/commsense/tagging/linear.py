"""The linear kind: hashed n-grams, form, phrases and concepts, one weight each, ridge regression.

Small, fast, needs no torch, and explains itself: a score is a sum over the text's n-grams, so the
part of the text that made it is known exactly. A network may stand beside the weights, see
:mod:`commsense.tagging.network`.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from commsense.errors import ModelError, UsageError
from commsense.tagging.attribution import Occurrences
from commsense.tagging.base import (
    CONFIG_FILE,
    Flags,
    Floats,
    Judgement,
    Span,
    common_config,
    config_hash,
)
from commsense.tagging.calibration import Calibration, Register
from commsense.tagging.cores import one_thread_for_blas, threads
from commsense.tagging.decision import DecisionRule
from commsense.tagging.evidence import deciding_span
from commsense.tagging.features import Features, FeatureSettings, Reading
from commsense.tagging.lexicon import Lexicon
from commsense.tagging.network import Network
from commsense.tagging.weights import (
    WEIGHTS_FILE,
    check_arrays,
    packed,
    read_weights,
    unpacked,
    weights_digest,
    write_weights,
)
from commsense.taxonomy import load_taxonomy

_CHUNK_CHARACTERS = 1 << 19  # an n-gram's weights are then fetched once for many texts
_CHUNK_TEXTS = 1 << 11  # whose n-grams are then sorted by keys of 32 bits
_NGRAMS_AT_ONCE = 1 << 12  # whose weights then fit into a processor's cache
_EVEN_ODDS = 0.5
_TOLERANCE = 1e-3  # of the solver: the change that closer ones bring is below float16's
_TANGENT = 4.0  # slope of the logistic curve that runs along a probability where it is a half

Halves = npt.NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Column:
    """What a model knows of one label, but for what a network adds.

    Attributes
    ----------
    weights : array of float32, shape (n-grams + measured features,)
    intercept, slope, offset : float
        Of the score, and of the curve from the score to the probability.
    shift : float
        What the register adds to that curve.
    floor : float
        The probability below which the label does not hold; of an added label, from which on it
        does.
    """

    weights: Floats
    intercept: np.float32
    slope: np.float32
    shift: np.float32
    offset: np.float32
    floor: np.float32


class LinearTagger:
    """Multi-label ridge regression over hashed n-grams, with scikit-learn's habits.

    Parameters
    ----------
    labels : sequence of str, optional
        Label ids, the columns of the targets; left out, all that a text can show.
    languages : sequence of str
        Languages of the training texts.
    bits, chars, words, measured_weight, lexicon_weight, concept_weight
        See :class:`commsense.tagging.features.FeatureSettings`.
    penalty : float
        Strength of the squared penalty on the weights (``alpha`` of ridge regression).
    """

    def __init__(
        self,
        *,
        labels: Sequence[str] | None = None,
        languages: Sequence[str] = (),
        bits: int = 21,
        chars: Sequence[int] = (2, 3, 4),
        words: Sequence[int] = (1, 2),
        measured_weight: float = 0.05,
        lexicon_weight: float = 0.1,
        concept_weight: float = 0.5,
        penalty: float = 0.5,
    ) -> None:
        self._parameters: dict[str, Any] = {
            "labels": labels,
            "languages": languages,
            "bits": bits,
            "chars": chars,
            "words": words,
            "measured_weight": measured_weight,
            "lexicon_weight": lexicon_weight,
            "concept_weight": concept_weight,
            "penalty": penalty,
        }
        self._settings = FeatureSettings(
            bits, tuple(chars), tuple(words), measured_weight, lexicon_weight, concept_weight
        )
        self._features: Features | None = None
        self._coefficients: Halves | None = None
        self._intercept: Floats = np.zeros(0, dtype=np.float32)
        self._network: Network | None = None
        self._register = Register()
        self._calibration: Calibration | None = None
        self._rule: DecisionRule | None = None
        self._about: dict[str, Any] = {}
        self._weights_digest = ""

    @property
    def labels(self) -> tuple[str, ...]:
        """Label ids, in the order of the columns."""
        return tuple(self._parameters["labels"] or load_taxonomy().text_ids)

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages that the model was trained on."""
        return tuple(self._parameters["languages"])

    @property
    def classes_(self) -> npt.NDArray[np.str_]:
        """Label ids, as scikit-learn's tools look for them."""
        return np.array(self.labels)

    @property
    def features(self) -> Features:
        """How texts become numbers; before training, with the lexicon that is shipped."""
        if self._features is None:
            self._features = Features(self._settings)
        return self._features

    @property
    def config(self) -> dict[str, Any]:
        """What ``config.json`` says, with the model's name and hash."""
        config = {
            **common_config(self, "linear"),
            "features": self.features.settings.to_dict(),
            "lexicon": {name: list(of) for name, of in self.features.lexicon.lists.items()},
            "penalty": self._parameters["penalty"],
            "hidden_units": self._network.units if self._network is not None else 0,
            "register": asdict(self._register),
            "weights_sha256": self._weights_digest,
            **self._about,
        }
        return {"name": "unnamed", **config, "hash": config_hash(config)}

    @property
    def calibration(self) -> Calibration:
        """The curves from scores to probabilities; the plain logistic one before calibration."""
        return self._calibration or Calibration.plain(len(self.labels))

    @property
    def rule(self) -> DecisionRule:
        """What decides which labels hold; even odds before it is fitted."""
        even = np.full(len(self.labels), _EVEN_ODDS, dtype=np.float32)
        return self._rule or DecisionRule.by_floors(even)

    @property
    def _fitted(self) -> Halves:
        """The weights, shape (n-grams + measured features, 1 + labels); the register's first."""
        if self._coefficients is None:
            raise UsageError("the model has no weights yet", mend="call fit first")
        return self._coefficients

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the constructor's arguments, as scikit-learn's ``clone`` wants them."""
        return dict(self._parameters)

    def set_params(self, **parameters: object) -> Self:
        """Set arguments of the constructor; the model has to be fitted anew.

        Raises
        ------
        UsageError
            Where there is no such argument.
        """
        unknown = set(parameters) - set(self._parameters)
        if unknown:
            raise UsageError(
                f"unknown parameter {', '.join(sorted(unknown))}",
                f"one of {', '.join(self._parameters)}",
            )
        LinearTagger.__init__(self, **{**self._parameters, **parameters})
        return self

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401  # scikit-learn is imported late
        # See fit: a class of scikit-learn's, which would say the same, is not inherited from.
        from sklearn.utils import ClassifierTags, InputTags, Tags, TargetTags

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True, multi_output=True, single_output=False),
            classifier_tags=ClassifierTags(multi_class=False, multi_label=True),
            input_tags=InputTags(one_d_array=True, two_d_array=False, string=True),
        )

    def __sklearn_is_fitted__(self) -> bool:
        return self._coefficients is not None

    def fit(
        self,
        texts: Iterable[str],
        targets: npt.ArrayLike,
        sample_weight: npt.ArrayLike | None = None,
    ) -> Self:
        """Learn features and weights by ridge regression; a label holds from even odds on.

        Shipped models are trained with more: :class:`commsense.training.ridge.MixedRidge` has the
        weights that :meth:`set_weights` takes over.

        Parameters
        ----------
        texts : iterable of str
        targets : array-like, shape (texts, labels)
            One where the label holds.
        sample_weight : array-like, optional, shape (texts,)

        Raises
        ------
        UsageError
            Where targets have another shape or texts are no texts.
        """
        # Imported here: loading scikit-learn takes a second that reading mail need not wait for.
        from sklearn.linear_model import Ridge

        texts, wanted = _listed(texts), np.asarray(targets, dtype=np.float64)
        if wanted.shape != (len(texts), len(self.labels)):
            raise UsageError(
                f"targets of shape {wanted.shape}", f"({len(texts)}, {len(self.labels)})"
            )
        self.features.fit(texts)
        ridge = Ridge(self._parameters["penalty"], solver="sparse_cg", tol=_TOLERANCE)
        ridge.fit(self.vectors(texts), wanted, sample_weight=sample_weight)
        # For a single label scikit-learn gives vectors.
        weights, intercept = np.atleast_2d(ridge.coef_).T, np.atleast_1d(ridge.intercept_)
        self.set_weights(np.pad(weights, ((0, 0), (1, 0))), np.pad(intercept, (1, 0)))
        # Regression on zeros and ones estimates the probability itself.
        none = np.zeros(len(self.labels), dtype=np.float32)
        curves = Calibration(none + _TANGENT, none, none - _EVEN_ODDS * _TANGENT)
        return self.calibrate(curves, DecisionRule.by_floors(none + np.float32(_EVEN_ODDS)))

    def set_weights(self, coefficients: npt.ArrayLike, intercept: npt.ArrayLike) -> Self:
        """Take over weights that were learnt elsewhere, for the features as they are.

        Parameters
        ----------
        coefficients : array-like, shape (n-grams + measured features, 1 + labels)
            First of the register, for which nothing need be known, then of the labels.
        intercept : array-like, shape (1 + labels,)
        """
        # What is kept is what is saved: a model gives the same scores before and after.
        self._coefficients = np.asarray(coefficients).astype(np.float16)
        self._intercept = np.asarray(intercept, dtype=np.float32)
        return self.set_network(None)

    def set_network(self, network: Network | None) -> Self:
        """Add a network's scores to those of the weights; new weights have none."""
        self._network = network
        self._weights_digest = weights_digest(self._arrays())
        return self

    def vectors(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return the features of each text, shape (texts, n-grams + measured features)."""
        return self.features.vectors(texts)

    def calibrate(
        self, calibration: Calibration, rule: DecisionRule, register: Register | None = None
    ) -> Self:
        """Set the curves and the rule that were fitted on texts unseen in training."""
        self._calibration, self._rule = calibration, rule
        self._register = register or Register()
        return self

    def column(self, label: str) -> Column:
        """Return what the model knows of a label.

        Raises
        ------
        UsageError
            Where the model has not been fitted.
        """
        weights, at = self._fitted, self.labels.index(label)
        return Column(
            weights[:, 1 + at].astype(np.float32),
            self._intercept[1 + at],
            self.calibration.slope[at],
            self.calibration.shift[at],
            self.calibration.offset[at],
            self.rule.floors[at],
        )

    def with_columns(self, columns: Mapping[str, Column]) -> Self:
        """Return a copy with labels added, or replaced where it has them.

        The rule decides on a replaced label as before; an added one holds from its floor on.
        """
        labels = tuple(dict.fromkeys([*self.labels, *columns]))
        known = [columns.get(label) or self.column(label) for label in labels]
        new = type(self)(**{**self._parameters, "labels": labels})
        new._features = self.features
        weights = np.stack([self._fitted[:, 0], *(column.weights for column in known)], axis=1)
        new.set_weights(weights, np.array([self._intercept[0], *(c.intercept for c in known)]))
        if self._network is not None:
            new.set_network(self._network.with_labels(len(labels) - len(self.labels)))
        added = [float(column.floor) for column in known[len(self.labels) :]]
        new.calibrate(
            Calibration(
                np.array([c.slope for c in known], dtype=np.float32),
                np.array([c.shift for c in known], dtype=np.float32),
                np.array([c.offset for c in known], dtype=np.float32),
            ),
            self.rule.extended(added),
            self._register,
        )
        return new.describe(**self._about)

    def describe(self, **about: object) -> Self:
        """Add what ``config.json`` shall say of the model: corpora, figures, and the like."""
        self._about |= about
        return self

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return uncalibrated scores, shape (texts, labels); errors as of :meth:`outputs`."""
        return self.outputs(texts)[:, 1:]

    def outputs(self, texts: Sequence[str]) -> Floats:
        """Return the register's and the labels' scores, uncalibrated, shape (texts, 1 + labels).

        Raises
        ------
        UsageError
            Where the model has not been fitted or texts are no texts.
        """
        _ = self._fitted  # said here, not by a thread
        chunks = list(_chunks(_listed(texts)))
        # NumPy and SciPy release the interpreter's lock, so threads share the work.
        with one_thread_for_blas(), ThreadPoolExecutor(max_workers=threads()) as pool:
            spread = pool.map if min(threads(), len(chunks)) > 1 else map
            parts = list(spread(self._outputs, chunks))
        empty = np.zeros((0, 1 + len(self.labels)), dtype=np.float32)
        return np.concatenate([empty, *parts])

    def predict(self, texts: Sequence[str]) -> Floats:
        """Return calibrated probabilities, shape (texts, labels); zero for empty texts.

        They are what :meth:`predict_proba` returns; which labels hold is told by :meth:`judge`.
        """
        return self.judge(texts).probabilities

    def predict_proba(self, texts: Sequence[str]) -> Floats:
        """Return calibrated probabilities, shape (texts, labels)."""
        return self.predict(texts)

    def score(
        self,
        texts: Sequence[str],
        targets: npt.ArrayLike,
        sample_weight: npt.ArrayLike | None = None,
    ) -> float:
        """Return the F1 of what holds, over all labels together (micro-averaged).

        Parameters
        ----------
        texts : sequence of str
        targets : array-like, shape (texts, labels)
            One where the label holds.
        sample_weight : array-like, optional, shape (texts,)
        """
        wanted, holds = np.asarray(targets) > 0, self.judge(texts).holds
        weights = np.ones(len(holds)) if sample_weight is None else np.asarray(sample_weight)
        hits = weights @ (wanted & holds).sum(axis=1)
        of_both = weights @ (wanted.sum(axis=1) + holds.sum(axis=1))
        return float(2 * hits / of_both) if of_both else 0.0

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> Judgement:
        """Return calibrated probabilities and which labels hold; errors as of :meth:`outputs`."""
        texts = _listed(texts)
        outputs = self.outputs(texts)
        register = self._register(outputs[:, 0])
        probabilities = self.calibration(outputs[:, 1:], register)
        holds = self.rule.decide(probabilities, languages, self.languages, register)
        return Judgement(probabilities, holds).without_blank(texts)

    def spans(
        self, text: str, label_ids: Sequence[str], language: str | None = None
    ) -> dict[str, Span]:
        """Return for each label the character span of the text that speaks most for it."""
        if not label_ids:
            return {}
        columns = np.array([self.labels.index(label) for label in label_ids])
        (found,) = self._spans_of([text], [columns])
        return dict(zip(label_ids, found, strict=True))

    def evidence(self, texts: Sequence[str], holds: Flags) -> dict[tuple[int, int], Span]:
        """Return the deciding span of each label that holds, by row and column."""
        rows = np.flatnonzero(holds.any(axis=1))
        found: dict[tuple[int, int], Span] = {}
        with one_thread_for_blas():
            for some in _chunks([texts[row] for row in rows.tolist()]):
                here, rows = rows[: len(some)], rows[len(some) :]
                columns = [np.flatnonzero(holds[row]) for row in here]
                spans_of = self._spans_of(some, columns)
                for row, own, spans in zip(here.tolist(), columns, spans_of, strict=True):
                    found |= zip(product([row], own.tolist()), spans, strict=True)
        return found

    def save(self, folder: str | Path) -> None:
        """Write ``config.json`` and the weights; the folder is made where it is missing."""
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        write_weights(path, self._arrays())
        config = {key: value for key, value in self.config.items() if key not in ("name", "hash")}
        text = json.dumps(config, indent=1, ensure_ascii=False) + "\n"
        (path / CONFIG_FILE).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, config: dict[str, Any]) -> Self:
        """Open a model folder whose ``config.json`` has been read.

        Raises
        ------
        ModelError
            Where the weights are missing or damaged.
        """
        try:
            arrays = read_weights(folder)
            digest = weights_digest(arrays)
            tagger = cls._from_arrays(config, arrays, digest)
        except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
            raise ModelError(
                f"cannot read the weights in {folder}: {error}",
                f"{WEIGHTS_FILE} as commsense wrote it",
                "train or fetch the model again",
            ) from error
        if digest != config.get("weights_sha256"):
            raise ModelError(
                f"the weights in {folder} are not those that its {CONFIG_FILE} names",
                "both files of the same model",
                "train or fetch the model again",
            )
        return tagger

    @classmethod
    def _from_arrays(cls, config: dict[str, Any], arrays: dict[str, Any], digest: str) -> Self:
        settings = FeatureSettings.from_dict(config["features"])
        check_arrays(arrays, settings.bits)
        tagger = cls(
            labels=config["labels"],
            languages=config["languages"],
            penalty=config["penalty"],
            **settings.to_dict(),
        )
        tagger._features = Features(
            settings,
            Lexicon(config["lexicon"]),
            unpacked(arrays["concepts"]),
            buckets=arrays["buckets"],
            weights=arrays["ngram_weights"].astype(np.float32),
            concept_weights=arrays["concept_weights"].astype(np.float32),
            centre=arrays["measured_centre"],
            scale=arrays["measured_scale"],
        )
        coefficients = arrays["coefficients"].astype(np.float16, copy=False)
        features = len(arrays["buckets"]) + tagger._features.measured_count
        if coefficients.shape != (features, 1 + len(tagger.labels)):
            raise ValueError(f"weights of shape {coefficients.shape} fit no such model")
        tagger._coefficients = coefficients
        tagger._intercept, tagger._weights_digest = arrays["intercept"], digest
        tagger._network = Network.from_arrays(arrays)
        tagger.calibrate(
            Calibration.from_dict(config["calibration"]),
            DecisionRule.from_dict(config["decision"]),
            Register(**config["register"]),
        )
        built = set(tagger.config) - {"name"} | {"hash"}
        return tagger.describe(**{key: config[key] for key in config if key not in built})

    def _arrays(self) -> dict[str, npt.NDArray[Any]]:
        network = self._network.to_arrays() if self._network is not None else {}
        return network | {
            "buckets": self.features.buckets,
            "ngram_weights": self.features.weights.astype(np.float16),
            "concepts": packed(self.features.concepts),
            "concept_weights": self.features.concept_weights.astype(np.float16),
            "measured_centre": self.features.centre,
            "measured_scale": self.features.scale,
            "coefficients": self._fitted,
            "intercept": self._intercept,
        }

    def _outputs(self, texts: Sequence[str]) -> Floats:
        """Return the outputs of some texts, whose features are in memory together."""
        linear, reached = self._sums(self.features.read(texts))
        if self._network is None:
            return linear
        return linear + self._network.scores(reached)

    def _sums(self, seen: Reading) -> tuple[Floats, Floats]:
        """Return linear scores, (texts, 1 + labels), and what reaches units, (texts, units)."""
        features = self.features
        count, outputs = len(features.buckets), self._fitted.shape[1]
        units = self._network.units if self._network is not None else 0
        sums = np.zeros((len(seen.lengths), outputs + units), dtype=np.float32)
        for places, holds in seen.parts(_NGRAMS_AT_ONCE):
            sums += holds @ (self._weights(places) * features.weights[places, None])
        sums /= seen.lengths[:, None]
        sums += seen.measured @ self._weights(np.arange(count, len(self._fitted)))
        return sums[:, :outputs] + self._intercept, sums[:, outputs:]

    def _weights(self, features: npt.NDArray[np.integer[Any]]) -> Floats:
        """Return the weights of some features, to the outputs and to the network's units."""
        linear: Floats = self._fitted[features].astype(np.float32)
        if self._network is None:
            return linear
        return np.concatenate([linear, self._network.weights(features)], axis=1)

    def _spans_of(
        self, texts: Sequence[str], columns: Sequence[npt.NDArray[np.integer[Any]]]
    ) -> Iterator[list[Span]]:
        """Yield the deciding span of each text's labels, whose columns are given."""
        seen = self.features.read(texts)
        occurrences = Occurrences.of(seen, self.features)
        _, reached = self._sums(seen)
        on = self._network.on(reached) if self._network is not None else reached > 0
        for row, (text, own) in enumerate(zip(texts, columns, strict=True)):
            slopes = partial(self._slopes, on=on[row], columns=1 + own)
            laid = occurrences.laid(row, len(text), slopes)
            yield [deciding_span(text, weights) for weights in laid.T]

    def _slopes(
        self,
        features: npt.NDArray[np.integer[Any]],
        on: Flags,
        columns: npt.NDArray[np.integer[Any]],
    ) -> Floats:
        """Return how much each of some features adds to some outputs, shape (features, columns).

        Parameters
        ----------
        features, columns : array of int
        on : array of bool, shape (units,)
            Which of the network's units are on.
        """
        # Whole rows lie together: to take them and leave most is the faster way.
        weights: Floats = self._fitted[features][:, columns].astype(np.float32)
        if self._network is None:
            return weights
        return weights + self._network.slopes(features, on, columns)


def _listed(texts: Iterable[str]) -> list[str]:
    """Return texts as a list, be they in an array, a Series or a column.

    Raises
    ------
    UsageError
        Where they are one text, which would be read letter by letter, or something else than texts.
    """
    if isinstance(texts, str):
        raise UsageError("one text", "a list of texts", 'write it as ["…"]')
    listed = list(texts)
    for place, text in enumerate(listed):
        if not isinstance(text, str):
            raise UsageError(
                f"text {place} is a {type(text).__name__}", "a string", "leave missing texts out"
            )
    return listed


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Part texts so that each part has about the same number of characters."""
    begin, size = 0, 0
    for position, text in enumerate(texts):
        size += len(text)
        if size >= _CHUNK_CHARACTERS or position - begin + 1 == _CHUNK_TEXTS:
            yield texts[begin : position + 1]
            begin, size = position + 1, 0
    if begin < len(texts):
        yield texts[begin:]
