"""The relationship type: who writes to whom, how often, how personally, for how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from commsense.clients.assessment import RelationshipType, Said
from commsense.clients.periods import DAY_S
from commsense.clients.view import ClientView

_LONG_DAYS = 270.0
_FEW_PER_MONTH = 2.0
_MAIN_SHARE = 0.75
"""Share of our messages that one person writes from which that person is the client's own."""
_AUTOMATIC_SHARE = 0.7
_MANY_AUTHORS = 8
_LITTLE_OURS = 0.15
_TALKS = 0.2
"""Share of messages that are turns of a call, or personal, from which contact is personal."""


@dataclass(frozen=True)
class _Traits:
    people: int
    automatic: float
    days: float
    per_month: float
    ours: float
    main_share: float
    main: str
    client_authors: int
    personal: float


def relationship_type(view: ClientView) -> RelationshipType:
    """Estimate the relationship type with the reasons for it."""
    traits = _traits(view)
    scored = sorted(_scores(traits), key=lambda option: -option[1])
    name, score, reasons = scored[0]
    total = sum(value for _, value, _ in scored)
    return RelationshipType(name, score / total if total else 0.0, reasons)


def _traits(view: ClientView) -> _Traits:
    known = view.times[~np.isnan(view.times)]
    days = float(known[-1] - known[0]) / DAY_S if len(known) else 0.0
    ours = view.sides == "provider"
    writers = view.messages.loc[ours, "author"].value_counts()
    personal = view.carrying("personal_touch") | view.calls
    return _Traits(
        people=len(view),
        automatic=view.automatic / (view.automatic + len(view)),
        days=days,
        per_month=len(view) / max(days / _MONTH_DAYS, 1.0),
        ours=float(ours.mean()),
        main_share=float(writers.iloc[0] / writers.sum()) if len(writers) else 0.0,
        main=str(writers.index[0]) if len(writers) else "",
        client_authors=int(view.messages.loc[view.sides == "client", "author"].nunique()),
        personal=float(personal.mean()),
    )


_MONTH_DAYS = 30.4


def _scores(traits: _Traits) -> list[tuple[str, float, list[Said]]]:
    span = Said("span", {"n": traits.people, "days": round(traits.days)})
    pace = Said("pace", {"n": max(round(traits.per_month), 1)})
    own = Said("main_writer", {"who": traits.main, "share": traits.main_share})
    close = Said("personal", {"share": traits.personal})
    ours = Said("ours", {"share": traits.ours})
    automatic = Said("automatic", {"share": traits.automatic})
    crowd = Said("crowd", {"n": traits.client_authors})
    busy, long = traits.per_month > _FEW_PER_MONTH, traits.days >= _LONG_DAYS
    served, personal = traits.ours > _LITTLE_OURS, traits.personal >= _TALKS
    many = traits.client_authors >= _MANY_AUTHORS
    dedicated = traits.main_share >= _MAIN_SHARE and served
    return [
        _option("transactional", (not busy, 1.0, pace), (not long, 0.6, span)),
        _option("long-term", (long, 1.0, span), (busy, 0.6, pace)),
        _option(
            "personal assistance", (busy and served, 0.7, ours), (served and personal, 0.6, close)
        ),
        _option(
            "dedicated personal assistance",
            (dedicated and busy, 1.0, own),
            (dedicated and personal, 0.6, close),
            (dedicated and long, 0.5, span),
        ),
        _option("self-service", (not served and not many, 0.9, ours)),
        _option("automated service", (traits.automatic >= _AUTOMATIC_SHARE, 2.5, automatic)),
        _option("community", (many and not served, 2.0, crowd)),
    ]


def _option(name: str, *signs: tuple[bool, float, Said]) -> tuple[str, float, list[Said]]:
    """Return an option with the weights of the signs that hold, and their reasons."""
    held = [(weight, reason) for holds, weight, reason in signs if holds]
    return name, sum(weight for weight, _ in held), [reason for _, reason in held]
