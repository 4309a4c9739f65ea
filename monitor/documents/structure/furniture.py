"""Running heads, feet and page numbers: taken out on evidence, and handed back by name.

A line goes where it repeats on most pages (or most left or right ones), at one place and size, outside the text, and
where what differs in it counts with the pages. What only looks so stays in the text, and is said to be doubtful.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from rapidfuzz.fuzz import ratio

from monitor.documents.document import Doubt, SetAside
from monitor.documents.structure.contents import without_contents
from monitor.documents.structure.lines import Block, Line, Page
from monitor.documents.structure.markers import han_value, read_marker

_DEEPEST = 0.2
"""Share of a page's height within which a running head or foot stands."""
_MARGIN = 0.067
"""Share of a page's height in which no text stands: 2 cm of A4."""
_MOST_LINES = 4
_WIDER_GAP = 1.5
_ALIKE = 85
_COUNT = r"(?:\d{1,4}|[一二三四五六七八九十百]{1,5})"
_BARE = re.compile(r"(\d{1,4}|[ivxlc]{1,7})", re.IGNORECASE)
_TOLD = re.compile(
    rf"[-—–－·]\s*(\d{{1,4}}|[ivxlc]{{1,7}})\s*[-—–－·]|第\s*({_COUNT})\s*页(?:\s*[,，/／]?\s*[（(]?\s*共\s*{_COUNT}\s*页\s*[)）]?)?"
    r"|共\s*\d+\s*页\s*[,，]?\s*第\s*(\d+)\s*页|(\d{1,4})\s*[/／]\s*\d{1,4}|p(?:age|\.)?\s*(\d+)(?:\s*of\s*\d+)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+")
_PAGE_PLACE = re.compile(r"第#页|[Pp](?:age|\.)?#|^[-—–－]?#|#[-—–－]?$")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_Key = tuple[int, int]
"""A line by its page (from 0) and its place among the page's blocks."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Pages without furniture; the running heads and feet that went, each once; all that went, by name; doubts."""

    pages: tuple[Page, ...]
    running: tuple[str, ...]
    set_aside: tuple[SetAside, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def without_furniture(pages: Sequence[Page], had_contents: bool = False) -> Cleaned:
    """Return pages without running heads, page numbers and tables of contents.

    `had_contents` says that the entries of a table of contents were told by the format, and are out already.
    """
    gone: dict[_Key, SetAside] = {}
    stayed: dict[str, int] = {}
    for foot in (False, True):
        orders = [_inwards(page, foot) for page in pages]
        for _ in range(_MOST_LINES):
            edges = [edge for at, page in enumerate(pages) if (edge := _edge(page, at, orders[at], gone, foot))]
            found = dict(_numbers(edges, len(pages), stayed)) | dict(_running(edges, pages, stayed))
            if not found:
                break
            gone |= found
    bare = [
        replace(page, blocks=tuple(block for at, block in enumerate(page.blocks) if (number, at) not in gone))
        if page.height
        else page
        for number, page in enumerate(pages)
    ]
    body = without_contents(bare, had_contents)
    running = dict.fromkeys(item.text for item in gone.values() if item.what != "page number")
    doubts = tuple(_doubt(text, count) for text, count in stayed.items() if text not in running)
    return Cleaned(body.pages, tuple(running), (*gone.values(), *body.set_aside), (*doubts, *body.doubts))


def _doubt(text: str, count: int) -> Doubt:
    return Doubt("running heads", f"“{text}” and its like at the edge of {count} pages may be furniture; kept as text")


# The outermost line of each page that is still there.


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line at the edge of a page: `place` is its distance from that edge in points."""

    key: _Key
    line: Line
    foot: bool
    place: float
    margin: float
    is_outside: bool
    number: int
    ocr: bool

    @property
    def page(self) -> int:
        return self.key[0]

    @property
    def text(self) -> str:
        return self.line.text.strip()

    def goes(self, why: str, what: str = "") -> tuple[_Key, SetAside]:
        name = what or ("running foot" if self.foot else "running head")
        return self.key, SetAside(name, f"page {self.number}", why, self.line.text)


def _inwards(page: Page, foot: bool) -> list[tuple[int, Block]]:
    """The blocks of a page from one edge; text of a Word file stands on no page of known height, and has no edges."""
    if not page.height:
        return []
    blocks = [(at, b) for at, b in enumerate(page.blocks) if not isinstance(b, Line) or b.text.strip()]
    return sorted(blocks, key=lambda pair: pair[1].top, reverse=foot)


def _edge(
    page: Page, number: int, order: Sequence[tuple[int, Block]], gone: dict[_Key, SetAside], foot: bool
) -> _Edge | None:
    left = [(at, block) for at, block in order if (number, at) not in gone]
    if not left or not isinstance(line := left[0][1], Line):
        return None
    place = page.height - line.top - line.height if foot else line.top
    if place > _DEEPEST * page.height:
        return None
    margin = _MARGIN * page.height
    is_outside = place < margin or _is_apart(line, [block for _, block in left[1:]])
    return _Edge((number, left[0][0]), line, foot, place, margin, is_outside, page.number, page.ocr)


def _is_apart(line: Line, inner: Sequence[Block]) -> bool:
    """Whether a line stands clearly farther from the text than the lines of the text from each other, or is smaller."""
    lines = [block for block in inner if isinstance(block, Line)]
    if not lines:
        return False
    steps = [step for one, other in pairwise(lines) if (step := abs(other.top - one.top)) > 0.5 * one.height]
    is_far = bool(steps) and abs(inner[0].top - line.top) > _WIDER_GAP * median(steps)
    return is_far or (line.size > 0 and line.size < 0.92 * median(other.size for other in lines))


# Page numbers.


def _numbers(edges: Sequence[_Edge], total: int, stayed: dict[str, int]) -> Iterator[tuple[_Key, SetAside]]:
    """The lines that are nothing but a number, and count with the pages or say that they number a page."""
    found = [(edge, number) for edge in edges if (number := _page_number(edge.text)) is not None]
    steps = [value - edge.page for edge, (value, _) in found]
    counting = {one for one, other in pairwise(steps) if one == other}
    places = [edge.place for edge, (value, _) in found if value - edge.page in counting and edge.is_outside]
    for edge, (value, told) in found:
        counts = value - edge.page in counting or (total == 1 and value == 1)
        if "页" in edge.text or ((told or counts) and edge.is_outside):
            yield edge.goes("it counts the pages", "page number")
        elif edge.is_outside and sum(abs(edge.place - place) < 3 for place in places) >= 2:
            yield edge.goes("it stands where the page numbers stand", "page number")
        elif edge.is_outside:
            stayed[edge.text] = 1


def _page_number(text: str) -> tuple[int, bool] | None:
    """The number that a line is, and whether it says to be that of a page."""
    for pattern, told in ((_BARE, False), (_TOLD, True)):
        if match := pattern.fullmatch(text):
            return _value(next(group for group in match.groups() if group)), told
    return None


def _value(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text[0].lower() not in _ROMAN:
        return han_value(text) or 0
    values = [_ROMAN[sign] for sign in text.lower()]
    return sum(-one if one < other else one for one, other in pairwise([*values, 0]))


# Running heads and feet.


def _running(edges: Sequence[_Edge], pages: Sequence[Page], stayed: dict[str, int]) -> Iterator[tuple[_Key, SetAside]]:
    groups: dict[str, list[_Edge]] = defaultdict(list)
    for edge in edges:
        if _page_number(edge.text) is None:
            groups[_masked(edge.text)].append(edge)
    for mask, members in groups.items():
        if not _is_most(members, len(pages)) or _is_heading(members[0].text):
            continue
        alike = _in_one_place(_counting(mask, members), pages)
        outside = sum(edge.is_outside for edge in alike)
        if not _is_most(alike, len(pages)) or 2 * outside < len(alike) or _is_sentence_inside(alike):
            stayed[members[0].text] = len(members)
            continue
        yield from (edge.goes("it repeats on most pages, outside the text") for edge in alike)
        yield from (edge.goes("it repeats on most pages, misread") for edge in edges if _is_misread(edge, alike))


def _masked(text: str) -> str:
    return _NUMBER.sub("#", re.sub(r"\s+", "", text))


def _is_most(members: Sequence[_Edge], total: int) -> bool:
    """Whether lines stand on most pages, or on most left or right ones."""
    at = {edge.page for edge in members}
    if len(at) > max(1, total * 0.5):
        return True
    sides = (([page for page in at if page % 2 == odd], (total + 1 - odd) // 2) for odd in (0, 1))
    return any(len(own) > max(2, same * 0.6) for own, same in sides)


def _is_heading(text: str) -> bool:
    """A masked heading repeats too ("3.1 总则" and "4.1 总则"); a running head has no number of a clause."""
    marker = read_marker(text)
    return marker is not None and bool(marker.rest) and not re.search(r"第\s*\d+\s*页", text)


def _counting(mask: str, members: Sequence[_Edge]) -> list[_Edge]:
    """Those whose numbers are the same on each page, or the number of the page where one is printed."""
    numbers = {edge.key: [int(n) for n in _NUMBER.findall(re.sub(r"\s+", "", edge.text))] for edge in members}
    left = list(members)
    for at, place in enumerate(re.finditer("#", mask)):
        around = mask[max(0, place.start() - 4) : place.end() + 1]
        is_page = bool(_PAGE_PLACE.search(around)) and (place.end() == len(mask) or "页" in mask or not place.start())
        is_page = is_page or (len(left) > 2 and all(edge.place < edge.margin for edge in left))
        values = Counter(numbers[edge.key][at] for edge in left)
        steps = Counter(numbers[edge.key][at] - edge.page for edge in left)
        (value, same), (step, counted) = values.most_common(1)[0], steps.most_common(1)[0]
        if is_page and counted > same:
            left = [edge for edge in left if numbers[edge.key][at] - edge.page == step]
        else:
            left = [edge for edge in left if numbers[edge.key][at] == value]
    return left


def _in_one_place(members: Sequence[_Edge], pages: Sequence[Page]) -> list[_Edge]:
    """Those that stand as far from the edge as most, in letters of one size."""
    if not members:
        return []
    place, size = median(edge.place for edge in members), median(edge.line.size for edge in members)
    return [
        edge
        for edge in members
        if abs(edge.place - place) <= pages[edge.page].height * (0.02 if edge.ocr else 0.005)
        and abs(edge.line.size - size) <= size * (0.3 if edge.ocr else 0.1)
    ]


def _is_sentence_inside(members: Sequence[_Edge]) -> bool:
    """A sentence is no running head unless it stands in the margin, or is set smaller than the text (© …。)."""
    return members[0].text.endswith(("。", "；")) and not all(edge.is_outside for edge in members)


def _is_misread(edge: _Edge, alike: Sequence[_Edge]) -> bool:
    """Whether OCR read the line that stands here on other pages a little otherwise."""
    if not edge.ocr or any(edge.key == other.key for other in alike):
        return False
    near = next((o for o in alike if o.foot == edge.foot and abs(o.place - edge.place) < 2 * edge.line.height), None)
    same = near is not None and _NUMBER.findall(near.text) == _NUMBER.findall(edge.text)
    return same and near is not None and ratio(near.text, edge.text) >= _ALIKE
