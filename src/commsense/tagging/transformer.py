"""The transformer kind: any Hugging Face encoder with one output a label (extra ``transformers``).

The folder is an ordinary Hugging Face model, so other programs can load it too; what commsense
adds stands in ``config.json`` under the key ``commsense``.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from commsense.errors import MissingExtraError, ModelError
from commsense.tagging.base import (
    CONFIG_FILE,
    Flags,
    Floats,
    Judgement,
    Span,
    common_config,
    config_hash,
)
from commsense.tagging.calibration import Calibration
from commsense.tagging.characters import MAX_CHARACTERS
from commsense.tagging.decision import DecisionRule
from commsense.tagging.evidence import deciding_span, pieces

WEIGHTS_FILE: Final = "model.safetensors"
MAX_TOKENS: Final = 256
"""Tokens of a text that are read: enough for nine of ten messages, at bearable cost."""

_BATCH = 32  # texts at a time; more does not speed a processor up
_PIECES = 24  # parts of a text that are left out in turn to find the evidence
_READ_AT_ONCE = 1 << 20  # bytes of a weights file
_COUNTED = ("layer", "expert")  # what an encoder's config names such numbers by


class TransformerTagger:
    """A Hugging Face sequence classifier as a tagger.

    Parameters
    ----------
    model, tokenizer
        A ``transformers`` model for multi-label sequence classification and its tokenizer.
    labels, languages : sequence of str
    calibration : Calibration
    rule : DecisionRule
    about : dict, optional
        What ``config.json`` shall say besides: corpora, figures, the base model.
    """

    def __init__(
        self,
        model: Any,  # noqa: ANN401  # transformers has no types
        tokenizer: Any,  # noqa: ANN401
        *,
        labels: Sequence[str],
        languages: Sequence[str],
        calibration: Calibration,
        rule: DecisionRule,
        about: dict[str, Any] | None = None,
    ) -> None:
        self.model = model.eval()
        self.tokenizer = tokenizer
        self.calibration = calibration
        self.rule = rule
        self._labels = tuple(labels)
        self._languages = tuple(languages)
        self._about = about or {}

    @property
    def labels(self) -> tuple[str, ...]:
        """Label ids, in the order of the outputs."""
        return self._labels

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages of the texts that it was fine-tuned on."""
        return self._languages

    @property
    def config(self) -> dict[str, Any]:
        """What ``config.json`` says under ``commsense``, with the model's name and hash."""
        config = {**common_config(self, "transformer"), **self._about}
        if "weights_sha256" not in config:  # all weights are hashed for it
            config["weights_sha256"] = _tensor_digest(self.model)
        return {"name": "unnamed", **config, "hash": config_hash(config)}

    def logits(self, texts: Sequence[str], done: Callable[[int], None] | None = None) -> Floats:
        """Return the model's raw outputs, shape (texts, labels).

        Parameters
        ----------
        texts : sequence of str
        done : callable, optional
            Told after each batch how many texts are done.
        """
        torch = import_torch()
        found = np.zeros((len(texts), len(self.labels)), dtype=np.float32)
        # Texts of like length share a batch, so that little is spent on padding.
        order = np.argsort([len(text) for text in texts], kind="stable")
        for start in range(0, len(texts), _BATCH):
            rows = order[start : start + _BATCH]
            encoded = self.tokenizer(
                [texts[row][:MAX_CHARACTERS] for row in rows],
                truncation=True,
                max_length=MAX_TOKENS,
                padding=True,
                return_tensors="pt",
            ).to(self.model.device)
            with torch.inference_mode():
                found[rows] = self.model(**encoded).logits.float().cpu().numpy()
            if done is not None:
                done(min(start + _BATCH, len(texts)))
        return found

    def predict(self, texts: Sequence[str]) -> Floats:
        """Return calibrated probabilities, shape (texts, labels); zero for empty texts."""
        return self.judge(texts).probabilities

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> Judgement:
        """Return calibrated probabilities and which labels hold."""
        probabilities = self.calibration(self.logits(texts))
        holds = self.rule.decide(probabilities, languages, self.languages)
        return Judgement(probabilities, holds).without_blank(texts)

    def spans(
        self, text: str, label_ids: Sequence[str], language: str | None = None
    ) -> dict[str, Span]:
        """Return for each label the span whose removal lowers its score most for its length."""
        if not label_ids:
            return {}
        columns = [self.labels.index(label) for label in label_ids]
        parts = pieces(text, _PIECES)
        logits = self.logits([text, *(text[:start] + text[end:] for start, end in parts)])
        falls = logits[0, columns] - logits[1:, columns]
        weights = np.zeros((len(text), len(columns)), dtype=np.float32)
        for (start, end), fall in zip(parts, falls, strict=True):
            weights[start:end] = fall / (end - start)
        return {
            label: deciding_span(text, weights[:, column]) for column, label in enumerate(label_ids)
        }

    def evidence(self, texts: Sequence[str], holds: Flags) -> dict[tuple[int, int], Span]:
        """Return the deciding span of each label that holds, by row and column."""
        column_of = {label: column for column, label in enumerate(self.labels)}
        return {
            (row, column_of[label]): span
            for row in np.flatnonzero(holds.any(axis=1)).tolist()
            for label, span in self.spans(
                texts[row], [self.labels[column] for column in np.flatnonzero(holds[row])]
            ).items()
        }

    def describe(self, **about: object) -> Self:
        """Add what ``config.json`` shall say of the model: corpora, figures, and the like."""
        self._about |= about
        return self

    def save(self, folder: str | Path) -> None:
        """Write the folder with ``save_pretrained``, then what commsense adds to it."""
        path = Path(folder)
        with quiet_transformers():
            self.model.save_pretrained(path, safe_serialization=True)
            written = [Path(name).name for name in self.tokenizer.save_pretrained(path)]
        # Not each file that is told of is written: it depends on the sort of tokenizer.
        files = sorted({name for name in written if (path / name).is_file()})
        self._about["tokenizer_files"] = {name: _file_digest(path / name) for name in files}
        self._about["weights_sha256"] = _file_digest(path / WEIGHTS_FILE)
        own = {key: value for key, value in self.config.items() if key not in ("name", "hash")}
        config = json.loads((path / CONFIG_FILE).read_text(encoding="utf-8"))
        text = json.dumps({**config, "commsense": own}, indent=1, ensure_ascii=False) + "\n"
        (path / CONFIG_FILE).write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, config: dict[str, Any]) -> Self:
        """Open a model folder whose ``config.json`` has been read.

        Raises
        ------
        ModelError
            Where the weights or the tokenizer are missing or damaged.
        MissingExtraError
            Where torch or transformers is not installed.
        """
        import_transformers()  # that it is missing is told first
        _check_files(folder, config)
        try:
            with quiet_transformers():
                model, tokenizer = _opened(folder, len(config["labels"]))
        except ModelError:
            raise
        # What transformers, tokenizers and safetensors raise of damaged files is of no one kind.
        except Exception as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise _unreadable(folder, reason) from error
        built = {"format", "kind", "labels", "languages", "taxonomy_version", "hash"}
        built |= {"calibration", "decision"}
        return cls(
            model,
            tokenizer,
            labels=config["labels"],
            languages=config["languages"],
            calibration=Calibration.from_dict(config["calibration"]),
            rule=DecisionRule.from_dict(config["decision"]),
            about={key: value for key, value in config.items() if key not in built},
        )


def import_transformers() -> Any:  # noqa: ANN401  # a module without types
    """Return the module ``transformers``.

    Raises
    ------
    MissingExtraError
        Where it, or torch, is not installed.
    """
    import_torch()
    try:
        import transformers
    except ImportError:
        raise MissingExtraError("a transformer model", "transformers") from None
    return transformers


def import_torch() -> Any:  # noqa: ANN401  # a module without types
    """Return the module ``torch``.

    Raises
    ------
    MissingExtraError
        Where it is not installed.
    """
    try:
        import torch
    except ImportError:
        raise MissingExtraError("a neural network", "transformers") from None
    return torch


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keep transformers from reporting what it loads; its bars would cross our own progress."""
    told = import_transformers().logging
    level, bars = told.get_verbosity(), told.is_progress_bar_enabled()
    told.set_verbosity_error()
    told.disable_progress_bar()
    try:
        yield
    finally:
        told.set_verbosity(level)
        if bars:
            told.enable_progress_bar()


def _check_files(folder: Path, config: Mapping[str, Any]) -> None:
    """Refuse a folder whose files are missing or not those that its config names."""
    if not config["tokenizer_files"]:
        raise _unreadable(folder, f"{CONFIG_FILE} names no file of a tokenizer")
    named = {**config["tokenizer_files"], WEIGHTS_FILE: config["weights_sha256"]}
    for name, digest in named.items():
        if Path(name).name != name:
            raise _unreadable(folder, f"{name!r} is no name of a file in the folder")
        try:
            found = _file_digest(folder / name)
        except (OSError, ValueError) as error:
            raise _unreadable(folder, f"{name!r} cannot be read: {error}") from error
        if found != digest:
            raise _unreadable(folder, f"{name} is not the one that {CONFIG_FILE} names")


def _opened(folder: Path, labels: int) -> tuple[Any, Any]:
    """Return model and tokenizer of a folder whose files are those that it names."""
    transformers = import_transformers()
    local = {"local_files_only": True, "trust_remote_code": False}
    described = transformers.AutoConfig.from_pretrained(folder, **local)
    _check_sizes(folder, described, labels)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        folder, config=described, **local
    )
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder, **local)
    return model, tokenizer


def _check_sizes(folder: Path, described: Any, labels: int) -> None:  # noqa: ANN401
    """Refuse a model that is not the size of its weights, before it takes time and memory."""
    torch, transformers = import_torch(), import_transformers()
    shapes = _stored_shapes(folder / WEIGHTS_FILE)
    if described.num_labels != labels:
        raise _unreadable(folder, f"it has {described.num_labels} outputs and {labels} labels")
    # Each layer has weights. Without memory, too, thousands of them take minutes to build.
    if (most := max(_counts(described.to_dict()), default=0)) > len(shapes):
        raise _unreadable(folder, f"{most} layers cannot be made of {len(shapes)} weights")
    with torch.device("meta"):
        model = transformers.AutoModelForSequenceClassification.from_config(
            described, trust_remote_code=False
        )
    for name, expected in model.state_dict().items():
        found = shapes.get(name, tuple(expected.shape))
        if found != tuple(expected.shape):
            raise _unreadable(
                folder, f"{name} has the shape {found}, by {CONFIG_FILE} {tuple(expected.shape)}"
            )
    count, stored = (
        sum(one.numel() for one in model.parameters()),
        sum(map(math.prod, shapes.values())),
    )
    if count > stored:
        raise _unreadable(folder, f"{WEIGHTS_FILE} has {stored} numbers, the model {count}")


def _stored_shapes(path: Path) -> dict[str, tuple[int, ...]]:
    """Return the shape of each weight of a file, whose numbers are not read."""
    from safetensors import safe_open

    with safe_open(path, framework="np") as file:
        return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118  # no mapping


def _counts(described: Mapping[str, Any]) -> Iterator[int]:
    """Yield how many layers, and experts of layers, an encoder's config tells of."""
    for name, value in described.items():
        if isinstance(value, dict):
            yield from _counts(value)
        elif isinstance(value, int) and any(part in name for part in _COUNTED):
            yield value


def _unreadable(folder: Path, reason: str) -> ModelError:
    return ModelError(
        f"cannot read the transformer in {folder}: {reason}",
        "a folder that commsense wrote",
        "train or fetch the model again",
    )


def _file_digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ_AT_ONCE):
            digest.update(block)
    return digest.hexdigest()


def _tensor_digest(model: Any) -> str:  # noqa: ANN401
    """Return the hash of weights that have not been saved yet."""
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        values: npt.NDArray[Any] = tensor.detach().cpu().numpy()
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()
