"""Strangers' files end within their limits, with a clear reason, and stop nothing else."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from monitor.documents.worker import Reader, ReaderLimits, ReadJob, read_page_safely, read_safely

RULE = Path(__file__).parents[2] / "documents" / "rule"
PDF, DOCX, DOC = ((RULE / f"typed.{ending}").read_bytes() for ending in ("pdf", "docx", "doc"))
SMALL_PDF = (RULE.parent / "notice" / "bare.pdf").read_bytes()
WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(ReaderLimits(workers=1, seconds=30, cpu_seconds=20)) as reader:
        yield reader


def word(xml: str) -> bytes:
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", xml)
    return buffer.getvalue()


def pdf(*objects: bytes) -> bytes:
    body = b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, content) for number, content in enumerate(objects, start=1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF"


def pdf_bomb(content: bytes) -> bytes:
    packed = zlib.compress(content, 1)
    stream = b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed)
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R>>"
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, stream)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>"
HOSTILE = {
    "empty": (b"", "empty"),
    "white space": (b" \n\n ", "empty"),
    "random": (Random(1).randbytes(50_000), "no known kind"),
    "program": (b"MZ" + b"\x00\x01" * 500, "no known kind"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
    "PDF cut off": (PDF[: len(PDF) // 2], "damaged or cut off"),
    "PDF head only": (PDF[:20], "damaged or cut off"),
    "PDF page loop": (pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1000000>>"), "pages"),
    "PDF of many pages": (
        pdf(CATALOG, b"<</Type/Pages/Count 5000/Kids[%s]>>" % (b"3 0 R " * 5000), PAGE),
        "5000 pages",
    ),
    "PDF without text": (pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", PAGE), "blank"),
    "DOCX cut off": (DOCX[: len(DOCX) // 2], "damaged or cut off"),
    "DOCX bomb": (word(WORD + "<w:p/>" * 28_000_000 + "</w:body></w:document>"), "allowed"),
    "DOCX entities": (word('<!DOCTYPE a [<!ENTITY a "b">]>' + WORD + "</w:body></w:document>"), "document type"),
    "DOCX deep": (word(WORD + "<w:tbl><w:tr><w:tc>" * 500), "nested deeper"),
    "DOCX without text": (word(WORD + "<w:p/></w:body></w:document>"), "no text"),
    "DOC cut off": (DOC[: len(DOC) // 2], "damaged"),
    "HTML deep": (b"<html><body>" + b"<div>" * 50_000 + b"x", "deeper"),
    "HTML huge": (b"<html><body>" + b"<p>x</p>" * 3_000_000, "allowed"),
    "text of many lines": (b"1\n" * 500_000, "lines"),
    "text of one line": (b"1" * 400_000, "paragraph"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_ends_with_a_clear_reason(reader: Reader, name: str) -> None:
    data, reason = HOSTILE[name]
    document = reader.read(ReadJob(data, name))
    assert not document.readable
    assert document.reason is not None
    assert reason in document.reason
    assert document.doubts


def test_a_worker_that_dies_is_replaced_and_says_why() -> None:
    with Reader(ReaderLimits(workers=1, memory_mib=600)) as reader:
        died = reader.read(ReadJob(pdf_bomb(b" " * 700_000_000)))
        assert not died.readable
        assert died.reason is not None
        assert "memory" in died.reason or "stopped" in died.reason
        assert reader.read(ReadJob("1 范围".encode())).readable


def test_time_is_limited_from_outside() -> None:
    document = read_safely(pdf_bomb(b"BT (a) Tj ET\n" * 8_000_000), limits=ReaderLimits(seconds=0.5, workers=1))
    assert document.reason is not None
    assert "0.5 seconds" in document.reason


def test_encrypted_files_say_so(reader: Reader) -> None:
    from pypdf import PdfReader, PdfWriter

    writer, out = PdfWriter(), BytesIO()
    writer.append(PdfReader(BytesIO(PDF)))
    writer.encrypt("secret", "owner", algorithm="RC4-128")
    writer.write(out)
    assert reader.read(ReadJob(out.getvalue())).reason == "the PDF needs a password"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("data", [SMALL_PDF, DOCX], ids=["pdf", "docx"])
def test_damage_never_raises(reader: Reader, data: bytes, seed: int) -> None:
    random, broken = Random(seed), bytearray(data)
    for _ in range(8):
        broken[random.randrange(len(broken))] = random.randrange(256)
    document = reader.read(ReadJob(bytes(broken)))
    assert document.readable or document.reason


def test_a_batch_comes_back_in_order() -> None:
    with Reader(ReaderLimits(workers=2)) as reader:
        documents = list(reader.read_all(ReadJob(f"{n} 范围".encode(), str(n)) for n in range(20)))
    assert [document.name for document in documents] == [str(n) for n in range(20)]


def test_a_page_is_read_in_a_worker_too() -> None:
    page = "<html><body><h1>关于换证的通知</h1><p>请各单位于2026年6月底前办理。</p></body></html>"
    assert read_page_safely(page.encode(), "http://x/1", "general").title == "关于换证的通知"
