"""What several test modules share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from commsense.pipeline import Result, analyze

# Times are measured in benchmarks; a busy machine fails no test.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def samples() -> Path:
    """The exports of the invented agency."""
    return REPOSITORY / "data" / "samples" / "exports"


@pytest.fixture(scope="session")
def clients_file() -> Path:
    return REPOSITORY / "data" / "samples" / "clients.toml"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with third-party fixtures, which only some machines have."""
    folder = os.environ.get("COMMSENSE_SHARED")
    if not folder:
        pytest.skip("COMMSENSE_SHARED is not set: third-party fixtures are not at hand")
    return Path(folder)


@pytest.fixture(scope="session")
def story_result(samples: Path, clients_file: Path) -> Result:
    """The sample exports, analyzed once."""
    return analyze(samples, us=["northlight.example"], clients=clients_file)
