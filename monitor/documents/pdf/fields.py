"""What was added to a PDF page: form fields that were filled in, annotations (PDF 32000-1, 12.5, 12.7)."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from monitor.documents.pdf.characters import Character

_HIDDEN = 0x01 | 0x02 | 0x20
"""Flags of an annotation: invisible, hidden, not viewed."""
_PRINTED = {raw.FPDF_ANNOT_WIDGET: b"V", raw.FPDF_ANNOT_FREETEXT: b"Contents", raw.FPDF_ANNOT_STAMP: b"Contents"}
_UNPRINTED = (raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP)


@dataclass(frozen=True, slots=True)
class Added:
    """A text that was added to a page, where (points from its upper left), and whether it shows."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    is_shown: bool


def added_to(page: pdfium.PdfPage, left: float, top: float) -> Iterator[Added]:
    """Yield the values of fields and the texts of annotations; `left`, `top` are the upper left of the page's box."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        text = "" if kind in _UNPRINTED else _value(annotation, kind)
        box = raw.FS_RECTF()
        if text and raw.FPDFAnnot_GetRect(annotation, box):
            ys = sorted((top - box.top, top - box.bottom))
            shown = kind in _PRINTED and not raw.FPDFAnnot_GetFlags(annotation) & _HIDDEN
            yield Added(text, min(box.left, box.right) - left, ys[0], max(box.left, box.right) - left, ys[1], shown)
        raw.FPDFPage_CloseAnnot(annotation)


def _value(annotation: object, kind: int) -> str:
    if kind == raw.FPDF_ANNOT_WIDGET and _string(annotation, b"FT") == "Btn":
        return "☑" if _string(annotation, b"AS") not in ("", "Off") else ""
    return _string(annotation, _PRINTED.get(kind, b"Contents")).replace("\r\n", "\n").replace("\r", "\n").strip()


def _string(annotation: object, key: bytes) -> str:
    length = raw.FPDFAnnot_GetStringValue(annotation, key, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFAnnot_GetStringValue(annotation, key, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw.decode("utf-16-le", "replace").rstrip("\x00")


def with_added(characters: Sequence[Character], added: Sequence[Added]) -> list[Character]:
    """Return the characters of a page with those that were added in their places."""
    placed = list(characters)
    for item in added:
        lines = item.text.split("\n")
        height = (item.bottom - item.top) / len(lines)
        for number, line in enumerate(lines):
            base = item.top + height * (number + 0.75)
            _put(placed, _laid_out(line, item.left, base, min(12.0, 0.8 * height)))
    return placed


def _laid_out(line: str, left: float, base: float, size: float) -> list[Character]:
    found = []
    for sign in line:
        right = left + size * (0.5 if sign.isascii() else 1.0)
        found.append(Character(sign, left, right, base, size))
        left = right
    return found


def _put(placed: list[Character], line: list[Character]) -> None:
    """After what stands before it on its line; on a line of its own before the first that stands lower."""
    if not line:
        return
    first = line[0]
    beside = [
        at
        for at, sign in enumerate(placed)
        if not sign.made and abs(sign.height_middle - first.height_middle) < 0.6 * max(sign.size, first.size)
    ]
    before = [at for at in beside if placed[at].left <= first.left]
    if before:
        base = placed[before[-1]].base
        line = [Character(sign.text, sign.left, sign.right, base, sign.size) for sign in line]
        placed[before[-1] + 1 : before[-1] + 1] = line
        return
    lower = beside or [at for at, sign in enumerate(placed) if not sign.made and sign.base > first.base]
    at = lower[0] if lower else len(placed)
    end = Character("\n", 0, 0, 0, 0, made=True)
    placed[at:at] = [*line, *([] if beside else [end])] if lower else [end, *line]
