"""One list, whole: what else on a page belongs to its list, what does not, and what was not understood.

The best block (blocks.py) is the heart of the list. Every other link of the page is looked at here and ends in one of
four places: in the list (an undated row, a headline, what is pinned above it), beside it (a row that bears a rule's
code, wherever it stands), set aside with the reason (menus, boxes, another list), or in doubt. None is left out.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from bs4.element import Tag

from crawler.pages.articles.attachments import is_file_address
from crawler.pages.lists.blocks import Block, make
from crawler.pages.lists.months import month_dates
from crawler.pages.lists.place import Place, heading_before
from crawler.pages.lists.row import Link, Row, read_row
from crawler.pages.page import Page, ancestors, attribute, said, tags_in
from crawler.pages.records import SetAside

_RULE_CODE = re.compile(r"\b[A-Z]{2,6}\d{0,2}(?:\s?[-－‐—–]\s?[A-Z]{1,6})?\s?[-－‐—–]\s?\d{3,6}(?!\d)")
_STANDARD = re.compile(r"(?<![A-Za-z])[A-Z]{2,4}(?:/[A-Z])?\s?\d{3,6}(?:\.\d+)?\s?[-—–－]\s?(?:19|20)\d\d")
_READS_LIKE_ROW = re.compile(
    r"规则|细则|通知|公告|通告|公示|标准|实施|认证|换版|修订|废止|暂停|撤销|发布|印发|更正|办法|规定|关于"
)
_LEAST_TITLE = 10
_LONGEST_UNIT = 600
_MOST_ABOVE = 2
_OF_A_MONTH = re.compile(r"^\W*(?:(?:19|20)\d\d\s*[-/.年]?\s*)?(?:\d{1,2}\s*月?)?\W*$|置\s?顶|最新|头条")


@dataclass(frozen=True, slots=True)
class Whole:
    """The rows of the list in the order of the page, the coded rows beside it, and what was set aside."""

    rows: tuple[Row, ...]
    beside: tuple[Row, ...]
    set_aside: tuple[SetAside, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Stray:
    """A link that the block does not have: its row, the element that is about nothing else, its place in the page."""

    row: Row
    unit: Tag
    anchor: Tag
    order: int
    reads_like_row: bool


def whole_list(page: Page, block: Block, place: Place, links: Sequence[Link]) -> Whole:
    """Return the list of a page with all that belongs to it."""
    order = {id(link.tag): index for index, link in enumerate(links)}
    at = _places_of_rows(block, order)
    region = _region(block)
    known = {row.url for row in block.rows}
    strays = _strays(page, links, known, order, region)
    inside = _inside(strays, block, region, place)
    outside = [stray for stray in strays if stray not in inside]
    above, others = _parted(outside, region, place, min(at.values(), default=0))
    belonging = [(at[row.url], row) for row in block.rows] + [(s.order, s.row) for s in (*inside, *above)]
    anchors = {link.url: link.tag for link in reversed(links)} | {s.row.url: s.anchor for s in (*inside, *above)}
    months = month_dates(page, {row.url: anchors[row.url] for _, row in belonging if row.url in anchors})
    in_order = [row for _, row in sorted(belonging, key=lambda one: one[0])]
    rows = tuple(replace(row, printed=months.get(row.url, row.printed)) for row in in_order)
    beside = tuple(stray.row for stray in others if bears_code(stray.row.title))
    aside = (*_named(others, place), *_said_twice(block), *_without_address(page))
    return Whole(rows, beside, aside)


def bears_code(title: str) -> bool:
    """Whether a title names a rule by a code (of any authority's shape: letters, hyphens, figures)."""
    return bool(_RULE_CODE.search(title)) and not _STANDARD.fullmatch(title.strip())


def reads_like_row(title: str, is_dated: bool = False) -> bool:
    """Whether a link reads like a row of a list of rules or notices: a code, a standard, or words of such a title."""
    if bears_code(title) or _STANDARD.search(title):
        return True
    return len(title) >= _LEAST_TITLE and (is_dated or bool(_READS_LIKE_ROW.search(title)))


def _places_of_rows(block: Block, order: dict[int, int]) -> dict[str, int]:
    places: dict[str, int] = {}
    for group in block.groups:
        for kid in group.kids:
            for link in kid.subject:
                places[link.url] = min(places.get(link.url, len(order)), order.get(id(link.tag), len(order)))
    return {row.url: places.get(row.url, len(order)) for row in block.rows}


def _region(block: Block) -> Tag:
    """The smallest element around all rows of the block."""
    tags = [group.parent for group in block.groups]
    around = [tags[0], *ancestors(tags[0])]
    for tag in tags[1:]:
        held = {id(element) for element in (tag, *ancestors(tag))}
        around = [element for element in around if id(element) in held] or around[-1:]
    return around[0]


def _strays(page: Page, links: Sequence[Link], known: set[str], order: dict[int, int], region: Tag) -> list[_Stray]:
    urls = {id(link.tag): link.url for link in links}
    by_url: dict[str, list[Link]] = {}
    for link in links:
        if link.url not in known and not link.is_paging:
            by_url.setdefault(link.url, []).append(link)
    strays = []
    built_alike = {_build(url) for url in known}
    for same in by_url.values():
        links_of_unit = [link for link in same if not link.is_generic] or same
        unit = _unit(page, links_of_unit[0].tag, urls, region)
        row = read_row([unit], [link for link in same if link.tag is unit or _holds(unit, link.tag)])
        if row is not None:
            is_row = _build(row.url) in built_alike or reads_like_row(row.title, row.printed is not None)
            strays.append(_Stray(row, unit, links_of_unit[0].tag, order[id(links_of_unit[0].tag)], is_row))
    return strays


def _build(url: str) -> str:
    """How an address is built: its figures left out, of its arguments the names."""
    parts = urlsplit(url)
    names = sorted(argument.partition("=")[0] for argument in parts.query.split("&"))
    path = re.sub(r"\d+", "0", parts.path)
    return f"{parts.netloc}{path}?{'&'.join(names)}" if path != parts.path or any(names) else url


def _unit(page: Page, tag: Tag, urls: dict[int, str], region: Tag) -> Tag:
    """The largest element around a link that leads nowhere else, and is no larger than a row."""
    unit, url = tag, urls[id(tag)]
    for parent in ancestors(tag, 6):
        if parent is region or parent.name in ("body", "td") or page.measures.words(parent) > _LONGEST_UNIT:
            break
        if any(urls.get(id(link), url) != url for link in tags_in(parent, ("a",), 40)):
            break
        unit = parent
    return unit


def _holds(outer: Tag, inner: Tag) -> bool:
    return any(element is outer for element in ancestors(inner, 12))


def _path(tag: Tag, region: Tag) -> tuple[tuple[str, str], ...] | None:
    """The way from a region down to an element, by names and classes; None where it is not inside."""
    path = [(tag.name, "")]
    for element in ancestors(tag, 12):
        if element is region:
            return tuple(path)
        path.append((element.name, make(element)))
    return None


def _shapes(block: Block, region: Tag) -> set[tuple[tuple[str, str], ...]]:
    tags = [link.tag for group in block.groups for kid in group.kids for link in kid.subject]
    return {path for tag in tags if (path := _path(tag, region)) is not None}


def _inside(strays: Iterable[_Stray], block: Block, region: Tag, place: Place) -> list[_Stray]:
    """The links inside the list's element that are rows of it: built as its rows are, or reading as they do."""
    shapes = _shapes(block, region) if region.name != "body" else set()
    in_rows = {id(node) for group in block.groups for kid in group.kids for node in group.shares[id(kid.tag)]}
    found = []
    for stray in strays:
        if not (_holds(region, stray.unit) or stray.unit is region) or place.is_aside(stray.unit):
            continue
        is_second = any(id(element) in in_rows for element in (stray.unit, *ancestors(stray.unit, 9)))
        if is_second and is_file_address(stray.row.url):
            continue
        is_alike = not is_second and _path(stray.anchor, region) in shapes
        if is_alike or stray.reads_like_row:
            found.append(stray)
    return found


def _parted(strays: Iterable[_Stray], region: Tag, place: Place, first: int) -> tuple[list[_Stray], list[_Stray]]:
    """Part the links outside the list's element: headlines and pinned rows that belong to it, and all else."""
    groups: dict[int, list[_Stray]] = {}
    above: list[_Stray] = []
    others: list[_Stray] = []
    for stray in strays:
        if stray.reads_like_row:
            groups.setdefault(id(stray.unit.parent), []).append(stray)
        else:
            others.append(stray)
    for group in groups.values():
        (above if _belongs(group, region, place, first) else others).extend(group)
    return above, others


def _belongs(group: Sequence[_Stray], region: Tag, place: Place, first: int) -> bool:
    parent = group[0].unit.parent
    if parent is None or any(place.is_aside(stray.unit) for stray in group) or _near(parent, region) is False:
        return False
    heading = heading_before(parent)
    is_of_month = not heading or bool(_OF_A_MONTH.search(heading))
    is_above = group[0].order < first
    if any(stray.row.pinned for stray in group) or (is_above and len(group) <= _MOST_ABOVE):
        return True
    return is_of_month and (is_above or (bool(heading) and parent.name == region.name))


def _near(parent: Tag, region: Tag) -> bool:
    """Whether an element shares one of the three elements around the list (the body is everybody's)."""
    around = {id(element) for element in ancestors(region, 3) if element.name != "body"}
    if not around and region.parent is not None:
        around = {id(region.parent)}
    return any(id(element) in around for element in (parent, *ancestors(parent, 3)))


def _named(strays: Sequence[_Stray], place: Place) -> list[SetAside]:
    """Name what is in no list: rows of other lists, single links, and what stands in menus."""
    groups: dict[int, list[_Stray]] = {}
    for stray in strays:
        groups.setdefault(id(stray.unit.parent), []).append(stray)
    named: list[SetAside] = []
    for group in groups.values():
        rows = [s for s in group if s.reads_like_row]
        is_aside = place.is_aside(group[0].unit)
        named += [
            SetAside(s.row.title, s.row.url, "a link that reads like no row", False) for s in group if s not in rows
        ]
        if len(rows) > 1:
            heading = heading_before(group[0].unit.parent) if group[0].unit.parent is not None else ""
            reason = f"another list of {len(rows)} rows" + (f" under “{heading}”" if heading else "")
            named += [SetAside(s.row.title, s.row.url, reason, not is_aside) for s in rows]
        else:
            named += [SetAside(s.row.title, s.row.url, "a single link outside the list", not is_aside) for s in rows]
    return named


def _said_twice(block: Block) -> list[SetAside]:
    """Rows that lead to the address of another row, under another title."""
    titles = {row.url: row.title for row in block.rows}
    named = []
    for group in block.groups:
        for kid in group.kids:
            row = read_row(group.shares[id(kid.tag)], kid.subject)
            if row is not None and not _alike(row.title, titles.get(row.url, "")) and reads_like_row(row.title):
                named.append(SetAside(row.title, row.url, "leads to the address of another row", True))
    return named


def _alike(one: str, other: str) -> bool:
    short, long = sorted((re.sub(r"[\s…]|\.\.\.", "", one), re.sub(r"[\s…]|\.\.\.", "", other)), key=len)
    return short in long


def _without_address(page: Page) -> list[SetAside]:
    """Links that read like rows and lead nowhere that could be fetched."""
    return [
        SetAside(text, None, "a link without an address that can be fetched", True)
        for tag in tags_in(page.soup, ("a",), 8_000)
        if not page.link(attribute(tag, "href"))
        and not page.link(f"javascript:{attribute(tag, 'onclick')}")
        and reads_like_row(text := said(tag)[:200])
    ]
