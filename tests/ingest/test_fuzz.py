"""A small part of what `benchmarks/fuzz.py` does at length."""

from fuzz import SAMPLES, fuzz

COUNT = 300


def test_damaged_files_come_out_as_messages_or_rejected_pieces():
    *_, outcome = fuzz(COUNT, 7, [SAMPLES])
    assert outcome.crashes == []
    assert outcome.read["files"] == COUNT
    assert outcome.read["vanished"] == 0
    # The damage is neither so slight that all is read nor so heavy that nothing is.
    assert outcome.read["messages"] > COUNT / 2
    assert outcome.read["rejected"] > 0
