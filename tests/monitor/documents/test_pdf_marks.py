"""What a PDF draws beside its text: shapes that look like letters are told, rules and frames are not."""

import io

import pytest
from reportlab.pdfgen import canvas

from monitor.documents.reader import read_document


def drawn(shapes: int, curves: int) -> bytes:
    """A page of text, and under it shapes of so many curves each, as letters are that were made outlines."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer)
    for line in range(10):
        page.drawString(72, 700 - 20 * line, f"{line + 1} The applicant submits {line + 3} samples for the test.")
    for number in range(shapes):
        left, path = 72 + 14 * number, page.beginPath()
        path.moveTo(left, 300)
        for curve in range(curves):
            path.curveTo(left + curve, 302, left + 10, 308 - curve, left + 5, 300 + curve % 10)
        page.drawPath(path, fill=1, stroke=0)
    page.save()
    return buffer.getvalue()


@pytest.mark.parametrize(("shapes", "curves", "told"), [(20, 12, True), (20, 1, False), (3, 12, False), (0, 0, False)])
def test_letters_that_are_only_drawn_are_doubted(shapes: int, curves: int, told: bool) -> None:
    doubts = read_document(drawn(shapes, curves)).doubts
    assert any("form of letters" in doubt.why for doubt in doubts) is told
