"""What a spider yields: rows of a list, and answers to be kept."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crawler.pages.records import ListRow
from crawler.section import Section


class Kind(StrEnum):
    """What an address holds; `between` is a page that stands between an article and its file."""

    LIST = "list"
    BETWEEN = "between"
    ARTICLE = "article"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Link:
    """An address seen on a page: what it leads to, and what the page calls it."""

    url: str
    kind: Kind
    title: str | None = None
    published: date | None = None


@dataclass(frozen=True, slots=True)
class ListingItem:
    """The rows of one page of a list, counted on from `first_position`; `links` are those that may be fetched."""

    section: Section
    page_url: str
    first_position: int
    rows: tuple[ListRow, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class CaptureItem:
    """One answer, byte for byte. `links` become known in the same transaction, so that none is lost by a crash.

    `is_confirmed` says that the server answered 304: `body` is then what we have, and is not kept again.
    """

    section: Section
    kind: Kind
    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    family: str
    parent_url: str | None = None
    name: str | None = None
    trouble: str | None = None
    links: tuple[Link, ...] = ()
    is_confirmed: bool = False
    validators: tuple[str | None, str | None] = (None, None)


@dataclass(frozen=True, slots=True)
class GoneItem:
    """An address that answered 404 or 410: known to be gone today, asked again on the rotation."""

    section: Section
    url: str
