"""2,000 damaged variants of valid files, in every format: each is read or refused with a reason, none crashes."""

import io
from collections.abc import Iterator
from pathlib import Path
from random import Random

import openpyxl
import pytest
import xlwt
from PIL import Image

from monitor.documents.worker import Reader, ReaderLimits, ReadJob
from tests.documents.known import read_known
from tests.documents.make_ofd import make_ofd, packed
from tests.documents.make_rar import make_rar

HERE = Path(__file__).parents[2] / "documents"
TEXT = "1 适用范围\n本规则适用于安全带，依据GB 14166-2013。\n2 认证模式\n型式试验。\n".encode()
VARIANTS = 200


def docx() -> bytes:
    """A small package, so that damage reaches the text."""
    body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in TEXT.decode().splitlines())
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    table = "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    document = f"<w:document {space}><w:body>{body}{table}</w:body></w:document>"
    return packed({"[Content_Types].xml": "<Types/>", "word/document.xml": document})


def xlsx() -> bytes:
    buffer, book = io.BytesIO(), openpyxl.Workbook()
    book.active.append(["规则", "CCAP-GZ-5830:2021"])
    book.save(buffer)
    return buffer.getvalue()


def xls() -> bytes:
    buffer, book = io.BytesIO(), xlwt.Workbook()
    book.add_sheet("规则").write(0, 0, "CCAP-GZ-5830:2021")
    book.save(buffer)
    return buffer.getvalue()


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (40, 40), 255).save(buffer, "PNG")
    return buffer.getvalue()


SEEDS = {
    "pdf": (HERE / "notice" / "bare.pdf").read_bytes(),
    "docx": docx(),
    "doc": (HERE / "notice" / "bare.doc").read_bytes(),
    "rtf": b"{\\rtf1\\ansi 1 abc\\par 2 def}",
    "xlsx": xlsx(),
    "xls": xls(),
    "ofd": make_ofd(read_known(HERE / "standard" / "known.md")),
    "zip": packed({"一.txt": TEXT, "b.docx": docx()}),
    "rar": make_rar({"一.txt": TEXT}),
    "html": b"<html><head><title>a</title></head><body><h1>b</h1><table><tr><td>1<td>2</table><p>"
    + TEXT
    + b"</body></html>",
    "text": TEXT,
    "picture": picture(),
}


def damaged(data: bytes, random: Random) -> bytes:
    """A variant: bytes flipped, a stretch cut out, doubled or overwritten, or the end cut off."""
    broken = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8, 40))):
        at = random.randrange(len(broken))
        length = random.randrange(1, 60)
        match random.randrange(6):
            case 0 | 1 | 2:
                broken[at] = random.randrange(256)
            case 3:
                del broken[at : at + length]
            case 4:
                broken[at:at] = broken[at : at + length]
            case _:
                broken[at : at + length] = random.randbytes(length)
        broken = broken or bytearray(b"x")
    return bytes(broken[: random.randrange(1, len(broken) + 1)]) if random.random() < 0.1 else bytes(broken)


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """A worker that has neither LibreOffice nor OCR, which take seconds a file: our own code is tried."""
    limits = ReaderLimits(workers=1, seconds=30, cpu_seconds=20, documents_a_worker=5000, ocr_pages=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", "/nowhere")
        with Reader(limits) as reader:
            yield reader


@pytest.mark.slow
@pytest.mark.parametrize("kind", SEEDS)
def test_no_damage_crashes_a_reader(reader: Reader, kind: str) -> None:
    random = Random(kind)
    for number in range(VARIANTS):
        document = reader.read(ReadJob(damaged(SEEDS[kind], random), f"{kind} {number}"))
        assert document.readable or document.reason
        assert "the reader" not in (document.reason or ""), f"{kind} {number}"


def test_there_are_two_thousand_variants() -> None:
    assert len(SEEDS) * VARIANTS >= 2_000
