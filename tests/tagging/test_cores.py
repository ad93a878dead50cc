from __future__ import annotations

import os
from collections.abc import Iterator
from types import SimpleNamespace
from typing import cast

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from commsense.tagging import Tagger, load_tagger
from commsense.tagging.cores import one_thread_for_blas, threads, workers_for
from commsense.workers import Processes, ThisProcess


def blas_threads() -> set[int]:
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


@pytest.fixture
def two_threads() -> Iterator[None]:
    with threadpool_limits(2, user_api="blas"):
        if blas_threads() != {2}:
            pytest.skip("linear algebra has no threads that could be held back here")
        yield


def test_a_process_of_its_own_uses_every_core_and_a_worker_one() -> None:
    assert threads() == os.cpu_count()
    if os.cpu_count() == 1:
        pytest.skip("one core has no workers")
    assert set(Processes().map(threads_of_a_worker, range(4), alone=0)) == {1}


def threads_of_a_worker(_item: int) -> int:
    return threads()


def test_a_linear_model_is_used_by_processes_and_a_transformer_here() -> None:
    transformer = SimpleNamespace(config={"kind": "transformer"})
    assert isinstance(workers_for(load_tagger()), Processes)
    assert isinstance(workers_for(cast("Tagger", transformer)), ThisProcess)


@pytest.mark.usefixtures("two_threads")
def test_linear_algebra_has_one_thread_meanwhile() -> None:
    with one_thread_for_blas():
        assert blas_threads() == {1}
    assert blas_threads() == {2}


@pytest.mark.usefixtures("two_threads")
def test_who_leaves_first_does_not_lift_the_limit_of_others() -> None:
    first, second = one_thread_for_blas(), one_thread_for_blas()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert blas_threads() == {1}
    second.__exit__(None, None, None)
    assert blas_threads() == {2}
