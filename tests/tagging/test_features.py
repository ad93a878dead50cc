"""Texts to numbers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np

from commsense.tagging.features import Features, FeatureSettings


def test_threads_that_ask_at_once_are_told_the_same() -> None:
    for _ in range(5):
        features = Features(FeatureSettings(bits=21), buckets=np.arange(1 << 20, dtype=np.int32))
        together = Barrier(4)

        def known(features: Features = features, together: Barrier = together) -> int:
            together.wait()
            return int((features.places(features.buckets) >= 0).sum())

        with ThreadPoolExecutor(max_workers=4) as pool:
            asked = [pool.submit(known) for _ in range(4)]
        assert [one.result() for one in asked] == [1 << 20] * 4
