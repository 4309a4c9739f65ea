"""Lines as a page shows them become paragraphs; tables cut by page breaks become one.

A line goes on in the next one where it reached the right edge of its column and the next is neither indented nor
numbered. Whether it reached the edge is asked of the next word: had it fitted, the break was meant.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.documents.document import SetAside, Table
from monitor.documents.structure.joining import join
from monitor.documents.structure.lines import Block, Grid, Line, Page
from monitor.documents.structure.markers import Marker, Style, read_marker
from monitor.documents.structure.titles import ends_sentence, is_title

_FIRST_WORD = re.compile(r"[A-Za-z0-9/.\-–—:()%]+[，。、；：,.;）)]?|.[，。、；：？！）》”]?")
_FEW_LINES = 6
_NEVER_LAST = re.compile(r"[A-Za-z0-9][-－/]$|[，、（《“(]$")
_DASH_ITEM = re.compile(r"^(?:——|--|[•●■▪➢◆·○□☑✓])")
_AGAIN = "printed again where a page cut the table"
_CAPTION_AGAIN = re.compile(
    r"^(?:续\s*表|表)\s*[A-Z]?\.?\s*\d+[^（(]*[（(]?\s*续|^续\s*表|^[（(]\s*续\s*表?\s*[）)]|^\(续\)"
)


@dataclass(frozen=True, slots=True)
class Joined:
    """The paragraphs and tables of a document in reading order, and what only a page break had printed again."""

    blocks: tuple[Block, ...]
    set_aside: tuple[SetAside, ...] = ()


def paragraphs(pages: Sequence[Page]) -> Joined:
    """Return the paragraphs and tables of a document, whole again where lines, columns and pages cut them."""
    edges = _Edges(pages)
    blocks: list[Block] = []
    flow: _Flow | None = None
    for page in pages:
        for block in _edged(page.blocks):
            if isinstance(block, Line) and not block.whole:
                if flow is not None and flow.takes(block, page, edges):
                    flow.add(block, page)
                    continue
                if flow is not None:
                    blocks.append(flow.line())
                flow = _Flow(block, page)
                continue
            if flow is not None:
                blocks.append(flow.line())
                flow = None
            blocks.append(block)
    if flow is not None:
        blocks.append(flow.line())
    set_aside: list[SetAside] = []
    joined = tuple(_tables_joined(blocks, set_aside))
    return Joined(joined, tuple(set_aside))


class _Edges:
    """Where the text of each page and column begins and ends, from left to right.

    The width of the text is that of the whole document, because a page of short lines does not show it; the left
    edge is the page's own, because facing pages have mirrored margins.
    """

    def __init__(self, pages: Sequence[Page]) -> None:
        self._lefts: dict[tuple[int, int], float] = {}
        self._widths: dict[tuple[int, int], float] = {}
        for page in pages:
            for column, lines in _by_column(page).items():
                kind = (round(page.width), column)
                left = _common([line.left for line in lines], lines[0].size, far=False)
                right = _common([line.left + line.width for line in lines], lines[0].size, far=True)
                if len(lines) >= _FEW_LINES:
                    self._lefts[page.number, column] = left
                    self._widths[kind] = max(self._widths.get(kind, 0.0), right - left)
        self._fill(pages)

    def _fill(self, pages: Sequence[Page]) -> None:
        """Pages with few lines: the left edge of their likes, and a text as wide as even margins make it."""
        for page in pages:
            for column, lines in _by_column(page).items():
                alike = [
                    left
                    for (number, other), left in self._lefts.items()
                    if other == column and (number - page.number) % 2 == 0
                ]
                own = min(line.left for line in lines)
                left = self._lefts.setdefault((page.number, column), min([own, *alike]))
                if not column and page.width:
                    kind = (round(page.width), column)
                    even = page.width - 2 * left
                    if self._widths.get(kind, 0.0) < 0.75 * even:
                        self._widths[kind] = even

    def left(self, line: Line, page: Page) -> float:
        """The left edge of a line's column, in points."""
        return self._lefts.get((page.number, line.column), line.left)

    def right(self, line: Line, page: Page) -> float:
        """The right edge of a line's column, in points."""
        width = self._widths.get((round(page.width), line.column))
        return line.left + line.width if width is None else self.left(line, page) + width


def _by_column(page: Page) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = {}
    for block in page.blocks:
        if isinstance(block, Line) and not block.whole:
            found.setdefault(block.column, []).append(block)
    return found


def _common(places: list[float], em: float, far: bool) -> float:
    """The farthest place, right or left, at which several lines end or begin."""
    need = max(2, len(places) // 15)
    for place in sorted(places, reverse=far):
        if sum(abs(place - other) <= 0.6 * (em or 10.0) for other in places) >= need:
            return place
    return max(places) if far else min(places)


class _Flow:
    """A paragraph that may go on."""

    def __init__(self, line: Line, page: Page) -> None:
        self._first, self._last, self._page = line, line, page
        self._text = line.text
        self._marker = read_marker(line.text)
        self._count = 1

    def line(self) -> Line:
        """The paragraph as one whole line."""
        return replace(self._first, text=self._text.strip(), whole=True)

    def add(self, line: Line, page: Page) -> None:
        """Take the next line in."""
        self._text = join(self._text, line.text)
        self._last, self._page = line, page
        self._count += 1

    def takes(self, line: Line, page: Page, edges: _Edges) -> bool:
        """Whether the next line belongs to this paragraph."""
        last = self._last
        if _differs(last, line) or _DASH_ITEM.match(line.text.strip()):
            return False
        if line.column and not last.column:
            return False
        if page is self._page and self._is_apart(line):
            return False
        if not self._is_full(edges, line):
            return False
        if self._is_new_number(line):
            return False
        return not self._is_indented(line, page, edges)

    def _is_apart(self, line: Line) -> bool:
        """A gap of more than a line and a half more than usual, downwards, ends a paragraph."""
        gap = line.top - self._last.top
        return gap > 3.2 * max(line.height, self._last.height, 1.0)

    def _is_full(self, edges: _Edges, line: Line) -> bool:
        em = line.size or 10.0
        room = edges.right(self._last, self._page) - (self._last.left + self._last.width)
        if _NEVER_LAST.search(self._text):
            return room < 12 * em
        return room < (line.word or _word_width(line)) + 0.4 * em

    def _is_new_number(self, line: Line) -> bool:
        marker = read_marker(line.text)
        if marker is None:
            return False
        if ends_sentence(self._text):
            return True
        if (
            self._count == 1
            and self._marker is not None
            and is_title(self._marker.rest)
            and _is_next(self._marker, marker)
        ):
            return True
        return marker.style not in (Style.NUMBER, Style.ANNEX, Style.TABLE, Style.ARTICLE, Style.CHAPTER) and (
            self._marker is not None and _is_next(self._marker, marker)
        )

    def _is_indented(self, line: Line, page: Page, edges: _Edges) -> bool:
        """A first-line indent: to the right of where this paragraph's lines go on."""
        em = line.size or 10.0
        if _is_centred(line, page, edges) and _is_centred(self._last, self._page, edges):
            return False
        if self._count > 1:
            shift = edges.left(line, page) - edges.left(self._last, self._page)
            return line.left > self._last.left + shift + 1.2 * em
        base = edges.left(line, page)
        if page is self._page and abs(line.left - self._last.left) < 0.5 * em:
            return line.left > base + 1.2 * em and ends_sentence(self._text)
        if self._marker is not None:
            return ends_sentence(self._text) and _looks_first(line, base, em)
        return line.left > base + 1.2 * em


def _is_centred(line: Line, page: Page, edges: _Edges) -> bool:
    before = line.left - edges.left(line, page)
    after = edges.right(line, page) - line.left - line.width
    return before > 0.8 * (line.size or 10.0) and abs(before - after) < 1.2 * (line.size or 10.0)


def _looks_first(line: Line, base: float, em: float) -> bool:
    return abs(line.left - base - 2 * em) < 0.6 * em


def _differs(line: Line, other: Line) -> bool:
    larger, smaller = max(line.size, other.size), min(line.size, other.size)
    return smaller > 0 and larger > 1.15 * smaller


def _word_width(line: Line) -> float:
    """The width of a line's first word where the format does not measure it."""
    word = _FIRST_WORD.match(line.text.strip())
    em = line.size or 10.0
    return sum(em if ord(sign) > 0x2E80 else 0.5 * em for sign in word[0]) if word else em


def _is_next(before: Marker, after: Marker) -> bool:
    if before.style is after.style:
        return after.numbers[:-1] == before.numbers[:-1] and after.numbers[-1:] > before.numbers[-1:]
    return after.numbers[:-1] == before.numbers or (
        len(after.numbers) < len(before.numbers) and after.numbers > before.numbers[: len(after.numbers)]
    )


# Tables that run over pages.


def _edged(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks of a page; its tables say whether they begin and end it, or a column of it."""
    for at, block in enumerate(blocks):
        if not isinstance(block, Grid):
            yield block
            continue
        above = [other for other in blocks[:at] if not _is_caption_again(other)]
        begins = not above or _is_next_column(above[-1], block)
        ends = at == len(blocks) - 1 or _is_next_column(block, blocks[at + 1])
        yield replace(block, starts_page=begins, ends_page=ends)


def _is_caption_again(block: Block) -> bool:
    return isinstance(block, Line) and bool(_CAPTION_AGAIN.search(block.text.strip()))


def _is_next_column(before: Block, after: Block) -> bool:
    return before.width > 0 and after.left > before.left + before.width and after.top < before.top


def _tables_joined(blocks: Sequence[Block], set_aside: list[SetAside]) -> Iterator[Block]:
    pending: Grid | None = None
    skipped: list[Line] = []
    for block in blocks:
        if isinstance(block, Grid):
            if pending is not None and _continues(pending, block):
                head = _repeated_head(pending.rows, block.rows)
                again = [*(line.text for line in skipped), *("\n".join(row) for row in block.rows[:head])]
                set_aside += [SetAside("head of a table", "page break", _AGAIN, text) for text in again]
                pending = replace(pending, rows=join_tables(pending.rows, block.rows), ends_page=block.ends_page)
                skipped = []
                continue
            if pending is not None:
                yield pending
                yield from skipped
            pending, skipped = block, []
        elif pending is not None and pending.ends_page and not skipped and _CAPTION_AGAIN.search(block.text.strip()):
            skipped.append(block)
        else:
            if pending is not None:
                yield pending
                yield from skipped
                pending, skipped = None, []
            yield block
    if pending is not None:
        yield pending
        yield from skipped


def _continues(first: Grid, second: Grid) -> bool:
    return first.ends_page and second.starts_page and len(first.rows[0]) == len(second.rows[0])


def _repeated_head(first: Table, second: Table) -> int:
    """How many rows at the top of the second piece are the head of the first, printed again."""
    head = 0
    while head < min(len(first), len(second) - 1) and _same_row(first[head], second[head]):
        head += 1
    return head


def join_tables(first: Table, second: Table) -> Table:
    """Return two pieces of a table as one: a repeated head once, a row cut by the page break whole."""
    rows = second[_repeated_head(first, second) :]
    if not rows or not _is_cut(first, rows):
        return (*first, *rows)
    whole = tuple(join(before, after) for before, after in zip(first[-1], rows[0], strict=True))
    return (*first[:-1], whole, *rows[1:])


def _same_row(row: Sequence[str], other: Sequence[str]) -> bool:
    return [re.sub(r"\s", "", cell) for cell in row] == [re.sub(r"\s", "", cell) for cell in other]


def _is_cut(first: Table, rows: Table) -> bool:
    """Whether a row is the rest of the one above: its first cell is empty where first cells never are."""
    row = rows[0]
    if row[0].strip() or not any(cell.strip() for cell in row):
        return False
    merged = any(not other[0].strip() for other in (*first[1:], *rows[1:]))
    return not merged or sum(not cell.strip() for cell in row) >= max(2, len(row) - 1)
