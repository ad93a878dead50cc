"""What a model keeps of its corpus and its figures, and what is held out together."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from commsense.training.corpus import corpus_hash
from commsense.training.evaluate import Evaluation

_FOLDS = 5  # of a corpus that names no parts
_DECIMALS: Final = 4


def held_out_parts(corpus: pd.DataFrame) -> npt.NDArray[np.object_]:
    """Return what is held out together: the corpus's parts, or folds where it has only one."""
    parts = corpus["part"].to_numpy(dtype=object)
    if len(set(parts)) > 1:
        return parts
    return np.array([f"fold {row % _FOLDS + 1}" for row in range(len(corpus))], dtype=object)


def families_of(corpus: pd.DataFrame) -> list[str]:
    """Return what kind of text each is; of a part that is in no list, the part.

    One family alone would leave nothing to share, so none is returned then.
    """
    known = {name: entry["family"] for name, entry in public_sources().items()}
    families = [known.get(part, part) for part in corpus["part"]]
    return families if len(set(families)) > 1 else []


@cache
def public_sources() -> dict[str, dict[str, str]]:
    """Return what is known of public corpora: ``name``, ``licence`` and ``family`` of each."""
    text = files("commsense.training").joinpath("sources.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def describe(corpus: pd.DataFrame) -> dict[str, Any]:
    """Return what a model's config says of its training texts."""
    sources = corpus.groupby(["lang", "kind", "source"], as_index=False).size()
    return {
        "texts": len(corpus),
        "parts": corpus["part"].nunique(),
        "corpus_sha256": corpus_hash(corpus),
        "sources": [
            {"lang": lang, "kind": kind, "source": source, "texts": int(count)}
            for lang, kind, source, count in sources.itertuples(index=False)
        ],
    }


def held_out_metrics(found: Evaluation) -> dict[str, Any]:
    """Return the figures of an evaluation that a model's config keeps, rounded."""
    whole = found.to_dict()
    kept = {
        name: {key: rounded(one) for key, one in groups.items()}
        for name, groups in whole["groups"].items()
        if name != "languages"
    }
    for one in kept["sources"].values():
        del one["labels"]
    return kept


def rounded(value: Any) -> Any:  # noqa: ANN401  # any JSON value
    """Return a value with every float in it rounded to four decimals."""
    match value:
        case float():
            return round(value, _DECIMALS)
        case dict():
            return {key: rounded(one) for key, one in value.items()}
        case list() | tuple():
            return [rounded(one) for one in value]
        case _:
            return value
