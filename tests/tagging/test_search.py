"""Phrases are found in one pass, each set by its own rule."""

from __future__ import annotations

import copy
import pickle

import numpy as np

from commsense.tagging.characters import fold
from commsense.tagging.search import Search


def search(*phrases: str) -> Search:
    return Search(((phrases,),), (False,))


def found(of: Search, text: str) -> list[list[str]]:
    """The folded text of what each set finds."""
    batch = fold([text])
    folded = "".join(map(chr, batch.codes))
    return [
        [folded[start:end] for start, end in zip(one.starts, one.ends, strict=True)]
        for one in of.matches(batch)
    ]


def test_matches_say_where() -> None:
    batch = fold(["Please cancel."])
    (found,) = search("cancel").matches(batch)
    assert found.lists.tolist() == [0]
    assert found.phrases.tolist() == [0]
    assert batch.origin[found.starts[0] : found.ends[0]].tolist() == list(range(7, 13))


def test_sets_are_looked_for_together_and_answer_as_they_would_alone() -> None:
    phrases, stems = ((("late", "not late"),), False), ((("late", "later on"), ("not",)), True)
    both = Search((phrases[0], stems[0]), (False, True))
    for text in ("it is not late", "later on, not now", "lately", "nothing", ""):
        alone = [found(Search((lists,), (stem,)), text)[0] for lists, stem in (phrases, stems)]
        assert found(both, text) == alone
    assert found(both, "not late") == [["not late"], ["not", "late"]]


def test_a_phrase_of_two_sets_has_its_place_in_each() -> None:
    of = Search(((("bad",), ("late",)), (("soon", "late"),)), (False, False))
    first, second = of.matches(fold(["late"]))
    assert (first.lists.tolist(), first.phrases.tolist()) == ([1], [0])
    assert (second.lists.tolist(), second.phrases.tolist()) == ([0], [1])


def test_matches_come_in_the_order_of_the_text() -> None:
    (one,) = Search(((("a", "ab", "b c"), ("c",)),), (True,)).matches(fold(["ab c", "c ab"]))
    assert (np.diff(one.starts) >= 0).all()


def test_what_folds_to_nothing_is_found_nowhere() -> None:
    of = search("\u0301", "late")
    assert found(of, "it is late") == [["late"]]
    assert found(of, "x") == [[]]
    assert found(search(" ", "\u0301 "), "x y") == [[]]


def test_halves_of_characters_do_no_harm() -> None:
    assert found(search("cancel"), "\ud83d cancel \udc00") == [["cancel"]]


def test_nothing_to_look_for_finds_nothing() -> None:
    assert found(Search(((), ((),)), (False, True)), "late") == [[], []]


def test_a_search_that_has_searched_can_be_copied() -> None:
    of = search("late", "soon")
    before = found(of, "late or soon")
    for again in (copy.deepcopy(of), pickle.loads(pickle.dumps(of))):  # noqa: S301
        assert found(again, "late or soon") == before
