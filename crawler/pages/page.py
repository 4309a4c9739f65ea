"""A page, parsed once: its text, its tree, and what elements say.

Strangers wrote it: a page with more elements than any list or article of an authority has is refused before it
is parsed, and nothing here walks further up or down than fixed limits.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from bs4 import BeautifulSoup, CData, Comment, Declaration, Doctype, ProcessingInstruction
from bs4.element import NavigableString, Script, Stylesheet, Tag, TemplateString

from crawler.errors import PageUnreadable
from crawler.pages.charset import decode
from crawler.pages.links import absolute

MOST_TAGS = 60_000
MOST_CHARACTERS = 6_000_000
_CLOSING = re.compile(rb"</(?:html|body|frameset)\s*>", re.IGNORECASE)
_END_OF_PAGE = 4096
_UNSAID = (Comment, CData, Declaration, Doctype, ProcessingInstruction, Script, Stylesheet, TemplateString)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_SPACES = re.compile(r"[\s\u200b\ufeff]+")


def closes(data: bytes) -> bool:
    """Whether a page has its closing tag. HTML allows to leave it out, so one without it is cut off, or built so: what
    it did before, or its neighbours do, tells which."""
    return _CLOSING.search(data[-_END_OF_PAGE:].replace(b"\0", b"")) is not None


@dataclass(frozen=True)
class Page:
    """One page: its address, the base of its links, its text as decoded, and the tree."""

    url: str
    text: str
    encoding: str
    soup: BeautifulSoup

    @cached_property
    def base(self) -> str:
        """The address that relative links are resolved against."""
        tag = self.soup.find("base", href=True)
        return (absolute(str(tag["href"]), self.url) if isinstance(tag, Tag) else None) or self.url

    @cached_property
    def title(self) -> str:
        """What `<title>` says, or an empty text."""
        return said(self.soup.title) if self.soup.title else ""

    @cached_property
    def scripts(self) -> str:
        """All inline scripts, joined by line breaks."""
        return "\n".join("".join(tag.strings) or tag.get_text() for tag in self.soup.find_all("script"))

    @cached_property
    def measures(self) -> "Measures":
        """How much each element of the page says."""
        return Measures(self.soup)

    def link(self, href: str | None) -> str | None:
        """Return the absolute address of a link on this page, or None."""
        return absolute(href, self.base, self.encoding) if href else None


def open_page(data: bytes, url: str, content_type: str | None = None) -> Page:
    """Return a page, decoded and parsed.

    Raises:
        PageUnreadable: the page has more characters or tags than any list or article.
    """
    decoded = decode(data, content_type)
    return parse(decoded.text, url, decoded.encoding)


def parse(text: str, url: str, encoding: str) -> Page:
    """Return a parsed page; raises PageUnreadable as `open_page` does."""
    if len(text) > MOST_CHARACTERS or text.count("<") > MOST_TAGS:
        raise PageUnreadable(f"{url}: {len(text)} characters with {text.count('<')} tags are too many for a page")
    text = text.replace("\x00", "")
    return Page(url, text, encoding, BeautifulSoup(text, "lxml"))


def said(element: Tag | NavigableString) -> str:
    """Return what an element says on one line: text of its inline parts joined, blocks parted by a space."""
    return _SPACES.sub(" ", "".join(_pieces(element))).strip()


def _pieces(element: Tag | NavigableString) -> Iterator[str]:
    if isinstance(element, NavigableString):
        if not isinstance(element, _UNSAID):
            yield str(element)
        return
    for node in element.descendants:
        if isinstance(node, Tag):
            if node.name in _BLOCKS:
                yield " "
        elif not isinstance(node, _UNSAID):
            yield str(node)


def marks(element: Tag) -> str:
    """Return an element's id and classes in lower case, parted by spaces."""
    names = element.get("class") or []
    return " ".join([str(element.get("id") or ""), *([names] if isinstance(names, str) else names)]).lower()


def attribute(element: Tag, name: str) -> str:
    """Return an attribute as one text; empty where the element has none."""
    value = element.get(name)
    return " ".join(value) if isinstance(value, list) else str(value or "")


def ancestors(element: Tag, levels: int = 40) -> Iterator[Tag]:
    """Yield the elements around an element, nearest first, up to the body and at most `levels` of them."""
    parent = element.parent
    while parent is not None and levels and parent.name not in ("html", "[document]"):
        yield parent
        parent, levels = parent.parent, levels - 1


def tags_in(element: Tag, names: Container[str], limit: int | None = None) -> list[Tag]:
    """Return the elements inside an element that have one of these names, in their order, at most `limit` of them.

    What `find_all` returns for a list of names, at a quarter of its time.
    """
    found = (node for node in element.descendants if isinstance(node, Tag) and node.name in names)
    return list(islice(found, limit))


class Measures:
    """How many characters each element says, and how many of them in links; one pass over the tree."""

    def __init__(self, soup: BeautifulSoup) -> None:
        self._words: dict[int, int] = {}
        self._linked: dict[int, int] = {}
        tags = soup.find_all(True)
        for tag in reversed(tags):
            self._add(tag)

    def _add(self, tag: Tag) -> None:
        own = sum(len(node.strip()) for node in tag.contents if type(node) is NavigableString)
        inner = [id(node) for node in tag.contents if isinstance(node, Tag)]
        words = own + sum(self._words[key] for key in inner)
        self._words[id(tag)] = words
        self._linked[id(tag)] = words if tag.name == "a" else sum(self._linked[key] for key in inner)

    def words(self, tag: Tag) -> int:
        """Return how many characters an element says, white space at the ends of its pieces left out."""
        return self._words.get(id(tag), 0)

    def unlinked(self, tag: Tag) -> int:
        """Return how many of them are in no link."""
        return self.words(tag) - self._linked.get(id(tag), 0)
