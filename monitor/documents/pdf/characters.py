"""The characters of a PDF page with their places, in content order."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

_Turn = Callable[[float, float, float, float, float, float], tuple[float, float, float, float]]


@dataclass(slots=True)
class Character:
    """One character; places in points from the upper left of the page as it is shown.

    `base` is the line that it stands on, `size` the height of its font box; `made` says that pdfium added it (a
    space for a gap, a line break), `bold` that its font is.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    made: bool = False
    bold: bool = False

    @property
    def middle(self) -> float:
        """The middle of the character from left to right."""
        return (self.left + self.right) / 2

    @property
    def height_middle(self) -> float:
        """The middle of what is usually inked, from top to bottom."""
        return self.base - 0.25 * self.size


def characters_of(page: pdfium.PdfPage) -> list[Character]:
    """Return the characters of a page; line breaks that pdfium saw are "\\n"."""
    text_page = page.get_textpage()
    turn = _turn(page)
    handle = text_page.raw
    found: list[Character] = []
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    for index in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, index)
        made = raw.FPDFText_IsGenerated(handle, index) == 1
        if code in (0x0D, 0x0A):
            if not found or found[-1].text != "\n":
                found.append(Character("\n", 0, 0, 0, 0, True))
            continue
        if code in (0, 0xFFFE, 0xFFFF, 0xFEFF, 0xAD) and not made:
            code = 0x2D if code == 0xFFFE or code == 0xAD else 0
            if not code:
                continue
        if code == 0x02:
            code = 0x2D
        raw.FPDFText_GetLooseCharBox(handle, index, box)
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        left, right, base, size = turn(box.left, box.right, y.value, box.top - box.bottom, box.top, box.bottom)
        found.append(Character(_sign(code), left, right, base, size, made, _is_bold(handle, index)))
    text_page.close()
    return _pairs_joined(found)


def _sign(code: int) -> str:
    return chr(code) if code < 0x110000 else "\ufffd"


def _is_bold(handle: object, index: int) -> bool:
    return bool(raw.FPDFText_GetFontWeight(handle, index) >= 600)


def _turn(page: pdfium.PdfPage) -> _Turn:
    """From the page's own space to the page as shown (PDF 32000-1, 7.7.3.3: /Rotate turns clockwise)."""
    x0, y0, x1, y1 = page.get_cropbox()
    rotation = page.get_rotation()

    def place(
        left: float, right: float, base: float, size: float, top: float, bottom: float
    ) -> tuple[float, float, float, float]:
        if rotation == 90:
            return bottom - y0, top - y0, right - x0, right - left
        if rotation == 180:
            return x1 - right, x1 - left, base - y0, size
        if rotation == 270:
            return y1 - top, y1 - bottom, x1 - left, right - left
        return left - x0, right - x0, y1 - base, size

    return place


def _pairs_joined(found: list[Character]) -> list[Character]:
    """Characters beyond the basic plane that came as two halves become one."""
    joined: list[Character] = []
    for sign in found:
        if joined and "\ud800" <= joined[-1].text <= "\udbff" and "\udc00" <= sign.text <= "\udfff":
            high, low = ord(joined[-1].text) - 0xD800, ord(sign.text) - 0xDC00
            joined[-1].text = chr(0x10000 + (high << 10) + low)
        else:
            joined.append(sign)
    for sign in joined:
        if "\ud800" <= sign.text <= "\udfff":
            sign.text = "\ufffd"
    return joined
