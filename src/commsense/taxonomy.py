"""The relationship labels, read from ``taxonomy.toml`` and extended by a user's own file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from commsense.errors import UsageError

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}\Z")


class Kind(StrEnum):
    """What a label speaks of."""

    TRAIT = "trait"
    LIFECYCLE = "lifecycle"
    GESTURE = "gesture"


class Polarity(StrEnum):
    """Whether a label speaks for or against the relationship."""

    STRENGTH = "strength"
    RISK = "risk"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class Label:
    """One label of the taxonomy.

    Attributes
    ----------
    id : str
        Stable snake_case id, used in files, columns and the API.
    name : str
        English display name.
    kind : Kind
    polarity : Polarity
    rule : str
        When the label holds, in one sentence.
    dimension : str or None
        One of the nine dimensions; None for lifecycle cues and gestures.
    from_text : bool
        False where a classifier of single texts cannot decide it.
    channel : str or None
        ``"call"`` or ``"email"`` where the label exists on that channel alone.
    """

    id: str
    name: str
    kind: Kind
    polarity: Polarity
    rule: str
    dimension: str | None = None
    from_text: bool = True
    channel: str | None = None


@dataclass(frozen=True)
class Taxonomy:
    """An ordered set of labels and the dimensions they belong to.

    Attributes
    ----------
    version : str
    dimensions : dict of str to str
        Dimension id to display name, in reporting order.
    labels : tuple of Label
    """

    version: str
    dimensions: dict[str, str]
    labels: tuple[Label, ...]

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def __contains__(self, label_id: object) -> bool:
        return label_id in self._by_id

    def __getitem__(self, label_id: str) -> Label:
        try:
            return self._by_id[label_id]
        except KeyError:
            raise UsageError(
                f"unknown label {label_id!r}",
                "a label id of the taxonomy",
                "check the spelling, or define it in a taxonomy file of your own",
            ) from None

    @cached_property
    def _by_id(self) -> dict[str, Label]:
        return {label.id: label for label in self.labels}

    @property
    def ids(self) -> tuple[str, ...]:
        """All label ids, in the taxonomy's order."""
        return tuple(label.id for label in self.labels)

    @property
    def text_ids(self) -> tuple[str, ...]:
        """The ids of the labels that can be read off a single text."""
        return tuple(label.id for label in self.labels if label.from_text)

    def select(
        self,
        *,
        kind: Kind | None = None,
        polarity: Polarity | None = None,
        dimension: str | None = None,
    ) -> tuple[Label, ...]:
        """Return the labels that match every given property."""
        return tuple(
            label
            for label in self.labels
            if (kind is None or label.kind == kind)
            and (polarity is None or label.polarity == polarity)
            and (dimension is None or label.dimension == dimension)
        )

    def extended(self, path: str | Path) -> Taxonomy:
        """Return this taxonomy with the labels of a user's TOML file added.

        Parameters
        ----------
        path : str or Path
            A file with ``[[labels]]`` tables as in ``taxonomy.toml`` and, for new dimensions,
            a ``[dimensions]`` table.

        Raises
        ------
        UsageError
            Where the file cannot be read, or a label is malformed or already known: labels are
            added, never replaced.
        """
        data = _load_user_file(Path(path))
        dimensions = self.dimensions | _own_dimensions(data.get("dimensions", {}), path)
        known = [entry["id"] for entry in data.get("labels", []) if entry.get("id") in self]
        if known:
            raise UsageError(
                f"{path} defines labels that exist already: {', '.join(known)}",
                "new label ids; the built-in list never shrinks",
                "rename them",
            )
        return Taxonomy(self.version, dimensions, self.labels).with_labels(data.get("labels", []))

    def with_labels(self, entries: Iterable[Mapping[str, Any]]) -> Taxonomy:
        """Return this taxonomy with labels added; those that it has already stay as they are.

        Parameters
        ----------
        entries : iterable of mappings
            At least ``id``; the attributes of :class:`Label` as plain values. Without more, a label
            is a neutral trait that is named after its id. ``dimension_name`` adds the label's
            dimension where there is none of this id.

        Raises
        ------
        UsageError
            Where an entry is malformed.
        """
        new = [entry for entry in entries if entry.get("id") not in self]
        named = {
            entry["dimension"]: entry["dimension_name"]
            for entry in new
            if {"dimension", "dimension_name"} <= entry.keys()
        }
        # What is known keeps its name and its place in the reports.
        dimensions = self.dimensions | named | self.dimensions
        added = [_label(entry, dimensions) for entry in new]
        return Taxonomy(self.version, dimensions, (*self.labels, *added))

    def entries(self) -> list[dict[str, Any]]:
        """Return the labels as plain values, from which :meth:`with_labels` rebuilds them."""
        return [self.entry(label_id) for label_id in self.ids]

    def entry(self, label_id: str) -> dict[str, Any]:
        """Return one label as plain values, with the name of its dimension."""
        label = self[label_id]
        if label.dimension is None:
            return asdict(label)
        return {**asdict(label), "dimension_name": self.dimensions[label.dimension]}


def _load_user_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            f"cannot read the taxonomy file {path}: {error}",
            "a TOML file with [[labels]] tables",
            "check the path and the syntax",
        ) from error


def _own_dimensions(found: object, path: str | Path) -> dict[str, str]:
    if not isinstance(found, dict) or not all(
        _ID.match(key) and isinstance(name, str) for key, name in found.items()
    ):
        raise UsageError(
            f"[dimensions] of {path} is {found!r}",
            "a snake_case id and a name in quotes on each line",
            'write for instance: safety = "Safety"',
        )
    return found


def _label(entry: Mapping[str, Any], dimensions: Mapping[str, str]) -> Label:
    label_id = str(entry.get("id", ""))
    if not _ID.match(label_id):
        raise UsageError(
            f"label id {label_id!r}", "snake_case of at most 64 letters", "rename the label"
        )
    dimension = entry.get("dimension")
    if dimension is not None and dimension not in dimensions:
        raise UsageError(
            f"label {label_id!r} names the unknown dimension {dimension!r}",
            "one of " + ", ".join(dimensions),
            "correct it, or add it to your taxonomy file: under [dimensions], the line "
            f'{dimension} = "Its name"',
        )
    try:
        kind = Kind(entry.get("kind", Kind.TRAIT))
        polarity = Polarity(entry.get("polarity", Polarity.NEUTRAL))
    except ValueError as error:
        raise UsageError(
            f"label {label_id!r}: {error}", "kind and polarity as documented"
        ) from None
    return Label(
        id=label_id,
        name=str(entry.get("name") or label_id.replace("_", " ").capitalize()),
        kind=kind,
        polarity=polarity,
        rule=str(entry.get("rule", "")),
        dimension=dimension,
        from_text=bool(entry.get("from_text", True)),
        channel=entry.get("channel"),
    )


@lru_cache(maxsize=1)
def load_taxonomy() -> Taxonomy:
    """Return the built-in taxonomy."""
    text = files("commsense").joinpath("taxonomy.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    dimensions = dict(data["dimensions"])
    labels = tuple(_label(entry, dimensions) for entry in data["labels"])
    return Taxonomy(str(data["version"]), dimensions, labels)
