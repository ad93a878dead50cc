from __future__ import annotations

import copy
import dataclasses
import json
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone, is_classifier
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import get_tags

from commsense.errors import ModelError, UsageError
from commsense.tagging import LinearTagger, load_tagger
from commsense.tagging.network import Network
from commsense.training.corpus import targets

TEXTS = [
    "Thank you so much for staying late, we really appreciate it.",
    "ของส่งช้าอีกแล้ว ไม่พอใจมาก",
    "الشحنة متأخرة مرة أخرى ولا أحد يرد",
    "",
    "x" * 30_000,
]


def test_a_saved_model_says_the_same(small_tagger: LinearTagger, tmp_path: Path) -> None:
    small_tagger.save(tmp_path / "m")
    again = load_tagger(tmp_path / "m")
    assert np.array_equal(again.predict(TEXTS), small_tagger.predict(TEXTS))
    assert again.config["hash"] == small_tagger.config["hash"]
    assert again.config["name"] == "m"
    assert again.config["metrics"] == small_tagger.config["metrics"]
    assert again.languages == small_tagger.languages


def test_nothing_in_the_folder_is_pickled(small_tagger: LinearTagger, tmp_path: Path) -> None:
    small_tagger.save(tmp_path)
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as stored:
        assert {stored[name].dtype.kind for name in stored.files} <= {"f", "i", "u"}


def test_it_learns_what_it_is_taught(
    small_tagger: LinearTagger, small_corpus: pd.DataFrame
) -> None:
    wanted = targets(small_corpus, small_tagger.labels)
    scores = small_tagger.predict(small_corpus["text"].tolist())
    held = scores[wanted > 0].mean()
    others = scores[wanted == 0].mean()
    assert held > 5 * others


def test_probabilities_are_probabilities_and_nothing_is_likely_of_nothing(
    small_tagger: LinearTagger,
) -> None:
    scores = small_tagger.predict(TEXTS)
    assert scores.shape == (len(TEXTS), len(small_tagger.labels))
    assert ((scores >= 0) & (scores <= 1)).all()
    assert scores[3].max() == 0
    assert small_tagger.predict([]).shape == (0, len(small_tagger.labels))


def test_a_text_scores_the_same_alone_and_among_many(small_tagger: LinearTagger) -> None:
    many = small_tagger.predict(TEXTS * 20)
    alone = small_tagger.predict(TEXTS[:1])
    assert np.allclose(many[0], alone[0], atol=1e-6)
    assert np.allclose(many[-5], alone[0], atol=1e-6)


def test_it_keeps_the_habits_of_scikit_learn(small_tagger: LinearTagger) -> None:
    copy = clone(small_tagger)
    assert copy.get_params() == small_tagger.get_params()
    copy.set_params(penalty=3.0)
    assert copy.get_params()["penalty"] == 3.0
    with pytest.raises(UsageError, match="unknown parameter colour"):
        copy.set_params(colour="red")
    with pytest.raises(UsageError, match="fit"):
        copy.predict(["a text"])


LABELS = ("courtesy", "missed_expectations", "reporting")
SHOWN = [
    text.format(thing)
    for thing in ("invoice", "agenda", "banner", "leaflet", "contract", "photo", "sample", "form")
    for text in (
        "Thank you so much for the {}.",
        "The {} is late again.",
        "Here are last week's figures of the {}.",
    )
]
WANTED = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]] * 8)


def unfitted() -> LinearTagger:
    return LinearTagger(labels=LABELS, languages=("en",), bits=14)


def test_tools_of_scikit_learn_take_it() -> None:
    tagger = unfitted()
    assert is_classifier(tagger)
    assert get_tags(tagger).classifier_tags.multi_label
    assert tagger.classes_.tolist() == list(LABELS)
    assert cross_val_score(tagger, SHOWN, WANTED, cv=3).min() > 0.8
    by_precision = cross_val_score(tagger, SHOWN, WANTED, cv=3, scoring="average_precision")
    assert by_precision.min() > 0.8
    search = GridSearchCV(tagger, {"penalty": [0.5, 1e6]}, cv=2).fit(SHOWN, WANTED)
    assert search.best_params_ == {"penalty": 0.5}
    pipe = make_pipeline(tagger).fit(SHOWN, WANTED)
    np.testing.assert_array_equal(pipe.predict(SHOWN), tagger.predict(SHOWN))
    assert pipe.score(SHOWN, WANTED) == 1


def test_a_score_counts_texts_by_their_weights() -> None:
    tagger = unfitted().fit(SHOWN, WANTED)
    assert tagger.score(SHOWN[:2], [[1, 0, 0], [0, 0, 0]]) == pytest.approx(2 / 3)
    assert tagger.score(SHOWN[:2], [[1, 0, 0], [0, 0, 0]], sample_weight=[1, 0]) == 1
    assert tagger.score([""], [[0, 0, 0]]) == 0


def test_a_model_that_is_fitted_anew_forgets_its_curves(small_tagger: LinearTagger) -> None:
    again = copy.deepcopy(small_tagger).set_params(labels=LABELS, bits=14).fit(SHOWN, WANTED)
    np.testing.assert_array_equal(
        again.predict(SHOWN), unfitted().fit(SHOWN, WANTED).predict(SHOWN)
    )


def test_a_fitted_model_can_be_pickled() -> None:
    tagger = unfitted().fit(SHOWN, WANTED)
    again = pickle.loads(pickle.dumps(tagger))  # noqa: S301
    np.testing.assert_array_equal(again.predict(SHOWN), tagger.predict(SHOWN))


@pytest.mark.parametrize("held", [tuple, np.array, pd.Series, iter])
def test_texts_may_come_in_an_array_or_a_column(held: Callable[[list[str]], Any]) -> None:
    expected = unfitted().fit(SHOWN, WANTED).predict(SHOWN)
    np.testing.assert_array_equal(
        unfitted().fit(held(SHOWN), WANTED).predict(held(SHOWN)), expected
    )


@pytest.mark.parametrize(
    ("texts", "said"), [("Thanks.", "one text"), (["a", None], "text 1 is a NoneType")]
)
def test_what_is_no_list_of_texts_is_refused(texts: Any, said: str) -> None:
    tagger = unfitted().fit(SHOWN, WANTED)
    for call in (tagger.predict, tagger.outputs, lambda some: tagger.fit(some, WANTED[:2])):
        with pytest.raises(UsageError, match=said):
            call(texts)


def test_targets_of_another_shape_are_refused() -> None:
    with pytest.raises(UsageError, match="shape"):
        LinearTagger(labels=["courtesy"]).fit(["a", "b"], [[1, 0], [0, 1]])


def test_spans_point_into_the_text(small_tagger: LinearTagger) -> None:
    for text in TEXTS:
        start, end = small_tagger.spans(text, ["courtesy"])["courtesy"]
        assert 0 <= start <= end <= len(text)


@pytest.mark.parametrize("harm", ["cut", "missing", "swapped"])
def test_damaged_weights_are_refused(small_tagger: LinearTagger, tmp_path: Path, harm: str) -> None:
    small_tagger.save(tmp_path)
    weights = tmp_path / "weights.npz"
    if harm == "cut":
        weights.write_bytes(weights.read_bytes()[:1_000])
    elif harm == "missing":
        weights.unlink()
    else:
        other = clone(small_tagger).set_params(labels=["courtesy"])
        other.fit(["thanks a lot", "no thanks", "late again"], [[1], [1], [0]])
        other.save(tmp_path / "other")
        shutil.copy(tmp_path / "other" / "weights.npz", weights)
    with pytest.raises(ModelError, match="weights"):
        load_tagger(tmp_path)


def test_weights_that_would_fill_the_memory_are_refused(
    small_tagger: LinearTagger, tmp_path: Path
) -> None:
    small_tagger.save(tmp_path)
    bomb = np.zeros(1, dtype=np.float16)
    with (
        zipfile.ZipFile(tmp_path / "weights.npz", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("coefficients.npy", "w", force_zip64=True) as member,
    ):
        np.lib.format.write_array_header_1_0(
            member, np.lib.format.header_data_from_array_1_0(bomb) | {"shape": (1 << 30,)}
        )
        for _ in range(1 << 10):
            member.write(bytes(1 << 21))
    with pytest.raises(ModelError, match="bytes unpacked"):
        load_tagger(tmp_path)


def test_without_a_label_there_is_no_evidence(small_tagger: LinearTagger) -> None:
    assert small_tagger.spans("Thank you all.", []) == {}


@pytest.fixture
def with_network(small_tagger: LinearTagger) -> LinearTagger:
    chance = np.random.default_rng(5)
    features, outputs = len(small_tagger.column("courtesy").weights), 1 + len(small_tagger.labels)
    units = 4
    network = Network.of(
        np.arange(features, dtype=np.int32),
        chance.normal(size=(features, units)).astype(np.float32),
        np.zeros(units, dtype=np.float32),
        chance.normal(size=(units, outputs)).astype(np.float32),
        np.zeros(outputs, dtype=np.float32),
    )
    return copy.copy(small_tagger).set_network(network)


def test_a_network_adds_its_scores(small_tagger: LinearTagger, with_network: LinearTagger) -> None:
    network = with_network._network
    assert network is not None
    vectors = with_network.vectors(TEXTS)
    expected = small_tagger.outputs(TEXTS) + network.scores(network.reached(vectors))
    np.testing.assert_allclose(with_network.outputs(TEXTS), expected, rtol=1e-4, atol=1e-5)
    assert with_network.config["hidden_units"] == 4
    assert with_network.config["hash"] != small_tagger.config["hash"]


def test_a_network_is_saved_with_the_model(with_network: LinearTagger, tmp_path: Path) -> None:
    with_network.save(tmp_path / "model")
    again = load_tagger(tmp_path / "model")
    np.testing.assert_array_equal(again.predict(TEXTS), with_network.predict(TEXTS))


def test_a_network_stays_where_a_label_is_added(with_network: LinearTagger) -> None:
    new = with_network.with_columns({"mine": with_network.column("courtesy")})
    scores, before = new.scores(TEXTS), with_network.scores(TEXTS)
    np.testing.assert_array_equal(scores[:, :-1], before)
    plain = copy.copy(with_network).set_network(None).scores(TEXTS)
    column = with_network.labels.index("courtesy")
    np.testing.assert_allclose(scores[:, -1], plain[:, column], rtol=1e-5)


def test_blank_texts_carry_nothing_whatever_the_floors(small_tagger: LinearTagger) -> None:
    mine = dataclasses.replace(small_tagger.column("courtesy"), floor=np.float32(0))
    judged = small_tagger.with_columns({"mine": mine}).judge(["", "  ", "Thank you."])
    assert judged.holds[:, -1].tolist() == [False, False, True]
    assert not judged.probabilities[:2].any()


def test_weights_that_do_not_fit_the_labels_are_refused(
    small_tagger: LinearTagger, tmp_path: Path
) -> None:
    small_tagger.save(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text("utf-8"))
    config["labels"] = config["labels"][:-1]
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelError, match="one a label"):
        load_tagger(tmp_path)


def test_evidence_follows_the_network_too(
    small_tagger: LinearTagger, with_network: LinearTagger
) -> None:
    features, columns = np.arange(5), np.array([1, 2])
    on = np.array([True, False, True, False])
    network = with_network._network
    assert network is not None
    added = network.weights(features) @ (network.outputs[:, columns] * on[:, None])
    plain = small_tagger._slopes(features, on, columns)
    np.testing.assert_allclose(
        with_network._slopes(features, on, columns), plain + added, rtol=1e-4, atol=1e-6
    )
    assert np.abs(added).max() > 0.01


def test_evidence_of_many_texts_is_that_of_each_alone(with_network: LinearTagger) -> None:
    chance = np.random.default_rng(1)
    holds = chance.random((len(TEXTS), len(with_network.labels))) < 0.1
    holds[3] = False
    found = with_network.evidence(TEXTS, holds)
    assert set(found) == set(zip(*(side.tolist() for side in holds.nonzero()), strict=True))
    for (row, column), span in found.items():
        label = with_network.labels[column]
        assert with_network.spans(TEXTS[row], [label]) == {label: span}
