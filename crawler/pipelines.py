"""From the spider into storage: bytes first, then the rows that speak of them, many answers in one transaction.

What is found goes into a batch at once, and the ground is brought up to date; a task writes one batch after the other
beside the crawl. A batch is whole or not there: bytes are durable before its rows are committed, an answer and what it
links to are in one batch, and batches are written in order. Whatever a killed crawl had not written, the next fetches.
"""

import asyncio
import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from crawler.items import CaptureItem, GoneItem, Kind, Link, ListingItem
from crawler.visit.ground import Known
from storage.captures import Batch, keep_batch
from storage.runs import now

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.run import Shelf
    from crawler.visit.authority import AuthoritySpider

WAIT_SECONDS = 0.25
"""How long a batch waits for more."""
NOT_KEPT = "rulewatch/not_kept"
"""Scrapy's stat that says why a batch could not be written."""
MOST_BYTES = 8_000_000
"""So many bytes are written at once; at twice as many, the crawl waits for the disk."""


@dataclass(slots=True)
class _Pending:
    """A batch, and the bytes that its rows speak of."""

    batch: Batch = field(default_factory=Batch)
    bodies: dict[str, bytes] = field(default_factory=dict)
    size: int = 0

    def add_body(self, sha256: str, body: bytes) -> None:
        if sha256 not in self.bodies:
            self.bodies[sha256] = body
            self.size += len(body)

    @property
    def is_empty(self) -> bool:
        batch = self.batch
        return not (batch.addresses or batch.listings or batch.captures or batch.states)


class Keep:
    """Keeps the rows of lists as they stood, and every answer that differs from the last of its address; of the
    others, only that they were seen."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.shelf: Shelf = crawler.settings["RULEWATCH_SHELF"]
        self._pending = _Pending()
        self._task: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()
        self._has_failed = False
        self._kept: set[tuple[int, str]] = set()

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "Keep":
        """Return the pipeline of a crawl."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Note what was found; wait only where the disk is far behind. After a batch that failed, nothing is kept."""
        if self._has_failed:
            return item
        if isinstance(item, ListingItem):
            self._note_rows(item)
        elif isinstance(item, CaptureItem):
            self._note_answer(item)
        elif isinstance(item, GoneItem) and (known := self.spider.ground.find(item.url)) is not None:
            self._change(known, {"verified_on": self.spider.ground.today})
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write_all())
        if self._pending.size >= MOST_BYTES:
            self._hurry.set()
        if self._pending.size >= 2 * MOST_BYTES:
            await asyncio.wait([self._task])
        return item

    async def close_spider(self) -> None:
        """Write what is left, before the visits are judged."""
        self._hurry.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    @property
    def spider(self) -> "AuthoritySpider":
        return cast("AuthoritySpider", self.crawler.spider)

    # What was found

    def _note_rows(self, item: ListingItem) -> None:
        visit_id = self._visit_id(item.section.name)
        self._pending.batch.listings += [
            {"visit_id": visit_id, "position": position, "title": row.title, "url": row.url,
             "published": row.published, "pinned": row.pinned}
            for position, row in enumerate(item.rows, start=item.first_position)
        ]  # fmt: skip
        self._learn(item.section.name, item.links, item.page_url)
        self._note_moves(item.links)
        for link in item.links:
            known = self.spider.ground.find(link.url)
            if known is not None and (known.title, known.published) != (link.title, link.published):
                self._change(known, {"title": link.title, "published": link.published})

    def _note_answer(self, item: CaptureItem) -> None:
        parent = item.parent_url or item.url
        self._learn(item.section.name, [Link(item.url, item.kind, item.name)], parent)
        known = self.spider.ground.find(item.url)
        assert known is not None
        sha256 = known.sha256 if item.is_confirmed else hashlib.sha256(item.body).hexdigest()
        if item.is_confirmed or (sha256 == known.sha256 and not item.trouble):
            self._seen_again(item, known)
        else:
            self._new_bytes(item, known, str(sha256))
        self._learn(item.section.name, item.links, item.url)
        self._note_moves(item.links)

    def _note_moves(self, links: Iterable[Link]) -> None:
        """Keep where pages and files stand now that were known at other addresses."""
        for link in links:
            known = self.spider.ground.find(link.url)
            if known is not None and (moved_to := self.spider.moves.get(known.url, known.moved_to)) != known.moved_to:
                self._change(known, {"moved_to": moved_to})

    def _learn(self, section: str, links: Iterable[Link], parent_url: str) -> None:
        """Make links known, in storage and on the ground; what is known keeps its first visit."""
        ground = self.spider.ground
        for link in links:
            if ground.find(link.url) is not None:
                continue
            row = {"authority": self.spider.name, "section": section, "url": link.url, "kind": link.kind.value,
                   "parent_url": parent_url, "title": link.title, "published": link.published,
                   "first_visit_id": self._visit_id(section)}  # fmt: skip
            self._pending.batch.addresses.append(row)
            ground.add(Known(link.url, section, link.kind, parent_url, link.title, link.published))

    def _seen_again(self, item: CaptureItem, known: Known) -> None:
        visit_id = self._visit_id(item.section.name)
        values: dict[str, Any] = {"verified_on": self.spider.ground.today, "seen_visit_id": visit_id}
        if not item.is_confirmed:
            values["hashed_on"] = self.spider.ground.today
            values["etag"], values["last_modified"] = item.validators
        self._change(known, values)
        if item.kind is not Kind.LIST:
            self.spider.count(item.section, "not_modified")

    def _new_bytes(self, item: CaptureItem, known: Known, sha256: str) -> None:
        visit_id = self._visit_id(item.section.name)
        if (visit_id, known.url) in self._kept:
            return
        self._kept.add((visit_id, known.url))
        self._pending.add_body(sha256, item.body)
        self._pending.batch.captures.append(self._row(item, known, sha256))
        if item.trouble:
            return
        today = self.spider.ground.today
        etag, last_modified = item.validators
        values = {"etag": etag, "last_modified": last_modified, "kind": item.kind.value, "verified_on": today,
                  "hashed_on": today, "seen_visit_id": visit_id}  # fmt: skip
        self._change(known, values, kept_in=visit_id)
        known.sha256, known.family = sha256, item.family
        known.content_type = item.headers.get("Content-Type")
        if item.kind is not Kind.LIST:
            self.spider.count(item.section, "fetched")

    def _row(self, item: CaptureItem, known: Known, sha256: str) -> dict[str, Any]:
        return {
            "visit_id": self._visit_id(item.section.name),
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

    def _change(self, known: Known, values: dict[str, Any], kept_in: int | None = None) -> None:
        for name, value in values.items():
            if name != "seen_visit_id":
                setattr(known, name, Kind(value) if name == "kind" else value)
        state = self._pending.batch.states.setdefault((self.spider.name, known.url), {})
        state.update(values if kept_in is None else values | {"kept_in": kept_in})

    def _visit_id(self, section: str) -> int:
        return self.spider.ground.plans[section].visit_id

    # Into storage

    async def _write_all(self) -> None:
        """Write batch after batch until nothing is left; where that fails, the crawl is stopped and every visit says
        so, even if nothing more was to be fetched."""
        while not self._pending.is_empty:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), WAIT_SECONDS)
            self._hurry.clear()
            pending, self._pending = self._pending, _Pending()
            try:
                await self._write(pending)
            except Exception as reason:  # last resort: nothing that was found since can be relied on
                self._stop(reason)
                return

    async def _write(self, pending: _Pending) -> None:
        await asyncio.to_thread(self.shelf.evidence.keep_all, pending.bodies)
        for url, capture_id in (await asyncio.to_thread(self._keep_rows, pending.batch)).items():
            known = self.spider.ground.find(url)
            if known is not None and ("kept_in" in pending.batch.states.get((self.spider.name, known.url), {})):
                known.capture_id = capture_id

    def _keep_rows(self, batch: Batch) -> dict[str, int]:
        with self.shelf.database.session() as session:
            ids = keep_batch(session, batch)
            session.commit()
            return ids

    def _stop(self, reason: Exception) -> None:
        self._has_failed = True
        self.spider.logger.error("what was fetched could not be kept", exc_info=reason)
        assert self.crawler.stats is not None
        words = f"what was fetched could not be kept: {type(reason).__name__}: {reason}"[:300]
        self.crawler.stats.set_value(NOT_KEPT, words)  # a spider that closes already keeps the reason that it has
        if self.crawler.engine is not None and self.crawler.crawling:
            asyncio.create_task(self.crawler.engine.close_spider_async(reason=words))  # noqa: RUF006
