"""Straight lines on a page become the cells of tables, by pdfplumber's own way of joining lines."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pdfplumber.table import Table, cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from monitor.documents.pdf.tables import TableBox, open_sides

MOST_RULES = 1_500
"""More lines than these are a drawing."""
MOST_CROSSINGS = 4_000
_SHORTEST = 3.0
_LEVEL = 1.0
_JOIN = 3.0


class Rule(NamedTuple):
    """A straight line from one point to another, in points from the upper left."""

    x0: float
    y0: float
    x1: float
    y1: float


def tables_of(rules: Sequence[Rule]) -> tuple[TableBox, ...]:
    """Return the tables that level and upright lines make, from the top down."""
    edges = [edge for rule in rules if (edge := _edge(rule)) is not None]
    if not 4 <= len(edges) <= MOST_RULES:
        return ()
    edges += open_sides(edges)
    crossings = edges_to_intersections(merge_edges(edges, _JOIN, _JOIN, _JOIN, _JOIN), _JOIN, _JOIN)
    if len(crossings) > MOST_CROSSINGS:
        return ()
    page: Any = None
    tables = [Table(page, cells) for cells in cells_to_tables(intersections_to_cells(crossings)) if len(cells) > 1]
    boxes = [TableBox(table.bbox, tuple(tuple(row.cells) for row in table.rows)) for table in tables]
    return tuple(sorted(boxes, key=lambda table: table.box[1]))


def _edge(rule: Rule) -> dict[str, Any] | None:
    x0, x1 = sorted((rule.x0, rule.x1))
    top, bottom = sorted((rule.y0, rule.y1))
    if bottom - top <= _LEVEL and x1 - x0 >= _SHORTEST:
        return {"x0": x0, "x1": x1, "top": top, "bottom": top, "width": x1 - x0, "height": 0.0, "orientation": "h",
                "object_type": "line"}  # fmt: skip
    if x1 - x0 <= _LEVEL and bottom - top >= _SHORTEST:
        return {"x0": x0, "x1": x0, "top": top, "bottom": bottom, "width": 0.0, "height": bottom - top,
                "orientation": "v", "object_type": "line"}  # fmt: skip
    return None
