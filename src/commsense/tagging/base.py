"""What every kind of model can do, and how a model folder is found and opened.

A model is a folder: ``config.json`` (kind, labels, languages, calibration, decision rule, figures),
weights that are plain arrays, and a card, ``README.md``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

from commsense.errors import ModelError, UsageError
from commsense.tagging.calibration import Calibration
from commsense.tagging.decision import DecisionRule
from commsense.tagging.modelconfig import unsound
from commsense.taxonomy import Taxonomy, load_taxonomy

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model says of texts.

    Attributes
    ----------
    probabilities : array of float32, shape (texts, labels)
        Calibrated; zero for empty texts.
    holds : array of bool, shape (texts, labels)
        Which labels hold; none where a text's language is given and is none that the model was
        trained on: the probabilities are guesses then. A language that could not be told (``und``)
        is judged by the price for all languages.
    """

    probabilities: Floats
    holds: Flags

    def without_blank(self, texts: Sequence[str]) -> Judgement:
        """Return the same where texts say anything; of the others nothing is likely or holds."""
        blank = np.array([not text.strip() for text in texts], dtype=bool)
        return Judgement(
            np.where(blank[:, None], np.float32(0), self.probabilities),
            self.holds & ~blank[:, None],
        )


DEFAULT_MODEL: Final = "linear-v1"
CONFIG_FILE: Final = "config.json"
FORMAT: Final = 5

_REQUIRED = ("format", "kind", "labels", "languages", "taxonomy_version")
_MOST_BYTES: Final = 1 << 26  # of a config; the shipped one has half a million


class Tagger(Protocol):
    """A model that tells which labels hold for a text."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Label ids, the columns of every array."""
        ...

    @property
    def languages(self) -> tuple[str, ...]:
        """BCP 47 tags of the languages it was trained on."""
        ...

    @property
    def calibration(self) -> Calibration:
        """The curves from scores to probabilities."""
        ...

    @property
    def rule(self) -> DecisionRule:
        """What decides which labels hold."""
        ...

    def __hash__(self) -> int:
        """Tell one model object from another."""
        ...

    @property
    def config(self) -> dict[str, Any]:
        """What ``config.json`` says, with ``name`` and ``hash``."""
        ...

    def predict(self, texts: Sequence[str]) -> Floats:
        """Return calibrated probabilities, shape (texts, labels)."""
        ...

    def judge(self, texts: Sequence[str], languages: Sequence[str] | None = None) -> Judgement:
        """Return calibrated probabilities and which labels hold."""
        ...

    def spans(
        self, text: str, label_ids: Sequence[str], language: str | None = None
    ) -> dict[str, Span]:
        """Return for each label the character span of the text that speaks most for it."""
        ...

    def evidence(self, texts: Sequence[str], holds: Flags) -> dict[tuple[int, int], Span]:
        """Return the deciding span of each label that holds, by row and column."""
        ...

    def save(self, folder: str | Path) -> None:
        """Write the model folder."""
        ...


def load_tagger(name_or_path: str | Path = "default") -> Tagger:
    """Load a model.

    Parameters
    ----------
    name_or_path : str or Path
        ``"default"``, the name of a shipped model, or a model folder.

    Raises
    ------
    ModelError
        Where there is no such model, or the folder is damaged, of another program or made for
        another taxonomy.
    MissingExtraError
        Where the model's kind needs packages that are not installed.
    """
    folder = find_model(name_or_path)
    config = read_config(folder)
    match config["kind"]:
        case "linear":
            from commsense.tagging.linear import LinearTagger

            return LinearTagger.load(folder, config)
        case "transformer":
            from commsense.tagging.transformer import TransformerTagger

            return TransformerTagger.load(folder, config)
        case kind:
            raise ModelError(
                f"{folder} holds a model of kind {kind!r}",
                "kind 'linear' or 'transformer'",
                "load it with the version of commsense that wrote it",
            )


def loaded_tagger(name_or_path: str | Path) -> Tagger:
    """Return a model that is loaded once a process; see :func:`load_tagger`."""
    folder = find_model(name_or_path).resolve()
    config = folder / CONFIG_FILE
    return _loaded(folder, config.stat().st_mtime_ns if config.exists() else 0)


@lru_cache(maxsize=1)
def _loaded(folder: Path, changed: int) -> Tagger:
    """Load a model, anew where its config was changed."""
    return load_tagger(folder)


def find_model(name_or_path: str | Path) -> Path:
    """Return the folder of a model.

    Raises
    ------
    ModelError
        Where there is none.
    """
    name = DEFAULT_MODEL if name_or_path == "default" else name_or_path
    candidates = [Path(name)] if name_or_path != "default" else []
    candidates += [root / name for root in _shipped_roots()]
    for candidate in candidates:
        if candidate.is_dir():
            return candidate
    raise ModelError(
        f"there is no model {str(name_or_path)!r}",
        f"a model folder or one of: {', '.join(['default', *shipped_models()])}",
        "check the path, or train one with: commsense train",
    )


def shipped_models() -> list[str]:
    """Return the names of the models that come with commsense."""
    roots = [root for root in _shipped_roots() if root.is_dir()]
    return sorted({path.parent.name for root in roots for path in root.glob(f"*/{CONFIG_FILE}")})


def _shipped_roots() -> list[Path]:
    """Return where shipped models lie: in the installed package, or in a source checkout."""
    package = Path(str(files("commsense")))
    return [package / "models", package.parent.parent / "models"]


def read_config(folder: Path) -> dict[str, Any]:
    """Read a model's ``config.json`` and add the model's name and hash.

    Raises
    ------
    ModelError
        Where it is missing, damaged, of another program or made for another taxonomy.
    """
    path = folder / CONFIG_FILE
    try:
        if (size := path.stat().st_size) > _MOST_BYTES:
            raise ValueError(f"it has {size} bytes, expected at most {_MOST_BYTES}")
        config = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ModelError(
            f"{path} is nested too deeply", "a model folder", "train or fetch it again"
        ) from error
    except (OSError, ValueError) as error:
        raise ModelError(
            f"cannot read {path}: {error}", "a model folder", "train or fetch it again"
        ) from error
    # A Hugging Face model keeps ours under a key of its own, beside what `transformers` reads.
    config = config.get("commsense", config) if isinstance(config, dict) else {}
    config = config if isinstance(config, dict) else {}
    missing = [key for key in _REQUIRED if key not in config]
    if missing:
        raise ModelError(
            f"{path} lacks {', '.join(missing)}",
            "a model folder that commsense wrote",
            "fine-tune other models first: commsense train CORPUS --base FOLDER --out NEW",
        )
    _check(config, folder)
    return {**config, "name": folder.resolve().name, "hash": config_hash(config)}


def taxonomy_of(config: Mapping[str, Any]) -> Taxonomy:
    """Return the taxonomy with the labels that a model's user added to it.

    Parameters
    ----------
    config : mapping
        A model's config, or a dataset's manifest.
    """
    return load_taxonomy().with_labels(config.get("own_labels", []))


def common_config(tagger: Tagger, kind: str) -> dict[str, Any]:
    """Return what the ``config.json`` of every kind says."""
    return {
        "format": FORMAT,
        "kind": kind,
        "labels": list(tagger.labels),
        "languages": list(tagger.languages),
        "taxonomy_version": load_taxonomy().version,
        "calibration": tagger.calibration.to_dict(),
        "decision": tagger.rule.to_dict(),
    }


def config_hash(config: dict[str, Any]) -> str:
    """Return the hash that tells one model from another: of all that its config says.

    The digest of the weights is a part of the config, so that it stands for the whole model.
    """
    told = {key: value for key, value in config.items() if key not in ("name", "hash", "metrics")}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _check(config: dict[str, Any], folder: Path) -> None:
    if config["format"] != FORMAT:
        raise ModelError(
            f"{folder} has model format {config['format']!r}",
            f"format {FORMAT}",
            "load it with the version of commsense that wrote it",
        )
    if (wrong := unsound(config)) is not None:
        raise ModelError(
            f"{folder / CONFIG_FILE} {wrong[0]}", wrong[1], "train or fetch the model again"
        )
    taxonomy = load_taxonomy()
    foreign = set(config["labels"]) - set(taxonomy.text_ids) - set(_own_ids(config))
    if foreign or _major(config["taxonomy_version"]) != _major(taxonomy.version):
        named = f" and labels that are not in it: {', '.join(sorted(foreign))}" if foreign else ""
        raise ModelError(
            f"{folder} was made for taxonomy {config['taxonomy_version']}{named}",
            f"taxonomy {taxonomy.version}",
            "train it again with this version of commsense",
        )
    try:
        taxonomy_of(config)
    except UsageError as error:
        raise ModelError(
            f"{folder / CONFIG_FILE} has own_labels that are none: {error.got}",
            error.expected,
            "train or fetch the model again",
        ) from error


def _own_ids(config: Mapping[str, Any]) -> list[str]:
    return [str(entry["id"]) for entry in config.get("own_labels", [])]


def _major(version: object) -> str:
    return str(version).partition(".")[0]
