"""A file is known by its content, whatever it is called."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from monitor.documents.kinds import Kind, document_kind, kind_of
from monitor.documents.reader import read_document

HERE = Path(__file__).parents[2] / "documents" / "rule"


def package(*names: str) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ((HERE / "typed.pdf").read_bytes(), Kind.PDF),
        ((HERE / "typed.docx").read_bytes(), Kind.DOCX),
        ((HERE / "typed.doc").read_bytes(), Kind.DOC),
        (b"junk\n%PDF-1.4\n1 0 obj", Kind.PDF),
        (rb"{\rtf1\ansi x}", Kind.RTF),
        (package("[Content_Types].xml", "xl/workbook.xml"), Kind.XLSX),
        (package("规则.pdf"), Kind.ZIP),
        (package("OFD.xml", "Doc_0/Document.xml"), Kind.OFD),
        (b"Rar!\x1a\x07\x00 rest", Kind.RAR),
        ("<html><body><p>规则</p></body></html>".encode("gb18030"), Kind.HTML),
        ("1 范围\n本规则适用于安全带。".encode("gb18030"), Kind.TEXT),
        (b"", Kind.EMPTY),
        (bytes(range(256)) * 20, Kind.UNKNOWN),
    ],
    ids=lambda value: value.name if isinstance(value, Kind) else "",
)
def test_the_content_tells_the_kind(data: bytes, kind: Kind) -> None:
    assert kind_of(data) is kind


def test_every_kind_has_a_name_that_scripts_know() -> None:
    shown = {"html", "pdf", "docx", "doc", "sheet", "archive", "ofd", "text"}
    assert {document_kind(kind) for kind in Kind} <= shown


def test_a_name_that_lies_changes_nothing() -> None:
    page = "<html><body><p>1 范围</p><p>本规则适用于安全带。</p></body></html>".encode()
    assert read_document(page, "rule.doc").parts == read_document(page, "rule.pdf").parts
