"""Sighting: one page or file as detection looks at it, with what surrounds it on the site.

A file knows the article that links to it, an article the list row that led to it: a code that stands only there is
still found, and how far it is trusted depends on where it stood (identity.py).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from monitor.documents.document import Document, Part, PartRole
from monitor.facts.fact import FactReading
from monitor.facts.text.printed import document_text

_SENTENCE_END = re.compile(r"[。；;！？!?\n]")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Sighting:
    """One capture with its document, its reading, and the titles and names by which the site calls it.

    `page_url` is the article that a person would open: the article itself, or the one that links a file.
    """

    capture_id: int
    authority: str
    role: Literal["rules", "notices"]
    kind: Literal["article", "file"]
    url: str
    page_url: str
    document: Document
    reading: FactReading
    today: date
    row_title: str | None = None
    row_published: date | None = None
    page_title: str | None = None
    page_published: date | None = None
    file_name: str | None = None
    general: bool = False

    @property
    def title(self) -> str:
        """The title a person would call it by: the page's for an article, the document's own for a file."""
        own = self.document.title.strip()
        return own or self.page_title or self.row_title or self.file_name or self.url

    @property
    def text(self) -> str:
        """Everything that the document says, one paragraph a line."""
        return document_text(self.document)

    @property
    def published(self) -> date | None:
        """The day of publication: the document's own, its page's, its row's."""
        return self.document.published or self.page_published or self.row_published


def front_text(document: Document) -> str:
    """Return what stands before a rule's first clause: cover, revision note, preamble."""
    parts = [part for part in document.parts if part.role not in (PartRole.CLAUSE, PartRole.ANNEX)]
    return "\n".join([document.title, *(line for part in parts for line in _part_lines(part))])


def sentence_of(quote: str, text: str) -> str:
    """Return the sentence of the text in which a quote stands; the quote where it is not found."""
    start, end = _place(quote, text)
    if start < 0:
        return quote
    begin = max((match.end() for match in _SENTENCE_END.finditer(text, 0, start)), default=0)
    stop = _SENTENCE_END.search(text, max(end - 1, start))
    return text[begin : stop.end() if stop else len(text)].strip()


def paragraph_of(quote: str, text: str) -> str:
    """Return the paragraph of the text in which a quote stands; the quote where it is not found."""
    start, end = _place(quote, text)
    if start < 0:
        return quote
    stop = text.find("\n", end)
    return text[text.rfind("\n", 0, start) + 1 : stop if stop >= 0 else len(text)].strip()


def sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, without those that are empty."""
    begin = 0
    for match in _SENTENCE_END.finditer(text):
        if sentence := text[begin : match.end()].strip():
            yield sentence
        begin = match.end()
    if rest := text[begin:].strip():
        yield rest


def _place(quote: str, text: str) -> tuple[int, int]:
    start = text.find(quote)
    if start >= 0 or not quote.strip():
        return start, start + len(quote)
    loose = re.search(r"\s*".join(re.escape(character) for character in _SPACE.sub("", quote)), text)
    return loose.span() if loose else (-1, -1)


def _part_lines(part: Part) -> Iterator[str]:
    yield " ".join(word for word in (part.path, part.heading) if word)
    yield part.body
    for table in part.tables:
        for row in table:
            yield " ".join(cell.replace("\n", "") for cell in row)
