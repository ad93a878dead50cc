"""How long work tells its caller how far it is, without knowing who shows it."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[str, int, int | None], None]
"""Called with the stage's name, the units done so far and the total, None where unknown."""


def silent(stage: str, done: int, total: int | None) -> None:
    """Show nothing."""
