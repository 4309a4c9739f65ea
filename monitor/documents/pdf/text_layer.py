"""Born-digital PDF: characters in the order in which they were written, lifted out of their tables.

pypdfium2 gives the characters, because on real files by Chinese typesetting systems only content order is right;
pdfplumber gives the boxes of tables, and each character goes into the cell in which it stands. Each page is judged
by its own text: a page without text, or with a text layer that
is no language, needs OCR.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from monitor.documents.document import Doubt
from monitor.documents.errors import Damaged, Encrypted, LimitExceeded
from monitor.documents.pdf.characters import Character, characters_of
from monitor.documents.pdf.page import blocks_of
from monitor.documents.pdf.tables import TableBoxes, open_boxes
from monitor.documents.pdf.triage import Verdict, judge
from monitor.documents.structure.lines import Page, RawText

MOST_PAGES = 2_000
MOST_CHARACTERS = 5_000_000
Ocr = Callable[[bytes, Sequence[int]], Mapping[int, Page]]
"""Reads pages (by number from 1) of a PDF by OCR; pages that it cannot read are left out."""


def read_pdf(data: bytes, ocr: Ocr | None = None) -> RawText:
    """Return the pages of a PDF.

    Raises:
        Damaged: it is cut off, broken, or has no page.
        Encrypted: it needs a password.
        LimitExceeded: it has more pages or text than any rule.
    """
    document = _opened(data)
    try:
        if len(document) == 0:
            raise Damaged("the PDF has no page")
        if len(document) > MOST_PAGES:
            raise LimitExceeded(f"the PDF has {len(document)} pages; {MOST_PAGES} are allowed")
        pages, unread = _pages(document, data)
    finally:
        document.close()
    return _with_ocr(data, pages, unread, ocr)


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as reason:
        if "password" in str(reason).lower():
            raise Encrypted("the PDF needs a password") from reason
        if "security" in str(reason).lower():
            raise Encrypted("the PDF is encrypted in a way that cannot be opened") from reason
        raise Damaged(f"the PDF is damaged or cut off ({reason})") from reason


def _pages(document: pdfium.PdfDocument, data: bytes) -> tuple[list[Page], dict[int, Verdict]]:
    pages: list[Page] = []
    unread: dict[int, Verdict] = {}
    total = 0
    with open_boxes(data) as boxes:
        for number in range(1, len(document) + 1):
            page, verdict, characters = _page(document, number, boxes)
            total += characters
            if total > MOST_CHARACTERS:
                raise LimitExceeded(f"the PDF has more than {MOST_CHARACTERS} characters")
            pages.append(page)
            if verdict not in (Verdict.GOOD, Verdict.BLANK):
                unread[number] = verdict
    return pages, unread


def _page(document: pdfium.PdfDocument, number: int, boxes: TableBoxes) -> tuple[Page, Verdict, int]:
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        return Page(number, ()), Verdict.BROKEN, 0
    width, height = page.get_size()
    characters = characters_of(page)
    verdict = judge("".join(sign.text for sign in characters), *_drawn(page, width * height))
    if verdict is not Verdict.GOOD:
        page.close()
        return Page(number, (), width=width, height=height), verdict, len(characters)
    tables = boxes.of_page(number) if _has_lines(page) else ()
    page.close()
    blocks = blocks_of(_inside(characters, width, height), tables, width)
    return Page(number, blocks, width=width, height=height), verdict, len(characters)


def _inside(characters: Sequence[Character], width: float, height: float) -> list[Character]:
    """Characters that stand on the page; what lies beside it is not printed."""
    return [sign for sign in characters if -5 <= sign.left <= width + 5 and -5 <= sign.base <= height + 5]


def _drawn(page: pdfium.PdfPage, area: float) -> tuple[float, bool]:
    """How much of the page pictures cover (0 to 1), and whether anything at all is drawn on it."""
    covered, anything = 0.0, False
    for item in page.get_objects(max_depth=3):
        anything = True
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom)
    return (min(1.0, covered / area) if area else 0.0), anything


def _has_lines(page: pdfium.PdfPage) -> bool:
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM)
    return sum(1 for _ in page.get_objects(filter=kinds, max_depth=3)) >= 3


def _with_ocr(data: bytes, pages: list[Page], unread: Mapping[int, Verdict], ocr: Ocr | None) -> RawText:
    read = ocr(data, tuple(unread)) if ocr is not None and unread else {}
    final = [read.get(page.number, page) for page in pages]
    doubts = []
    for number, verdict in unread.items():
        if number in read:
            doubts.append(Doubt(f"page {number}", "read by OCR"))
        else:
            doubts.append(Doubt(f"page {number}", f"{verdict.value}; it needs OCR and was not read"))
            final[number - 1] = replace(final[number - 1], confidence=0.0)
    if not any(page.blocks for page in final):
        raise Damaged(
            f"no page has text that can be read: {doubts[0].why}" if doubts else "the PDF has only blank pages"
        )
    return RawText("pdf", tuple(final), tuple(doubts))
