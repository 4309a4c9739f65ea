"""Boxes of tables and of their cells on a PDF page, from pdfplumber; its text is not used."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pdfplumber

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
            found = page.find_tables()
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
