"""Tables on a scanned page: the rules around cells, found in the picture itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from monitor.documents.pdf.tables import Box, TableBox
from monitor.documents.scan.straighten import DPI

Picture = NDArray[np.uint8]
SHORTEST_ACROSS, SHORTEST_DOWN = int(0.45 * DPI), int(0.2 * DPI)
"""Pixels that a straight dark line must have to be a rule: longer than a stroke of text. A table's lowest row may be a
single line high; the long strokes of a headline are no frame, so they are not taken for a table."""
THICKEST = int(0.07 * DPI)
INSET = 6
"""Pixels along the edge of a cell in which remains of its rules may stand."""
FAINTEST = 12.0
DASH_HEIGHT = 0.07 * DPI
SMALLEST_CELL = int(0.08 * DPI)
SAME_RULE = int(0.06 * DPI)
"""Pixels within which two edges are one rule."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A page with the tables found on it (in points), and its picture with their rules painted over: they would be read
    as 一, 丨 and |."""

    tables: tuple[TableBox, ...]
    picture: Picture


def find_tables(picture: Picture, points: float) -> Ruled:
    """Return the tables of a page, from the top down; `points` is how many points a pixel is."""
    rules = _rules(picture)
    drawn = cv2.morphologyEx(rules, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(drawn, connectivity=8)
    tables, painted = [], np.zeros_like(picture, dtype=bool)
    for label in range(1, count):
        left, top, width, height = (int(value) for value in stats[label][:4])
        frame = (labels[top : top + height, left : left + width] == label).astype(np.uint8)
        cells = [(x + left, y + top, r + left, b + top) for x, y, r, b in _holes(frame)]
        if len(cells) > 1:
            tables.append(_table(cells, points))
            painted[top : top + height, left : left + width] |= frame > 0
    clean = picture.copy()
    clean[cv2.dilate(painted.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = int(np.median(picture))
    return Ruled(tuple(sorted(tables, key=lambda table: table.box[1])), clean)


def dash_in(picture: Picture, cell: Box, points: float) -> tuple[float, float, float, float] | None:
    """Return where the one dash stands that a cell holds (pixels, as tall as a character), None where it holds none."""
    left, top, right, bottom = (round(edge / points) for edge in cell)
    inside = picture[top + INSET : bottom - INSET, left + INSET : right - INSET]
    if inside.size == 0 or inside.std() < FAINTEST:
        return None
    ink = cv2.threshold(inside, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)[1].astype(np.uint8)
    solid = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, 5), np.uint8))
    x, y, width, height = cv2.boundingRect(cv2.findNonZero(solid)) if solid.any() else (0, 0, 0, 0)
    if not (0.03 * DPI <= width <= 0.4 * DPI and height <= max(4, width / 3)):
        return None
    middle = top + INSET + y + height / 2
    return (left + INSET + x, middle - DASH_HEIGHT, left + INSET + x + width, middle + DASH_HEIGHT)


def _rules(picture: Picture) -> Picture:
    """Dark, straight, thin lines across and down, as a mask."""
    ink = cv2.adaptiveThreshold(picture, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    across = _long(ink.astype(np.uint8), (SHORTEST_ACROSS, 1), (3, 1), (1, THICKEST))
    down = _long(ink.astype(np.uint8), (1, SHORTEST_DOWN), (1, 3), (THICKEST, 1))
    return cv2.bitwise_or(across, down).astype(np.uint8)


def _long(ink: Picture, shape: tuple[int, int], gap: tuple[int, int], thick: tuple[int, int]) -> Picture:
    """What is as long as a shape, small gaps in it closed, but not as thick as a block of ink."""
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, gap))
    kept = cv2.morphologyEx(joined, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, shape))
    blocks = cv2.morphologyEx(kept, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, thick))
    return cv2.subtract(kept, blocks).astype(np.uint8)


def _holes(frame: Picture) -> list[tuple[int, int, int, int]]:
    """The white areas that rules enclose, as left, top, right, bottom."""
    padded = cv2.copyMakeBorder(1 - frame, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(padded.astype(np.uint8), connectivity=4)
    outside = labels[0, 0]
    holes = []
    for label in range(1, count):
        x, y, width, height = (int(value) for value in stats[label][:4])
        if label != outside and width >= SMALLEST_CELL and height >= SMALLEST_CELL:
            holes.append((x - 1, y - 1, x - 1 + width, y - 1 + height))
    return holes


def _table(cells: Sequence[tuple[int, int, int, int]], points: float) -> TableBox:
    """Cells in rows and columns; a place under a merged cell is None."""
    tops, lefts = _edges([cell[1] for cell in cells]), _edges([cell[0] for cell in cells])
    places: list[list[Box | None]] = [[None] * len(lefts) for _ in tops]
    for left, top, right, bottom in cells:
        places[_nearest(tops, top)][_nearest(lefts, left)] = (
            left * points, top * points, right * points, bottom * points,
        )  # fmt: skip
    box = (
        min(cell[0] for cell in cells) * points, min(cell[1] for cell in cells) * points,
        max(cell[2] for cell in cells) * points, max(cell[3] for cell in cells) * points,
    )  # fmt: skip
    return TableBox(box, tuple(tuple(row) for row in places))


def _edges(values: Sequence[int]) -> list[int]:
    ordered = sorted(values)
    return [ordered[0], *(value for before, value in pairwise(ordered) if value - before > SAME_RULE)]


def _nearest(edges: Sequence[int], value: int) -> int:
    return min(range(len(edges)), key=lambda at: abs(edges[at] - value))
