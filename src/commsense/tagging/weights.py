"""The weights of a linear model as a file: plain arrays, checked before they fill the memory."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from commsense.tagging.lexicon import Lexicon

Arrays = dict[str, npt.NDArray[Any]]

WEIGHTS_FILE: Final = "weights.npz"

_MOST_BYTES: Final = 1 << 30  # unpacked; the shipped model has some forty million


def write_weights(folder: Path, arrays: Arrays) -> None:
    """Write arrays into a model folder."""
    np.savez_compressed(folder / WEIGHTS_FILE, allow_pickle=False, **arrays)


def read_weights(folder: Path) -> Arrays:
    """Read the arrays of a model folder.

    Raises
    ------
    OSError, ValueError, zipfile.BadZipFile
        Where they are missing or damaged, or would be larger than any model of this kind.
    """
    path = folder / WEIGHTS_FILE
    with zipfile.ZipFile(path) as archive:
        size = sum(member.file_size for member in archive.infolist())
    if size > _MOST_BYTES:
        raise ValueError(f"{size} bytes unpacked, expected at most {_MOST_BYTES}")
    with np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def weights_digest(arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """Return the hash of arrays as they are saved."""
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def packed(concepts: Lexicon) -> npt.NDArray[np.uint8]:
    """Return lists of words as they are saved: the bytes of their JSON."""
    text = json.dumps({name: list(of) for name, of in concepts.lists.items()}, ensure_ascii=False)
    return np.frombuffer(text.encode(), dtype=np.uint8)


def unpacked(stored: npt.NDArray[np.uint8]) -> Lexicon:
    """Rebuild what :func:`packed` gave.

    Raises
    ------
    ValueError
        Where it is no mapping of names to lists of words.
    """
    lists = json.loads(stored.tobytes())
    sound = isinstance(lists, dict) and all(
        isinstance(of, list) and all(isinstance(word, str) for word in of) for of in lists.values()
    )
    if not sound:
        raise ValueError("the lists of words are damaged")
    return Lexicon(lists, stems=True)
