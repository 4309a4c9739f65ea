"""Discover: from an authority's home page, find the lists worth watching and propose its settings; nothing is stored.

Polite and bounded: sixty requests, one at a time, the menu's likeliest links first. Each list is read twice. What is
proposed is printed with its reasons, and what was left out with its own.
"""

import json
import re
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import Response

from crawler.config import CrawlSettings, check_politeness
from crawler.errors import CrawlError, PageUnreadable
from crawler.pages.families import frames_of, read_article, read_list
from crawler.pages.links import address_key
from crawler.pages.lists.blocks import page_links
from crawler.pages.page import open_page
from crawler.pages.records import ListPage
from crawler.pages.scored import Score, score_rows
from crawler.probe import ProbeFailed
from crawler.run import run_child, run_spiders
from crawler.section import Authority, Role, Section
from crawler.visit.answered import answer_trouble, content_type
from crawler.visit.authority import AuthoritySpider
from crawler.visit.failures import explain
from crawler.visit.ground import Ground
from crawler.visit.identity import pair_rows, volatile_parts

MOST_REQUESTS = 60
HOME = "home"
"""What the first page is called, which shows rows of many lists."""
_LIKELY = re.compile(
    r"规则|细则|通知|公告|通告|标准|换版|转换|自愿|认证|下载|政策|业务|list|notice|rule|news|gg|tz|gz", re.I
)
_UNLIKELY = re.compile(r"english|登录|login|招聘|联系|关于|党|图片|视频|专题|留言|搜索|search", re.I)


@dataclass
class Found:
    """A page that holds a list: where, what the menu calls it, its rows, what they are, what two readings differ in."""

    url: str
    called: str
    page: ListPage
    score: Score
    family: str = "general"
    volatile: tuple[str, ...] = ()
    keys: frozenset[str] = frozenset()
    file_hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class DiscoverJob:
    """One look around a site, as it goes to the child process; its answer is written to `answer`."""

    crawl: CrawlSettings
    url: str
    today: date
    answer: Path

    def run(self) -> None:
        """Look around and write down what was found."""
        from crawler.settings import scrapy_settings

        said: dict[str, Any] = {}
        authority = _authority(self.url)
        settings = scrapy_settings(self.crawl, authority) | {"ITEM_PIPELINES": {}, "EXTENSIONS": {}}
        arguments = {"authority": authority, "crawl": self.crawl, "today": self.today, "said": said}
        run_spiders([(DiscoverSpider, settings, arguments)])
        self.answer.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")


def discover(crawl: CrawlSettings, url: str, today: date) -> dict[str, Any]:
    """Return what a look around a site found: `sections` to watch, `file_hosts`, `left_out` with reasons, `requests`.

    Raises:
        UnusableSettings: there would be no delay.
        ProbeFailed: the look around broke down.
    """
    check_politeness(crawl, [_authority(url)])
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        ending = run_child(DiscoverJob(crawl, url, today, answer), crawl.longest_minutes * 60)
        if not answer.exists():
            raise ProbeFailed(ending.replace("crawl", "discovery"))
        found: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        return found


def _authority(url: str) -> Authority:
    parts = urlsplit(url)
    base = f"{parts.scheme}://{parts.netloc}"
    return Authority("discovered", base, (Section("home", Role.NOTICES, parts.path or "/", "general"),))


@dataclass
class _Look:
    """The way around a site: what waits (likelihood, order, address, name), what was asked, what was found."""

    waiting: list[tuple[int, int, str, str]] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    found: list[Found] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)
    requests: int = 0

    def add(self, url: str, called: str) -> None:
        """Have a page looked at, once."""
        if address_key(url) not in self.met:
            self.met.add(address_key(url))
            rank = 2 * bool(_UNLIKELY.search(called)) - 2 * bool(_LIKELY.search(called)) - bool(_LIKELY.search(url))
            self.waiting.append((rank, len(self.met), url, called))


class DiscoverSpider(AuthoritySpider):
    """Goes around a site by its menus, the likeliest links first."""

    def __init__(self, authority: Authority, crawl: CrawlSettings, today: date, said: dict[str, Any]) -> None:
        """Prepare a look around; what is found is put into `said`."""
        super().__init__(authority, Ground(today, crawl.rotation_days, {}), crawl, lambda sha256: None)
        self.today, self.said, self.way = today, said, _Look()

    async def start(self) -> AsyncIterator[Any]:
        """Look around; nothing is left for Scrapy's own round."""
        self.way.add(self.authority.section_url(self.authority.sections[0]), HOME)
        while self.way.waiting and self.way.requests < MOST_REQUESTS - 2:
            self.way.waiting.sort()
            _, _, url, called = self.way.waiting.pop(0)
            await self._look(url, called)
        await self._finish()
        for request in list[Request]():
            yield request

    async def _look(self, url: str, called: str) -> None:
        response = await self._fetch(url)
        if response is None:
            return
        kind = content_type(response)
        for frame in frames_of(response.body, response.url, kind):
            if self.authority.owns(frame):
                self.way.add(frame, called)
        rows = frozenset[str]()
        try:
            page = read_list(response.body, response.url, "general", kind, today=self.today)
            rows = frozenset(address_key(row.url) for row in page.rows)
            score = score_rows(page.rows, called)
            self.way.found.append(Found(response.url, called, page, score, self._family(response), keys=rows))
        except CrawlError as reason:
            self._leave(url, called, str(reason).partition(": ")[2] or str(reason))
        self._follow(response, rows)

    def _follow(self, response: Response, rows: frozenset[str]) -> None:
        """Have the links of a page looked at that are no rows of its list and turn no page."""
        try:
            page = open_page(response.body, response.url, content_type(response))
        except PageUnreadable:
            return
        for link in page_links(page):
            is_row = address_key(link.url) in rows and len(link.text) > 8
            if not is_row and not link.is_paging and self.authority.owns(link.url) and len(link.text) <= 16:
                self.way.add(link.url, link.text)

    def _family(self, response: Response) -> str:
        for family in ("trs-wcm", "aspnet", "static-shtml"):
            try:
                if read_list(response.body, response.url, family, content_type(response)).family == family:
                    return family
            except CrawlError:
                return "general"
        return "general"

    async def _finish(self) -> None:
        """Choose what to watch, read each of it again, and say all."""
        chosen = self._chosen()
        for found in chosen:
            await self._again(found)
        names: list[str] = []
        sections = [_section_json(found, _free(found.score.name, names)) for found in chosen]
        hosts = sorted({host for found in chosen for host in found.file_hosts})
        unseen = [{"url": url, "called": called, "reason": "not looked at: the number of requests is bounded"}
                  for _, _, url, called in self.way.waiting[:20]]  # fmt: skip
        self.said |= {"base_url": self.authority.base_url, "sections": sections, "file_hosts": hosts,
                      "left_out": self.way.left_out + unseen, "requests": self.way.requests}  # fmt: skip

    def _chosen(self) -> list[Found]:
        """The lists worth watching; one that shows only rows of another is that one's window on some other page."""
        chosen: list[Found] = []
        order = sorted(self.way.found, key=lambda one: (one.called == HOME, -one.score.points, -len(one.keys)))
        for found in order:
            if found.score.role is None:
                self._leave(found.url, found.called, found.score.reason)
            elif 2 * len(found.keys & {key for other in chosen for key in other.keys}) > len(found.keys):
                self._leave(found.url, found.called, "shows rows of a list that is watched")
            else:
                chosen.append(found)
        return chosen

    async def _again(self, found: Found) -> None:
        if self.way.requests >= MOST_REQUESTS:
            return
        response = await self._fetch(found.url)
        if response is not None:
            try:
                rows = read_list(response.body, response.url, "general", content_type(response), today=self.today).rows
            except CrawlError:
                rows = ()
            before = [(row.title, row.published, row.url) for row in found.page.rows]
            pairs = pair_rows(before, [(row.title, row.published, row.url) for row in rows])
            found.volatile = tuple(sorted(volatile_parts([pair for pair in pairs if pair[0] != pair[1]])))
        row = next((row for row in found.page.rows if self.authority.owns(row.url)), None)
        if row is not None and self.way.requests < MOST_REQUESTS and (answer := await self._fetch(row.url)) is not None:
            found.file_hosts = self._hosts(answer)

    def _hosts(self, response: Response) -> tuple[str, ...]:
        try:
            article = read_article(response.body, response.url, "general", content_type(response))
        except PageUnreadable:
            return ()
        return tuple({urlsplit(f.url).netloc for f in article.attachments if not self.authority.owns(f.url)})

    async def _fetch(self, url: str) -> Response | None:
        assert self.crawler.engine is not None
        self.way.requests += 1
        meta = {"section": "home", "known": None, "name": "", "conditional": False}
        try:
            response = await self.crawler.engine.download_async(Request(url, meta=meta, dont_filter=True))
        except Exception as error:  # foreign network: whatever Scrapy, Twisted or TLS raise is a page not had
            self._leave(url, "", explain(error))
            return None
        if trouble := answer_trouble(response, response.meta["answer"]):
            self._leave(url, "", trouble)
            return None
        return response

    def _leave(self, url: str, called: str, reason: str) -> None:
        self.way.left_out.append({"url": url, "called": called, "reason": reason})


def _section_json(found: Found, name: str) -> dict[str, Any]:
    parts = urlsplit(found.url)
    return {
        "name": name,
        "role": found.score.role,
        "path": parts.path + (f"?{parts.query}" if parts.query else ""),
        "family": found.family,
        "volatile": list(found.volatile),
        "rows": len(found.page.rows),
        "called": found.called,
        "reason": found.score.reason,
        "goes_on": found.page.next_page.url if found.page.next_page else found.page.unknown_way_on,
    }


def _free(name: str, taken: list[str]) -> str:
    number = sum(other == name or other.startswith(f"{name}-") for other in taken)
    taken.append(name)
    return f"{name}-{number + 1}" if number else name
