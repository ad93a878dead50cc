from __future__ import annotations

import numpy as np
import pandas as pd

from commsense.training.decisions import FALSE_ALARMS, Decisions, choose_thresholds

TEXTS = 1_000


def noisy(languages: list[str], noise: list[float]) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Scores of one label that holds for a third of the texts, blurred more in some languages."""
    random = np.random.default_rng(0)
    lang = np.repeat(languages, TEXTS)
    wanted = (random.random((len(lang), 1)) < 1 / 3).astype(np.float32)
    blur = np.repeat(noise, TEXTS)[:, None] * random.normal(size=wanted.shape)
    corpus = pd.DataFrame({"lang": lang, "kind": "real"})
    return corpus, (wanted + blur).astype(np.float32), wanted


def decided(corpus: pd.DataFrame, scores: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    decisions = Decisions.fit(corpus, scores, wanted)
    return decisions.thresholds.decide(decisions.calibration(scores), None, [])


def test_quiet_texts_stay_quiet() -> None:
    corpus, scores, wanted = noisy(["en", "th"], [0.4, 0.6])
    holds = decided(corpus, scores, wanted)
    assert holds[wanted[:, 0] == 0].mean() <= FALSE_ALARMS
    assert holds[wanted[:, 0] == 1].mean() > 0.5


def test_few_texts_of_a_language_are_not_drowned_by_many_of_another() -> None:
    # All alarms come from Thai, a twelfth of the quiet texts: counted by texts alone, half of
    # the Thai ones could raise one.
    corpus, scores, wanted = noisy(["en", "th"], [0.1, 1.0])
    few = np.r_[0:TEXTS, TEXTS : TEXTS + 100]
    holds = decided(corpus.iloc[few], scores[few], wanted[few])
    thai = (corpus["lang"].iloc[few] == "th").to_numpy() & (wanted[few, 0] == 0)
    assert holds[thai].mean() < 0.3


def test_a_label_that_errs_is_harder_to_raise_than_one_that_does_not() -> None:
    random = np.random.default_rng(1)
    corpus, clear, wanted = noisy(["en"], [0.2])
    other = (random.random(wanted.shape) < 1 / 3).astype(np.float32)
    blurred = (other + 2 * random.normal(size=other.shape)).astype(np.float32)
    decisions = Decisions.fit(corpus, np.hstack([clear, blurred]), np.hstack([wanted, other]))
    assert decisions.thresholds.default[0] < decisions.thresholds.default[1]


def test_a_label_that_is_always_wrong_is_never_lowered() -> None:
    corpus, scores, wanted = noisy(["en"], [0.2])
    probabilities = np.hstack([np.full_like(scores, 0.5), np.full_like(scores, 0.5)])
    thresholds = choose_thresholds(corpus, probabilities, np.hstack([wanted * 0, wanted * 0]))
    assert (thresholds.default > 0.5).all()


def test_real_texts_decide_where_there_are_any() -> None:
    corpus, scores, wanted = noisy(["en", "en"], [0.1, 1.5])
    # All that is hard is written: it must not make the model more careful with real texts.
    corpus["kind"] = ["real"] * TEXTS + ["written"] * TEXTS
    mixed = Decisions.fit(corpus, scores, wanted).thresholds.default
    corpus["kind"] = "written"
    written = Decisions.fit(corpus, scores, wanted).thresholds.default
    assert mixed < written
