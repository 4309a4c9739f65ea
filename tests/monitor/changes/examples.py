"""Sightings made by hand for tests of pure judgement."""

from datetime import date

from monitor.changes.sighting import Sighting
from monitor.documents.document import Document, ReaderMark
from monitor.documents.reader import read_text_document
from monitor.facts.extract import facts_of_document

TODAY = date(2026, 3, 2)


def notice(title: str, body: str = "", published: date | None = TODAY, capture_id: int = 1) -> Sighting:
    """An announcement's page."""
    document = read_text_document(f"{title}\n{body}")
    return Sighting(
        capture_id=capture_id,
        authority="ccap",
        role="notices",
        kind="article",
        url=f"http://x/{capture_id}",
        page_url=f"http://x/{capture_id}",
        document=_titled(document, title),
        reading=facts_of_document(document, published),
        today=TODAY,
        row_title=title,
        row_published=published,
    )


def file(
    text: str = "",
    name: str = "规则.pdf",
    page_title: str | None = None,
    readable: bool = True,
    capture_id: int = 2,
) -> Sighting:
    """A rule's file under a page of the rules list."""
    unread = Document("pdf", False, "cut off", "", None, None, None, ReaderMark("pdf", 1))
    document = read_text_document(text) if readable else unread
    return Sighting(
        capture_id=capture_id,
        authority="ccap",
        role="rules",
        kind="file",
        url=f"http://x/file/{capture_id}",
        page_url="http://x/page",
        document=document,
        reading=facts_of_document(document),
        today=TODAY,
        page_title=page_title,
        file_name=name,
    )


def _titled(document: Document, title: str) -> Document:
    from dataclasses import replace

    return replace(document, title=title)
