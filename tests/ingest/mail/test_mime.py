import base64

import pytest

from commsense.errors import MessageError
from commsense.ingest.mail import mime
from commsense.ingest.mail.mime import parse

NESTED = b"Content-Type: multipart/mixed; boundary=%d\n\n--%d\n"


def test_structure_and_payloads():
    root = parse(
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n"
        b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode("né".encode())
        + b"\n--x\n"
        b'Content-Type: application/pdf\nContent-Disposition: attachment; filename="a.pdf"\n\nPDF\n'
        b"--x--\n"
    )
    text, pdf = root.children
    assert (root.content_type, text.text) == ("multipart/mixed", "né")
    assert (pdf.name, pdf.disposition, pdf.size) == ("a.pdf", "attachment", len(pdf.payload()))
    assert [part.content_type for part in root.walk()] == [
        "multipart/mixed",
        "text/plain",
        "application/pdf",
    ]


def test_damaged_base64_is_read_by_the_patient_reader():
    data = base64.b64encode(b"Good morning, all of you.")
    part = parse(b"Content-Transfer-Encoding: base64\n\n" + data[:8] + b"@@\n" + data[8:] + b"\n")
    assert part.text.startswith("Good m")


def test_uuencoded_text_is_read():
    raw = b"Content-Transfer-Encoding: x-uuencode\n\nbegin 644 a\n#86)C\n`\nend\n"
    assert parse(raw).text.strip() == "abc"


def test_file_names_are_decoded():
    head = b"Content-Type: application/pdf\nContent-Disposition: attachment;\n "
    assert parse(head + b"filename*=UTF-8''%ED%95%9C%EA%B8%80.pdf\n\n").name == "한글.pdf"
    assert parse(head + b'filename="=?utf-8?B?7ZWc6riALnBkZg==?="\n\n').name == "한글.pdf"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("filename*0*=UTF-8''%ED%95;\n filename*1*=%9C%EA%B8%80.pdf", "한글.pdf"),
        ('filename="=?utf-8?B?7ZU=?=\n =?utf-8?B?nC5wZGY=?="', "한.pdf"),
        ("filename*=''%ED%95%9C.pdf", "한.pdf"),
        ('filename="plan; part (1).pdf"', "plan; part (1).pdf"),
        ("filename*0*=UTF-8''%ED; filename*=b", ""),
    ],
)
def test_file_names_that_programs_cut(field, name):
    head = b"Content-Type: application/pdf\nContent-Disposition: attachment;\n "
    assert parse(head + field.encode() + b"\n\n").name == name


def test_raw_file_names_are_in_the_charset_of_the_message():
    part = 'Content-Disposition: attachment; filename="설계 도면.pdf"\n\n'
    raw = b"Content-Type: text/plain; charset=euc-kr\n" + part.encode("cp949")
    assert parse(raw).name == "설계 도면.pdf"


@pytest.mark.parametrize("charset", ["utf-8", "cp1252"])
def test_raw_letters_in_quoted_printable_are_kept(charset):
    head = f"Content-Type: text/plain; charset={charset}\n"
    raw = f"{head}Content-Transfer-Encoding: quoted-printable\n\n1 =3D 1, déjà vu"
    assert parse(raw.encode(charset)).text == "1 = 1, déjà vu"


@pytest.mark.parametrize("kind", ["text", "plain/text", "charset=utf-8"])
def test_what_is_no_media_type_is_plain_text(kind):
    assert parse(f"Content-Type: {kind}\n\nHello.".encode()).content_type == "text/plain"


@pytest.mark.parametrize("named", [b"", b'; boundary="other"'])
def test_a_multipart_without_its_boundary_is_read(named):
    parts = b"--cut\nContent-Type: text/plain\n\nHello.\n--cut\nContent-Type: text/html\n\n<p>Hi\n"
    root = parse(b"Content-Type: multipart/alternative" + named + b"\n\n" + parts + b"--cut--\n")
    assert root.content_type == "multipart/alternative"
    assert [part.text.strip() for part in root.children] == ["Hello.", "<p>Hi"]
    (only,) = parse(b"Content-Type: multipart/mixed" + named + b"\n\nHello.").children
    assert (only.content_type, only.text) == ("text/plain", "Hello.")


def test_html_without_a_charset_field_names_it_itself():
    raw = b"Content-Type: text/html\n\n<meta charset=euc-kr><p>" + "네".encode("cp949")
    assert parse(raw).text.endswith("네")


@pytest.mark.parametrize("encoding", [b"7bit", b"base64"])
def test_attached_messages_are_opened(encoding):
    inner = b"From: c@d.example\nSubject: Inner\n\nInner text\n"
    body = base64.encodebytes(inner) if encoding == b"base64" else inner
    root = parse(
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: " + encoding + b"\n\n" + body
    )
    assert root.children[0].heading == "From: c@d.example\nSubject: Inner"
    assert root.children[0].text.strip() == "Inner text"


def test_nesting_without_end_is_bounded():
    raw = b"".join(NESTED % (level, level) for level in range(3_000)) + b"\ntext\n"
    try:
        parts = list(parse(raw).walk())
    except MessageError:
        return
    assert len(parts) <= 1_000


def test_flowed_parameters():
    part = parse(b'Content-Type: text/plain; format="flowed"; DelSp=yes\n\nx')
    assert part.is_flowed
    assert part.deletes_space
    assert not parse(b"Content-Type: text/plain\n\nx").is_flowed


def test_both_readers_agree(monkeypatch):
    raw = (
        b"Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain; "
        b"charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n"
        b"d=E9j=E0 vu=\n !\n--x\n"
        b"Content-Type: text/html\n\n<p>hi</p>\n--x--\n"
    )
    fast = [(part.content_type, part.text.strip()) for part in parse(raw).walk()]
    monkeypatch.setattr(mime, "parse_email_tree", _refuse)
    patient = [(part.content_type, part.text.strip()) for part in parse(raw).walk()]
    assert (
        fast
        == patient
        == [
            ("multipart/alternative", ""),
            ("text/plain", "déjà vu !"),
            ("text/html", "<p>hi</p>"),
        ]
    )


def _refuse(*_arguments, **_options):
    raise ValueError
