"""Drawn rules as OFD (GB/T 33190-2016), set on the same pages as the PDF."""

from math import cos, radians, sin
from xml.sax.saxutils import escape

from tests.documents.drawn.layout import Laid, lay
from tests.documents.drawn.marks import Mark, Page
from tests.documents.drawn.values import Rule
from tests.documents.make_ofd import document_xml, ems, ofd_xml, packed, page_xml, path_object, text_object

MM = 210 / 595


def make_ofd(rule: Rule) -> tuple[bytes, Laid]:
    """Return the file and how it was laid out."""
    laid = lay(rule, lambda text, size: ems(text) * size, fields=False)
    files: dict[str, str | bytes] = {"OFD.xml": ofd_xml(), "Doc_0/Document.xml": document_xml(len(laid.pages))}
    for at, page in enumerate(laid.pages):
        files[f"Doc_0/Pages/Page_{at}/Content.xml"] = page_xml(_objects(page))
    return packed(files), laid


def _objects(page: Page) -> list[str]:
    marks = [_turned(mark) if mark.angle else _level(mark) for mark in page.marks]
    return marks + [path_object(s.x0 * MM, s.y0 * MM, s.x1 * MM, s.y1 * MM) for s in page.strokes]


def _level(mark: Mark) -> str:
    return text_object(mark.text, mark.x * MM, mark.y * MM, mark.size * MM)


def _turned(mark: Mark) -> str:
    """A text turned about its place by the object's matrix (CTM), y pointing down."""
    size, turn = mark.size * MM, radians(mark.angle)
    long = ems(mark.text) * size
    matrix = f"{cos(turn):.4f} {-sin(turn):.4f} {sin(turn):.4f} {cos(turn):.4f} 0 {long * sin(turn):.2f}"
    top = mark.y * MM - long * sin(turn)
    wide, high = long * cos(turn) + size, long * sin(turn) + size
    steps = " ".join(f"{0.5 * size if sign.isascii() else size:.2f}" for sign in mark.text[:-1])
    return (
        f'<ofd:TextObject ID="7" Boundary="{mark.x * MM:.2f} {top:.2f} {wide:.2f} {high:.2f}" Font="1" '
        f'Size="{size:.2f}" CTM="{matrix}"><ofd:TextCode X="0" Y="{size:.2f}" DeltaX="{steps}">'
        f"{escape(mark.text)}</ofd:TextCode></ofd:TextObject>"
    )
