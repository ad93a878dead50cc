import pandas as pd
import pytest

from commsense.errors import InputError
from commsense.training.verdicts import read_verdicts


def test_every_format_says_the_same(tmp_path):
    table = pd.DataFrame(
        {"text": ["Too dear.", "Fine."], "label": ["price", "price"], "holds": [True, False]}
    )
    table.to_json(tmp_path / "v.jsonl", orient="records", lines=True)
    table.to_csv(tmp_path / "v.csv", index=False)
    table.to_parquet(tmp_path / "v.parquet")
    for name in ("v.jsonl", "v.csv", "v.parquet"):
        pd.testing.assert_frame_equal(read_verdicts(tmp_path / name), table, check_dtype=False)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("v.csv", 'text;label;holds\nDear, isn\'t it?;price;true\n"Fine; yes.";price;false\n'),
        ("v.tsv", "text\tlabel\tholds\nDear, isn't it?\tprice\ttrue\nFine; yes.\tprice\tno\n"),
        ("v.CSV", '\ufefftext,label,holds\n"Dear, isn\'t it?",price,true\nFine; yes.,price,no\n'),
    ],
)
def test_cells_may_be_parted_by_other_signs(tmp_path, name, content):
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = read_verdicts(tmp_path / name)
    assert found["text"].tolist() == ["Dear, isn't it?", "Fine; yes."]
    assert found["holds"].tolist() == [True, False]


def test_a_table_in_an_old_encoding_is_read(tmp_path):
    (tmp_path / "v.csv").write_bytes("text;label\nTrès cher à payer;prix\n".encode("cp1252"))
    assert read_verdicts(tmp_path / "v.csv")["text"].tolist() == ["Très cher à payer"]


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_the_lists_of_a_labelled_corpus_are_verdicts(tmp_path, suffix):
    table = pd.DataFrame(
        {
            "text": ["Too dear, sadly.", "Fine, thank you."],
            "traits": [["price", "negative_attitude"], []],
            "gestures": [[], ["lift"]],
        }
    )
    path = tmp_path / f"v.{suffix}"
    if suffix == "jsonl":
        table.to_json(path, orient="records", lines=True)
    else:
        table.to_parquet(path)
    found = {(v.text[0], v.label): v.holds for v in read_verdicts(path).itertuples()}
    assert found == {
        ("T", "price"): True,
        ("T", "lift"): False,
        ("T", "negative_attitude"): True,
        ("F", "price"): False,
        ("F", "lift"): True,
    }


def test_texts_without_any_label_are_no_verdicts(tmp_path):
    path = tmp_path / "v.jsonl"
    path.write_text('{"text": "a", "labels": []}\n{"text": "b", "labels": null}\n', "utf-8")
    with pytest.raises(InputError, match="no verdict"):
        read_verdicts(path)


def test_a_label_holds_unless_it_is_said_not_to(tmp_path):
    path = tmp_path / "v.jsonl"
    path.write_text(
        '{"text": "a", "label": "x"}\n{"text": "b", "label": "x", "holds": null}\n'
        '{"text": "c", "label": "x", "holds": 0}\n',
        encoding="utf-8",
    )
    assert read_verdicts(path)["holds"].tolist() == [True, True, False]


def test_the_last_of_several_verdicts_counts(tmp_path):
    path = tmp_path / "v.csv"
    path.write_text("label,text,holds\nx,a,yes\ny,a,yes\nx,a,no\n", encoding="utf-8")
    found = read_verdicts(path)
    assert dict(zip(found["label"], found["holds"], strict=True)) == {"y": True, "x": False}


def test_rows_without_text_or_label_are_passed_over(tmp_path):
    path = tmp_path / "v.csv"
    path.write_text("text,label,score\na,x,0.5\n,x,0.5\nb,,0.5\n", encoding="utf-8")
    assert read_verdicts(path)["text"].tolist() == ["a"]


def test_a_cell_that_was_made_harmless_for_spreadsheets_is_read_as_it_was(tmp_path):
    path = tmp_path / "v.csv"
    path.write_text("text,label\n'=1+1 was the formula,x\n", encoding="utf-8")
    assert read_verdicts(path)["text"].tolist() == ["=1+1 was the formula"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("v.csv", "text,tag\na,x\n", "no column label"),
        ("v.csv", "text,label\n", "no verdict"),
        ("v.csv", "text,label,holds\na,x,perhaps\n", "'perhaps' under holds"),
        ("v.jsonl", "{broken", "cannot read"),
        ("v.parquet", "no parquet", "cannot read"),
        ("v.txt", "a", "no file of verdicts"),
    ],
)
def test_a_bad_file_says_what_is_wrong(tmp_path, name, content, said):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_verdicts(path)


def test_a_missing_file_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        read_verdicts(tmp_path / "none.csv")
