"""What the ``config.json`` of a model must say, checked before anything is built from it.

A model folder comes from somewhere. What a damaged or hostile one says is told in one place, with
what was expected, rather than by whatever would have worked with it.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

Check = Callable[[object], bool]
"""Tells whether a value is sound."""

_LARGEST: Final = float(np.finfo(np.float32).max)  # as such numbers are kept
_MOST_BITS: Final = 26  # a table of so many places has 256 MB; the shipped model has 21
_LONGEST_NGRAM: Final = 16
_MISSING: Final = object()
_OPTIONAL: Final = frozenset({"own_labels"})


def unsound(config: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return what is wrong with a config and what was expected; nothing where it is sound.

    Parameters
    ----------
    config : mapping
        What commsense writes into ``config.json``.
    """
    labels = config["labels"]
    rules = _of_every_kind(len(labels) if isinstance(labels, list) else 0)
    if config["kind"] == "linear":
        rules |= _of_linear()
    elif config["kind"] == "transformer":
        rules |= {"tokenizer_files": (_mapping_of(_is_text), "the digest of each tokenizer file")}
    for path, (check, expected) in rules.items():
        value = _at(config, path)
        if value is _MISSING and path not in _OPTIONAL:
            return f"lacks {path}", expected
        if value is not _MISSING and not check(value):
            return f"has the {path} {reprlib.repr(value)}", expected
    return None


def _of_every_kind(labels: int) -> dict[str, tuple[Check, str]]:
    """Return what to check, by path, for a model with so many labels."""
    curve = (_numbers(labels), f"{labels} finite numbers, one a label")
    number = (_is_number, "a finite number")
    return {
        "labels": (_are_labels, "a list of different label ids"),
        "languages": (_list_of(_is_text), "a list of languages"),
        "taxonomy_version": (_is_text, "a text"),
        "own_labels": (_list_of(_is_own_label), "a list of labels with ids and plain values"),
        "calibration.slope": curve,
        "calibration.shift": curve,
        "calibration.offset": curve,
        "decision.floors": curve,
        "decision.quiet_weights": curve,
        "decision.quiet_register": number,
        "decision.quiet_offset": number,
        "decision.price": number,
        "decision.prices": (_mapping_of(_is_number), "a finite number for each of some languages"),
        "decision.alone": (_list_of(_whole(0, labels - 1)), "a list of the places of labels"),
        "weights_sha256": (_is_text, "a text"),
    }


def _of_linear() -> dict[str, tuple[Check, str]]:
    number = (_is_number, "a finite number")
    lengths = (_list_of(_whole(1, _LONGEST_NGRAM)), f"lengths from 1 to {_LONGEST_NGRAM}")
    return {
        "features.bits": (_whole(1, _MOST_BITS), f"a whole number from 1 to {_MOST_BITS}"),
        "features.chars": lengths,
        "features.words": lengths,
        "features.measured_weight": number,
        "features.lexicon_weight": number,
        "features.concept_weight": number,
        "lexicon": (_mapping_of(_list_of(_is_text)), "named lists of phrases"),
        "penalty": number,
        "hidden_units": (_whole(0, _LARGEST), "a whole number, 0 or more"),
        "register.slope": number,
        "register.offset": number,
    }


def _at(config: object, path: str) -> object:
    for key in path.split("."):
        if not isinstance(config, dict) or key not in config:
            return _MISSING
        config = config[key]
    return config


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and -_LARGEST <= value <= _LARGEST
    )


def _whole(least: int, most: float) -> Check:
    return lambda value: type(value) is int and least <= value <= most


def _numbers(count: int) -> Check:
    is_list = _list_of(_is_number)
    return lambda value: isinstance(value, list) and len(value) == count and is_list(value)


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _mapping_of(check: Check) -> Check:
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def _are_labels(value: object) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(label, str) and label.isidentifier() for label in value)
        and 0 < len(value) == len(set(value))
    )


def _is_own_label(value: object) -> bool:
    return (
        isinstance(value, dict)
        and _is_text(value.get("id"))
        and not any(isinstance(told, list | dict) for told in value.values())
    )
