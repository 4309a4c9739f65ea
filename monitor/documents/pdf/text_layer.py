"""Born-digital PDF: characters in the order in which they were written, lifted out of their tables.

pypdfium2 gives the characters, because on real files by Chinese typesetting systems only content order is right;
pdfplumber gives the boxes of tables, and each character goes into the cell in which it stands. Each page is judged
by its own text: a page without text, or with a text layer that
is no language, needs OCR.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from monitor.documents.document import Doubt, SetAside
from monitor.documents.errors import Damaged, Encrypted, LimitExceeded
from monitor.documents.pdf.characters import Character, characters_of
from monitor.documents.pdf.fields import added_to, with_added
from monitor.documents.pdf.page import blocks_of
from monitor.documents.pdf.tables import TableBoxes, open_boxes
from monitor.documents.pdf.triage import Verdict, judge
from monitor.documents.pdf.turned import parted
from monitor.documents.structure.lines import Held, Page, RawText, said_by

MOST_PAGES = 2_000
MOST_CHARACTERS = 5_000_000
Ocr = Callable[[bytes, Sequence[int]], Mapping[int, Page]]
"""Reads pages (by number from 1) of a PDF by OCR; pages that it cannot read are left out."""


_PLACEHOLDER = re.compile(r"please\s+wait|adobe\s+reader|请稍(?:候|等)", re.IGNORECASE)
_XFA_FULL, _XFA_FOREGROUND = 2, 3


_FEWEST_SEGMENTS, _FEWEST_LETTERS = 10, 8
"""A rule or a frame has fewer segments than the outline of a letter; a logo has fewer shapes than a line of text."""


@dataclass(slots=True)
class _Look:
    """What was seen on the pages of a file besides their blocks."""

    held: dict[int, str] = field(default_factory=dict)
    set_aside: list[SetAside] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    unread: dict[int, Verdict] = field(default_factory=dict)
    characters: int = 0


def read_pdf(data: bytes, ocr: Ocr | None = None) -> RawText:
    """Return the pages of a PDF, filled fields and printed annotations in their places.

    Raises:
        Damaged: it is cut off, broken, has no page, or is a form that only Adobe's reader can show.
        Encrypted: it needs a password.
        LimitExceeded: it has more pages or text than any rule.
    """
    document = _opened(data)
    look = _Look()
    try:
        if len(document) == 0:
            raise Damaged("the PDF has no page")
        if len(document) > MOST_PAGES:
            raise LimitExceeded(f"the PDF has {len(document)} pages; {MOST_PAGES} are allowed")
        form = document.get_formtype()
        pages = _pages(document, data, look)
    finally:
        document.close()
    if form in (_XFA_FULL, _XFA_FOREGROUND):
        _check_form(form, look)
    return _with_ocr(data, pages, look, ocr)


def _check_form(form: int, look: _Look) -> None:
    """Of a dynamic XFA form the pages hold a placeholder; of a static one, all but perhaps what was filled in."""
    text = "\n".join(look.held.values())
    if (_PLACEHOLDER.search(text) and len(text) < 1_500) or (form == _XFA_FULL and len(text) < 200):
        raise Damaged("the PDF is an XFA form, which only Adobe's reader shows; its page is a placeholder")
    look.doubts.append(Doubt("form", "the PDF is an XFA form; what is filled in may be missing"))


def _opened(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as reason:
        if "password" in str(reason).lower():
            raise Encrypted("the PDF needs a password") from reason
        if "security" in str(reason).lower():
            raise Encrypted("the PDF is encrypted in a way that cannot be opened") from reason
        raise Damaged(f"the PDF is damaged or cut off ({reason})") from reason


def _pages(document: pdfium.PdfDocument, data: bytes, look: _Look) -> list[Page]:
    pages: list[Page] = []
    with open_boxes(data) as boxes:
        for number in range(1, len(document) + 1):
            pages.append(_page(document, number, boxes, look))
            if look.characters > MOST_CHARACTERS:
                raise LimitExceeded(f"the PDF has more than {MOST_CHARACTERS} characters")
    return pages


def _page(document: pdfium.PdfDocument, number: int, boxes: TableBoxes, look: _Look) -> Page:
    try:
        page = document[number - 1]
    except pdfium.PdfiumError:
        look.unread[number] = Verdict.BROKEN
        return Page(number, ())
    width, height = page.get_size()
    drawn = _drawn(page, width * height)
    text = characters_of(page, drawn.is_turned)
    left, _, _, top = page.get_cropbox()
    added = list(added_to(page, left, top))
    shown = [item for item in added if item.is_shown and not page.get_rotation()]
    verdict = judge("".join(sign.text for sign in text.characters), drawn.covered, drawn.anything)
    look.characters += len(text.characters)
    look.held[number] = text.plain + "\n".join(item.text for item in added)
    note = "a note on the page that is not printed"
    look.set_aside += [SetAside("annotation", f"page {number}", note, i.text) for i in added if i not in shown]
    if verdict is not Verdict.GOOD:
        page.close()
        if verdict is not Verdict.BLANK:
            look.unread[number] = verdict
        return Page(number, (), width=width, height=height)
    if drawn.letters >= _FEWEST_LETTERS:
        why = f"{drawn.letters} shapes have the form of letters; what is drawn and no text was not read"
        look.doubts.append(Doubt(f"page {number}", why))
    tables = boxes.of_page(number) if _has_lines(page) else ()
    page.close()
    turned = parted(_inside(text.characters, number, width, height, look), height)
    look.set_aside += turned.set_aside(number)
    look.doubts += [doubt for doubt in turned.doubts() if doubt not in look.doubts]
    blocks = blocks_of(with_added(turned.level, shown), tables, width)
    return Page(number, (*blocks, *turned.sideways), width=width, height=height)


def _inside(characters: Sequence[Character], number: int, width: float, height: float, look: _Look) -> list[Character]:
    """Characters that stand on the page; what lies beside it is not printed."""
    inside = [sign for sign in characters if -5 <= sign.left <= width + 5 and -5 <= sign.base <= height + 5]
    if len(inside) < len(characters):
        beside = "".join(s.text for s in characters if not (-5 <= s.left <= width + 5 and -5 <= s.base <= height + 5))
        look.set_aside.append(SetAside("beside the page", f"page {number}", "it stands outside of the paper", beside))
    return inside


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What a page draws: the share of it under pictures (0 to 1), anything at all, turned text, shapes like letters."""

    covered: float
    anything: bool
    is_turned: bool
    letters: int


def _drawn(page: pdfium.PdfPage, area: float) -> _Drawn:
    covered, anything, is_turned, letters = 0.0, False, False, 0
    for item in page.get_objects(max_depth=3):
        anything = True
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += max(0.0, right - left) * max(0.0, top - bottom)
        elif item.type == raw.FPDF_PAGEOBJ_TEXT and not is_turned:
            matrix = item.get_matrix()
            is_turned = abs(matrix.b) > 0.02 * abs(matrix.a) or bool(page.get_rotation())
        elif item.type == raw.FPDF_PAGEOBJ_PATH:
            letters += _is_like_a_letter(item)
    return _Drawn(min(1.0, covered / area) if area else 0.0, anything, is_turned, letters)


def _is_like_a_letter(path: pdfium.PdfObject) -> bool:
    """Whether a path has as many segments as the outline of a letter or more, in a letter's size."""
    if raw.FPDFPath_CountSegments(path.raw) < _FEWEST_SEGMENTS:
        return False
    left, bottom, right, top = path.get_bounds()
    return bool(4 < top - bottom < 40 and 2 < right - left < 600)


def _has_lines(page: pdfium.PdfPage) -> bool:
    kinds = (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_FORM)
    return sum(1 for _ in page.get_objects(filter=kinds, max_depth=3)) >= 3


def _with_ocr(data: bytes, pages: list[Page], look: _Look, ocr: Ocr | None) -> RawText:
    read = ocr(data, tuple(look.unread)) if ocr is not None and look.unread else {}
    final = [read.get(page.number, page) for page in pages]
    doubts = []
    for number, verdict in look.unread.items():
        if number in read:
            doubts.append(Doubt(f"page {number}", "read by OCR"))
        else:
            doubts.append(Doubt(f"page {number}", f"{verdict.value}; it needs OCR and was not read"))
            final[number - 1] = replace(final[number - 1], confidence=0.0)
    if not any(page.blocks for page in final):
        raise Damaged(
            f"no page has text that can be read: {doubts[0].why}" if doubts else "the PDF has only blank pages"
        )
    held = tuple(Held(f"page {page.number}", _held(page, look)) for page in final)
    return RawText("pdf", tuple(final), (*doubts, *look.doubts), set_aside=tuple(look.set_aside), held=held)


def _held(page: Page, look: _Look) -> str:
    """What a page holds: of one that was read by OCR, what OCR read, for nothing else is known of it."""
    if page.number in look.unread:
        notes = [item.text for item in look.set_aside if item.where == f"page {page.number}"]
        return "\n".join([*(said_by(block) for block in page.blocks), *notes])
    return look.held.get(page.number, "")
