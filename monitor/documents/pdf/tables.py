"""Boxes of tables and of their cells on a PDF page, from pdfplumber; its text is not used."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pdfplumber
from pdfplumber.table import merge_edges

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the upper left."""


@dataclass(frozen=True, slots=True)
class TableBox:
    """One table: its box, and its rows of cells (None where a merged cell covers the place)."""

    box: Box
    rows: tuple[tuple[Box | None, ...], ...]


class TableBoxes:
    """The tables of one PDF; a page whose lines cannot be read has none."""

    def __init__(self, document: Any) -> None:
        """Take an opened pdfplumber document, None where pdfplumber could not open it."""
        self._document = document

    def of_page(self, number: int) -> tuple[TableBox, ...]:
        """Return the tables of a page, from the top down."""
        if self._document is None or number > len(self._document.pages):
            return ()
        page = self._document.pages[number - 1]
        left, top = page.bbox[:2]
        try:
            sides = open_sides(page.edges)
            found = page.find_tables({"explicit_vertical_lines": sides} if sides else None)
        except Exception:  # foreign parser: pdfminer fails in many ways on odd files; the text is read all the same
            return ()
        finally:
            page.close()
        return tuple(_table(table, left, top) for table in found if _is_table(table))


@contextmanager
def open_boxes(data: bytes) -> Iterator[TableBoxes]:
    """Open a PDF for its tables."""
    document = None
    try:
        document = pdfplumber.open(BytesIO(data))
        len(document.pages)
    except Exception:  # foreign parser: a file that pdfium opens may be beyond pdfminer
        document = None
    try:
        yield TableBoxes(document)
    finally:
        if document is not None:
            document.close()


_NEAR = 3.0
_NARROWEST = 100.0
"""Points that the rules of a table are long at least."""


def open_sides(edges: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the upright lines that a table lacks at its left or right, where its level ones end at one place.

    Rules belong together where an upright line inside goes from one to the next.
    """
    straight = [edge for edge in edges if edge["orientation"] is not None]
    lines = merge_edges(straight, _NEAR, _NEAR, _NEAR, _NEAR)
    level = sorted((e for e in lines if e["orientation"] == "h" and _width(e) > _NARROWEST), key=lambda e: e["top"])
    upright = [edge for edge in lines if edge["orientation"] == "v"]
    sides: dict[tuple[float, float], dict[str, Any]] = {}
    for at, above in enumerate(level):
        below = next((edge for edge in level[at + 1 :] if _is_as_wide(above, edge)), None)
        if below is None or not any(_bridges(edge, above, below, inside=True) for edge in upright):
            continue
        for x in (above["x0"], above["x1"]):
            if not any(abs(edge["x0"] - x) <= _NEAR and _bridges(edge, above, below) for edge in upright):
                sides[x, above["top"]] = _side(x, above["top"], below["top"])
    return list(sides.values())


def _width(edge: dict[str, Any]) -> float:
    return float(edge["x1"] - edge["x0"])


def _is_as_wide(one: dict[str, Any], other: dict[str, Any]) -> bool:
    same = all(abs(one[end] - other[end]) <= _NEAR for end in ("x0", "x1"))
    return same and bool(other["top"] - one["top"] > _NEAR)


def _bridges(edge: dict[str, Any], above: dict[str, Any], below: dict[str, Any], inside: bool = False) -> bool:
    if inside and not above["x0"] + _NEAR < edge["x0"] < above["x1"] - _NEAR:
        return False
    return bool(edge["top"] <= above["top"] + _NEAR and edge["bottom"] >= below["top"] - _NEAR)


def _side(x: float, top: float, bottom: float) -> dict[str, Any]:
    return {
        "x0": x, "x1": x, "top": top, "bottom": bottom, "width": 0.0, "height": bottom - top,
        "orientation": "v", "object_type": "line",
    }  # fmt: skip


def _is_table(table: Any) -> bool:
    """A frame around text is no table: there must be more than one cell."""
    return len(table.cells) > 1


def _table(table: Any, left: float, top: float) -> TableBox:
    rows = tuple(tuple(_moved(cell, left, top) for cell in row.cells) for row in table.rows)
    moved = _moved(table.bbox, left, top)
    assert moved is not None
    return TableBox(moved, rows)


def _moved(box: Box | None, left: float, top: float) -> Box | None:
    return (box[0] - left, box[1] - top, box[2] - left, box[3] - top) if box else None
