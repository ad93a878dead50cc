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


def test_quiet_texts_stay_quiet_in_every_language() -> None:
    corpus, scores, wanted = noisy(["en", "th"], [0.4, 1.0])
    decisions = Decisions.fit(corpus, scores, wanted)
    languages = corpus["lang"].tolist()
    holds = decisions.thresholds.decide(decisions.calibration(scores), languages, ["en", "th"])
    for language in ("en", "th"):
        quiet = (corpus["lang"] == language).to_numpy() & (wanted[:, 0] == 0)
        assert holds[quiet].mean() <= FALSE_ALARMS
    # The clearer language need not be as strict.
    assert decisions.thresholds.by_language["en"] < decisions.thresholds.by_language["th"]


def test_real_texts_decide_where_there_are_any() -> None:
    corpus, scores, wanted = noisy(["en", "en"], [0.1, 1.5])
    # All that is hard is written: it must not make the model more careful with real texts.
    corpus["kind"] = ["real"] * TEXTS + ["written"] * TEXTS
    mixed = Decisions.fit(corpus, scores, wanted).thresholds.default
    corpus["kind"] = "written"
    written = Decisions.fit(corpus, scores, wanted).thresholds.default
    assert mixed < written
