"""Pages that were scanned and pasted into Word are read where they stand; logos and drawings are left alone."""

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

import docx
import pypdfium2 as pdfium
import pytest
from docx.shared import Cm
from PIL import Image

from monitor.documents.document import Document
from monitor.documents.reader import read_document
from monitor.documents.structure.lines import Line, Page
from monitor.documents.worker import ReaderLimits, read_safely
from tests.documents.measure import error_rate, text_of
from tests.documents.scans import Scan, scanned

RULE = Path(__file__).parents[2] / "documents" / "rule" / "typed.pdf"
TYPED = ("1 范围", "本规则适用于机动车儿童乘员用约束系统的自愿性认证。" * 12, "2 引用文件")


@cache
def original() -> bytes:
    """One page of the rule, born digital."""
    document, buffer = pdfium.PdfDocument.new(), BytesIO()
    document.import_pages(pdfium.PdfDocument(RULE.read_bytes()), [3])
    document.save(buffer)
    return buffer.getvalue()


@cache
def scan() -> bytes:
    """The page as an office copier saves it."""
    page = pdfium.PdfDocument(scanned(original(), Scan(dpi=200, skew=0.5)))[0]
    buffer = BytesIO()
    page.render(scale=200 / 72).to_pil().convert("L").save(buffer, "PNG")
    return buffer.getvalue()


def blank(shade: int = 255) -> bytes:
    """A small picture of one grey."""
    buffer = BytesIO()
    Image.new("L", (60, 80), shade).save(buffer, "PNG")
    return buffer.getvalue()


def word_file(*pieces: str | tuple[bytes, float, float]) -> bytes:
    """A DOCX of paragraphs and pictures (bytes, width and height in cm), in their order."""
    document, buffer = docx.Document(), BytesIO()
    for piece in pieces:
        if isinstance(piece, str):
            document.add_paragraph(piece)
        else:
            document.add_paragraph().add_run().add_picture(BytesIO(piece[0]), Cm(piece[1]), Cm(piece[2]))
    document.save(buffer)
    return buffer.getvalue()


def says_scan(data: bytes, numbers: Sequence[int]) -> Mapping[int, Page]:
    """A reading of any picture as one line."""
    return {1: Page(1, (Line("1.1 扫描页的条款", left=70, width=200, height=12, size=12),), ocr=True, confidence=0.97)}


def lines(document: Document) -> list[str]:
    """What a document says, line by line."""
    said = [text for part in document.parts for text in (f"{part.path or ''} {part.heading}".strip(), part.body)]
    return [text for text in said if text]


@pytest.mark.slow
def test_a_scanned_rule_that_was_pasted_into_word_reads_as_its_original() -> None:
    document = read_safely(word_file((scan(), 17, 24)), "rule.docx", limits=ReaderLimits(workers=1))
    assert document.readable, document.reason
    assert error_rate(text_of(document), text_of(read_document(original()))) <= 0.005
    assert (document.kind, document.ocr_pages) == ("docx", (1,))
    assert document.confidence < 1
    assert [(doubt.about, doubt.why) for doubt in document.doubts] == [("page 1", "a picture of text, read by OCR")]


def test_a_page_in_a_typed_document_is_read_where_it_stands() -> None:
    document = read_document(word_file(*TYPED[:2], (blank(), 17, 24), TYPED[2]), ocr=says_scan)
    assert lines(document) == ["1 范围", TYPED[1], "1.1 扫描页的条款", "2 引用文件"]
    assert (document.pages, document.ocr_pages) == (3, (2,))


@pytest.mark.parametrize(("width", "height"), [(3, 3), (16, 8), (8, 20)])
def test_a_picture_smaller_than_a_page_is_no_text_of_a_typed_document(width: float, height: float) -> None:
    document = read_document(word_file(*TYPED, (blank(), width, height)), ocr=says_scan)
    assert (document.ocr_pages, document.doubts) == ((), ())


def test_where_there_is_little_text_every_picture_as_large_as_text_is_read_once() -> None:
    pictures = [(blank(), 12.0, 6.0), (blank(9), 2.0, 2.0), (blank(), 12.0, 6.0)]
    document = read_document(word_file("附件", *pictures), ocr=says_scan)
    assert lines(document).count("1.1 扫描页的条款") == 1


def test_a_picture_of_text_that_cannot_be_read_is_a_doubt() -> None:
    document = read_document(word_file(*TYPED, (blank(), 17, 24)), ocr=lambda data, numbers: {})
    assert [doubt.why for doubt in document.doubts] == ["pictures large enough for text that could not be read: 1"]
    empty = read_document(word_file((blank(), 17, 24)), ocr=lambda data, numbers: {})
    assert empty.reason == "the document has no text, only pictures, on which nothing can be read"


def test_typed_lines_between_pasted_pages_are_no_running_heads() -> None:
    pieces: list[str | tuple[bytes, float, float]] = [*TYPED]
    for number in range(3):
        pieces += ["样品数量：3", "试验电压：12V", (blank(10 * number + 5), 17, 24)]
    said = "\n".join(lines(read_document(word_file(*pieces), ocr=says_scan)))
    assert (said.count("样品数量：3"), said.count("试验电压：12V")) == (3, 3)
