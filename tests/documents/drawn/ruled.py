"""Prints a ruled table over as many pages as it takes: wrapped cells, merged cells, rows without their last lines."""

from itertools import pairwise
from typing import Protocol

from tests.documents.drawn.marks import Mark, Page, Stroke
from tests.documents.drawn.values import Block, Look

_PAD = 3.0


class Setter(Protocol):
    """What a table needs of whoever sets the pages."""

    look: Look
    size: float
    left: float
    y: float
    columns: int
    pages: list[Page]
    repeated: list[str]

    @property
    def step(self) -> float: ...

    @property
    def room(self) -> float: ...

    @property
    def bottom(self) -> float: ...

    def next_column(self) -> None: ...

    def wrapped(self, text: str, size: float, room: float, first: float = 0) -> list[str]: ...


def print_table(setter: Setter, block: Block) -> None:
    """Print the rows, the head again on each new page where the look says so."""
    printer = _Table(setter, block)
    for number in range(len(block.rows)):
        printer.row(number)
    printer.close()


class _Table:
    def __init__(self, setter: Setter, block: Block) -> None:
        self.setter, self.block = setter, block
        self.size = min(setter.size, 10.5) * (0.75 if setter.columns > 1 else 1)
        shares = _shares(block)
        self.edges = [setter.left]
        for share in shares:
            self.edges.append(self.edges[-1] + share / sum(shares) * setter.room)
        self.open_at: float | None = None

    def row(self, number: int) -> None:
        cells = [self._pieces(text, at) for at, text in enumerate(self.block.rows[number])]
        height = max(len(cell) for cell in cells) * self.size * 1.35 + 2 * _PAD
        follows = self._height(number + 1) if self._spans_down(number) else 0
        if self.setter.y + height + follows > self.setter.bottom:
            self._new_page(number)
        self._print(number, cells, height)

    def _height(self, number: int) -> float:
        cells = [self._pieces(text, at) for at, text in enumerate(self.block.rows[number])]
        return max(len(cell) for cell in cells) * self.size * 1.35 + 2 * _PAD

    def _spans_down(self, number: int) -> bool:
        return any(row == number for row, _, _, _ in self.block.spans)

    def _new_page(self, number: int) -> None:
        left = self.setter.left
        self.setter.next_column()
        self.edges = [edge - left + self.setter.left for edge in self.edges]
        if self.setter.look.repeat_table_heads and number > 1:
            cells = [self._pieces(text, at) for at, text in enumerate(self.block.rows[0])]
            self._print(0, cells, self._height(0))
            self.setter.repeated += [text for text in self.block.rows[0] if text]

    def _pieces(self, text: str, column: int) -> list[str]:
        room = self.edges[column + 1] - self.edges[column] - 2 * _PAD
        return self.setter.wrapped(text, self.size, room) or [""]

    def _print(self, number: int, cells: list[list[str]], height: float) -> None:
        top, page = self.setter.y, self.setter.pages[-1]
        for left, cell in zip(self.edges, cells, strict=False):
            self.setter.y = top + _PAD
            for piece in cell:
                self._piece(piece, left + _PAD)
        self.setter.y = top + height
        self._rule(page, number, top, height)

    def _piece(self, text: str, x: float) -> None:
        if text:
            self.setter.pages[-1].marks.append(Mark(text, x, self.setter.y, self.size))
        self.setter.y += self.size * 1.35

    def _rule(self, page: Page, number: int, top: float, height: float) -> None:
        if self.block.ruling in ("grid", "sides"):
            self._grid(page, number, top, height)
        elif self.block.ruling == "open" or number == 0:
            page.strokes += [self._across(top)] if number == 0 else []
            page.strokes.append(self._across(top + height))

    def _across(self, y: float) -> Stroke:
        return Stroke(self.edges[0], y, self.edges[-1], y)

    def _grid(self, page: Page, number: int, top: float, height: float) -> None:
        page.strokes.append(self._across(top))
        edges = self._verticals(number)
        edges = edges[1:-1] if self.block.ruling == "sides" else edges
        page.strokes += [Stroke(edge, top, edge, top + height) for edge in edges]
        spanned = {column for row, column, _, _ in self.block.spans if row == number}
        for column, (left, right) in enumerate(pairwise(self.edges)):
            if column not in spanned:
                page.strokes.append(Stroke(left, top + height, right, top + height))
        self._mend_top(page, number, top)

    def _mend_top(self, page: Page, number: int, top: float) -> None:
        """No line through a cell that goes on from the row above."""
        going_on = {column for row, column, rows, _ in self.block.spans if row < number < row + rows}
        if not going_on:
            return
        page.strokes.remove(self._across(top))
        for column, (left, right) in enumerate(pairwise(self.edges)):
            if column not in going_on:
                page.strokes.append(Stroke(left, top, right, top))

    def _verticals(self, number: int) -> list[float]:
        """A ragged table draws no lines between empty cells at the end of a row."""
        row = self.block.rows[number]
        if not self.block.ragged or row[-1]:
            return self.edges
        last = max(at for at, text in enumerate(row) if text)
        return [*self.edges[: last + 2], self.edges[-1]]

    def close(self) -> None:
        if self.block.ruling == "three":
            self.setter.pages[-1].strokes.append(self._across(self.setter.y))
        self.setter.y += self.setter.step / 2


def _shares(block: Block) -> list[float]:
    columns = zip(*block.rows, strict=True)
    return [max(3.0, min(9.0, max(_ems(cell) for cell in column))) for column in columns]


def _ems(text: str) -> float:
    return sum(0.55 if sign.isascii() else 1.0 for sign in text)
