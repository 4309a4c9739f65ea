"""What a PDF draws beside its text: shapes that look like letters are told, rules and frames are not."""

import io

import pytest
from reportlab.pdfgen import canvas

from monitor.documents.pdf.tables import open_sides
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


def rule(x0: float, top: float, x1: float, bottom: float) -> dict[str, object]:
    orientation = "h" if top == bottom else "v" if x0 == x1 else None
    return {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "orientation": orientation, "object_type": "line",
            "width": x1 - x0, "height": bottom - top}  # fmt: skip


def test_a_table_without_outer_rules_is_closed_and_text_between_two_tables_is_not() -> None:
    level = [rule(72, top, 500, top) for top in (100, 120, 140, 300, 320)]
    inside = [rule(200, 100, 200, 140), rule(200, 300, 200, 320)]
    sides = open_sides([*level, *inside, rule(10, 10, 40, 50)])
    assert sorted((side["x0"], side["top"], side["bottom"]) for side in sides) == [
        (72, 100, 120), (72, 120, 140), (72, 300, 320), (500, 100, 120), (500, 120, 140), (500, 300, 320),
    ]  # fmt: skip


def test_a_table_with_its_outer_rules_is_left_alone() -> None:
    level = [rule(72, top, 500, top) for top in (100, 120)]
    assert open_sides([*level, *(rule(x, 100, x, 120) for x in (72, 200, 500))]) == []
