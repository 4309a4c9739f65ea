"""What stands on the sites on one day: sections, articles in their order, files, looks, and what is broken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILES = HERE / "files"
SITES = ("cqc", "ccap", "cnca")


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file of an article: the text of its link, its address on the site, and the file that is served there.

    `named` says how Content-Disposition names it: gbk, utf8, rfc5987, or none. `modified` is its Last-Modified.
    """

    text: str
    at: str
    file: str
    content_type: str = "application/octet-stream"
    named: str = "none"
    modified: date = date(2026, 2, 1)
    etag: bool = True

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return FILES / self.file


@dataclass(frozen=True, slots=True)
class Article:
    """One page of a section, and its row in the list.

    `row_title` and `row_date` are what the list shows where that is not what the article says. `body` is text: a
    paragraph a line, rows of tables as `| cell | cell |`. `edited` is the day of its last change on the site.
    """

    site: str
    section: str
    number: int
    title: str
    published: date
    body: str
    row_title: str | None = None
    row_date: date | None = None
    source: str = ""
    files: tuple[FileLink, ...] = ()
    pinned: bool = False
    edition: str | None = None
    edited: date | None = None

    @property
    def shown_on(self) -> date:
        """The date in the list."""
        return self.row_date or self.published


@dataclass(frozen=True, slots=True)
class Section:
    """One list of a site: its role for a watcher, address, page family, and how it turns its pages."""

    site: str
    name: str
    role: str
    title: str
    path: str
    family: str
    page_size: int = 15
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """How a site is printed: nothing in it is content.

    `skin` picks CSS classes and nesting, `full_width` prints rule codes with full-width signs, `retypeset` breaks
    the body's markup differently, `views` is added to all counters, `reorder` names sections whose rows change
    places. `since` is the day of the last new look.
    """

    skin: int = 1
    footer: str = ""
    views: int = 0
    full_width: bool = False
    retypeset: bool = False
    reorder: tuple[str, ...] = ()
    since: date = date(2026, 2, 1)


@dataclass(frozen=True, slots=True)
class PlannedTrouble:
    """A trouble that a day's file lays over an address; a `*` at the end of the address stands for anything."""

    site: str
    path: str
    trouble: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """All that stands on the sites on one day."""

    number: int
    on: date
    says: str
    sections: tuple[Section, ...]
    articles: tuple[Article, ...]
    hidden: frozenset[tuple[str, int]]
    looks: Mapping[str, Look]
    troubles: tuple[PlannedTrouble, ...] = ()
    down: frozenset[str] = frozenset()
    expected: Mapping[str, Any] = field(default_factory=dict)

    def sections_of(self, site: str) -> list[Section]:
        """Return the sections of a site in the order of its menu."""
        return [section for section in self.sections if section.site == site]

    def section(self, site: str, name: str) -> Section:
        """Return a section by its name; KeyError where there is none."""
        for section in self.sections:
            if (section.site, section.name) == (site, name):
                return section
        raise KeyError(f"{site}/{name}")

    def listed(self, section: Section) -> list[Article]:
        """Return the rows of a section in their order: pinned ones first, then the newest."""
        mine = [a for a in self.articles if (a.site, a.section) == (section.site, section.name)]
        shown = [a for a in mine if (a.site, a.number) not in self.hidden]
        ordered = sorted(shown, key=lambda a: (not a.pinned, -a.shown_on.toordinal(), -a.number))
        if section.name in self.looks[section.site].reorder:
            ordered = _neighbours_swapped(ordered)
        return ordered

    def article(self, site: str, number: int) -> Article | None:
        """Return an article by its number, listed or not."""
        return next((a for a in self.articles if (a.site, a.number) == (site, number)), None)

    def neighbours(self, article: Article) -> tuple[Article | None, Article | None]:
        """Return the newer and the older article of the same section, as 上一篇 and 下一篇 link them."""
        rows = self.listed(self.section(article.site, article.section))
        if article not in rows:
            return None, None
        place = rows.index(article)
        return (rows[place - 1] if place else None), (rows[place + 1] if place + 1 < len(rows) else None)

    def file_at(self, site: str, at: str) -> FileLink | None:
        """Return the file at an address (path and query, decoded), or None."""
        return next((f for a in self.articles if a.site == site for f in a.files if f.at == at), None)


def _neighbours_swapped(articles: list[Article]) -> list[Article]:
    swapped = list(articles)
    for place in range(0, len(swapped) - 1, 2):
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
    return swapped
