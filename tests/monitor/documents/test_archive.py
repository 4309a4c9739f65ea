"""Archives: their members are documents, whatever their names are written in, and one bad one spoils nothing."""

import gzip
import io
import tarfile
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from monitor.documents.errors import LimitExceeded
from monitor.documents.kinds import Kind
from monitor.documents.packed.archive import Allowance, members_of
from monitor.documents.reader import read_document
from tests.documents.make_rar import make_rar

HERE = Path(__file__).parents[2] / "documents"
TEXT = "1 适用范围\n本规则适用于安全带总成。\n".encode()
DOCX = (HERE / "rule" / "typed.docx").read_bytes()


class RawName(ZipInfo):
    """A member whose name is written in any encoding without saying so, as Chinese Windows does."""

    raw = b""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.raw, self.flag_bits & ~0x800


def zipped(members: dict[str, bytes], encoding: str = "utf-8") -> bytes:
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = RawName(f"{len(archive.namelist())}")
            info.raw = name.encode(encoding)
            archive.writestr(info, data)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_are_read_in_the_encoding_they_were_written_in(encoding: str) -> None:
    document = read_document(zipped({"规则/实施规则.docx": DOCX, "规则/说明.txt": TEXT}, encoding), "附件.zip")
    assert document.kind == "archive"
    assert [member.name for member in document.members] == ["规则/实施规则.docx", "规则/说明.txt"]
    assert [member.kind for member in document.members] == ["docx", "text"]
    assert document.members[0] == read_document(DOCX, "规则/实施规则.docx")


def test_an_archive_of_one_document_says_what_it_says() -> None:
    document = read_document(zipped({"a.docx": DOCX, "__MACOSX/._a.docx": b"1", "Thumbs.db": b"1", ".DS_Store": b"1"}))
    assert (document.code, str(document.effective)) == ("CCAP-GZ-5830:2021", "2021-07-01")
    assert len(document.members) == 1


def test_a_bad_member_is_doubted_and_the_others_are_read() -> None:
    document = read_document(zipped({"bad.pdf": b"%PDF-1.4 junk", "good.txt": TEXT}))
    assert document.readable
    assert [member.readable for member in document.members] == [False, True]
    assert document.doubts[0].about == "bad.pdf"
    assert document.confidence < 1


def test_archives_in_archives_are_read_to_a_depth() -> None:
    document = read_document(zipped({"inner.zip": zipped({"a.txt": TEXT})}))
    assert document.members[0].members[0].name == "a.txt"


def test_one_member_alone_can_be_asked_for() -> None:
    data = zipped({"a.txt": TEXT, "b.txt": b"1 b"})
    assert [member.name for member in read_document(data, only=1).members] == ["b.txt"]
    assert read_document(data, only=2).members == ()


@pytest.mark.parametrize("stored", [True, False], ids=["tar", "tar.gz"])
def test_tar_is_read(stored: bool) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("规则.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT))
    data = buffer.getvalue() if stored else gzip.compress(buffer.getvalue())
    assert [member.name for member in read_document(data).members] == ["规则.txt"]


def test_a_packed_file_keeps_its_name() -> None:
    buffer = io.BytesIO()
    with gzip.GzipFile("规则.txt", "wb", fileobj=buffer) as packer:
        packer.write(TEXT)
    assert read_document(buffer.getvalue()).members[0].readable


def test_rar_is_read_with_its_names() -> None:
    document = read_document(make_rar({"规则/一.txt": TEXT, "二.docx": DOCX}), "附件.rar")
    assert [(member.name, member.kind) for member in document.members] == [("规则/一.txt", "text"), ("二.docx", "docx")]


def test_members_are_counted_over_all_levels() -> None:
    with pytest.raises(LimitExceeded):
        list(members_of(zipped({f"{n}.txt": b"1" for n in range(5)}), Kind.ZIP, Allowance(members=4)))
    with pytest.raises(LimitExceeded):
        list(members_of(zipped({"a": bytes(500), "b": bytes(600)}), Kind.ZIP, Allowance(total_bytes=1000)))
