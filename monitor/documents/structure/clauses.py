"""Paragraphs and tables become a tree of clauses; what stands outside clauses is kept in parts of its own.

Only words and numbers decide, never layout, so that a rule gives the same tree as DOCX, DOC, PDF or page. Lists
(1）…；2）…。) stay in the body of their clause; the same numbers before titles with text of their own are clauses.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from monitor.documents.document import Doubt, Part, PartRole, SetAside, Table
from monitor.documents.structure.conservation import squeezed
from monitor.documents.structure.joining import join
from monitor.documents.structure.lines import Block, Grid, Line
from monitor.documents.structure.markers import DIVISIONS, NUMBERS, Marker, Style, read_marker
from monitor.documents.structure.outline import Outline, Place
from monitor.documents.structure.outside import ends_document, is_named_part, outside_parts
from monitor.documents.structure.titles import ends_sentence, goes_on, is_title

_ALWAYS = frozenset((*DIVISIONS, Style.ANNEX, Style.LETTERED, Style.DOTTED, Style.HAN))
_NOTE = re.compile(r"^\s*(?:注\s*\d{0,2}\s*[:：]|\*)")
_OPENS_LIST = re.compile(r"(?:下列|以下|如下)[^，。]*[：:]$")
_REFERENCE = re.compile(r"^附\s*件\s*[:：]\s*(?:\d{1,2}\s*[.．、]|《|关于|\S)")


@dataclass(frozen=True, slots=True)
class Tree:
    """The parts of a document in reading order, what is odd about their numbers, and the points after those."""

    parts: tuple[Part, ...]
    doubts: tuple[Doubt, ...]
    set_aside: tuple[SetAside, ...] = ()


def clause_tree(blocks: Sequence[Block]) -> Tree:
    """Return the parts of a text whose paragraphs are whole and whose furniture is gone."""
    items = _headings_mended(blocks)
    places = _places(items)
    kept = _clauses(places, items)
    doubts = tuple(Doubt(f"clause {p.marker.path}", p.odd) for p in kept.values() if p.odd)
    parts: list[Part] = []
    set_aside: list[SetAside] = []
    for part, printed in _emitted(items, kept):
        parts.append(part)
        set_aside += _points(part, printed)
    return Tree(tuple(parts), doubts[:50], tuple(set_aside))


def _points(part: Part, printed: str) -> Iterator[SetAside]:
    """What stands between a number and its title and is in neither: the 、 of 一、, the colon of 附件1：."""
    first = part.heading or part.body.split("\n", 1)[0]
    before, after = squeezed(printed), squeezed((part.path or "") + first)
    if len(before) > len(after) and (left := Counter(before) - Counter(after)):
        why = "it only parts the number from its text"
        yield SetAside("point after a number", f"clause {part.path}", why, "".join(left.elements()))


def _text(block: Block) -> str:
    return block.text if isinstance(block, Line) else ""


# Headings that typesetting or authors broke over paragraphs: "附件1" / "产品描述", "3.2" / "样品".


def _headings_mended(blocks: Sequence[Block]) -> list[Block]:
    mended: list[Block] = []
    for block in blocks:
        before = mended[-1] if mended else None
        if isinstance(block, Line) and isinstance(before, Line) and _continues_heading(before.text, block.text):
            gap = " " if _is_bare(before.text) else ""
            text = before.text.rstrip() + gap + block.text if gap else join(before.text, block.text)
            mended[-1] = Line(text, whole=True, size=before.size, bold=before.bold, heading_level=before.heading_level)
        else:
            mended.append(block)
    return mended


def _is_bare(text: str) -> bool:
    marker = read_marker(text + " 〇") or read_marker(text)
    if marker is None or marker.style not in _ALWAYS | {Style.TABLE, Style.NUMBER}:
        return False
    return marker.rest in ("", "〇") or bool(re.fullmatch(r"[（(](?:规范性|资料性)(?:附录)?[）)]\s*〇?", marker.rest))


def _continues_heading(before: str, text: str) -> bool:
    if read_marker(text) is not None or not is_title(text) or is_named_part(text) or ends_document(text):
        return False
    if _is_bare(before):
        return True
    marker = read_marker(before)
    return marker is not None and len(marker.rest) <= 60 and goes_on(marker.rest) and not ends_sentence(before)


# Which paragraphs are numbered, and what they stand below.


def _places(items: Sequence[Block]) -> list[Place]:
    outline, places = Outline(), []
    markers = [read_marker(_text(block)) if isinstance(block, Line) else None for block in items]
    last_annex = {m.path: at for at, m in enumerate(markers) if m is not None and m.style is Style.ANNEX}
    listed, in_run = _attached(items, markers), _in_runs(markers)
    for position, marker in enumerate(markers):
        if marker is None or marker.style is Style.TABLE or position in listed:
            continue
        if marker.style is Style.ANNEX and (
            last_annex[marker.path] > position or _is_reference(marker, items, position)
        ):
            continue
        if (place := outline.take(marker, position, position in in_run)) is not None:
            places.append(place)
    return places


def _in_runs(markers: Sequence[Marker | None]) -> set[int]:
    """The articles, and the titles with a plain number, on which at least the next two of their kind follow."""
    found: set[int] = set()
    for style in (Style.ARTICLE, Style.NUMBER):
        count = [
            (at, m.numbers[0])
            for at, m in enumerate(markers)
            if m is not None and m.style is style and (style is Style.ARTICLE or is_title(m.rest))
        ]
        runs = zip(count, count[1:], count[2:], strict=False)
        found |= {first[0] for first, second, third in runs if first[1] + 2 == second[1] + 1 == third[1]}
    return found


def _attached(items: Sequence[Block], markers: Sequence[Marker | None]) -> set[int]:
    """The numbered lines of a list of what is attached (附件： / 1. … / 2. …)."""
    found: set[int] = set()
    for position, block in enumerate(items):
        if not re.match(r"^附\s*件\s*[:：]", _text(block)):
            continue
        at = position + 1
        while at < len(items) and (marker := markers[at]) is not None and marker.style in NUMBERS:
            if ends_sentence(marker.rest) or marker.numbers[0] not in (at - position, at - position + 1):
                break
            found.add(at)
            at += 1
    return found


def _is_reference(marker: Marker, items: Sequence[Block], position: int) -> bool:
    """Whether an annex is only named here: a list of what is attached, or a sentence that begins with it."""
    text = _text(items[position])
    if ends_sentence(text) or len(marker.rest) > 60 or (not marker.numbers and _REFERENCE.match(text)):
        return True
    following = [read_marker(_text(block)) for block in items[position + 1 : position + 2] if isinstance(block, Line)]
    after = following[0] if following else None
    is_list = after is not None and after.style in NUMBERS and not marker.rest and "：" in text
    return not marker.numbers and is_list


def _clauses(places: Sequence[Place], items: Sequence[Block]) -> dict[int, Place]:
    """The numbered paragraphs that are clauses of their own, not items in the body of one, by position."""
    runs: dict[tuple[int, Style], list[Place]] = {}
    for place in places:
        runs.setdefault(_run_of(place), []).append(place)
    decided: dict[tuple[int, Style], bool] = {}
    kept: dict[int, Place] = {}
    for place in places:
        parent_is_item = place.parent is not None and place.parent.position not in kept
        if place.marker.style in _ALWAYS or (place.marker.style in NUMBERS and _is_top(place)):
            kept[place.position] = place
            continue
        key = _run_of(place)
        if key not in decided:
            decided[key] = not parent_is_item and _is_run_of_clauses(runs[key], place, items)
        if decided[key]:
            kept[place.position] = place
    return kept


def _run_of(place: Place) -> tuple[int, Style]:
    return (place.parent.position if place.parent is not None else -1), place.marker.style


def _is_top(place: Place) -> bool:
    """Whether a plain number is the upper level here: at the top, or right below an annex or chapter."""
    return place.parent is None or place.parent.marker.style in (Style.ANNEX, Style.BOOK, Style.CHAPTER, Style.SECTION)


def _is_run_of_clauses(run: Sequence[Place], place: Place, items: Sequence[Block]) -> bool:
    first = run[0]
    before = _text(items[first.position - 1]) if first.position else ""
    parent_is_before = place.parent is not None and place.parent.position == first.position - 1
    introduced = bool(re.search(r"[：:]\s*$", before)) or (not parent_is_before and not ends_sentence(before))
    if introduced or any(re.search(r"[；;，,]\s*$", _text(items[item.position])) for item in run[:-1]):
        return False
    if all(is_title(item.marker.rest) for item in run):
        return any(_has_text_below(item, items) for item in run)
    under_han = place.parent is not None and place.parent.marker.style in (Style.HAN, Style.HAN_PAREN)
    return place.marker.style is Style.HAN_PAREN or (under_han and place.marker.style in NUMBERS)


def _has_text_below(place: Place, items: Sequence[Block]) -> bool:
    following = items[place.position + 1] if place.position + 1 < len(items) else None
    return isinstance(following, Line) and read_marker(following.text) is None and ends_sentence(following.text)


# The parts.


@dataclass(slots=True)
class _Open:
    """A part while it is being filled."""

    role: PartRole
    path: str | None
    heading: str
    level: int
    within: str | None
    body: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    printed: str = ""

    def part(self) -> Part:
        body = "\n".join(self.body)
        return Part(self.role, self.path, self.heading, body, tuple(self.tables), self.level, self.within)


def _emitted(items: Sequence[Block], kept: dict[int, Place]) -> Iterator[tuple[Part, str]]:
    """Each part, and the line that its number was printed in."""
    for part in _opened_parts(items, kept):
        yield (part.part(), part.printed) if isinstance(part, _Open) else (part, "")


def _opened_parts(items: Sequence[Block], kept: dict[int, Place]) -> list[_Open | Part]:
    first = min(kept, default=len(items))
    parts: list[_Open | Part] = list(outside_parts(items[:first], opens=True))
    current: _Open | None = None
    position = first
    while position < len(items):
        block, place = items[position], kept.get(position)
        if place is not None:
            current = _opened(place, _text(block))
            parts.append(current)
        elif isinstance(block, Line) and (is_named_part(block.text) or _closes(items, position, kept)):
            end = _end_of_outside(items, position, kept)
            parts.extend(outside_parts(items[position:end]))
            position = end
            continue
        elif current is not None and (table := _captioned(items, position)) is not None:
            opened, position = _table_part(items, position, table, current)
            parts.append(opened)
            continue
        elif current is not None and isinstance(block, Grid):
            current.tables.append(block.rows)
        elif current is not None:
            current.body.append(_text(block))
        position += 1
    return parts


def _opened(place: Place, printed: str) -> _Open:
    marker = place.marker
    role = PartRole.ANNEX if marker.style is Style.ANNEX else PartRole.CLAUSE
    rest = re.sub(r"[ \t\u3000]+", " ", marker.rest)
    named = rest if marker.style is Style.ARTICLE or _OPENS_LIST.search(rest) else re.sub(r"[：:]$", "", rest)
    if is_title(named):
        return _Open(role, marker.path, rest, place.depth, _within(place), printed=printed)
    return _Open(role, marker.path, "", place.depth, _within(place), [rest] if rest else [], printed=printed)


def _within(place: Place) -> str | None:
    """The annex and other numbers without which the path would not say which clause is meant."""
    names: list[str] = []
    needs_parent = place.marker.style not in (Style.ARTICLE, Style.BOOK, Style.CHAPTER, Style.LETTERED, Style.ANNEX)
    above: Place | None = place.parent
    below = place
    while above is not None:
        says_all = below.marker.style is Style.DOTTED and above.marker.style in (*NUMBERS, Style.DOTTED)
        if above.marker.style is Style.ANNEX or (needs_parent and not says_all):
            names.append(above.marker.path)
        needs_parent = needs_parent and above.marker.style not in (Style.ARTICLE, Style.ANNEX)
        below = above
        above = above.parent
    return "/".join(reversed(names)) or None


def _end_of_outside(items: Sequence[Block], position: int, kept: dict[int, Place]) -> int:
    return next((at for at in range(position + 1, len(items)) if at in kept), len(items))


def _closes(items: Sequence[Block], position: int, kept: dict[int, Place]) -> bool:
    """Whether signature, date and list of annexes of a notice begin here: after them comes an annex or nothing."""
    if all(at not in kept for at in range(position + 1, position + 22)) and position + 22 < len(items):
        return False
    end = _end_of_outside(items, position, kept)
    rest = [block for block in items[position:end] if isinstance(block, Line)]
    if end < len(items) and kept[end].marker.style is not Style.ANNEX:
        return False
    if len(rest) > 20 or len(rest) != end - position:
        return False
    return ends_document(*(line.text for line in rest))


# Tables with a caption are parts of their own: 表1 认证依据标准.


def _captioned(items: Sequence[Block], position: int) -> Marker | None:
    """The caption at this place, where the table itself follows at once (or after a line with a unit)."""
    marker = read_marker(_text(items[position]))
    if marker is None or marker.style is not Style.TABLE or not (is_title(marker.rest) or not marker.rest):
        return None
    return (
        marker
        if any(isinstance(block, Grid) for block in items[position + 1 : position + 3][:2])
        and _grid_at(items, position)
        else None
    )


def _grid_at(items: Sequence[Block], position: int) -> int:
    for at in (position + 1, position + 2):
        if at < len(items) and isinstance(items[at], Grid):
            return at
        if at < len(items) and (read_marker(_text(items[at])) is not None or len(_text(items[at])) > 20):
            return 0
    return 0


def _table_part(items: Sequence[Block], position: int, caption: Marker, above: _Open) -> tuple[_Open, int]:
    chain = [name for name in (above.within, above.path) if name]
    opened = _Open(PartRole.CLAUSE, caption.path, caption.rest, above.level + 1, "/".join(chain) or None)
    opened.printed = _text(items[position])
    at = _grid_at(items, position)
    opened.body.extend(_text(block) for block in items[position + 1 : at])
    opened.tables.extend(block.rows for block in items[at : at + 1] if isinstance(block, Grid))
    at += 1
    while at < len(items) and isinstance(items[at], Line) and _NOTE.match(_text(items[at])):
        opened.body.append(_text(items[at]))
        at += 1
    return opened, at
