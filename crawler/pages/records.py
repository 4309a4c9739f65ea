"""What a page reader hands on: rows of a list, an article, its attachments."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PageRequest:
    """How to ask for a page: an address, and a form where the site pages by POST (`__doPostBack`, JSON)."""

    url: str
    method: str = "GET"
    form: tuple[tuple[str, str], ...] = ()
    json_body: str | None = None


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of a list as it stood: full title where the page has it, absolute address, date if shown."""

    title: str
    url: str
    published: date | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list; `family` is the reader that fitted, `page_count` what the page says of itself."""

    rows: tuple[ListRow, ...]
    next_page: PageRequest | None
    family: str
    encoding: str
    page_count: int | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file linked from an article: the name shown to a reader, and the absolute address."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Article:
    """One article: title, day of publication, source, body as HTML and as plain text, linked files."""

    title: str
    published: date | None
    source: str | None
    body_html: str
    body_text: str
    attachments: tuple[Attachment, ...]
    family: str
    encoding: str
