"""The characters of a PDF page with their places, in content order."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from math import degrees

import pypdfium2 as pdfium
import pypdfium2.raw as raw

UNKNOWN = "\ufffd"
_HYPHENS = {0x02: "-", 0xAD: "-", 0xFFFE: "-"}
_Turn = Callable[[float, float, float, float, float, float], tuple[float, float, float, float]]


@dataclass(slots=True)
class Character:
    """One character; places in points from the upper left of the page as it is shown.

    `base` is the line that it stands on, `size` the height of its font box; `made` says that pdfium added it (a
    space for a gap, a line break), `bold` that its font is; `angle` is how far it is turned (degrees from 0 to 360).
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    made: bool = False
    bold: bool = False
    angle: float = 0.0

    @property
    def middle(self) -> float:
        """The middle of the character from left to right."""
        return (self.left + self.right) / 2

    @property
    def height_middle(self) -> float:
        """The middle of what is usually inked, from top to bottom."""
        return self.base - 0.25 * self.size


@dataclass(frozen=True, slots=True)
class PageText:
    """The characters of a page in content order, and its plain text as pdfium gives it."""

    characters: list[Character]
    plain: str


def characters_of(page: pdfium.PdfPage, is_turned: bool = False) -> PageText:
    """Return the characters of a page; line breaks that pdfium saw are "\\n", a sign without a meaning is U+FFFD.

    `is_turned` says that some of its text is, so that angles are worth asking for.
    """
    text_page = page.get_textpage()
    turn, rotation = _turn(page), page.get_rotation()
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
            code = _meant(code, handle, index)
            if not code:
                continue
        if code == 0x02:
            code = 0x2D
        raw.FPDFText_GetLooseCharBox(handle, index, box)
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        left, right, base, size = turn(box.left, box.right, y.value, box.top - box.bottom, box.top, box.bottom)
        angle = (degrees(raw.FPDFText_GetCharAngle(handle, index)) + rotation) % 360 if is_turned and not made else 0.0
        found.append(Character(_sign(code), left, right, base, size, made, _is_bold(handle, index), angle))
    plain = text_page.get_text_range().translate(_HYPHENS)
    unknown = sum(sign.text == UNKNOWN for sign in found) - plain.count(UNKNOWN)
    text_page.close()
    return PageText(_pairs_joined(found), plain + UNKNOWN * unknown)


def _meant(code: int, handle: object, index: int) -> int:
    """A hyphen at the end of a line; a glyph without a meaning, where it is drawn; else nothing."""
    if code in (0xFFFE, 0xAD):
        return 0x2D
    edges = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(handle, index, *edges)
    left, right, bottom, top = (edge.value for edge in edges)
    return ord(UNKNOWN) if code in (0, 0xFFFF) and right > left and top > bottom else 0


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
