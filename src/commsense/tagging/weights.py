"""The weights of a linear model as a file: plain arrays, checked before they fill the memory."""

from __future__ import annotations

import hashlib
import json
import math
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

import numpy as np
import numpy.typing as npt

from commsense.tagging import structure
from commsense.tagging.lexicon import Lexicon

Arrays = dict[str, npt.NDArray[Any]]

WEIGHTS_FILE: Final = "weights.npz"

_MOST_BYTES: Final = 1 << 30  # unpacked; the shipped model has some forty million
_FIRST_VERSION: Final = (1, 0)  # of the format of arrays; later ones have longer headers


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
    try:
        _check_members(path)
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (EOFError, MemoryError, RuntimeError, zlib.error) as error:
        raise ValueError(f"{WEIGHTS_FILE} is damaged: {error}") from error


def check_arrays(arrays: Arrays, bits: int) -> None:
    """Refuse arrays that do not fit together.

    Parameters
    ----------
    arrays : mapping of str to array
        As :func:`read_weights` gives them.
    bits : int
        Buckets lie below ``2**bits``.

    Raises
    ------
    ValueError, KeyError
        Where one is missing or of another type or shape.
    """
    buckets, outputs = arrays["buckets"], arrays["intercept"].size
    form = (len(structure.NAMES),)
    expected: dict[str, tuple[type[np.generic], tuple[int, ...]]] = {
        "buckets": (np.integer, (buckets.size,)),
        "ngram_weights": (np.floating, (buckets.size,)),
        "concepts": (np.uint8, (arrays["concepts"].size,)),
        "concept_weights": (np.floating, (arrays["concept_weights"].size,)),
        "measured_centre": (np.floating, form),
        "measured_scale": (np.floating, form),
        "coefficients": (np.floating, (arrays["coefficients"].size // max(outputs, 1), outputs)),
        "intercept": (np.floating, (outputs,)),
    }
    if "network_rows" in arrays:  # a network has these besides others, which it checks itself
        expected |= {
            "network_rows": (np.integer, (len(arrays["coefficients"]),)),
            "network_offset": (np.floating, (outputs,)),
        }
    for name, (kind, shape) in expected.items():
        found = arrays[name]
        if not np.issubdtype(found.dtype, kind) or found.shape != shape:
            raise ValueError(
                f"{name} of {found.dtype} and shape {found.shape}, "
                f"expected {kind.__name__} of shape {shape}"
            )
    if buckets.size and not 0 <= int(buckets.min()) <= int(buckets.max()) < 1 << bits:
        raise ValueError(f"buckets outside the {1 << bits} that there are")


def _check_members(path: Path) -> None:
    """Refuse an archive whose arrays would take more memory than the archive can fill."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        size = sum(member.file_size for member in members)
        if size > _MOST_BYTES:
            raise ValueError(f"{size} bytes unpacked, expected at most {_MOST_BYTES}")
        for member in members:
            if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
                raise ValueError(f"{member.filename} is packed as none that commsense writes")
            with archive.open(member) as file:
                told = _told_size(file)
            if told != member.file_size:
                raise ValueError(
                    f"{member.filename} tells of {told} bytes and has {member.file_size}"
                )


def _told_size(file: IO[bytes]) -> int:
    """Return how large an array is by its header, by which memory is taken for it."""
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_2_0
    if version == _FIRST_VERSION:
        read = np.lib.format.read_array_header_1_0
    shape, _, dtype = read(file)
    if dtype.hasobject:
        raise ValueError("an array of objects, which would be unpickled")
    return math.prod(shape) * dtype.itemsize + file.tell()


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
