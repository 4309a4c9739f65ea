"""Pictures in a DOCX: which of them are pages of text, and what OCR reads on them.

A rule that was scanned and pasted into Word page by page has hardly any text of its own. In a typed document only a
picture of nearly a page is taken for text; what is smaller is a logo, a drawing, a stamp.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.documents.document import Doubt
from monitor.documents.errors import Unreadable
from monitor.documents.pdf.text_layer import Ocr
from monitor.documents.structure.lines import Block, Page
from monitor.documents.word.wordml import Element, WordFile

LITTLE_TEXT = 200
"""Characters below which a document's pictures, not its text, say what it says."""
PAGE_WIDTH, PAGE_HEIGHT = 340.0, 425.0
"""12 × 15 cm in points: a picture of that size in a typed document is a page."""
TEXT_WIDTH, TEXT_HEIGHT = 140.0, 40.0
"""What is smaller is no text worth reading, even where there is no other."""
_EMU_A_POINT = 12_700
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_VML = "{urn:schemas-microsoft-com:vml}"
_POINTS = {"pt": 1.0, "in": 72.0, "cm": 72 / 2.54, "mm": 7.2 / 2.54, "px": 0.75, "": 0.75}
_LENGTH = re.compile(r"(?:^|;)\s*(width|height)\s*:\s*([\d.]+)\s*([a-z]*)")


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture where it stands: after how many blocks of the text, its relation, its size in points (0: unknown)."""

    at: int
    relation: str
    width: float
    height: float

    def is_text(self, little_text: bool) -> bool:
        """Whether it is to be read."""
        if not self.width or not self.height:
            return little_text
        if little_text:
            return self.width >= TEXT_WIDTH and self.height >= TEXT_HEIGHT
        return self.width >= PAGE_WIDTH and self.height >= PAGE_HEIGHT


def placed_in(element: Element, at: int) -> Iterator[Placed]:
    """Yield the pictures of a `w:drawing`, `w:pict` or `w:object`; one that lies outside of the file is none."""
    width, height = _extent(element) or (0.0, 0.0)
    for blip in element.iter(_BLIP):
        if relation := blip.get(_RELATIONS + "embed"):
            yield Placed(at, relation, width, height)
    for shape in element.iter(_VML + "shape"):
        size = {name: float(number) * _POINTS.get(unit, 0.0) for name, number, unit in _sizes(shape)}
        for image in shape.iter(_VML + "imagedata"):
            if relation := image.get(_RELATIONS + "id"):
                yield Placed(at, relation, size.get("width", 0.0), size.get("height", 0.0))


def pages_of(
    blocks: Sequence[Block], placed: Sequence[Placed], file: WordFile, ocr: Ocr | None, characters: int
) -> tuple[tuple[Page, ...], tuple[Doubt, ...]]:
    """Return the text with what is read on its pictures where they stand, as pages; and what was read so, or was not.

    A picture that stands in several places is read where it stands first.
    """
    chosen = {item.relation: item for item in reversed(placed) if item.is_text(characters < LITTLE_TEXT)}
    pages: list[Page] = []
    doubts, begun = [], 0
    for item in sorted(chosen.values(), key=lambda item: item.at):
        read = _read(file.picture(item.relation), ocr)
        if read is None:
            continue
        pages += _stretch(blocks[begun : item.at], len(pages))
        begun = item.at
        pages.append(replace(read, number=len(pages) + 1))
        doubts.append(Doubt(f"page {len(pages)}", "a picture of text, read by OCR"))
    pages += _stretch(blocks[begun:], len(pages))
    unread = len(chosen) - len(doubts)
    if unread:
        doubts.append(Doubt("pictures", f"pictures large enough for text that could not be read: {unread}"))
    return tuple(pages), tuple(doubts)


def _stretch(blocks: Sequence[Block], before: int) -> list[Page]:
    return [Page(before + 1, tuple(blocks))] if blocks else []


def _read(data: bytes | None, ocr: Ocr | None) -> Page | None:
    if data is None or ocr is None:
        return None
    try:
        return ocr(data, (1,)).get(1)
    except Unreadable:
        return None


def _extent(element: Element) -> tuple[float, float] | None:
    extent = next(element.iter(_DRAWING + "extent"), None)
    if extent is None:
        return None
    width, height = extent.get("cx", ""), extent.get("cy", "")
    if not (width.isdecimal() and height.isdecimal()):
        return None
    return int(width) / _EMU_A_POINT, int(height) / _EMU_A_POINT


def _sizes(shape: Element) -> Iterator[tuple[str, str, str]]:
    for found in _LENGTH.finditer((shape.get("style") or "").lower()):
        name, number, unit = found.groups()
        if re.fullmatch(r"\d+(?:\.\d+)?|\.\d+", number):
            yield name, number, unit
