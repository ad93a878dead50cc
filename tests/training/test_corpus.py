from __future__ import annotations

import gzip
from pathlib import Path

import pandas as pd
import pytest

from commsense.errors import InputError
from commsense.training.corpus import COLUMNS, corpus_hash, read_corpora, targets

from .conftest import CORPUS, REAL


def test_the_written_corpus_is_read_with_its_provenance() -> None:
    corpus = read_corpora([CORPUS / "th-b.jsonl"])
    assert list(corpus.columns) == list(COLUMNS)
    assert set(corpus["lang"]) == {"th"}
    assert set(corpus["part"]) == {"th-b"}
    assert set(corpus["kind"]) == {"written"}
    assert set(corpus["channel"]) == {"email", "call"}
    assert corpus["id"].is_unique


def test_a_folder_is_read_without_the_labels_whose_texts_are_not_given() -> None:
    corpus = read_corpora([CORPUS])
    assert len(corpus) > 4_000
    assert set(corpus["kind"]) == {"written"}


def test_real_labels_are_joined_by_hash(real_labels: tuple[Path, Path]) -> None:
    labels, texts = real_labels
    corpus = read_corpora([labels], texts)
    assert dict(zip(corpus["text"], corpus["labels"], strict=True)) == {
        text: tuple(traits) for text, traits in REAL
    }
    assert set(corpus["kind"]) == {"real"}
    assert set(corpus["part"]) == {"ours"}


def test_missing_texts_are_named(real_labels: tuple[Path, Path], tmp_path: Path) -> None:
    labels, texts = real_labels
    with pytest.raises(InputError, match="--texts"):
        read_corpora([labels / "real" / "xx-1.labels.jsonl"])
    (texts / "pool" / "ours.jsonl.gz").unlink()
    with pytest.raises(InputError, match=r"texts of 3 labels.*first: ours-"):
        read_corpora([labels], texts)


def test_texts_are_found_in_cells_too(real_labels: tuple[Path, Path]) -> None:
    labels, texts = real_labels
    (texts / "pool" / "ours.jsonl.gz").unlink()
    rows = [f"{text}\tdans une autre langue\n" for text, _ in REAL]
    with gzip.open(texts / "ours.fr.tsv.gz", "wt", encoding="utf-8") as file:
        file.writelines(rows)
    assert set(read_corpora([labels], texts)["text"]) == {text for text, _ in REAL}


def test_a_damaged_table_is_named_unless_it_is_not_needed(
    real_labels: tuple[Path, Path],
) -> None:
    labels, texts = real_labels
    (texts / "broken.tsv").write_bytes(b"\xff\xfe")
    assert len(read_corpora([labels], texts)) == len(REAL)
    (texts / "pool" / "ours.jsonl.gz").unlink()
    with pytest.raises(InputError, match=r"broken\.tsv"):
        read_corpora([labels], texts)


def test_texts_are_found_in_mailboxes_too(real_labels: tuple[Path, Path]) -> None:
    labels, texts = real_labels
    (texts / "pool" / "ours.jsonl.gz").unlink()
    mails = (
        f"From a@b.example Mon Mar  2 09:00:00 2026\nFrom: a@b.example\n"
        f"Message-ID: <{number}@x>\nContent-Type: text/plain; charset=utf-8\n\n{text}\n\n> Quoted\n"
        for number, (text, _) in enumerate(REAL)
    )
    (texts / "list.mbox").write_text("\n".join(mails), encoding="utf-8")
    assert set(read_corpora([labels], texts)["text"]) == {text for text, _ in REAL}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1"),
        ("[1]", "a JSON list"),
        ('{"text": "a"}', "no labels"),
        ('{"text": 1, "labels": []}', "text is a int"),
        ('{"text": "a", "labels": "courtesy"}', "no labels"),
        ('{"text": "a", "labels": ["rudenes"]}', "rudenes"),
        ("", "no labelled text"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_corpora([path])


def test_a_file_of_ones_own_needs_only_texts_and_labels(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text('{"text": "a", "labels": ["courtesy"], "language": "ko"}\n', encoding="utf-8")
    (row,) = read_corpora([path]).to_dict("records")
    assert (row["lang"], row["part"], row["labels"]) == ("ko", "mine", ("courtesy",))


def test_targets_and_hash_do_not_depend_on_the_order(small_corpus: pd.DataFrame) -> None:
    turned = small_corpus.iloc[::-1]
    assert corpus_hash(turned) == corpus_hash(small_corpus)
    assert corpus_hash(small_corpus.iloc[1:]) != corpus_hash(small_corpus)
    wanted = targets(small_corpus, ["courtesy", "interruption"])
    assert wanted[:, 0].sum() == sum("courtesy" in labels for labels in small_corpus["labels"])
    assert wanted[:, 1].sum() == 0
