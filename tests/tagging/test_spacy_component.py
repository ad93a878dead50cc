from __future__ import annotations

from pathlib import Path

import pytest
import spacy

from commsense.errors import ModelError
from commsense.tagging import load_tagger
from commsense.tagging.spacy_component import SPANS_KEY, CommsenseComponent

TEXTS = [
    "Nobody answers and it is late again, we are really fed up with this.",
    "",
    "Thank you so much for your kind help yesterday, I really appreciate it!",
]


@pytest.fixture(scope="module")
def nlp() -> spacy.language.Language:
    pipeline = spacy.blank("en")
    pipeline.add_pipe("commsense")
    return pipeline


def test_documents_get_scores_and_evidence(nlp: spacy.language.Language) -> None:
    tagger = load_tagger()
    doc = nlp(TEXTS[0])
    assert list(doc.cats) == list(tagger.labels)
    assert doc.cats["negative_attitude"] == pytest.approx(
        tagger.predict([TEXTS[0]])[0, tagger.labels.index("negative_attitude")]
    )
    held = tagger.judge([TEXTS[0]], ["en"]).holds[0]
    assert {span.label_ for span in doc.spans[SPANS_KEY]} == {
        label for label, on in zip(tagger.labels, held, strict=True) if on
    }


def test_it_is_said_where_the_model_abstains(nlp: spacy.language.Language) -> None:
    assert nlp(TEXTS[0])._.commsense_judged is True
    assert nlp.make_doc(TEXTS[0])._.commsense_judged is None
    polish = spacy.blank("pl")
    polish.add_pipe("commsense")
    assert polish("Nikt nie odpowiada.")._.commsense_judged is False


def test_a_stream_gives_what_single_calls_give(nlp: spacy.language.Language) -> None:
    for doc, text in zip(nlp.pipe(TEXTS, batch_size=2), TEXTS, strict=True):
        assert doc.text == text
        assert doc.cats == pytest.approx(nlp(text).cats, abs=1e-6)


def test_a_pipeline_survives_the_disk(nlp: spacy.language.Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    before, after = nlp(TEXTS[2]), again(TEXTS[2])
    assert after.cats == pytest.approx(before.cats, abs=1e-6)
    assert [(span.text, span.label_) for span in after.spans[SPANS_KEY]] == [
        (span.text, span.label_) for span in before.spans[SPANS_KEY]
    ]


def test_thai_and_arabic_pipelines_mark_spans() -> None:
    for language, text in (
        ("th", "ขอบคุณมากนะคะที่ช่วยแก้ปัญหาให้เร็วขนาดนี้ ประทับใจมากจริงๆ"),
        ("ar", "شكرا جزيلا على الدعم الرائع، نحن سعداء جدا بالعمل معكم"),
    ):
        pipeline = spacy.blank("xx") if language == "th" else spacy.blank(language)
        pipeline.add_pipe("commsense")
        doc = pipeline(text)
        assert max(doc.cats.values()) > 0.2
        for span in doc.spans[SPANS_KEY]:
            assert span.text in text


def test_a_damaged_folder_is_refused(tmp_path: Path) -> None:
    component = CommsenseComponent(spacy.blank("en"), "commsense")
    with pytest.raises(ModelError, match="cannot read"):
        component.from_disk(tmp_path)
