"""What the user tells about each client: who belongs to it, and what matters in it.

A clients file is TOML::

    [[clients]]
    client = "acme.example"
    name = "Acme"
    domains = ["acme.example", "acme-group.example"]
    addresses = ["jo.doe@mail.example"]
    speakers = ["Jo Doe"]
    weights = { vulgar_language = 0.0, missed_expectations = 2.0 }

or CSV with the same columns, several values in a cell separated by ``;`` and weights written
``label=number``.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commsense.errors import UsageError
from commsense.taxonomy import Taxonomy

_COLUMNS = ("client", "name", "domains", "addresses", "speakers", "weights")


@dataclass(frozen=True, slots=True)
class ClientProfile:
    """One client as the user describes it.

    Attributes
    ----------
    client : str
        The client key used in every table.
    name : str
        Display name.
    domains, addresses, speakers : tuple of str
        Mail domains, mail addresses (both lower case) and names of call speakers.
    weights : mapping of str to float
        Label or dimension id to a factor of at least 0; 1 where not named, 0 ignores it.
    """

    client: str
    name: str = ""
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)


def load_profiles(path: str | Path) -> tuple[ClientProfile, ...]:
    """Read a clients file, TOML or CSV by its ending.

    Raises
    ------
    UsageError
        Where the file cannot be read, names a client twice or gives a weight below 0.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = _csv_rows(text) if path.suffix.lower() == ".csv" else _toml_rows(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
        raise UsageError(
            f"cannot read the clients file {path}: {error}",
            "TOML with [[clients]] tables, or CSV with the columns " + ", ".join(_COLUMNS),
            "check the path and the syntax",
        ) from error
    profiles = tuple(_profile(row, path) for row in rows)
    _check(profiles, path)
    return profiles


def _toml_rows(text: str) -> list[dict[str, Any]]:
    rows = tomllib.loads(text).get("clients", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("`clients` is not a list of tables")
    return rows


def _csv_rows(text: str) -> list[dict[str, Any]]:
    return [
        {
            "client": row.get("client"),
            "name": row.get("name"),
            "domains": _cells(row.get("domains")),
            "addresses": _cells(row.get("addresses")),
            "speakers": _cells(row.get("speakers")),
            "weights": dict(_weight(cell) for cell in _cells(row.get("weights"))),
        }
        for row in csv.DictReader(text.splitlines())
    ]


def _cells(value: str | None) -> list[str]:
    return [cell.strip() for cell in (value or "").split(";") if cell.strip()]


def _weight(cell: str) -> tuple[str, float]:
    label, equals, number = cell.partition("=")
    if not equals:
        raise ValueError(f"the weight {cell!r} is not written label=number")
    return label.strip(), float(number)


def _profile(row: Mapping[str, Any], path: Path) -> ClientProfile:
    client = str(row.get("client") or "").strip()
    if not client:
        raise UsageError(f"{path} has a client without a key", "`client` in every entry", "add it")
    unknown = sorted(set(row) - set(_COLUMNS))
    if unknown:
        raise UsageError(
            f"{path}: client {client!r} has the unknown field {unknown[0]!r}",
            "one of " + ", ".join(_COLUMNS),
            "rename or remove it",
        )
    try:
        weights = {str(key): float(value) for key, value in dict(row.get("weights") or {}).items()}
    except (TypeError, ValueError) as error:
        raise UsageError(f"{path}: client {client!r}: {error}", "numbers as weights") from error
    return ClientProfile(
        client=client,
        name=str(row.get("name") or client),
        domains=_lowered(row.get("domains")),
        addresses=_lowered(row.get("addresses")),
        speakers=tuple(str(value).strip() for value in row.get("speakers") or ()),
        weights=weights,
    )


def _lowered(values: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(str(value).strip().lower() for value in values or ())


def check_weights(profiles: Iterable[ClientProfile], taxonomy: Taxonomy) -> None:
    """Refuse weights of labels that a taxonomy does not have.

    Raises
    ------
    UsageError
        Where one is unknown.
    """
    for profile in profiles:
        for key in profile.weights:
            if key not in taxonomy and key not in taxonomy.dimensions:
                raise UsageError(
                    f"client {profile.client!r} weighs the unknown label {key!r}",
                    "a label or dimension id of the taxonomy, or a label that the model was taught",
                    "check the spelling in the clients file",
                )


def _check(profiles: tuple[ClientProfile, ...], path: Path) -> None:
    seen: set[str] = set()
    for profile in profiles:
        if profile.client in seen:
            raise UsageError(
                f"{path} names the client {profile.client!r} twice",
                "one entry a client",
                "merge the two",
            )
        seen.add(profile.client)
        for key, weight in profile.weights.items():
            if not weight >= 0:
                raise UsageError(
                    f"{path}: client {profile.client!r} gives {key!r} the weight {weight}",
                    "a number of at least 0",
                    "change it",
                )
