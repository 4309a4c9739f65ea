"""One row of a list: its full title, its date, whether it is pinned.

A row is what lies between one row's link and the next: an element, or an element with the text around it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bs4.element import NavigableString, Tag

from crawler.pages.dates import HalfDate, date_of_attributes, full_dates, read_date, without_dates
from crawler.pages.page import attribute, marks, said

GENERIC = re.compile(
    r"^[\[(（【《<>»\s]*(?:更多|more|查[阅看](?:全文|详情|详细|原文)?|详情|详细(?:内容|信息)?|全文"
    r"|阅读(?:全文|更多|原文)?|下载|点击(?:下载|查看|浏览|进入)?|附件"
    r"|附件下载|下载附件|文件下载|pdf|word|doc|进入|浏览|预览|在线预览|打开|展开|了解(?:详情|更多)"
    r"|view|detail|details|read more)"
    r"[\])）】》<>»\s.…>+]*$",
    re.IGNORECASE,
)
PAGING = re.compile(
    r"^[\[(（<>«»‹›|\s]*(?:首\s?页|第一页|上一?页|下一?页|前一?页|后一?页|上一?个|下一?个|上一?篇"
    r"|下一?篇|尾\s?页|末\s?页|最后一?页|最末页|跳转|转到|确定"
    r"|go|prev|previous|next|first|last|共?\d+页?|第\d+页|\d+\s*/\s*\d+|\.{2,3}|…|[<>«»‹›"
    r"|]+)[\])）<>«»‹›|\s]*$",
    re.IGNORECASE,
)
_HOUSE = re.compile(
    r"^(?:设为首页|加入收藏|收藏本[站页]|返回(?:首页|顶部|上一页|列表)?|打印|关闭|rss(?:订阅)?"
    r"|网站地图|联系我们|登录|注册|网站首页|english|繁體|简体)$",
    re.I,
)
_CUT = re.compile(r"(?:…+|\.{2,}|。。。+|⋯+)\s*$")
_PIN_TEXT = re.compile(
    r"[\[(（【〔]\s*(?:置\s?顶|顶|top)\s*[\])）】〕]|^\s*置顶(?=[\s:：|]|$)|^\s*置顶\s*$", re.IGNORECASE
)
_PIN_MARK = re.compile(
    r"(?:^|[\s_-])(?:zhiding|is-?_?top|on-?top|set-?top|stick|sticky|zd|icon-?_?top|top-?_?(?:icon"
    r"|tag|flag))(?:$|[\s_-])"
)
_PIN_IMAGE = re.compile(
    r"(?:^|[/_-])(?:zhiding|zd|ding|istop|(?:ico|icon|img|tag)?[_-]?top\d*)\.(?:gif|png|jpe?g|svg|ico)", re.I
)
_LABEL_OF_ISSUE = re.compile(r"发布|公布|发文|印发|公告|发表|更新|时间|日期")
_LABEL_OF_OTHER = re.compile(r"实施|生效|施行|执行|截止|有效|到期|废止|开标|成交|报名")
_TITLE_MARK = re.compile(r"(?:^|[\s_-])(?:title|tit|name|bt|subject|headline|biaoti|h[1-6])(?:$|[\s_\d-])")
_BLOCK_IN_LINK = (
    "div",
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "dl",
    "dt",
    "dd",
    "section",
    "article",
    "td",
)
_MOST_PIECES = 80
_MARKERS = frozenset(["img", "i", "em", "span", "b", "font", "sup", "label"])
_LEADING = re.compile(r"^[·•●■◆▪▸►◇□○※*>»›|\-\s]+(?=\S)")
_TOLD_IN_TITLE = re.compile(
    r"^标题\s*[:：]\s*(.+?)\s*(?:(?:发布|发表|更新)?(?:时间|日期|人)|作者|来源|点击数?|栏目|部门)\s*[:：]"
)


@dataclass(frozen=True, slots=True)
class Link:
    """An anchor with an address that can be fetched, and what it says."""

    tag: Tag
    url: str
    text: str

    @property
    def is_generic(self) -> bool:
        """Whether the text names no subject: "more", "download", nothing."""
        return not self.text or bool(GENERIC.match(self.text))

    @property
    def is_paging(self) -> bool:
        """Whether the text turns pages or serves the house ("print", "home")."""
        return bool(PAGING.match(self.text) or _HOUSE.match(self.text))


@dataclass(frozen=True, slots=True)
class Row:
    """A row as read: the date may lack its year."""

    title: str
    url: str
    printed: date | HalfDate | None
    pinned: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of text in a row; `in_link` where it is part of the subject's own link."""

    text: str
    in_link: bool


def read_row(
    nodes: Sequence[Tag | NavigableString], links: Sequence[Link], label_column: int | None = None
) -> Row | None:
    """Return the row made of these nodes, whose subject is what `links` (all of one address) point to.

    Return None where nothing in the row could be its title.
    """
    pieces = _pieces(nodes, links)
    printed = _column_date(nodes, label_column) or _printed(pieces) or _carried(nodes)
    title = _title(nodes, links, pieces)
    if printed is None and (inside := full_dates(title)) and _stands_apart(title, inside[-1][1:]):
        printed, title = inside[-1][0], without_dates(title)
    pinned = _is_pinned(nodes, pieces)
    title = _LEADING.sub("", _PIN_TEXT.sub("", title).strip()) if pinned else _LEADING.sub("", title)
    return Row(title, links[0].url, printed, pinned) if len(title) > 1 else None


def has_date(nodes: Sequence[Tag | NavigableString], links: Sequence[Link]) -> bool:
    """Whether a row shows a date."""
    return _printed(_pieces(nodes, links)) is not None or _carried(nodes) is not None


def _carried(nodes: Iterable[Tag | NavigableString]) -> date | None:
    """The day that an element of a row carries for a script to print."""
    tags = [inner for node in nodes if isinstance(node, Tag) for inner in (node, *node.find_all(True, limit=40))]
    return next((day for tag in tags if tag.attrs and (day := date_of_attributes(tag.attrs))), None)


def merged_dates(body: Tag) -> dict[int, date | HalfDate]:
    """Return the date of each `tr` (by its id) over which a cell of an earlier one reaches (`rowspan`)."""
    found: dict[int, date | HalfDate] = {}
    rows = body.find_all("tr", recursive=False)
    for index, row in enumerate(rows):
        for cell in row.find_all(["td", "th"], recursive=False, rowspan=True):
            span, day = attribute(cell, "rowspan").strip(), read_date(said(cell))
            if day is not None and span.isdecimal() and len(span) < 4:
                found.update((id(below), day) for below in rows[index + 1 : index + int(span)])
    return found


def _pieces(nodes: Iterable[Tag | NavigableString], links: Sequence[Link]) -> list[_Piece]:
    own = {id(link.tag) for link in links if not link.is_generic}
    pieces: list[_Piece] = []
    for node in nodes:
        if isinstance(node, Tag):
            _collect(node, own, pieces)
        elif type(node) is NavigableString and (text := node.strip()):
            pieces.append(_Piece(text, in_link=False))
    return pieces


def _collect(element: Tag, own: set[int], pieces: list[_Piece]) -> None:
    """Add the pieces of an element in order, up to more than any row has; one pass over its descendants."""
    inside_until: object = None
    inside = id(element) in own
    if inside:
        inside_until = _last(element)
    for node in element.descendants:
        if isinstance(node, Tag):
            if id(node) in own and not inside:
                inside, inside_until = True, _last(node)
        elif type(node) is NavigableString and (text := node.strip()) and not _is_choice(node):
            pieces.append(_Piece(text, inside))
            if len(pieces) > _MOST_PIECES:
                return
        if inside and node is inside_until:
            inside = False


def _is_choice(text: NavigableString) -> bool:
    return text.parent is not None and text.parent.name == "option"


def _last(element: Tag) -> Tag | NavigableString:
    """The last node inside an element, however deep."""
    node: Tag | NavigableString = element
    while isinstance(node, Tag) and node.contents:
        node = node.contents[-1]  # type: ignore[assignment]
    return node


def _printed(pieces: Sequence[_Piece]) -> date | HalfDate | None:
    """The date that a row shows: full ones before half ones, the day of issue before any other."""
    full: list[tuple[int, date]] = []
    half: HalfDate | None = None
    before = ""
    for piece in pieces:
        found = read_date(piece.text)
        if isinstance(found, date) and _says_little_else(piece):
            full.append((_rank(piece.text, before, found), found))
        elif isinstance(found, HalfDate) and half is None:
            half = found
        before = piece.text
    if full:
        return min(full, key=lambda ranked: ranked[0])[1]
    return _split_date(pieces) or half


def _says_little_else(piece: _Piece) -> bool:
    rest = without_dates(piece.text)
    if piece.in_link:
        return len(rest) <= 8 and not re.search(r"[\u4e00-\u9fff]{5}", rest)
    return len(rest) <= 30 or bool(_LABEL_OF_ISSUE.search(rest) and len(rest) <= 60)


def _rank(text: str, before: str, found: date) -> int:
    label = without_dates(text) or before
    if _LABEL_OF_OTHER.search(label):
        return 2
    return 0 if _LABEL_OF_ISSUE.search(label) else 1


def _split_date(pieces: Sequence[_Piece]) -> date | HalfDate | None:
    """A date printed in two or three boxes: `18` and `2025-03`."""
    texts = [piece.text for piece in pieces]
    for start, text in enumerate(texts):
        if len(text) > 10 or not re.search(r"\d", text):
            continue
        for size in (2, 3):
            found = read_date(" ".join(texts[start : start + size]))
            if found and len(texts) >= start + size:
                return found
    return None


def _column_date(nodes: Sequence[Tag | NavigableString], column: int | None) -> date | HalfDate | None:
    """The date in the column that the table's head names as the day of issue."""
    if column is None or len(nodes) != 1 or not isinstance(nodes[0], Tag):
        return None
    cells = nodes[0].find_all(["td", "th"], recursive=False)
    return read_date(said(cells[column])) if column < len(cells) else None


def _title(nodes: Sequence[Tag | NavigableString], links: Sequence[Link], pieces: Sequence[_Piece]) -> str:
    named = [link for link in links if not link.is_generic]
    if not named:
        return _title_beside(pieces) or _of_attribute(attribute(links[0].tag, "title"), "") or ""
    shown = _shown(_best(named).tag) or _best(named).text
    candidates = [attribute(link.tag, "title") for link in named]
    if _CUT.search(shown):
        candidates += [attribute(tag, "title") for node in nodes if isinstance(node, Tag) for tag in _titled(node)]
    for candidate in candidates:
        if fuller := _of_attribute(candidate, shown):
            return fuller
    return shown


def _best(links: Sequence[Link]) -> Link:
    """The link that names the subject: one in a heading, else the first that says something of some length."""
    for link in links:
        if _is_heading(link.tag):
            return link
    longest = max(len(link.text) for link in links)
    return next(link for link in links if len(link.text) * 3 >= longest)


def _is_heading(tag: Tag) -> bool:
    around = [tag, tag.parent] if tag.parent is not None else [tag]
    return any(_names_heading(element) for element in around)


def _names_heading(tag: Tag) -> bool:
    return bool(re.fullmatch(r"h[1-6]", tag.name) or _TITLE_MARK.search(marks(tag)))


def _shown(anchor: Tag) -> str:
    """What the link shows as its title: without a date in a box of its own, without a summary below it."""
    if any(isinstance(node, Tag) and node.name in _BLOCK_IN_LINK for node in anchor.descendants):
        blocks = anchor.find_all(_BLOCK_IN_LINK)
        headed = [tag for tag in anchor.find_all(True) if _names_heading(tag)]
        leaves = headed or [tag for tag in blocks if not tag.find(_BLOCK_IN_LINK)]
        texts = [without for tag in leaves if (without := _without_date_boxes(tag))]
        if long := [text for text in texts if len(text) > 3]:
            return long[0]
    return _without_date_boxes(anchor)


def _without_date_boxes(element: Tag) -> str:
    kept = []
    for node in element.descendants:
        if type(node) is NavigableString:
            text = str(node)
            if text.strip() and node.parent is not element and _is_date_only(text):
                continue
            kept.append(text)
        elif isinstance(node, Tag) and node.name in ("br", *_BLOCK_IN_LINK):
            kept.append(" ")
    joined = re.sub(r"[\s\u200b\ufeff]+", " ", "".join(kept)).strip()
    return joined or said(element)


def _is_date_only(text: str) -> bool:
    found = read_date(text)
    if isinstance(found, date):
        return len(without_dates(text).strip(" :：[]()")) <= 5
    return found is not None or bool(
        re.fullmatch(r"\s*(?:3[01]|[12]\d|0?[1-9])日?\s*|\s*(?:19|20)\d\d[-/.年]\d{1,2}月?\s*", text)
    )


def _of_attribute(candidate: str, shown: str) -> str | None:
    """The `title` attribute where it is the fuller form of what is shown."""
    candidate = re.sub(r"\s+", " ", candidate).strip()
    if told := _TOLD_IN_TITLE.match(candidate):
        candidate = told.group(1)
    if len(candidate) < 4 or GENERIC.match(candidate) or (candidate.isascii() and not shown.isascii()):
        return None
    head = _squeezed(_CUT.sub("", shown))
    if _CUT.search(candidate) and len(candidate) <= len(shown):
        return None
    begins_alike = _squeezed(candidate).startswith(head[: max(4, len(head) - 2)])
    return candidate if begins_alike and len(_squeezed(candidate)) >= len(head) else None


def _title_beside(pieces: Sequence[_Piece]) -> str:
    """The title of a row whose link says only "download": what else the row says, without numbers and dates."""
    kept = []
    for piece in pieces:
        text = without_dates(piece.text) if full_dates(piece.text) else piece.text
        if (
            not text
            or GENERIC.match(text)
            or re.fullmatch(r"[\d.、\s]+|[|·\-]+", text)
            or isinstance(read_date(text), HalfDate)
        ):
            continue
        if re.fullmatch(r"(?:发布|更新)?(?:时间|日期)\s*[:：]?", text):
            continue
        kept.append(text)
    return re.sub(r"\s+", " ", " ".join(kept)).strip()


def _titled(node: Tag) -> list[Tag]:
    found = [node] if node.get("title") else []
    return found + [tag for tag in node.find_all(title=True) if isinstance(tag, Tag)]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\ufeff]+", "", text)


def _stands_apart(title: str, place: tuple[int, int]) -> bool:
    """Whether a date inside a title is the row's date: at an end, parted from the title, and printed in figures."""
    start, end = place
    printed = title[start:end]
    if "年" in printed:
        return bool(
            re.match(r"^\s*[\])）】]?\s*$", title[end:]) and re.search(r"[\[(（【\s]\s*$", title[:start]),
        )
    after, before = title[end:], title[:start]
    at_end = re.match(r"^(?:\s*\d{1,2}:\d\d(?::\d\d)?)?\s*[\])）】]?\s*$", after)
    at_start = re.match(r"^\s*[\[(（【]?\s*$", before)
    return bool(at_end or at_start)


def _is_pinned(nodes: Sequence[Tag | NavigableString], pieces: Sequence[_Piece]) -> bool:
    if any(_PIN_TEXT.search(piece.text) for piece in pieces):
        return True
    tags = [node for node in nodes if isinstance(node, Tag)]
    return any(_PIN_MARK.search(marks(tag)) or any(map(_pins, tag.descendants)) for tag in tags)


def _pins(node: object) -> bool:
    """Whether an element in a row is a mark that the row is pinned: a picture, or a small box with a telling class."""
    if not isinstance(node, Tag) or node.name not in _MARKERS:
        return False
    if node.name == "img":
        named = "置顶" in attribute(node, "alt") + attribute(node, "title")
        return named or bool(_PIN_IMAGE.search(attribute(node, "src")))
    names = marks(node).strip()
    return bool(names) and bool(_PIN_MARK.search(names) or (names == "top" and len(said(node)) <= 3))
