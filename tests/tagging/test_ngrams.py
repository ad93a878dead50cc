from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from commsense.tagging.characters import fold
from commsense.tagging.ngrams import Hashed, presence

BITS = 20
WORDS = st.sampled_from(["late", "again", "ดีมาก", "شكرا", "감사합니다", "très", "ok"])


def buckets(
    text: str, chars: tuple[int, ...] = (2, 3), words: tuple[int, ...] = (1, 2)
) -> set[int]:
    return set(presence(Hashed(fold([text])), chars, words, BITS).buckets.tolist())


def test_a_window_has_one_hash_wherever_it_stands() -> None:
    hashed = Hashed(fold(["late and late"]))
    starts, ends = hashed.words
    hashes = hashed.windows(starts, ends)
    assert hashes[0] == hashes[2] != hashes[1]


def test_words_in_another_order_are_other_pairs() -> None:
    one, other = buckets("very late", (), (2,)), buckets("late very", (), (2,))
    assert len(one) == len(other) == 1
    assert one != other


def test_a_text_with_more_in_it_has_all_that_it_had() -> None:
    assert buckets("the delivery was late") <= buckets("well, the delivery was late again")


@settings(max_examples=50)
@given(st.lists(st.lists(WORDS, max_size=6).map(" ".join), min_size=1, max_size=5))
def test_texts_in_a_batch_do_not_touch_each_other(texts: list[str]) -> None:
    together = presence(Hashed(fold(texts)), (2, 3, 4), (1, 2), BITS)
    for row, text in enumerate(texts):
        alone = presence(Hashed(fold([text])), (2, 3, 4), (1, 2), BITS)
        assert together.buckets[together.documents == row].tolist() == alone.buckets.tolist()


def test_every_ngram_is_told_apart() -> None:
    # 26 letters pairwise: so many pairs must not fall into far fewer buckets.
    letters = "abcdefghijklmnopqrstuvwxyz"
    text = " ".join(a + b for a in letters for b in letters)
    found = Hashed(fold([text])).char_grams(2, BITS)
    assert len(np.unique(found.buckets)) > 0.99 * (26 * 26 + 2 * 26)
