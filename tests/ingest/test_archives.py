import bz2
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest

from commsense.ingest import archives
from commsense.ingest.archives import is_archive, members
from commsense.ingest.reader import SourceFile
from commsense.schema import Rejected


def zipped(files: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> SourceFile:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return SourceFile("export.zip", content=stream.getvalue())


def tarred(files: dict[str, bytes], mode: str) -> SourceFile:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return SourceFile("export.tar", content=stream.getvalue())


def read(source: SourceFile) -> dict[str, bytes]:
    assert is_archive(source, source.head())
    found = list(members(source))
    assert not [row for row in found if isinstance(row, Rejected)], found
    return {file.name: file.content for file in found}


FILES = {"a.eml": b"one", "in/b.eml": b"two"}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
def test_tar_archives_however_packed(mode):
    assert read(tarred(FILES, mode)) == {"export.tar!a.eml": b"one", "export.tar!in/b.eml": b"two"}


def test_zip_archives():
    assert read(zipped(FILES)) == {"export.zip!a.eml": b"one", "export.zip!in/b.eml": b"two"}


def test_what_packing_programs_add_is_passed_over():
    assert list(read(zipped({"__MACOSX/._a": b"x", ".DS_Store": b"x", "a": b"1"}))) == [
        "export.zip!a"
    ]


def test_names_that_lead_out_of_the_folder_write_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(archives, "_IN_MEMORY_BYTES", 1)  # all members go to the disk
    for source in (zipped({"../../out": b"evil"}), tarred({"/out": b"evil"}, "w")):
        assert [member.read() for member in members(source)] == [b"evil"]
    assert list(tmp_path.iterdir()) == []


def test_links_in_tar_archives_are_not_followed():
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        link = tarfile.TarInfo("passwd")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert list(members(SourceFile("x.tar", content=stream.getvalue()))) == []


def test_a_bomb_is_rejected_with_the_reason():
    bomb = zipped({"a": b"fine", "b": bytes(50_000_000)})
    *fine, last = members(bomb)
    assert [file.name for file in fine] == ["export.zip!a"]
    assert isinstance(last, Rejected)
    assert "unpacks to more than" in last.reason


def test_too_many_files_are_rejected(monkeypatch):
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3)
    found = list(members(zipped({str(number): b"x" for number in range(9)})))
    assert [isinstance(row, Rejected) for row in found] == [False, False, False, True]


def test_large_members_are_unpacked_to_the_disk_as_long_as_needed(monkeypatch):
    monkeypatch.setattr(archives, "_IN_MEMORY_BYTES", 10)
    walked = members(zipped({"big": b"0123456789abc"}))
    big = next(walked)
    assert big.path is not None
    assert big.read() == b"0123456789abc"
    assert list(walked) == []
    assert not big.path.exists()


def test_damaged_archives_say_so():
    whole = zipped({"a.eml": b"hello " * 100, "b.eml": b"x"}).content
    cut = SourceFile("cut.zip", content=whole[: len(whole) // 2])
    assert is_archive(cut, cut.head())
    (row,) = members(cut)
    assert isinstance(row, Rejected)
    assert "damaged archive" in row.reason
    broken = whole[:45] + b"\xff\xff\xff" + whole[48:]
    rows = list(members(SourceFile("b.zip", content=broken)))
    assert isinstance(rows[0], Rejected)
    assert rows[1].name == "b.zip!b.eml"


def test_documents_and_mails_are_no_archives():
    document = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert not is_archive(document, document.head())
    assert not is_archive(SourceFile("a", content=b"From: a"), b"From: a")


PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


@pytest.mark.parametrize("ending", PACKERS)
def test_a_single_packed_file(ending):
    packed = SourceFile(f"in/box.mbox.{ending}", content=PACKERS[ending](b"From a"))
    assert is_archive(packed, packed.head())
    (member,) = [(member.name, member.read()) for member in members(packed)]
    assert member == (f"in/box.mbox.{ending}!box.mbox", b"From a")


@pytest.mark.parametrize("ending", PACKERS)
def test_a_packed_file_that_is_a_bomb_is_refused(ending, monkeypatch):
    monkeypatch.setattr(archives, "_ALWAYS_FINE_BYTES", 1_000)
    packed = SourceFile(f"box.{ending}", content=PACKERS[ending](bytes(50 * 1024 * 1024)))
    (rejected,) = members(packed)
    assert isinstance(rejected, Rejected)
    assert "unpacks to more than" in rejected.reason


@pytest.mark.parametrize("ending", PACKERS)
def test_a_packed_file_that_is_cut_off_is_told(ending):
    packed = SourceFile(f"box.{ending}", content=PACKERS[ending](bytes(range(256)) * 50)[:-9])
    (rejected,) = members(packed)
    assert "damaged archive" in rejected.reason
