"""What a visit shares from its first list to its last file: its ground, what was asked, what is kept of an answer."""

from collections.abc import Callable
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.config import CrawlSettings
from crawler.items import CaptureItem, GoneItem, Kind, Link, ListingItem
from crawler.section import Authority, Section
from crawler.visit.answered import CONFIRMED, header_texts
from crawler.visit.findings import NotingSpider
from crawler.visit.ground import Ground, Known
from crawler.visit.hints import Sample

PRIORITY = {Kind.LIST: 20, Kind.ARTICLE: 10, Kind.BETWEEN: 5, Kind.FILE: 0}
StoredBytes = Callable[[str], bytes | None]
Yield = Request | ListingItem | CaptureItem | GoneItem


class Visiting(NotingSpider):
    """A spider on one visit of an authority."""

    def __init__(self, authority: Authority, ground: Ground, crawl: CrawlSettings, stored: StoredBytes) -> None:
        """Prepare a visit; `stored` returns kept bytes by their hash, None where they are gone or damaged."""
        super().__init__(name=authority.name)
        self.authority = authority
        self.ground = ground
        self.crawl_settings = crawl
        self._stored = stored
        self.moves: dict[str, str] = {}
        self._asked: set[str] = set()
        self._gone: set[str] = set()
        self._waiting: dict[str, list[Known]] = {}
        self._samples = {section.name: Sample() for section in authority.sections}

    def stored_body(self, known: Known) -> bytes | None:
        """Return the bytes of an address as they were last seen."""
        return self._stored(known.sha256) if known.sha256 else None

    def _meta(
        self, section: Section, known: Known | None, name: str, megabytes: float, conditional: bool
    ) -> dict[str, Any]:
        return {
            "section": section.name,
            "known": known,
            "name": known.url if known else name,
            "conditional": conditional,
            "download_maxsize": int(megabytes * 1_000_000),
        }

    def _capture(
        self, response: Response, section: Section, kind: Kind, parent_url: str | None = None, name: str | None = None,
        trouble: str | None = None, family: str | None = None, links: tuple[Link, ...] = (),
    ) -> CaptureItem:  # fmt: skip
        headers = header_texts(response)
        validators = (headers.get("Etag"), headers.get("Last-Modified"))
        return CaptureItem(
            section, kind, response.meta["name"], response.status, headers, response.body, family or section.family,
            parent_url, name, trouble, links, CONFIRMED in response.flags, validators,
        )  # fmt: skip

    def _failed(self, section: Section, known: Known | None, what: str) -> None:
        """Count a failure: fresh where it is news, stale where the same address failed before as well."""
        is_stale = known is not None and known.is_old and known.capture_id is None
        self.count(section, "stale_failures" if is_stale else f"fresh_{what}")

    def _foreign(self, section: Section, url: str) -> None:
        host = url.split("/")[2] if "//" in url else url
        hosts = self.noted(section, "foreign_hosts") or ()
        if host not in hosts:
            self.note(section, "foreign_hosts", (*hosts, host))
