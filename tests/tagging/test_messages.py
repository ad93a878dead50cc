from __future__ import annotations

import pandas as pd
import pytest

from commsense.errors import InputError
from commsense.schema import LABELS
from commsense.tagging import LinearTagger, load_tagger, probabilities, tag_messages

ROWS = [
    (
        "a",
        "This is the third late delivery and nobody answers. We are really fed up.",
        "en",
        "email",
    ),
    ("b", "ของมาช้าอีกแล้วเป็นครั้งที่สาม ไม่มีใครตอบเลย แย่มากค่ะ", "th", "call"),
    ("c", "الشحنة متأخرة للمرة الثالثة ولا أحد يرد علينا", "ar", "email"),
    ("d", "", "und", "email"),
    ("e", "   \n", "en", "call"),
    ("f", "Kolmas myöhästynyt toimitus, kukaan ei vastaa. This is really fed up.", "fi", "email"),
]


@pytest.fixture
def messages() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=["id", "text", "language", "channel"])


def test_one_row_a_message_and_label(messages: pd.DataFrame, small_tagger: LinearTagger) -> None:
    labels = tag_messages(messages, small_tagger)
    assert list(labels.columns) == LABELS.names
    assert len(labels) == len(messages) * len(small_tagger.labels)
    assert "interruption" not in set(labels["label"])
    assert labels["message_id"].drop_duplicates().tolist() == [row[0] for row in ROWS]


def test_evidence_stands_where_a_label_holds_and_nowhere_else(messages: pd.DataFrame) -> None:
    labels = tag_messages(messages, load_tagger())
    texts = dict(zip(messages["id"], messages["text"], strict=True))
    holds = labels["holds"].fillna(False).astype(bool)
    held = labels[holds]
    assert len(held)
    for row in held.itertuples():
        (span,) = row.spans
        assert 0 <= span["start"] < span["end"] <= len(texts[row.message_id])
    assert labels[~holds]["spans"].map(len).eq(0).all()
    without = tag_messages(messages, load_tagger(), evidence=False)
    assert without["spans"].map(len).eq(0).all()
    assert without["holds"].equals(labels["holds"])


def test_nothing_holds_for_empty_texts_and_unknown_languages(messages: pd.DataFrame) -> None:
    labels = tag_messages(messages, load_tagger())
    quiet = labels[labels["message_id"].isin(["d", "e", "f"])]
    assert not quiet["holds"].fillna(False).any()
    # In an unknown language the model abstains; the score is given all the same.
    assert quiet["holds"].isna().equals(quiet["message_id"] == "f")
    assert quiet[quiet["message_id"] == "f"]["score"].max() > 0


def test_tables_may_lack_language_and_channel(small_tagger: LinearTagger) -> None:
    table = pd.DataFrame({"id": ["x", "y"], "text": ["Thanks a million!", None]})
    assert len(tag_messages(table, small_tagger)) == 2 * len(small_tagger.labels)


def test_half_a_character_is_tagged(small_tagger: LinearTagger) -> None:
    assert len(probabilities(["Thanks \ud83d a million!"], small_tagger)) == 1


def test_scores_do_not_depend_on_what_is_tagged_beside(
    messages: pd.DataFrame, small_tagger: LinearTagger
) -> None:
    labels = tag_messages(messages, small_tagger)
    rounded = labels["score"].astype(float).round(6).astype("float32")
    assert (labels["score"] == rounded).all()


def test_an_empty_table_has_no_labels(messages: pd.DataFrame, small_tagger: LinearTagger) -> None:
    labels = tag_messages(messages.iloc[:0], small_tagger)
    assert list(labels.columns) == LABELS.names
    assert len(labels) == 0


def test_progress_is_told(messages: pd.DataFrame, small_tagger: LinearTagger) -> None:
    told: list[tuple[str, int, int | None]] = []
    tag_messages(messages, small_tagger, progress=lambda *news: told.append(news))
    assert told[-1] == ("tagging", len(messages), len(messages))


def test_a_table_without_text_is_refused(small_tagger: LinearTagger) -> None:
    with pytest.raises(InputError, match="no column text"):
        tag_messages(pd.DataFrame({"id": ["a"], "body": ["b"]}), small_tagger)
    with pytest.raises(InputError, match="no column text"):
        probabilities(pd.DataFrame({"body": ["b"]}), small_tagger)


def test_probabilities_have_one_column_a_label(
    messages: pd.DataFrame, small_tagger: LinearTagger
) -> None:
    wide = probabilities(messages.set_index("id"), small_tagger)
    assert list(wide.columns) == list(small_tagger.labels)
    assert wide.index.tolist() == messages["id"].tolist()
    listed = probabilities(messages["text"].tolist(), small_tagger)
    assert (listed.to_numpy() == wide.to_numpy()).all()
