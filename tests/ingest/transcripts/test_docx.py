import io
import zipfile
from xml.sax.saxutils import escape

import pytest

from commsense.ingest.formats import recognise
from commsense.ingest.reader import SourceFile
from commsense.ingest.transcripts.docx import Docx
from commsense.schema import Message, Rejected

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def document(paragraphs: list[str], prologue: str = "", namespace: str = WORD) -> str:
    runs = [
        "</w:t><w:br/><w:t>".join(escape(line) for line in paragraph.split("\n"))
        for paragraph in paragraphs
    ]
    body = "".join(f"<w:p><w:r><w:t>{run}</w:t></w:r></w:p>" for run in runs)
    return f'{prologue}<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'


def docx(xml: str) -> SourceFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", xml)
    return SourceFile("call.docx", content=stream.getvalue())


def turns(source: SourceFile) -> list[Message]:
    assert isinstance(recognise(source), Docx)
    found = list(Docx().read(source))
    assert all(isinstance(turn, Message) for turn in found), found
    return found


NEW = [
    "Budget review-20250611_090000-Meeting Transcript",
    "11 June 2025, 09:00am",
    "12m 5s",
    "Ana Ruiz started transcription",
    "Ana Ruiz   0:03\nShall we begin with the figures?",
    "Tom Berg   0:41\nYes. They are in.\nAll of them.",
    "Ana Ruiz   1:02:07\nThen we are done.",
    "Ana Ruiz stopped transcription",
]


def test_the_new_layout_of_teams():
    found = turns(docx(document(NEW)))
    assert [(turn.author, turn.start_s) for turn in found] == [
        ("Ana Ruiz", 3.0), ("Tom Berg", 41.0), ("Ana Ruiz", 3727.0),
    ]  # fmt: skip
    assert found[1].text == "Yes. They are in.\nAll of them."
    assert found[2].text == "Then we are done."
    assert found[0].subject.startswith("Budget review")
    assert f"{found[0].sent_at:%Y-%m-%d}" == "2025-06-11"


def test_the_old_layout_of_teams():
    found = turns(
        docx(
            document(["0:0:0.0 --> 0:0:2.350\nAna Ruiz\nHello.", "0:0:2.350 --> 0:0:5.0\nTom\nHi."])
        )
    )
    told = [(turn.author, turn.text, turn.start_s, turn.end_s) for turn in found]
    assert told == [("Ana Ruiz", "Hello.", 0.0, 2.35), ("Tom", "Hi.", 2.35, 5.0)]


@pytest.mark.parametrize(
    "ending",
    [
        "Jean Petit a arrêté la transcription",
        "김민수님이 기록을 중지했습니다.",
        "สมชาย ใจดี หยุดการถอดเสียง",
        "أوقف سامي حداد النسخ",
    ],
)
def test_who_switched_it_off_is_not_said_by_anybody(ending):
    found = turns(docx(document([*NEW[:-1], ending])))
    assert found[-1].text == "Then we are done."


def test_names_and_words_of_any_script():
    said = ["이수연   0:03\n안녕하세요.", "สมชาย   0:19\nสวัสดีครับ", "سامي حداد   0:31\nأهلاً"]
    found = turns(docx(document(said)))
    assert [turn.author for turn in found] == ["이수연", "สมชาย", "سامي حداد"]


BOMB = "<!DOCTYPE b [" + '<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
) + "]>"  # fmt: skip
OUTSIDE = '<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("prologue", [BOMB, OUTSIDE])
def test_documents_with_entities_are_refused(prologue):
    xml = document(NEW, prologue).replace("Budget", "&j; &x; Budget")
    (row,) = Docx().read(docx(xml))
    assert isinstance(row, Rejected)
    assert "unsafe" in row.reason
    assert "mend" in row.reason


def test_an_enormous_document_is_refused(monkeypatch):
    monkeypatch.setattr("commsense.ingest.transcripts.docx.MAX_BYTES", 100)
    (row,) = Docx().read(docx(document(NEW)))
    assert isinstance(row, Rejected)


def test_a_damaged_document_says_so():
    (row,) = Docx().read(docx(document(NEW)[:-30]))
    assert isinstance(row, Rejected)
    assert "damaged" in row.reason


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["Dear Sir,", "We write to you about the roof."],
        ["Plan of the day", "10:00 We meet", "12:30 Lunch", "14:00 We go on"],
    ],
)
def test_a_letter_or_a_plan_is_no_transcript(paragraphs):
    (row,) = Docx().read(docx(document(paragraphs)))
    assert isinstance(row, Rejected)
    assert "nothing is said" in row.reason
