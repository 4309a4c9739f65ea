"""The characters of one PDF page become lines and tables, in reading order."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from monitor.documents.pdf.characters import Character
from monitor.documents.pdf.tables import Box, TableBox
from monitor.documents.structure.joining import join
from monitor.documents.structure.lines import Block, Grid, Line
from monitor.documents.structure.titles import goes_on

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f“”‘’…—]")
_WORD = re.compile(
    r"[（《“(\[]*(?:[A-Za-z0-9][^\s\u2e80-\uffef]*(?:[、，；）][A-Za-z0-9][^\s\u2e80-\uffef]*)*"
    r"|.(?:/.)+|.[，。、；：？！）》”]+[A-Za-z0-9]*|.)[，。、；：？！）》”,.;:)\]]*"
    r"(?:(?<=[”）》])[“（《].)?"
)
_COLUMN_GAP = 1.6
"""Ems of white between two pieces of one line that may be two columns."""
_CELL_EDGE = 6.0
"""Points between the rule of a cell and its text; Word sets 5.4."""


def blocks_of(characters: Sequence[Character], tables: Sequence[TableBox], width: float) -> tuple[Block, ...]:
    """Return the lines and tables of a page in reading order."""
    inside, outside = _split(characters, tables)
    lines = _lines(outside)
    grids = [grid for at, table in enumerate(tables) if (grid := _grid(table, inside[at])).rows]
    gutter = _gutter([*lines, *_row_places(grids, tables)], width)
    if gutter is not None:
        return tuple(_by_column([*lines, *grids], gutter))
    return tuple(_merged(_rejoined(lines), grids))


def _split(
    characters: Sequence[Character], tables: Sequence[TableBox]
) -> tuple[list[list[Character]], list[Character]]:
    inside: list[list[Character]] = [[] for _ in tables]
    outside: list[Character] = []
    for sign in characters:
        if sign.text == "\n":
            outside.append(sign)
            for own in inside:
                own.append(sign)
            continue
        home = next((at for at, table in enumerate(tables) if _holds(table.box, sign)), None)
        (outside if home is None else inside[home]).append(sign)
    return inside, outside


def _holds(box: Box, sign: Character) -> bool:
    return box[0] <= sign.middle <= box[2] and box[1] <= sign.height_middle <= box[3]


# Lines.


def _lines(characters: Sequence[Character]) -> list[Line]:
    """Lines as pdfium breaks them, and where a piece stands far from the one before."""
    lines: list[Line] = []
    current: list[Character] = []
    for sign in _in_gaps(characters):
        if sign.text == "\n" or (current and _breaks(current[-1], sign)):
            lines.extend(_pieces(current))
            current = []
        if sign.text != "\n":
            current.append(sign)
    lines.extend(_pieces(current))
    return lines


def _in_gaps(characters: Sequence[Character]) -> list[Character]:
    """Characters drawn later into a gap that their line had left open (another font) stand where they are seen."""
    placed: list[Character] = []
    last: Character | None = None
    for sign in characters:
        if sign.made or not sign.text.strip():
            last = None if sign.text == "\n" else last
            placed.append(sign)
            continue
        if last is None or sign.left >= last.left or (at := _gap_for(placed, sign)) is None:
            placed.append(sign)
            last = sign
            continue
        if placed[at - 1].made:
            placed[at - 1] = sign
        else:
            placed.insert(at, sign)
    return placed


def _gap_for(placed: Sequence[Character], sign: Character) -> int | None:
    """Where in the last line a character fits between two others, each on the same base line."""
    need = 0.6 * (sign.right - sign.left)
    after: tuple[int, Character] | None = None
    for at in range(len(placed) - 1, max(-1, len(placed) - 150), -1):
        other = placed[at]
        if other.text == "\n":
            return None
        if other.made or not other.text.strip():
            continue
        if abs(other.base - sign.base) > 0.3 * sign.size:
            return None
        if after is not None and other.right - need / 2 <= sign.middle <= after[1].left + need / 2:
            return after[0] if after[1].left - other.right >= need else None
        after = (at, other)
    return None


def _breaks(before: Character, sign: Character) -> bool:
    if sign.made or before.made or not sign.text.strip():
        return False
    size = max(before.size, sign.size, 1.0)
    return abs(sign.base - before.base) > 0.9 * size or sign.left < before.left - 3 * size


def _pieces(characters: list[Character]) -> Iterator[Line]:
    """One line; two where a wide gap may part two columns."""
    printed = [sign for sign in characters if sign.text.strip()]
    if not printed:
        return
    em = _em(printed)
    start = 0
    for at in range(1, len(characters)):
        before = next((sign for sign in reversed(characters[start:at]) if sign.text.strip()), None)
        sign = characters[at]
        if before is not None and sign.text.strip() and sign.left - before.right > _COLUMN_GAP * em:
            if (line := _line(characters[start:at])) is not None:
                yield line
            start = at
    if (line := _line(characters[start:])) is not None:
        yield line


def _em(printed: Sequence[Character]) -> float:
    wide = [sign.right - sign.left for sign in printed if _WIDE.match(sign.text) and sign.right > sign.left]
    return median(wide) if wide else max(0.75 * median(sign.size for sign in printed), 1.0)


def _line(characters: Sequence[Character]) -> Line | None:
    printed = [sign for sign in characters if sign.text.strip()]
    if not printed:
        return None
    left, right = min(sign.left for sign in printed), max(sign.right for sign in printed)
    em = _em(printed)
    base = median(sign.base for sign in printed)
    return Line(
        _said(characters, em),
        left=left,
        top=base - em,
        width=right - left,
        height=em,
        size=em,
        bold=sum(sign.bold for sign in printed) > len(printed) / 2,
        word=_first_word(characters),
    )


def _first_word(characters: Sequence[Character]) -> float:
    """The width of what cannot be parted at the start of a line: a Latin word, or a Chinese character and its point."""
    first = next(at for at, sign in enumerate(characters) if sign.text.strip())
    said = "".join(sign.text[:1] for sign in characters[first : first + 60])
    word = _WORD.match(said)
    last = characters[first + (len(word[0]) if word else 1) - 1]
    return max(0.0, last.right - characters[first].left)


def _said(characters: Sequence[Character], em: float) -> str:
    """The text; a space that pdfium made for a narrow gap beside a Chinese character was never written."""
    out: list[str] = []
    for at, sign in enumerate(characters):
        if sign.made and sign.text == " " and 0 < at < len(characters) - 1:
            before, after = characters[at - 1], characters[at + 1]
            narrow = after.left - before.right < 0.6 * em
            if narrow and (_WIDE.match(before.text) or _WIDE.match(after.text)):
                continue
        out.append(sign.text)
    return "".join(out).strip("\n")


# Columns.


def _row_places(grids: Sequence[Grid], tables: Sequence[TableBox]) -> list[Line]:
    """Where the rows of tables stand, as lines without text: they fill a column too."""
    tops = {table.box[1]: table for table in tables}
    return [
        Line("", left=grid.left, top=box[1], width=grid.width, height=10.0)
        for grid in grids
        for row in tops[grid.top].rows
        if (box := next((cell for cell in row if cell), None))
    ]


def _gutter(lines: Sequence[Line], width: float) -> float | None:
    """The middle of a white strip that parts most lines of a page into left and right ones."""
    if len(lines) < 12:
        return None
    best: tuple[int, float] | None = None
    for tenth in range(80, 121):
        at = width * tenth / 200
        crossing = sum(line.left < at < line.left + line.width for line in lines)
        left = sum(line.left + line.width <= at for line in lines)
        right = sum(line.left >= at for line in lines)
        if left >= 5 and right >= 5 and crossing <= 0.25 * len(lines) and min(left, right) >= 0.25 * len(lines):
            rank = crossing
            if best is None or rank < best[0]:
                best = (rank, at)
    if best is None or not _faces(lines, best[1]):
        return None
    return best[1]


def _faces(lines: Sequence[Line], gutter: float) -> bool:
    """Whether many lines on the left have one on the right at the same height, and both sides are filled."""
    left = [line for line in lines if line.left + line.width <= gutter]
    right = [line for line in lines if line.left >= gutter]
    facing = sum(any(abs(line.top - other.top) < 0.8 * line.height for other in right) for line in left)
    wide_left = median(line.width for line in left)
    wide_right = median(line.width for line in right)
    widest = max(line.width for line in (*left, *right))
    return facing >= 0.4 * min(len(left), len(right)) and min(wide_left, wide_right) > 0.5 * widest


def _by_column(blocks: Sequence[Block], gutter: float) -> Iterator[Block]:
    """What goes over the whole width parts the page into bands; in each, the left column comes before the right."""
    band: list[Block] = []
    for block in sorted(blocks, key=lambda block: block.top):
        if block.left + 2 < gutter < block.left + block.width - 2:
            yield from _band(band, gutter)
            band = []
            yield block
        else:
            band.append(block)
    yield from _band(band, gutter)


def _band(band: Sequence[Block], gutter: float) -> Iterator[Block]:
    for column in (1, 2):
        own = [block for block in band if (block.left < gutter) == (column == 1)]
        lines = [replace(block, column=column) for block in own if isinstance(block, Line)]
        grids = [block for block in own if isinstance(block, Grid)]
        yield from _merged(_rejoined(lines), grids)


def _rejoined(lines: Sequence[Line]) -> list[Line]:
    joined: list[Line] = []
    for line in lines:
        before = joined[-1] if joined else None
        if (
            before is not None
            and abs(before.top - line.top) < 0.5 * before.height
            and line.left >= before.left + before.width - 1
        ):
            joined[-1] = replace(
                before, text=before.text.rstrip() + " " + line.text.lstrip(), width=line.left + line.width - before.left
            )
        else:
            joined.append(line)
    return joined


# Tables.


def _grid(table: TableBox, characters: Sequence[Character]) -> Grid:
    cells = {(r, c): box for r, row in enumerate(table.rows) for c, box in enumerate(row) if box is not None}
    held: dict[tuple[int, int], list[Character]] = {key: [] for key in cells}
    for sign in characters:
        if sign.text == "\n":
            for own in held.values():
                own.append(sign)
        elif cells:
            held[_home(cells, sign)].append(sign)
    width = max((len(row) for row in table.rows), default=0)
    rows = []
    for r, row in enumerate(table.rows):
        said = [_cell(held[r, c], box) if box is not None else "" for c, box in enumerate(row)]
        rows.append(tuple(said + [""] * (width - len(said))))
    printed = tuple(row for row in rows if any(cell for cell in row))
    return Grid(printed, top=table.box[1], left=table.box[0], width=table.box[2] - table.box[0])


def _home(cells: dict[tuple[int, int], Box], sign: Character) -> tuple[int, int]:
    """The cell that a character stands in, else the nearest."""
    for key, box in cells.items():
        if _holds(box, sign):
            return key
    return min(cells, key=lambda key: _distance(cells[key], sign))


def _distance(box: Box, sign: Character) -> float:
    across = max(box[0] - sign.middle, 0.0, sign.middle - box[2])
    down = max(box[1] - sign.height_middle, 0.0, sign.height_middle - box[3])
    return across + down


def _cell(characters: Sequence[Character], box: Box) -> str:
    """The lines of a cell, joined where one ran on into the next."""
    lines = _rejoined(_lines(characters))
    if not lines:
        return ""
    widest = max(line.width for line in lines)
    text = lines[0].text
    for before, line in pairwise(lines):
        room = max(widest, (box[2] - box[0]) - 2 * _CELL_EDGE) - before.width
        if room > line.word + 0.8 * line.size and not goes_on(text):
            text = f"{text.rstrip()}\n{line.text.strip()}"
        else:
            text = join(text, line.text)
    return text.strip()


# Order.


def _merged(lines: Sequence[Line], grids: Sequence[Grid]) -> list[Block]:
    """Put each table before the first line that stands below its top."""
    blocks: list[Block] = list(lines)
    for grid in sorted(grids, key=lambda grid: grid.top, reverse=True):
        at = next((n for n, block in enumerate(blocks) if _is_below(block, grid)), len(blocks))
        blocks.insert(at, grid)
    return blocks


def _is_below(block: Block, grid: Grid) -> bool:
    if isinstance(block, Grid):
        return block.top > grid.top
    return block.top + block.height / 2 > grid.top
