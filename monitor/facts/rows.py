"""Rows of tables: what a cell means is said by the head of its column, or by the cell before it.

A table reaches the reader flattened, one row a line, cells parted by tabs or bars. Cells that were merged over
several rows are empty after the first.
"""

from dataclasses import dataclass
from itertools import pairwise

from monitor.facts.marks import CODE, DATE, STANDARD, Marked
from monitor.facts.sentences import Sentence

_BARS = "|｜\t"


@dataclass(frozen=True, slots=True)
class Table:
    """The table that a sentence stands in: the heads of its columns, none where it has no head."""

    heads: tuple[str, ...] = ()

    def with_row(self, sentence: Sentence) -> "Table":
        """Return the table as it stands after a sentence: a row without data is a head, no row ends the table."""
        if not sentence.is_row:
            return Table()
        if any(mark in sentence.text for mark in (CODE, STANDARD, DATE)):
            return self
        return Table(tuple(cell.text for cell in cells_of(sentence)))

    def labelled(self, sentence: Sentence) -> list[tuple[str, Marked]]:
        """Return the cells of a row that print a date, each with what names it."""
        cells = cells_of(sentence)
        if len(cells) == len(self.heads):
            return [(head, cell) for head, cell in zip(self.heads, cells, strict=True) if DATE in cell.text]
        dated = [cell for cell in cells if DATE in cell.text]
        heads = [head for head in self.heads if head.endswith(("日期", "时间", "期限", "时限", "日", "截止", "期"))]
        if self.heads and len(heads) == len(dated):
            return list(zip(heads, dated, strict=True))
        return [(before.text, cell) for before, cell in pairwise(cells) if DATE in cell.text]


def cells_of(sentence: Sentence) -> tuple[Marked, ...]:
    """Return the cells of a row, empty ones too."""
    marked = sentence.marked
    cells: list[Marked] = []
    begin = 0
    position = marked.original.rfind("\n", 0, marked.starts[0]) + 1 if marked.starts else 0
    for index, start in enumerate(marked.starts):
        bars = sum(marked.original.count(bar, position, start) for bar in _BARS)
        bars += marked.text[index] in _BARS
        for _ in range(bars):
            cells.append(marked.cut(begin, index))
            begin = index
        if marked.text[index] in _BARS:
            begin = index + 1
        position = marked.ends[index]
    cells.append(marked.cut(begin, len(marked.text)))
    line_end = marked.original.find("\n", position)
    tail = marked.original[position : line_end if line_end >= 0 else None]
    cells += [marked.cut(0, 0)] * sum(tail.count(bar) for bar in _BARS)
    return tuple(cells)
