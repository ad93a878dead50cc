from __future__ import annotations

import numpy as np
import pandas as pd

from commsense.training.decisions import FALSE_ALARMS, Decisions

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
    return decisions.judge(scores, None, corpus["lang"].tolist())[1]


def test_quiet_texts_of_every_language_stay_quiet() -> None:
    corpus, scores, wanted = noisy(["en", "th"], [0.4, 0.8])
    holds = decided(corpus, scores, wanted)[:, 0]
    quiet = wanted[:, 0] == 0
    for language in ("en", "th"):
        of = (corpus["lang"] == language).to_numpy()
        assert holds[of & quiet].mean() <= FALSE_ALARMS
        assert holds[of & ~quiet].mean() > 0.3


def test_a_language_with_few_quiet_texts_pays_what_all_pay() -> None:
    corpus, scores, wanted = noisy(["en", "ko"], [0.4, 0.4])
    few = np.r_[0:TEXTS, TEXTS : TEXTS + 60]
    rule = Decisions.fit(corpus.iloc[few], scores[few], wanted[few]).rule
    assert set(rule.prices) == {"en"}
    assert rule.price > 0


def test_a_second_label_is_easier_to_raise_than_a_first() -> None:
    random = np.random.default_rng(1)
    corpus, first, wanted = noisy(["en"], [0.3])
    # The second label comes only with the first, and is seen dimly.
    second = wanted * (random.random(wanted.shape) < 1 / 2)
    dim = second + 0.6 * random.normal(size=second.shape)
    scores = np.hstack([first, dim]).astype(np.float32)
    decisions = Decisions.fit(corpus, scores, np.hstack([wanted, second]))
    dims = np.linspace(0, 3, 61)

    def least(of_first: float) -> float:
        rows = np.column_stack([np.full_like(dims, of_first), dims]).astype(np.float32)
        holds = decisions.rule.decide(decisions.calibration(rows), None, [])[:, 1]
        return float(dims[holds].min())

    assert least(1.0) < least(-0.3)


def test_a_label_that_is_always_wrong_is_never_raised() -> None:
    corpus, scores, wanted = noisy(["en"], [0.2])
    two = np.hstack([scores, scores])
    holds = decided(corpus, two, np.hstack([wanted, wanted * 0]))
    assert holds[:, 0].any()
    assert not holds[:, 1].any()


def test_real_texts_set_the_price_where_there_are_any() -> None:
    corpus, scores, wanted = noisy(["en", "en"], [0.1, 1.5])
    # All that is hard is written: it must not make the model more careful with real texts.
    corpus["kind"] = ["real"] * TEXTS + ["written"] * TEXTS
    mixed = Decisions.fit(corpus, scores, wanted).rule.prices["en"]
    corpus["kind"] = "written"
    written = Decisions.fit(corpus, scores, wanted).rule.prices["en"]
    assert mixed < written


def test_texts_that_all_carry_a_label_leave_the_floors_alone() -> None:
    corpus, scores, wanted = noisy(["en"], [0.1])
    rule = Decisions.fit(corpus, scores, np.ones_like(wanted)).rule
    assert rule.price == 0
    assert not rule.quiet_weights.any()


def test_a_language_with_written_texts_alone_raises_as_much_on_them_as_others_do() -> None:
    corpus, scores, wanted = noisy(["en", "en", "ja"], [0.5, 0.3, 0.2])
    corpus["kind"] = ["real"] * TEXTS + ["written"] * 2 * TEXTS
    # Scores in Japanese are lower all round: at the price of English nothing would be found.
    scores[2 * TEXTS :] *= 0.6
    decisions = Decisions.fit(corpus, scores, wanted)
    holds = decided(corpus, scores, wanted)[:, 0]
    assert set(decisions.rule.prices) == {"en", "ja"}
    assert decisions.rule.prices["ja"] < decisions.rule.prices["en"]
    written = (corpus["kind"] == "written").to_numpy() & (wanted[:, 0] == 0)
    shares = [holds[written & (corpus["lang"] == one).to_numpy()].mean() for one in ("en", "ja")]
    assert abs(shares[0] - shares[1]) < 0.02


def test_the_register_tells_where_few_texts_are_quiet() -> None:
    """Written texts carry the label often, real ones seldom; scores say little of either."""
    random = np.random.default_rng(2)
    corpus = pd.DataFrame({"lang": "en", "kind": ["real", "written"] * TEXTS})
    written = (corpus["kind"] == "written").to_numpy()
    wanted = (random.random(2 * TEXTS) < np.where(written, 0.7, 0.1)).astype(np.float32)[:, None]
    scores = (wanted + random.normal(size=wanted.shape)).astype(np.float32)
    register = (written + 0.3 * random.normal(size=len(written))).astype(np.float32)
    found = {}
    for known in (None, register):
        decisions = Decisions.fit(corpus, scores, wanted, known)
        _, holds = decisions.judge(scores, known, corpus["lang"].tolist())
        assert holds[~written & (wanted[:, 0] == 0)].mean() <= FALSE_ALARMS
        found[known is None] = holds[written & (wanted[:, 0] > 0)].mean()
    assert found[False] > 2 * found[True]
