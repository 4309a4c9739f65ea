"""Scans read almost as their born-digital originals, are never certain, and cost nothing where there is no scan."""

import io
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
import pytest

from monitor.documents.document import Document
from monitor.documents.reader import read_document
from monitor.documents.scan.straighten import skew_of
from monitor.documents.worker import ReaderLimits, read_safely
from tests.documents.measure import error_rate, normalised, text_of
from tests.documents.scans import Scan, scanned

HERE = Path(__file__).parents[2] / "documents"
RULE = (HERE / "rule" / "typed.pdf").read_bytes()
PAGES = (3, 5)
"""Of the rule: a page of clauses, and one with a table that fills it."""
SCANS = {
    "150 dpi, 1° askew": Scan(dpi=150, skew=1.0),
    "200 dpi": Scan(dpi=200),
    "300 dpi, 1° askew": Scan(dpi=300, skew=-1.0),
}
SEALED = {"150 dpi, seal": Scan(dpi=150, seal_at=(0.6, 0.8)), "200 dpi, seal": Scan(skew=1.0, seal_at=(0.5, 0.45))}


@cache
def some_pages(pages: tuple[int, ...] = PAGES) -> bytes:
    document, buffer = pdfium.PdfDocument.new(), io.BytesIO()
    document.import_pages(pdfium.PdfDocument(RULE), list(pages))
    document.save(buffer)
    return buffer.getvalue()


@cache
def original() -> Document:
    return read_document(some_pages())


@cache
def scan_read(name: str) -> Document:
    return read_document(scanned(some_pages(), (SCANS | SEALED)[name]))


def headings(document: Document) -> Counter[str]:
    return Counter(normalised(f"{part.path} {part.heading}") for part in document.parts if part.path)


@pytest.mark.slow
@pytest.mark.parametrize("name", SCANS)
def test_a_scan_reads_as_its_original_but_for_one_character_in_200(name: str) -> None:
    document = scan_read(name)
    assert error_rate(text_of(document), text_of(original())) <= 0.005
    found, known = headings(document), headings(original())
    assert (found & known).total() >= 0.97 * known.total()


@pytest.mark.slow
@pytest.mark.parametrize("name", SEALED)
def test_a_seal_over_the_text_costs_little(name: str) -> None:
    assert error_rate(text_of(scan_read(name)), text_of(original())) <= 0.015


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SCANS, *SEALED])
def test_a_scan_is_never_certain(name: str) -> None:
    document = scan_read(name)
    assert document.ocr_pages == (1, 2)
    assert document.confidence < 1
    assert [(doubt.about, doubt.why) for doubt in document.doubts][:2] == [
        ("page 1", "read by OCR"), ("page 2", "read by OCR")
    ]  # fmt: skip


@pytest.mark.slow
def test_only_pages_without_text_are_read_by_ocr() -> None:
    document, buffer = pdfium.PdfDocument(some_pages((3,))), io.BytesIO()
    document.import_pages(pdfium.PdfDocument(scanned(some_pages((4,)), Scan())))
    document.save(buffer)
    assert read_document(buffer.getvalue()).ocr_pages == (2,)


@pytest.mark.slow
def test_a_page_on_its_side_is_turned_and_a_picture_file_is_a_page() -> None:
    page = scanned(some_pages((3,)), Scan(turn=90))
    buffer = io.BytesIO()
    pdfium.PdfDocument(page)[0].render(scale=200 / 72).to_pil().convert("L").save(buffer, "PNG", dpi=(200, 200))
    document = read_document(buffer.getvalue(), "scan.png")
    assert (document.pages, document.ocr_pages) == (1, (1,))
    assert error_rate(text_of(document), text_of(read_document(some_pages((3,))))) <= 0.01


def test_ocr_is_not_loaded_for_a_page_with_text() -> None:
    program = (
        "import sys; from pathlib import Path; from monitor.documents.reader import read_document\n"
        f"assert read_document(Path({str(HERE / 'notice' / 'bare.pdf')!r}).read_bytes()).readable\n"
        "print([name for name in ('cv2', 'rapidocr', 'onnxruntime') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=HERE.parents[1]
    )
    assert done.stdout.strip() == "[]"


def test_pages_beyond_the_limit_are_left_unread_and_said_to_be() -> None:
    document = read_safely(scanned(some_pages(), Scan(dpi=100)), limits=ReaderLimits(workers=1, ocr_pages=0))
    assert not document.readable
    assert "needs OCR" in (document.reason or "") or "picture" in (document.reason or "")


@pytest.mark.slow
def test_a_scan_gets_the_time_that_its_pages_need() -> None:
    limits = ReaderLimits(workers=1, cpu_seconds=2, seconds=10, ocr_seconds=40)
    assert read_safely(scanned(some_pages((3,)), Scan()), limits=limits).readable


@pytest.mark.parametrize("angle", [-2.0, -0.5, 1.0, 3.0])
def test_skew_is_measured(angle: float) -> None:
    page = scanned(some_pages((3,)), Scan(dpi=100, skew=-angle))
    picture = np.asarray(pdfium.PdfDocument(page)[0].render(scale=100 / 72).to_pil().convert("L"))
    assert abs(skew_of(picture) - angle) <= 0.2
