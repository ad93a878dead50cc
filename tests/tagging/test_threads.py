from __future__ import annotations

import os

from joblib import Parallel, delayed
from threadpoolctl import threadpool_info

from commsense.tagging.threads import one_thread_for_blas, threads


def blas_threads() -> set[int]:
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_a_process_of_its_own_uses_every_core_and_a_worker_one() -> None:
    assert threads() == os.cpu_count()
    assert Parallel(n_jobs=2)(delayed(threads)() for _ in range(2)) == [1, 1]


def test_linear_algebra_has_one_thread_meanwhile() -> None:
    before = blas_threads()
    with one_thread_for_blas():
        assert blas_threads() == {1}
    assert blas_threads() == before
