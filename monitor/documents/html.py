"""Pages: the article that a page reader found, and whole HTML files, as paragraphs and tables.

A file that is a page of a site (links around an article) is read as the crawl reads it. What stands around an article,
what a page hides, and what only its forms and menus say is set aside.
"""

import email
import email.policy
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Comment, NavigableString, Tag
from lxml import etree
from lxml import html as lxml_html

from crawler.errors import CrawlError
from crawler.pages.charset import decode
from crawler.pages.families import read_article
from crawler.pages.page import closes
from crawler.pages.records import Article
from monitor.documents.document import Doubt, SetAside
from monitor.documents.errors import Damaged, LimitExceeded
from monitor.documents.structure.lines import Block, Grid, Held, Line, Page, RawText

MOST_DEPTH = 400
MOST_BYTES = 20 * 1024 * 1024
_SILENT = frozenset(("script", "style", "noscript", "template", "head", "iframe", "object", "svg"))
_CONTROLS = frozenset(("select", "button", "nav"))
_UNFILLED = frozenset(
    ("hidden", "submit", "button", "reset", "image", "checkbox", "radio", "file", "password", "search")
)
"""Types of an `input` whose value is no text that somebody filled in."""
_INPUT = re.compile(r"<input\b[^<>]*>", re.IGNORECASE)
_TYPE = re.compile(r"\btype\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_VALUE = re.compile(r"\bvalue\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_TEXTS = etree.XPath(
    "(//text()[normalize-space()] | //comment()[normalize-space() and not(starts-with(., '['))])"
    "[not(ancestor::head or ancestor::script or ancestor::style or ancestor::noscript or ancestor::template"
    " or ancestor::iframe or ancestor::object or ancestor::svg)]"
)
_LINKS = etree.XPath("count(//a[@href][normalize-space()])")
_FEWEST_LINKS = 3
"""Links outside of an article that make a file a page of a site."""
_BREAKS = frozenset(
    ("p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header",
     "footer", "main", "blockquote", "center", "form", "pre", "address", "figure", "figcaption", "hr", "body", "html",
     "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "fieldset", "o:p")
)  # fmt: skip
_NOT_SHOWN = ("hidden text", "the page says that it is not shown")
_HEADING = re.compile(r"^h([1-6])$")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class PageText:
    """An article and its text as paragraphs."""

    article: Article
    raw: RawText


def read_article_page(data: bytes, url: str, family: str, content_type: str | None = None) -> PageText:
    """Return what an article page says, through the page reader of its family.

    Raises:
        Damaged: no article was found in it.
    """
    _check_size(data)
    try:
        data = _filled_in(data, content_type)
        article = read_article(data, url, family, content_type)
    except CrawlError as reason:
        raise Damaged(str(reason)) from reason
    doubts = []
    if article.family == "general" and family != "general":
        doubts.append(Doubt("page", f"read by the general reader, because it is not as family {family} expects"))
    walk = _Walk()
    blocks = walk.whole(BeautifulSoup(article.body_html, "lxml"))
    texts = _texts(_parsed(decode(data, content_type).text))
    around = tuple(_around(texts, article))
    if sum(len(item.text) for item in around if item.what == _AROUND) > len(article.body_text) + 2_000:
        doubts.append(Doubt("page", "much more text stands around the article than in it"))
    set_aside = (*around, *walk.set_aside)
    held = (Held("page", "\n".join(texts)),)
    is_closed = closes(data)
    raw = RawText("html", (Page(1, blocks),), tuple(doubts), article.title, set_aside, held, is_closed=is_closed)
    return PageText(article, raw)


_AROUND = "page around"


def _around(texts: list[str], article: Article) -> Iterator[SetAside]:
    """What a page holds outside of its article."""
    inside = Counter(_texts(_parsed(article.body_html)) if article.body_html.strip() else ())
    for text in texts:
        if inside[text]:
            inside[text] -= 1
        elif text == article.title:
            yield SetAside("title of the page", "page", "it is the document's title", text)
        else:
            yield SetAside(_AROUND, "page", "it stands outside of the article", text)


def read_saved_page(data: bytes) -> PageText | None:
    """Return the article of a saved page of a site, None where a file is no such page: all of it is its text."""
    _check_size(data)
    text = decode(data).text
    if "schemas-microsoft-com:office:word" in text[:4096]:
        return None
    try:
        page = read_article_page(data, "http://localhost/", "general")
    except (Damaged, LimitExceeded):
        return None
    outside = _links(text) - _links(page.article.body_html)
    return page if outside >= _FEWEST_LINKS else None


def read_html(data: bytes) -> RawText:
    """Return the text of a whole HTML file (a page without a site, or a Word file that is HTML inside).

    Raises:
        Damaged: it has no text.
        LimitExceeded: it is larger or deeper than any page.
    """
    _check_size(data)
    decoded = decode(data)
    walk = _Walk()
    text = _filled_in(decoded.text.encode("utf-8", "replace")).decode()
    blocks = walk.whole(BeautifulSoup(text, "lxml"))
    if not blocks:
        raise Damaged("the page has no text")
    doubts = (Doubt("text", "some bytes fit no character set and were lost"),) if decoded.doubtful else ()
    held = (Held("page", "\n".join(_texts(_parsed(text)))),)
    return RawText("html", (Page(1, blocks),), doubts, set_aside=tuple(walk.set_aside), held=held)


def _check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise LimitExceeded(f"the page has {len(data) // 2**20} MB; {MOST_BYTES // 2**20} are allowed")


def _parsed(text: str) -> lxml_html.HtmlElement:
    """The tree of a page by lxml alone, for a second look."""
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    return lxml_html.document_fromstring(text.encode("utf-8", "replace") or b"<html/>", parser=parser)


def _texts(tree: lxml_html.HtmlElement) -> list[str]:
    """The pieces of text that a page may show, in their order."""
    found: Any = _TEXTS(tree)
    return [" ".join(str(item if isinstance(item, str) else item.text or "").split()) for item in found]


def _filled_in(data: bytes, content_type: str | None = None) -> bytes:
    """A page whose fields of text are what was filled in, where they stand: page readers drop forms."""
    if b"<input" not in data.lower():
        return data
    return _INPUT.sub(_value, decode(data, content_type).text).encode("utf-8", "replace")


def _value(field: re.Match[str]) -> str:
    kind, value = _TYPE.search(field[0]), _VALUE.search(field[0])
    if value is None or (kind is not None and kind[1].lower() in _UNFILLED):
        return field[0]
    return next(group for group in value.groups() if group is not None)


def _links(html: str) -> int:
    count: Any = _LINKS(_parsed(html)) if html.strip() else 0
    return int(count)


def read_mht(data: bytes) -> RawText:
    """Return the text of a page saved as one MIME message.

    Raises:
        Damaged: there is no page in it.
    """
    message = email.message_from_bytes(data.lstrip(), policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            return read_html(content if isinstance(content, bytes) else b"")
    raise Damaged("the message holds no page")


class _Walk:
    """One walk through a page; text gathers until an element ends its paragraph."""

    def __init__(self) -> None:
        self._said: list[str] = []
        self._bold = 0
        self._plain = 0
        self.set_aside: list[SetAside] = []

    def whole(self, soup: BeautifulSoup) -> tuple[Block, ...]:
        """Return the paragraphs and tables of a parsed page, in its order.

        Raises:
            LimitExceeded: it is nested deeper than any page.
        """
        try:
            return tuple(self.blocks(soup))
        except RecursionError:
            raise LimitExceeded("the page is nested deeper than any document") from None

    def blocks(self, tag: Tag, depth: int = 0) -> Iterator[Block]:
        """Yield the blocks of an element and what is still gathered at its end."""
        yield from self._inside(tag, depth, None)
        yield from self._end(None)

    def _inside(self, tag: Tag, depth: int, level: int | None) -> Iterator[Block]:
        if depth > MOST_DEPTH:
            raise LimitExceeded(f"the page is nested deeper than {MOST_DEPTH} elements")
        for child in tag.children:
            if isinstance(child, Tag):
                yield from self._element(child, depth + 1, level)
            elif type(child) is NavigableString:
                self._gather(str(child), tag)
            elif type(child) is Comment and child.strip() and not child.startswith("["):
                self.set_aside.append(SetAside("comment", "page", "the page does not show it", child.strip()))

    def _element(self, tag: Tag, depth: int, level: int | None) -> Iterator[Block]:
        if tag.name in _SILENT:
            return
        if tag.name in _CONTROLS or _HIDDEN.search(str(tag.get("style") or "")):
            self._leave_out(tag)
            return
        if tag.name == "br":
            yield from self._end(level)
        elif tag.name == "table" and _is_grid(tag):
            yield from self._end(level)
            yield from self._grid(tag)
        elif tag.name in _BREAKS:
            found = _HEADING.match(tag.name)
            own = int(found[1]) if found else level
            yield from self._end(level)
            yield from self._inside(tag, depth, own)
            yield from self._end(own)
        else:
            yield from self._inside(tag, depth, level)

    def _leave_out(self, tag: Tag) -> None:
        reason = ("menu or form", "it is a menu, or a control of a form") if tag.name in _CONTROLS else _NOT_SHOWN
        if text := tag.get_text(" ", strip=True):
            self.set_aside.append(SetAside(reason[0], "page", reason[1], text))

    def _gather(self, text: str, parent: Tag) -> None:
        if parent.name == "pre" and "\n" in text:
            text = text.replace("\n", "\x00")
        self._said.append(text)

    def _end(self, level: int | None) -> Iterator[Block]:
        text = "".join(self._said)
        self._said.clear()
        for piece in text.split("\x00"):
            line = _clean(piece)
            if line:
                yield Line(line, whole=True, heading_level=level)

    def _grid(self, table: Tag) -> Iterator[Block]:
        caption = table.find("caption")
        if isinstance(caption, Tag) and (text := _clean(caption.get_text())):
            yield Line(text, whole=True)
        rows = self._rows(table)
        width = max((len(row) for row in rows), default=0)
        filled = tuple(tuple(row + [""] * (width - len(row))) for row in rows if any(row))
        if filled:
            yield Grid(filled)

    def _rows(self, table: Tag) -> list[list[str]]:
        """The rows as a grid: a cell over several columns or rows stands once, at its upper left."""
        rows: list[list[str]] = []
        below: dict[int, int] = {}
        for row in table.find_all("tr", limit=20_000):
            cells: list[str] = []
            waiting = list(row.find_all(["td", "th"], recursive=False))
            while waiting or below.get(len(cells), 0):
                if below.get(len(cells), 0):
                    below[len(cells)] -= 1
                    cells.append("")
                    continue
                cell = waiting.pop(0)
                for offset in range(_span(cell, "colspan")):
                    below[len(cells)] = _span(cell, "rowspan") - 1
                    cells.append(self._cell(cell) if offset == 0 else "")
            rows.append(cells)
        return rows

    def _cell(self, cell: Tag) -> str:
        """The paragraphs of a cell."""
        inside = _Walk()
        said = "\n".join(block.text for block in inside.blocks(cell) if isinstance(block, Line))
        self.set_aside += inside.set_aside
        return said


def _clean(text: str) -> str:
    return _SPACE.sub(" ", text.replace("\xa0", " ").replace("\u200b", "").replace("\ufeff", "")).strip(" \u3000")


def _is_grid(table: Tag) -> bool:
    """Whether a table is one of content: rows of several cells, no table for layout inside."""
    if table.find("table") is not None:
        return False
    rows = table.find_all("tr", limit=400)
    widest = max((len(row.find_all(["td", "th"], limit=3)) for row in rows), default=0)
    if widest < 2:
        return False
    longest = max((len(cell.get_text()) for cell in table.find_all(["td", "th"], limit=2000)), default=0)
    blocks = table.find_all(["p", "br"], limit=200)
    return len(rows) > 1 or (longest < 200 and len(blocks) < 20)


def _span(cell: Tag, name: str) -> int:
    text = str(cell.get(name) or "1")
    return max(1, min(int(text), 200)) if text.isdigit() else 1
