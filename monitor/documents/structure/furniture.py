"""Running heads, page numbers and tables of contents: found and taken out.

A line at the edge of a page is furniture when, digits masked, it stands at the same edge of most pages (or of most
left or right pages), or when it is a page number. What was taken out is handed back: some rules print their code there.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from monitor.documents.structure.lines import Block, Grid, Line, Page
from monitor.documents.structure.markers import read_marker
from monitor.documents.structure.titles import ends_sentence

_EDGE_LINES = 3
_PAGE_NUMBER = re.compile(
    r"^(?:[-—–－·\s]*\d{1,4}[-—–－·\s]*|[-—–－\s]*[ivxlcIVXLC]{1,7}[-—–－\s]*"
    r"|第\s*[\d一二三四五六七八九十百]+\s*页"
    r"(?:\s*[,，/／]?\s*[（(]?\s*共\s*[\d一二三四五六七八九十百]+\s*页\s*[)）]?)?"
    r"|共\s*\d+\s*页\s*[,，]?\s*第\s*\d+\s*页"
    r"|\d{1,4}\s*[/／]\s*\d{1,4}|[Pp]age\s*\d+(?:\s*of\s*\d+)?|[Pp]\.?\s*\d{1,4})$"
)
_CONTENTS = re.compile(r"^目\s*[录次]$")
_LEADER = re.compile(
    r"(?:[.·…．‥﹒•_-]\s?){3,}\s*[（(]?\s*[-—]?\s*(?:\d{1,4}|[ivxlcIVXLC]{1,6})\s*[-—]?\s*[）)]?\s*$"
    r"|(?:\t| {4,})\s*\d{1,4}\s*$"
)
_LEADER_END = re.compile(r"(?:[.·…．‥﹒•_\-\s\t]*(?:\d{1,4}|[ivxlcIVXLC]{1,6})?)\s*$")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """Pages without furniture, and the running heads and feet that were taken out, each once."""

    pages: tuple[Page, ...]
    running: tuple[str, ...]


def without_furniture(pages: Sequence[Page]) -> Cleaned:
    """Return pages without running heads, page numbers and tables of contents."""
    bare, running = _without_running(pages) if len(pages) > 1 else (tuple(pages), ())
    bare = _without_single_numbers(bare) if len(pages) == 1 and pages[0].height else bare
    return Cleaned(_without_contents(bare), running)


# Running heads and page numbers.


def _without_running(pages: Sequence[Page]) -> tuple[tuple[Page, ...], tuple[str, ...]]:
    edges = [_edges(page) for page in pages]
    seen = Counter(key for found in edges for key in {mask for _, mask in found})
    parities = [
        Counter(key for at, found in enumerate(edges) if at % 2 == odd for key in {m for _, m in found})
        for odd in (0, 1)
    ]
    kept, running = [], []
    for at, (page, found) in enumerate(zip(pages, edges, strict=True)):
        same = (len(pages) + 1 - at % 2) // 2
        gone = set()
        for position, mask in found:
            text = page.blocks[position].text  # type: ignore[union-attr]
            repeated = seen[mask] > max(1, len(pages) * 0.5) or (same > 2 and parities[at % 2][mask] > same * 0.6)
            if _is_number(text) or (repeated and not _is_heading(text)):
                gone.add(position)
                running.append(text)
        kept.append(replace(page, blocks=tuple(b for n, b in enumerate(page.blocks) if n not in gone)))
    words = dict.fromkeys(text for text in running if not _is_number(text))
    return tuple(kept), tuple(words)


def _edges(page: Page) -> list[tuple[int, tuple[str, str]]]:
    """The lines at the upper and lower edge of a page: position, and what is compared between pages.

    Text of a Word file stands on no page of known height, and has no edges.
    """
    lines = [(at, block) for at, block in enumerate(page.blocks) if isinstance(block, Line) and block.text.strip()]
    if not page.height:
        return []
    by_height = sorted(lines, key=lambda pair: pair[1].top)
    found = []
    grids = [block.top for block in page.blocks if isinstance(block, Grid)]
    upper = [p for p in by_height[:_EDGE_LINES] if p[1].top < page.height * 0.2]
    lower = [p for p in by_height[-_EDGE_LINES:] if p[1].top > page.height * 0.8]
    for edge, members in (("head", upper), ("foot", lower)):
        for at, line in members:
            if edge == "head" and any(top and top < line.top for top in grids):
                continue
            found.append((at, (edge, re.sub(r"[\d一二三四五六七八九十]+", "#", re.sub(r"\s+", "", line.text)))))
    return found


def _is_number(text: str) -> bool:
    return bool(_PAGE_NUMBER.match(text.strip()))


def _is_heading(text: str) -> bool:
    """A masked heading repeats too ("3.1 总则" and "4.1 总则"); a running head has no number of a clause."""
    marker = read_marker(text)
    return marker is not None and bool(marker.rest) and not re.search(r"第\s*\d+\s*页", text)


def _without_single_numbers(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    """On a single page only what is a page number at the very edge goes."""
    page = pages[0]
    kept = tuple(
        block
        for block in page.blocks
        if not (isinstance(block, Line) and _is_number(block.text) and not 0.08 < block.top / page.height < 0.9)
    )
    return (replace(page, blocks=kept),)


# Tables of contents.


def _without_contents(pages: tuple[Page, ...]) -> tuple[Page, ...]:
    blocks = [(number, block) for number, page in enumerate(pages) for block in page.blocks]
    gone = _contents([block for _, block in blocks])
    kept: list[list[Block]] = [[] for _ in pages]
    for at, (number, block) in enumerate(blocks):
        if at not in gone:
            kept[number].append(block)
    return tuple(replace(page, blocks=tuple(own)) for page, own in zip(pages, kept, strict=True))


def _contents(blocks: Sequence[Block]) -> set[int]:
    led = [at for at, block in enumerate(blocks) if isinstance(block, Line) and is_contents_line(block.text)]
    gone = set(_runs_of(led))
    for at, block in enumerate(blocks):
        if isinstance(block, Line) and _CONTENTS.match(block.text.strip()):
            gone.add(at)
            gone.update(_led_by(blocks, at, set(led)) or _listed(blocks, at))
    return gone


def is_contents_line(text: str) -> bool:
    """Return whether a line ends in leaders and a page number."""
    return len(text) < 200 and bool(_LEADER.search(text)) and not ends_sentence(text)


def _runs_of(positions: Sequence[int]) -> Iterable[int]:
    """Lines with leaders count where at least three stand close together."""
    for at in positions:
        if sum(abs(other - at) <= 4 for other in positions) >= 3:
            yield at


def _led_by(blocks: Sequence[Block], start: int, led: set[int]) -> set[int]:
    """Everything from the title 目录 to its last line with a page number, wrapped entries included."""
    last, at = start, start + 1
    while at < len(blocks) and at - last <= 3 and isinstance(blocks[at], Line):
        if at in led:
            last = at
        at += 1
    return set(range(start + 1, last + 1)) if last - start >= 2 or last in led else set()


def _listed(blocks: Sequence[Block], start: int) -> set[int]:
    """A table of contents without leaders: lines whose words come again below it as headings."""
    texts = [re.sub(r"\s+", "", block.text) if isinstance(block, Line) else "" for block in blocks]
    at = start + 1
    while at < len(texts) and (entry := _LEADER_END.sub("", texts[at])):
        again = next((n for n in range(at + 1, len(texts)) if texts[n].startswith(entry)), None)
        if again is None or ends_sentence(texts[at]) or again <= at:
            break
        if texts[at] == texts[start + 1] and at > start + 1:
            break
        at += 1
    return set(range(start + 1, at)) if at > start + 2 else set()
