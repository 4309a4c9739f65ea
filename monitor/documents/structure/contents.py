"""Tables of contents: lines that point to headings which the text holds.

A list of fees has leaders and numbers too. What makes contents is that most entries come again as the beginning of a
line, and that their numbers rise and are those of pages. What only looks so stays, and is said to be doubtful.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rapidfuzz import fuzz, process

from monitor.documents.document import Doubt, SetAside
from monitor.documents.structure.lines import Block, Line, Page
from monitor.documents.structure.titles import ends_sentence
from monitor.notation.text import normalise

_TITLE = re.compile(r"目\s*[录次]|contents", re.IGNORECASE)
_DOTS = r"[.·…．‥﹒•_-]"
_LEADER = re.compile(
    rf"(?:{_DOTS}\s?){{3,}}\s*[（(]?\s*[-—]?\s*(?P<n>\d{{1,4}}|[ivxlcIVXLC]{{1,6}})?\s*[-—]?\s*[）)]?\s*$"
    r"|…{2,}\s*(?P<h>\d{1,4})\s*$|(?:\t| {4,})\s*(?P<t>\d{1,4})\s*$"
)
_LEADER_END = re.compile(rf"(?:[\s\t]|{_DOTS})*(?:\d{{1,4}}|[ivxlcIVXLC]{{1,6}})?\s*$")
_APART = 4
_LONGEST = 120
"""Characters at the beginning of a line in which a heading stands; no entry of a table of contents is longer."""
_WHY = "it points to headings that the text holds"


@dataclass(frozen=True, slots=True)
class Body:
    """Pages without tables of contents, what went, and what looked so and stayed."""

    pages: tuple[Page, ...]
    set_aside: tuple[SetAside, ...]
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line with leaders, and the lines before it that it began in: their places, its words, its number."""

    places: tuple[int, ...]
    words: str
    number: int | None


def without_contents(pages: Sequence[Page], had_contents: bool = False) -> Body:
    """Return pages without tables of contents; `had_contents`: the format told their entries, which are out already."""
    blocks = [(page, block) for page, own in enumerate(pages) for block in own.blocks]
    found = _Contents([block for _, block in blocks], pages)
    gone, doubts = found.gone(had_contents)
    if not gone:
        return Body(tuple(pages), (), doubts)
    kept: list[list[Block]] = [[] for _ in pages]
    set_aside = []
    for at, (page, block) in enumerate(blocks):
        if at in gone and isinstance(block, Line):
            set_aside.append(SetAside("contents", f"page {pages[page].number}", _WHY, block.text))
        else:
            kept[page].append(block)
    bare = (replace(page, blocks=tuple(own)) for page, own in zip(pages, kept, strict=True))
    return Body(tuple(bare), tuple(set_aside), doubts)


def _key(text: str) -> str:
    return re.sub(r"[\s.、:·…]+", "", normalise(text))


class _Contents:
    """The tables of contents among the blocks of a document."""

    def __init__(self, blocks: Sequence[Block], pages: Sequence[Page]) -> None:
        self._texts = [block.text.strip() if isinstance(block, Line) else "" for block in blocks]
        self._ocr = any(page.ocr for page in pages)
        self._titles = [at for at, text in enumerate(self._texts) if _TITLE.fullmatch(text)]
        self._led = {at: match for at, text in enumerate(self._texts) if (match := _leader(text))}
        self._most = len(pages) + 50 if pages and pages[0].height else 20 + sum(map(len, self._texts)) // 150
        self._starts: set[int] = set()
        self._whole = ""

    def gone(self, had_contents: bool) -> tuple[set[int], tuple[Doubt, ...]]:
        """Return the places of what goes, and doubts about what stays or points to nothing."""
        gone: set[int] = set()
        doubts: list[Doubt] = []
        if had_contents:
            gone.update(self._titles)
        if self._led or self._titles:
            self._index()
        for run in _runs(sorted(self._led)):
            title = next((at for at in self._titles if 0 < run[0] - at <= _APART), None)
            taken, doubt = self._run(run, title)
            gone |= taken
            doubts += [doubt] if doubt else []
        for title in self._titles:
            if title not in gone and (listed := self._listed(title)):
                gone |= {title, *listed}
        return gone, tuple(doubts)

    def _index(self) -> None:
        """All lines that may be headings, one after another, and where each begins."""
        pieces, length = [], 0
        for at, text in enumerate(self._texts):
            if at not in self._led and (key := _key(text[:_LONGEST])):
                self._starts.add(length)
                pieces.append(key)
                length += len(key)
        self._whole = "".join(pieces)

    def _run(self, run: Sequence[int], title: int | None) -> tuple[set[int], Doubt | None]:
        entries = list(self._entries(run, title))
        found = [entry for entry in entries if self._is_held(entry)]
        if len(entries) < (1 if title is not None else 3):
            return set(), None
        if title is not None and found:
            entries = entries[: self._end(entries, entries.index(found[-1]) + 1)]
        if len(found) < 0.6 * len(entries) or not self._are_pages(entries, title is not None):
            return set(), Doubt("contents", f"“{entries[0].words}” … looks like a table of contents; kept as text")
        lost = [entry.words for entry in entries if entry not in found]
        doubt = Doubt("contents", f"entries that point to no heading: {'; '.join(lost[:5])}") if lost else None
        taken = entries if title is not None else found
        return {at for entry in taken for at in entry.places} | ({title} if title is not None else set()), doubt

    def _end(self, entries: Sequence[_Entry], end: int) -> int:
        """Where entries end: fees may follow, with leaders and numbers too. What points to nothing is an entry only
        right under another, with a number that a page can have."""
        while end < len(entries):
            follows = entries[end].places == (entries[end - 1].places[-1] + 1,)
            if not follows or (entries[end].number or 0) > self._most:
                break
            end += 1
        return end

    def _entries(self, run: Sequence[int], title: int | None) -> Iterator[_Entry]:
        before = title if title is not None else run[0] - 1
        for at in run:
            words, number = _parted(self._texts[at], self._led[at])
            entry = _Entry((at,), words, number)
            begun = [n for n in range(before + 1, at) if self._texts[n]]
            whole = _Entry((*begun, at), "".join(self._texts[n] for n in begun) + words, number)
            if begun and (self._is_held(whole) or (title is not None and not self._is_held(entry))):
                entry = whole
            yield entry
            before = at

    def _is_held(self, entry: _Entry) -> bool:
        """Whether a line of the text begins with the words of an entry."""
        key = _key(entry.words)
        if len(key) < 2:
            return False
        at = self._whole.find(key)
        while at >= 0 and at not in self._starts:
            at = self._whole.find(key, at + 1)
        return at >= 0 or (self._ocr and self._is_like(key))

    def _is_like(self, key: str) -> bool:
        lines = [_key(text)[: len(key) + 1] for at, text in enumerate(self._texts) if at not in self._led and text]
        return process.extractOne(key, lines, scorer=fuzz.ratio, score_cutoff=80) is not None

    def _are_pages(self, entries: Sequence[_Entry], is_titled: bool) -> bool:
        """Whether the numbers rise, and are not higher than a document of this length has pages."""
        numbers = [entry.number for entry in entries if entry.number is not None]
        falls = sum(other < one for one, other in pairwise(numbers))
        return falls <= 0.1 * len(numbers) and (is_titled or max(numbers, default=0) <= self._most)

    def _listed(self, title: int) -> set[int]:
        """Contents without page numbers: lines whose words come again below them as headings."""
        keys = [_key(text) for text in self._texts]
        at = title + 1
        while at < len(keys) and (entry := _key(_LEADER_END.sub("", self._texts[at]))):
            again = next((n for n in range(at + 1, len(keys)) if keys[n].startswith(entry)), None)
            if again is None or ends_sentence(self._texts[at]):
                break
            if keys[at] == keys[title + 1] and at > title + 1:
                break
            at += 1
        return set(range(title + 1, at)) if at > title + 2 else set()


def _leader(text: str) -> re.Match[str] | None:
    """The leaders and the number at the end of a line; dots alone count where there are many."""
    match = _LEADER.search(text) if len(text) < 200 else None
    if match is None or not text[: match.start()].strip():
        return None
    return match if any(match.groups()) or len(match[0].strip()) >= 6 else None


def _parted(text: str, leader: re.Match[str]) -> tuple[str, int | None]:
    number = next((group for group in leader.groups() if group), "")
    return text[: leader.start()].strip(), int(number) if number.isdecimal() else None


def _runs(places: Sequence[int]) -> Iterator[list[int]]:
    """Lines with leaders that stand close together."""
    run: list[int] = []
    for at in places:
        if run and at - run[-1] > _APART:
            yield run
            run = []
        run.append(at)
    if run:
        yield run
