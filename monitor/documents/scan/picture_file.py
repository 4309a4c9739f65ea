"""Picture files: a page that was scanned or photographed and saved as PNG, JPEG, TIFF, BMP, GIF or WebP."""

import struct
from io import BytesIO

from PIL import Image, ImageOps

from monitor.documents.document import Doubt
from monitor.documents.errors import Damaged, LimitExceeded
from monitor.documents.pdf.text_layer import Ocr
from monitor.documents.structure.lines import RawText

MOST_PIXELS = 80_000_000
"""Pixels of one picture, looked at before anything is unpacked: a small file may hold a picture of gigabytes."""
MOST_PAGES = 200
_TOO_LARGE = f"the picture has more than {MOST_PIXELS // 10**6} million pixels, as no scan of a rule has"
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError, KeyError, OverflowError, struct.error,
           ArithmeticError, AttributeError, NotImplementedError)  # fmt: skip
"""Pillow's readers stumble over broken files in all these ways."""


def read_scan(data: bytes, ocr: Ocr) -> RawText:
    """Return what OCR reads on a picture; a TIFF may have several pages.

    Raises:
        Damaged: it is broken, or nothing can be read on it.
        LimitExceeded: it has more pixels or pages than any scan of a rule.
    """
    numbers = range(1, _count(data) + 1)
    read = ocr(data, numbers)
    pages = tuple(read[number] for number in numbers if number in read)
    if not pages:
        raise Damaged("nothing can be read on the picture")
    unread = (Doubt(f"page {number}", "nothing can be read on it") for number in numbers if number not in read)
    return RawText("text", pages, (*(Doubt(f"page {page.number}", "read by OCR") for page in pages), *unread))


def page_of(data: bytes, number: int) -> Image.Image:
    """Return one page (from 1) of a picture file in colour, turned as its camera says.

    Raises:
        Damaged, LimitExceeded: as `read_scan`.
    """
    try:
        with Image.open(BytesIO(data)) as picture:
            picture.seek(number - 1)
            _check(picture)
            return _on_paper(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError as reason:
        raise LimitExceeded(_TOO_LARGE) from reason
    except _BROKEN as reason:
        raise Damaged(f"the picture is damaged or cut off ({reason})") from reason


def _count(data: bytes) -> int:
    try:
        with Image.open(BytesIO(data)) as picture:
            _check(picture)
            count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    except Image.DecompressionBombError as reason:
        raise LimitExceeded(_TOO_LARGE) from reason
    except _BROKEN as reason:
        raise Damaged(f"the picture is damaged or cut off ({reason})") from reason
    if count > MOST_PAGES:
        raise LimitExceeded(f"the picture file has {count} pages; {MOST_PAGES} are allowed")
    return count


def _check(picture: Image.Image) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise LimitExceeded(_TOO_LARGE)


def _on_paper(picture: Image.Image) -> Image.Image:
    """In colour, with white behind whatever is transparent."""
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        paper.alpha_composite(layered)
        paper.info.update(picture.info)
        return _keeping(paper.convert("RGB"), picture)
    return _keeping(picture.convert("RGB"), picture)


def _keeping(converted: Image.Image, picture: Image.Image) -> Image.Image:
    """The resolution is asked for later; conversion may drop it."""
    if "dpi" in picture.info:
        converted.info["dpi"] = picture.info["dpi"]
    return converted
