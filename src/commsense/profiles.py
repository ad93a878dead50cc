"""What the user tells about each client: who belongs to it, and what matters in it.

A clients file is TOML::

    [[clients]]
    client = "acme.example"
    name = "Acme"
    domains = ["acme.example", "acme-group.example"]
    addresses = ["jo.doe@mail.example"]
    speakers = ["Jo Doe"]
    weights = { vulgar_language = 0.0, missed_expectations = 2.0 }
    office_hours = { zone = "Asia/Seoul" }

    [office_hours]  # of every client that has none of its own
    opens = "08:30"
    closes = 17
    weekdays = ["mon", "tue", "wed", "thu", "fri"]
    zone = "Europe/Paris"

or CSV with the same columns, several values in a cell separated by ``;``, weights written
``label=number``, office hours ``opens=8``.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commsense.errors import UsageError
from commsense.office import OfficeHours, stored_hours
from commsense.taxonomy import Taxonomy

_COLUMNS = ("client", "name", "domains", "addresses", "speakers", "weights", "office_hours")
_TABLES = ("clients", "office_hours")


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
    office_hours : OfficeHours, optional
        When an answer can be expected, where other than usual.
    """

    client: str
    name: str = ""
    domains: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    office_hours: OfficeHours | None = None

    @classmethod
    def stored(cls, entry: Mapping[str, Any]) -> ClientProfile:
        """Return the client that was kept as plain data, as ``asdict`` makes it."""
        told = entry.get("office_hours")
        return cls(**{**entry, "office_hours": stored_hours(told) if told else None})


def load_profiles(path: str | Path) -> tuple[ClientProfile, ...]:
    """Read a clients file, TOML or CSV by its ending.

    Raises
    ------
    UsageError
        Where the file cannot be read, names a client twice, gives a weight below 0 or hours that
        make no office hours.
    """
    path = Path(path)
    tables = _tables(path)
    usual = _office_hours(tables, path) or OfficeHours()
    profiles = tuple(_profile(row, usual, path) for row in tables.get("clients", ()))
    _check(profiles, path)
    return profiles


def load_office_hours(path: str | Path) -> OfficeHours | None:
    """Read the office hours that a clients file sets for all clients, None where it sets none.

    Raises
    ------
    UsageError
        As :func:`load_profiles`.
    """
    path = Path(path)
    return _office_hours(_tables(path), path)


def _tables(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".csv":
            return {"clients": _csv_rows(text)}
        return _toml_tables(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValueError) as error:
        raise UsageError(
            f"cannot read the clients file {path}: {error}",
            "TOML with [[clients]] tables, or CSV with the columns " + ", ".join(_COLUMNS),
            "check the path and the syntax",
        ) from error


def _toml_tables(text: str) -> dict[str, Any]:
    tables = tomllib.loads(text)
    rows = tables.get("clients", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("`clients` is not a list of tables")
    unknown = sorted(set(tables) - set(_TABLES))
    if unknown:
        raise ValueError(f"unknown table {unknown[0]!r}, not one of " + ", ".join(_TABLES))
    return tables


def _office_hours(tables: Mapping[str, Any], path: Path) -> OfficeHours | None:
    told = tables.get("office_hours")
    return None if told is None else _hours(told, OfficeHours(), str(path))


def _hours(told: object, usual: OfficeHours, where: str) -> OfficeHours:
    try:
        if not isinstance(told, dict):
            raise ValueError(f"{told!r} is no table")
        return usual.changed(told)
    except ValueError as error:
        raise UsageError(
            f"{where}: office_hours: {error}",
            'such as { opens = "08:30", closes = 17, zone = "Asia/Seoul" }',
        ) from error


def _csv_rows(text: str) -> list[dict[str, Any]]:
    return [
        {
            "client": row.get("client"),
            "name": row.get("name"),
            "domains": _cells(row.get("domains")),
            "addresses": _cells(row.get("addresses")),
            "speakers": _cells(row.get("speakers")),
            "weights": dict(_weight(cell) for cell in _cells(row.get("weights"))),
            "office_hours": dict(_told(cell) for cell in _cells(row.get("office_hours"))),
        }
        for row in csv.DictReader(text.splitlines())
    ]


def _cells(value: str | None) -> list[str]:
    return [cell.strip() for cell in (value or "").split(";") if cell.strip()]


def _weight(cell: str) -> tuple[str, float]:
    label, number = _told(cell)
    return label, float(number)


def _told(cell: str) -> tuple[str, str]:
    name, equals, value = cell.partition("=")
    if not equals:
        raise ValueError(f"{cell!r} is not written name=value")
    return name.strip(), value.strip()


def _profile(row: Mapping[str, Any], usual: OfficeHours, path: Path) -> ClientProfile:
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
    told = row.get("office_hours")
    return ClientProfile(
        client=client,
        name=str(row.get("name") or client),
        domains=_lowered(row.get("domains")),
        addresses=_lowered(row.get("addresses")),
        speakers=tuple(str(value).strip() for value in row.get("speakers") or ()),
        weights=weights,
        office_hours=_hours(told, usual, f"{path}: client {client!r}") if told else None,
    )


def _lowered(values: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(str(value).strip().lower() for value in values or ())


def hours_of(profiles: Iterable[ClientProfile]) -> dict[str, OfficeHours]:
    """Return the office hours of the clients that have their own."""
    return {one.client: one.office_hours for one in profiles if one.office_hours is not None}


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
