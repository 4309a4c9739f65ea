"""From the spider into storage: bytes first, then the rows that speak of them, a transaction an answer."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

from crawler.ground import Known
from crawler.items import CaptureItem, GoneItem, Kind, Link, ListingItem
from storage import captures
from storage.runs import now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from sqlalchemy.orm import Session

    from crawler.authority import AuthoritySpider
    from crawler.run import Shelf


class _Pipeline:
    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.shelf: Shelf = crawler.settings["RULEWATCH_SHELF"]

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "_Pipeline":
        return cls(crawler)

    @property
    def spider(self) -> "AuthoritySpider":
        return cast("AuthoritySpider", self.crawler.spider)

    def visit_id(self, section: str) -> int:
        return self.spider.ground.plans[section].visit_id

    def learn(self, session: "Session", section: str, links: Iterable[Link], parent_url: str) -> None:
        """Make links known, in storage and on the ground; what is known keeps its first visit."""
        ground = self.spider.ground
        new = [link for link in links if ground.find(link.url) is None]
        rows = [
            {"authority": self.spider.name, "section": section, "url": link.url, "kind": link.kind.value,
             "parent_url": parent_url, "title": link.title, "published": link.published,
             "first_visit_id": self.visit_id(section)}
            for link in new
        ]  # fmt: skip
        captures.keep_addresses(session, rows)
        for link in new:
            ground.add(Known(link.url, section, link.kind, parent_url, link.title, link.published))


class KeepListing(_Pipeline):
    """Keeps the rows of a list as they stood, and what they lead to."""

    def process_item(self, item: Any) -> Any:
        """Keep the rows of one page of a list."""
        if isinstance(item, ListingItem):
            with self.shelf.database.session() as session:
                self._keep(session, item)
                session.commit()
        return item

    def _keep(self, session: "Session", item: ListingItem) -> None:
        visit_id = self.visit_id(item.section.name)
        rows = [
            {"visit_id": visit_id, "position": position, "title": row.title, "url": row.url,
             "published": row.published, "pinned": row.pinned}
            for position, row in enumerate(item.rows, start=item.first_position)
        ]  # fmt: skip
        captures.keep_listings(session, rows)
        self.learn(session, item.section.name, item.links, item.page_url)
        for link in item.links:
            known = self.spider.ground.find(link.url)
            if known is not None and (known.title, known.published) != (link.title, link.published):
                known.title, known.published = link.title, link.published
                values = {"title": link.title, "published": link.published}
                captures.update_address(session, self.spider.name, known.url, values)


class KeepBytes(_Pipeline):
    """Keeps every answer that differs from the last of its address; of the others, only that they were seen."""

    async def process_item(self, item: Any) -> Any:
        """Keep one answer: its bytes in the evidence store, then its row and what it links to, in one transaction.

        Bytes are made durable in a thread: while the disk works, the next page is read.
        """
        if isinstance(item, CaptureItem):
            keep = self.shelf.evidence.keep
            sha256 = None if item.is_confirmed else await asyncio.to_thread(keep, item.body)
            with self.shelf.database.session() as session:
                self._keep(session, item, sha256)
                session.commit()
        elif isinstance(item, GoneItem):
            with self.shelf.database.session() as session:
                self._update(session, item.url, {"verified_on": self.spider.ground.today})
                session.commit()
        return item

    def _keep(self, session: "Session", item: CaptureItem, sha256: str | None) -> None:
        known = self._known(session, item)
        if sha256 is None or (sha256 == known.sha256 and not item.trouble):
            self._seen_again(session, item, known)
        else:
            self._new_bytes(session, item, known, sha256)
        self.learn(session, item.section.name, item.links, item.url)

    def _known(self, session: "Session", item: CaptureItem) -> Known:
        parent = item.parent_url or item.url
        self.learn(session, item.section.name, [Link(item.url, item.kind, item.name)], parent)
        known = self.spider.ground.find(item.url)
        assert known is not None
        return known

    def _seen_again(self, session: "Session", item: CaptureItem, known: Known) -> None:
        values: dict[str, Any] = {"verified_on": self.spider.ground.today}
        if not item.is_confirmed:
            values["hashed_on"] = self.spider.ground.today
            values["etag"], values["last_modified"] = item.validators
        self._update(session, known.url, values)
        if item.kind is not Kind.LIST:
            self.spider.count(item.section, "not_modified")

    def _new_bytes(self, session: "Session", item: CaptureItem, known: Known, sha256: str) -> None:
        capture_id = captures.keep_capture(session, self._row(item, known, sha256))
        if item.trouble or capture_id is None:
            return
        etag, last_modified = item.validators
        today = self.spider.ground.today
        values = {"capture_id": capture_id, "etag": etag, "last_modified": last_modified, "kind": item.kind.value,
                  "verified_on": today, "hashed_on": today}  # fmt: skip
        self._update(session, known.url, values)
        known.sha256, known.family = sha256, item.family
        known.content_type = item.headers.get("Content-Type")
        if item.kind is not Kind.LIST:
            self.spider.count(item.section, "fetched")

    def _row(self, item: CaptureItem, known: Known, sha256: str) -> dict[str, Any]:
        return {
            "visit_id": self.visit_id(item.section.name),
            "authority": self.spider.name,
            "section": item.section.name,
            "role": item.section.role.value,
            "kind": item.kind.value,
            "url": known.url,
            "parent_url": item.parent_url,
            "name": item.name,
            "family": item.family,
            "status": item.status,
            "headers": item.headers,
            "content_type": item.headers.get("Content-Type"),
            "sha256": sha256,
            "size": len(item.body),
            "fetched_at": now(),
            "today": self.spider.ground.today,
            "previous_id": known.capture_id,
            "trouble": item.trouble,
        }

    def _update(self, session: "Session", url: str, values: dict[str, Any]) -> None:
        known = self.spider.ground.find(url)
        if known is None:
            return
        captures.update_address(session, self.spider.name, known.url, values)
        for name, value in values.items():
            setattr(known, name, value)
