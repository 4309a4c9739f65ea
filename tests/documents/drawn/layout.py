"""Sets a rule on pages: lines, rules and fields at their places. PDF and OFD print them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from tests.documents.drawn import words
from tests.documents.drawn.marks import HEIGHT, WIDTH, Entry, Mark, Page, Stroke
from tests.documents.drawn.ruled import print_table
from tests.documents.drawn.values import Block, Extra, Rule

Measure = Callable[[str, float], float]
"""The width of a text at a size."""


@dataclass
class Laid:
    """The pages and what was put round the text."""

    pages: list[Page]
    furniture: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    extras: list[Extra] = field(default_factory=list)


def lay(rule: Rule, measure: Measure, fields: bool) -> Laid:
    """Return the pages of a rule; `fields` says whether values stand in fields of a form or in the line."""
    setter = _Setter(rule, measure, fields)
    for block in rule.blocks:
        setter.block(block)
    return _dressed(rule, setter, measure)


class _Setter:
    def __init__(self, rule: Rule, measure: Measure, fields: bool) -> None:
        self.look, self.measure, self.fields = rule.look, measure, fields
        self.pages = [Page(is_cover=True)]
        self.size, self.left = rule.look.size, rule.look.margin
        self.columns, self.column = 1, 0
        self.y = 120.0
        self.headings: list[tuple[str, int]] = []
        self.repeated: list[str] = []
        self.on_cover = True

    @property
    def step(self) -> float:
        return self.size * 1.6

    @property
    def room(self) -> float:
        whole = WIDTH - 2 * self.look.margin
        return whole if self.columns == 1 else (whole - 20) / 2

    @property
    def bottom(self) -> float:
        notes = sum(
            len(self.wrapped(note, self.size * 0.8, WIDTH - 2 * self.look.margin)) for note in self.pages[-1].notes
        )
        return HEIGHT - 80 - notes * self.size * 1.3

    def block(self, block: Block) -> None:
        if self.on_cover and block.path:
            self.on_cover = False
            self.columns = 2 if self.look.two_columns else 1
            self.new_page()
        printer = getattr(self, f"_{block.kind}", None)
        if printer is not None:
            printer(block)
        elif self.on_cover:
            self._centred(block)
        else:
            self.lines(block.texts, indent=True)

    def new_page(self) -> None:
        self.pages.append(Page())
        self.column, self.left, self.y = 0, self.look.margin, 90.0

    def next_column(self) -> None:
        if self.column + 1 < self.columns:
            self.column, self.y = self.column + 1, 90.0
            self.left = self.look.margin + self.room + 20
        else:
            self.new_page()

    def line(self, text: str, x: float, size: float) -> None:
        if self.y > self.bottom:
            x -= self.left
            self.next_column()
            x += self.left
        self.pages[-1].marks.append(Mark(text, x, self.y, size))
        self.y += size * 1.6

    def lines(self, texts: tuple[str, ...], indent: bool = False, hang: float = 0) -> None:
        for text in texts:
            first = 2 * self.size if indent else hang
            for at, piece in enumerate(self.wrapped(text, self.size, self.room - hang, first - hang)):
                self.line(piece, self.left + (first if at == 0 else hang), self.size)

    def wrapped(self, text: str, size: float, room: float, first: float = 0) -> list[str]:
        """The lines of a text; no word or number is cut, no closing sign begins a line."""
        out, at = [], 0
        while at < len(text):
            end, used = at, first if not out else 0
            while end < len(text) and used + self.measure(text[end], size) <= room:
                used += self.measure(text[end], size)
                end += 1
            end = _better_end(text, at, max(end, at + 1))
            out.append(text[at:end].rstrip(" "))
            at = end
            while at < len(text) and text[at] == " ":
                at += 1
        return out

    def _centred(self, block: Block) -> None:
        size = 20 if block.kind in ("title", "spaced") else 13
        for text in block.texts:
            self.line(text, (WIDTH - self.measure(text, size)) / 2, size)
            self.y += 6
        self.y += 24

    def _clause(self, block: Block) -> None:
        heading, *body = block.texts
        parted = "　" if block.path[0] == "第" else " "
        if heading:
            self.headings.append((f"{block.path}{parted}{heading}", len(self.pages)))
            self.lines((f"{block.path}{parted}{heading}",))
            self.lines(tuple(body), indent=True)
        else:
            self.lines((f"{block.path}{parted}{body[0]}",))
            self.lines(tuple(body[1:]), indent=True)

    def _annex(self, block: Block) -> None:
        self.columns = 1
        self.new_page()
        self.headings.append((f"{block.path} {block.texts[0]}", len(self.pages)))
        self.lines((f"{block.path} {block.texts[0]}",))
        self.lines(block.texts[1:], indent=True)

    def _caption(self, block: Block) -> None:
        if self.y > self.bottom - 4 * self.step:
            self.next_column()
        self.line(block.texts[0], self.left + (self.room - self.measure(block.texts[0], self.size)) / 2, self.size)

    def _list(self, block: Block) -> None:
        self.lines(block.texts, hang=2 * self.size)

    def _fees(self, block: Block) -> None:
        for name, amount in block.rows:
            room = self.room - self.measure(name + amount, self.size) - 2 * self.size
            dots = self.look.leader * int(room / self.measure(self.look.leader, self.size))
            self.line(f"{name}{dots}{amount}", self.left, self.size)

    def _field(self, block: Block) -> None:
        if not self.fields or self.measure("".join(block.texts), self.size) > self.room - 40:
            self.lines(("".join(block.texts),))
            return
        before, value, after = block.texts
        width = self.measure(value, self.size) + 30
        self.line(before, self.left, self.size)
        x, y = self.left + self.measure(before, self.size), self.pages[-1].marks[-1].y
        self.pages[-1].entries.append(Entry(value, x, y, width, self.size))
        self.pages[-1].marks.append(Mark(after, x + width + 4, y, self.size))

    def _box(self, block: Block) -> None:
        pieces = self.wrapped(block.texts[0], self.size, self.room - 40)
        if self.y + (len(pieces) + 1) * self.step > self.bottom:
            self.next_column()
        top, left = self.y, self.left + 15
        for piece in pieces:
            self.line(piece, self.left + 20, self.size)
        self._frame(left, top - 3, left + self.room - 30, self.y - 2)
        self.y += self.step / 2

    def _frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
        strokes = [Stroke(*start, *end) for start, end in pairwise(corners)]
        self.pages[-1].strokes += strokes

    def _footnote(self, block: Block) -> None:
        said, note = block.texts
        if self.y > self.bottom - 8 * self.step:
            self.next_column()
        self.pages[-1].notes.append(f"① {note}" if not self.pages[-1].notes else f"② {note}")
        mark = self.pages[-1].notes[-1][0]
        self.lines((said + mark,), indent=True)

    def _sideways(self, block: Block) -> None:
        self.pages[-1].marks.append(Mark(block.texts[0], WIDTH - 30, 640, 9, angle=90))

    def _table(self, block: Block) -> None:
        print_table(self, block)


def _better_end(text: str, start: int, end: int) -> int:
    at = end
    while start < at < len(text) and (
        text[at] in "，。、；：）》”①②" or (_is_latin(text[at]) and _is_latin(text[at - 1]))
    ):
        at -= 1
    return at if at > start else end


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign != " "


def _dressed(rule: Rule, setter: _Setter, measure: Measure) -> Laid:
    """Footnotes, contents, running heads, feet and watermarks, now that the pages are known."""
    pages, look = setter.pages, rule.look
    for page in pages:
        _print_notes(page, setter)
    laid = Laid(pages, furniture=list(setter.repeated))
    if look.contents and len(setter.headings) > 2:
        laid.contents = _contents(look.contents, setter)
    for number, page in enumerate(pages, start=1):
        if not page.is_cover:
            laid.furniture += _running(rule, page, number, len(pages), measure)
        if look.watermark:
            page.marks.append(Mark(look.watermark, 150, 560, 44, angle=45, pale=True))
            laid.extras.append(Extra("watermark", look.watermark))
    return laid


def _print_notes(page: Page, setter: _Setter) -> None:
    size = setter.size * 0.8
    lines = [piece for note in page.notes for piece in setter.wrapped(note, size, WIDTH - 2 * setter.look.margin)]
    y = HEIGHT - 70 - len(lines) * size * 1.5
    if lines:
        page.strokes.append(Stroke(setter.look.margin, y - 4, setter.look.margin + 140, y - 4))
    for piece in lines:
        page.marks.append(Mark(piece, setter.look.margin, y, size))
        y += size * 1.5


def _contents(leader: str, setter: _Setter) -> list[str]:
    """A page of contents after the cover; page numbers count it."""
    margin, size = setter.look.margin, 11.0
    page, y = Page(), 90.0
    page.marks.append(Mark("目　录", WIDTH / 2 - 25, y, 14))
    printed = ["目　录"]
    for heading, on_page in setter.headings[:36]:
        y += size * 1.7
        heading, number = heading[:30], str(on_page + 1)
        room = WIDTH - 2 * margin - setter.measure(heading + number, size) - 4
        dots = leader * int(room / setter.measure(leader, size))
        if leader == " ":
            page.marks += [Mark(heading, margin, y, size), Mark(number, WIDTH - margin - 12, y, size)]
        else:
            page.marks.append(Mark(heading + dots + number, margin, y, size))
        printed.append(f"{heading}{dots.strip()}")
    setter.pages.insert(1, page)
    return printed


def _running(rule: Rule, page: Page, number: int, of: int, measure: Measure) -> list[str]:
    texts = {"alike": words.ALIKE, "annexes": f"第 {number} 版面：共 {of} 面"}
    head = texts.get(rule.look.running, rule.look.running.format(title=rule.title, code=rule.code, n=number))
    foot = rule.look.foot.format(n=number, of=of)
    for text, y in ((head, 48.0), (foot, HEIGHT - 48)):
        page.marks += [Mark(text, (WIDTH - measure(text, 9)) / 2, y, 9)] if text else []
    return [text for text in (head, foot) if text]
