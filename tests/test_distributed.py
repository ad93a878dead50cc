"""Tagging on a real Dask scheduler with two worker processes."""

import pytest

import commsense as cs

distributed = pytest.importorskip("distributed", reason="extra `distributed` is not installed")


@pytest.fixture(scope="module")
def scheduler():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        yield cluster.scheduler_address


def test_a_cluster_tags_as_one_machine_does(tmp_path, scheduler, monkeypatch):
    from commsense import distributed as ours

    monkeypatch.setattr(ours, "_CHUNK_ROWS", 3)  # several chunks out of few messages
    path = tmp_path / "call.txt"
    turns = [f"{'Ann' if n % 2 else 'Bob'}: We agreed on step {n}, thank you." for n in range(10)]
    path.write_text("\n".join(turns), encoding="utf-8")
    alone = cs.analyze(path)
    together = cs.analyze(path, scheduler=scheduler)
    order = ["message_id", "label"]
    left = alone.labels.sort_values(order, ignore_index=True)
    right = together.labels.sort_values(order, ignore_index=True)
    assert left[[*order, "holds"]].equals(right[[*order, "holds"]])
    assert left["score"].to_numpy() == pytest.approx(right["score"].to_numpy(), abs=1e-6)


def test_no_scheduler_at_the_address_is_a_usage_error(tmp_path):
    path = tmp_path / "call.txt"
    path.write_text("Ann: Hello.\nBob: Hello, Ann.\nAnn: Shall we start?\n", encoding="utf-8")
    with pytest.raises(cs.UsageError, match="no Dask scheduler answers"):
        cs.analyze(path, scheduler="tcp://127.0.0.1:1")
