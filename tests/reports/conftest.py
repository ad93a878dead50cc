from __future__ import annotations

import pytest

from commsense.clients.assessment import Assessment

from .assessments import STORIES


@pytest.fixture(params=sorted(STORIES))
def assessment(request) -> Assessment:
    """Every story in turn."""
    return STORIES[request.param]()
