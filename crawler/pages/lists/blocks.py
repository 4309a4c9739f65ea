"""The repeated block of a page that is its list.

Every element with two or more children that each lead to one address is a candidate. Candidates of the same make
that stand together (a list cut into groups of five, two columns) are one. The best is chosen by what its rows look
like (dates, length of titles, addresses of articles), by how many there are, and by where it stands (beside the
page links; not in a menu, a foot or a box of "hot articles").
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from bs4.element import NavigableString, Tag

from crawler.pages.lists.place import Place
from crawler.pages.lists.row import Link, Row, has_date, merged_dates, read_row
from crawler.pages.page import Page, ancestors, attribute, marks, said

MOST_LINKS = 8_000
_LEVELS_UP = 9
_MOST_LINKS_IN_A_ROW = 12
_LEAST_OF_A_TITLE = 10
_LEAST_QUALITY = 0.34
_FILE = re.compile(
    r"\.(?:pdf|docx?|wps|xlsx?|et|zip|rar|7z|ofd|pptx?|jpe?g|png)(?:[?#]|$)|down_?load|fileid=|attach", re.I
)
_ARTICLE = re.compile(r"\d{4,}|[?&]\w*id=|\d{2}/\d{2}/|/\w*\d+\.s?html?$", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_HIDDEN_MARK = re.compile(r"(?:^|[\s_-])(?:hide|hidden|none|dn|undis|disn)(?=$|[\s_-])")
_NONE = re.compile(
    r"暂(?:无|时没有)(?:相关|符合条件的?)?(?:数据|信息|内容|记录|文章|公告|通知)"
    r"|没有(?:找到|查询到|检索到)?(?:任何|相关|符合条件的)?(?:记录|数据|信息)|共\s*0\s*[条页]|no (?:data|records)",
    re.I,
)
_FEW = 10
_LONGEST_SINGLE = 300
_ROWLESS = frozenset(("script", "style", "noscript", "template", "select", "head"))


@dataclass(slots=True)
class Kid:
    """A child of a candidate: the element, the links in it, and the links to its subject once they are known."""

    tag: Tag
    links: list[Link] = field(default_factory=list)
    subject: list[Link] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """The children of one element that bear links, all of one tag name."""

    parent: Tag
    name: str
    kids: list[Kid]
    is_dated: bool = False
    _shares: dict[int, list[Tag | NavigableString]] | None = None

    @property
    def shares(self) -> dict[int, list[Tag | NavigableString]]:
        """The nodes that belong to each child (by its id), worked out once, when the children are final."""
        if self._shares is None:
            self._shares = _territories(self)
        return self._shares


@dataclass(frozen=True, slots=True)
class Block:
    """A candidate list, scored; `rows` in the order of the page."""

    groups: tuple[Group, ...]
    rows: tuple[Row, ...]
    score: float
    quality: float


def best_block(
    page: Page, place: Place, links: Sequence[Link], looks_like_article: Callable[[str], bool] | None = None
) -> Block | None:
    """Return the block of the page that is its list, or None where none is good enough.

    `looks_like_article` is what a family knows of its articles' addresses.
    """
    blocks = [
        block
        for cluster in _clusters(_groups(links))
        if (block := _judge(cluster, place, looks_like_article or _is_article)) is not None
    ]
    fit = [block for block in blocks if block.quality >= _LEAST_QUALITY or _is_last_row(block, place)]
    good = [block for block in fit if not _is_no_row(page, block, place)]
    best = max(good, key=lambda block: block.score, default=None)
    return None if best is not None and _stands_in_for_nothing(page, best, place) else best


def _is_last_row(block: Block, place: Place) -> bool:
    """Whether a block may be all that is left for the last page of a list: one title, where the pages are turned."""
    parent = block.groups[0].parent
    is_one = len(block.rows) == 1 and len(block.rows[0].title) >= _LEAST_OF_A_TITLE
    return is_one and place.turns_beside(parent) and not place.is_aside(parent)


def _is_no_row(page: Page, block: Block, place: Place) -> bool:
    """Whether a block of one row is only a link somewhere on a page that is no list."""
    if len(block.rows) != 1:
        return False
    row, kid = block.rows[0], block.groups[0].kids[0]
    if page.measures.words(kid.tag) > _LONGEST_SINGLE or len(row.title) < 6:
        return True
    return row.printed is None and (len(row.title) < 10 or place.is_aside(block.groups[0].parent))


def _stands_in_for_nothing(page: Page, block: Block, place: Place) -> bool:
    """Whether the page's own list is empty, and the block is only what else stands on the page (hot news)."""
    parent = block.groups[0].parent
    if place.is_of_others(parent):
        return True
    if place.is_aside(parent):
        return _says_none(page) or _has_empty_list(page, place)
    return len(block.rows) < _FEW and not place.turns_beside(parent) and _says_none(page)


def _says_none(page: Page) -> bool:
    return any(len(text) < 40 for text in page.soup.find_all(string=_NONE, limit=10) if type(text) is NavigableString)


def _has_empty_list(page: Page, place: Place) -> bool:
    lists = page.soup.find_all(["ul", "ol", "tbody"], limit=400)
    return any(not tag.find(True) and not said(tag) and not place.is_aside(tag) for tag in lists)


def page_links(page: Page) -> list[Link]:
    """Return the links of a page that lead to an address, at most 8,000, with what they say."""
    found = []
    for tag in page.soup.find_all("a", limit=MOST_LINKS):
        url = page.link(attribute(tag, "href")) or page.link(_call(tag))
        if url:
            found.append(Link(tag, url, _says(tag)))
    return found


def _call(tag: Tag) -> str | None:
    code = attribute(tag, "onclick")
    return f"javascript:{code}" if code else None


def _says(tag: Tag) -> str:
    text = said(tag) or attribute(tag, "title").strip()
    if not text and tag.contents and (image := tag.find("img")) and isinstance(image, Tag):
        text = (attribute(image, "alt") or attribute(image, "title")).strip()
    return text[:2000]


def _groups(links: Iterable[Link]) -> list[Group]:
    groups: dict[tuple[int, str], Group] = {}
    kids: dict[tuple[int, int], Kid] = {}
    for link in links:
        if link.is_paging:
            continue
        child = link.tag
        for parent in ancestors(link.tag, _LEVELS_UP):
            if parent.name in _ROWLESS:
                break
            kid = kids.get((id(parent), id(child)))
            if kid is None:
                kid = kids[id(parent), id(child)] = Kid(child)
                group = groups.setdefault((id(parent), child.name), Group(parent, child.name, []))
                group.kids.append(kid)
            kid.links.append(link)
            child = parent
    return [group for group in groups.values() if _is_pure(group)]


def _is_pure(group: Group) -> bool:
    """Whether most children lead to one subject each; keeps only those."""
    for kid in group.kids:
        kid.subject = _subject(kid.links)
    pure = [kid for kid in group.kids if kid.subject]
    is_pure = len(pure) * 10 >= len(group.kids) * 7
    group.kids = pure
    return is_pure and bool(pure)


def _subject(links: Sequence[Link]) -> list[Link]:
    """The links of a child that lead to its one subject; empty where it has none or several."""
    if len(links) > _MOST_LINKS_IN_A_ROW:
        return []
    by_url: dict[str, list[Link]] = {}
    for link in links:
        by_url.setdefault(link.url, []).append(link)
    if len(by_url) == 1:
        return list(links)
    length = {
        url: max((len(one.text) for one in same if not one.is_generic), default=0) for url, same in by_url.items()
    }
    longest = max(length.values())
    strong = [url for url in by_url if length[url] >= max(5, 0.6 * longest)]
    if pages := [url for url in strong if not _FILE.search(url)]:
        strong = pages
    if len(strong) == 1:
        return by_url[strong[0]]
    if not longest and len(by_url) <= 3:
        return next(iter(by_url.values()))
    return []


def _clusters(groups: Iterable[Group]) -> list[list[Group]]:
    """Groups of the same make under one roof (three levels up), together."""
    together: dict[tuple[object, ...], list[Group]] = {}
    for group in groups:
        group.is_dated = _is_dated(group)
        around = [group.parent, *ancestors(group.parent, 3)]
        shape = tuple((element.name, make(element)) for element in around[:3])
        together.setdefault((id(around[-1]), group.name, group.is_dated, shape), []).append(group)
    return [_visible(cluster) for cluster in together.values()]


def make(element: Tag) -> str:
    """Return the classes of an element without figures and marks of state, by which elements of one kind are known."""
    names = re.sub(r"\d+", "", " ".join(element.get("class") or []) if element.get("class") else "")
    return " ".join(
        sorted(
            set(re.split(r"[\s]+", names))
            - {"first", "last", "odd", "even", "on", "active", "cur", "current", "hide", "hidden", "none", ""}
        )
    )


def _is_dated(group: Group) -> bool:
    sample = group.kids[:: max(1, len(group.kids) // 6)]
    dated = sum(has_date(group.shares[id(kid.tag)], kid.subject) for kid in sample)
    return dated * 2 >= len(sample)


def _visible(cluster: list[Group]) -> list[Group]:
    shown = [group for group in cluster if not _is_hidden(group.parent)]
    return shown or cluster


def _is_hidden(element: Tag) -> bool:
    around = [element, *ancestors(element, 3)]
    return any(_HIDDEN.search(attribute(tag, "style")) or _HIDDEN_MARK.search(marks(tag)) for tag in around)


def _territories(group: Group) -> dict[int, list[Tag | NavigableString]]:
    """The nodes that belong to each child: itself, and the text and elements beside it up to the next child."""
    bearing = {id(kid.tag): kid for kid in group.kids}
    gaps: list[list[Tag | NavigableString]] = [[]]
    for node in group.parent.children:
        if id(node) in bearing:
            gaps.append([])
        elif isinstance(node, Tag) or (type(node) is NavigableString and node.strip()):
            gaps[-1].append(node)
    kids = group.kids
    if not any(gaps):
        return {id(kid.tag): [kid.tag] for kid in kids}
    return _shared_out(kids, gaps)


def _shared_out(kids: list[Kid], gaps: list[list[Tag | NavigableString]]) -> dict[int, list[Tag | NavigableString]]:
    """Give the nodes between two children to the one or the other: as line breaks part them, else as dates fit."""
    before: list[list[Tag | NavigableString]] = [[] for _ in kids]
    after: list[list[Tag | NavigableString]] = [[] for _ in kids]
    for index, gap in enumerate(gaps):
        left, right = _parted(gap)
        if left is None:
            if index < len(kids):
                before[index] = right
            if index:
                after[index - 1] = right
        else:
            if index:
                after[index - 1] = left
            if index < len(kids):
                before[index] = right
    if kids[0].tag.name != "dt" and _fits(kids, before) > _fits(kids, after):
        return {id(kid.tag): [*nodes, kid.tag] for kid, nodes in zip(kids, before, strict=True)}
    return {id(kid.tag): [kid.tag, *nodes] for kid, nodes in zip(kids, after, strict=True)}


def _parted(gap: list[Tag | NavigableString]) -> tuple[list[Tag | NavigableString] | None, list[Tag | NavigableString]]:
    for index in range(len(gap) - 1, -1, -1):
        node = gap[index]
        if isinstance(node, Tag) and node.name in ("br", "hr"):
            return gap[:index], gap[index + 1 :]
    return None, gap


def _fits(kids: list[Kid], nodes: list[list[Tag | NavigableString]]) -> int:
    sample = range(0, len(kids), max(1, len(kids) // 16))
    return sum(bool(nodes[index]) and has_date(nodes[index], []) for index in sample)


def _judge(cluster: list[Group], place: Place, is_article: Callable[[str], bool]) -> Block | None:
    rows = _rows(cluster)
    if not rows:
        return None
    dated = sum(row.printed is not None for row in rows) / len(rows)
    length = sum(min(len(row.title), 20) for row in rows) / 20 / len(rows)
    articles = sum(1.0 if is_article(row.url) else 0.8 * _is_article(row.url) for row in rows) / len(rows)
    quality = 0.45 * dated + 0.3 * length + 0.25 * articles
    if len(rows) == 1 and not dated:
        quality *= 0.6
    score = quality**1.5 * math.log2(1.5 + len(rows)) * place.favour(cluster[0].parent) * _named(cluster)
    return Block(tuple(cluster), tuple(rows), score, quality)


def _named(cluster: list[Group]) -> float:
    """A factor under 1 where links are pictures or "more", and the words of the subject stand beside them."""
    kids = [kid for group in cluster for kid in group.kids]
    named = sum(any(not link.is_generic for link in kid.subject) for kid in kids)
    return 0.8 + 0.2 * named / len(kids)


def _rows(cluster: list[Group]) -> list[Row]:
    rows: dict[str, Row] = {}
    for group in cluster:
        column, merged = _date_column(group), merged_dates(group.parent) if group.name == "tr" else {}
        for kid in group.kids:
            row = read_row(group.shares[id(kid.tag)], kid.subject, column)
            if row is not None:
                rows.setdefault(row.url, row if row.printed else replace(row, printed=merged.get(id(kid.tag))))
    return list(rows.values())


def _date_column(group: Group) -> int | None:
    """The column that a table's head names as the day of issue, where it names one."""
    if group.name != "tr":
        return None
    table = group.parent.find_parent("table") if group.parent.name != "table" else group.parent
    head = table.find("tr") if isinstance(table, Tag) else None
    if not isinstance(head, Tag) or any(kid.tag is head for kid in group.kids):
        return None
    cells = [said(cell) for cell in head.find_all(["td", "th"], recursive=False)]
    return next(
        (
            i
            for i, text in enumerate(cells)
            if re.search(r"(?:发布|公布|公告|发文|颁布|印发|更新)(?:时间|日期|日)", text)
        ),
        None,
    )


def _is_article(url: str) -> bool:
    return bool(_ARTICLE.search(url) or _FILE.search(url))
