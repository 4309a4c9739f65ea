"""The lists of a visit: walked page by page, no further than news and the rotation ask for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.errors import CrawlError, ListUnreadable
from crawler.items import Kind, Link, ListingItem
from crawler.pages.answers import Answer
from crawler.pages.articles.attachments import is_file_address
from crawler.pages.families import frames_of, read_list
from crawler.pages.records import ListPage, ListRow, PageRequest
from crawler.section import Role, Section
from crawler.visit.answered import CONFIRMED, answer_trouble, content_type, is_short
from crawler.visit.asking import RENDERED, page_number, request_for
from crawler.visit.failures import explain
from crawler.visit.pages import PageVisiting
from crawler.visit.visiting import PRIORITY, Yield

FIRST_PAGE, WHOLE = "first page", "end"
"""How a walk through a list ended (storage.runs.VisitRow.reach)."""
_MOST_FRAMES = 3


@dataclass(slots=True)
class Walk:
    """The way through a section's list so far: `seen` by what addresses share, `named` as they are kept."""

    section: Section
    is_full: bool
    number: int = 1
    position: int = 0
    is_unchanged: bool = True
    frames: int = 0
    framed: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)


class ListVisiting(PageVisiting):
    """A visit that reads lists, and follows what is new on them."""

    def list_request(self, walk: Walk, page: PageRequest) -> Request:
        """Return the request for one page of a list."""
        url = page.url if page.method == "GET" else f"{page.url}#page={walk.number}"
        known = self.ground.find(url)
        meta = self._meta(walk.section, known, url, self.crawl_settings.page_megabytes, page.method == "GET")
        if walk.section.render and page.method == "GET":
            meta |= RENDERED
        options: dict[str, Any] = {
            "callback": self.parse_list,
            "errback": self.list_failed,
            "cb_kwargs": {"walk": walk},
            "meta": meta,
            "priority": PRIORITY[Kind.LIST],
        }
        return request_for(page, options)

    def parse_list(self, response: Response, walk: Walk) -> Iterator[Yield]:
        """Read one page of a list: its rows, what is new on it, how it goes on."""
        page = self._list_page(response, walk)
        frame = self._frame(response, walk) if isinstance(page, str) else None
        if frame is not None:
            walk.frames += 1
            walk.framed.update((frame, response.url))
            yield self.list_request(walk, PageRequest(frame))
            return
        if isinstance(page, str):
            self._spoil(walk, page)
            yield self._capture(response, walk.section, Kind.LIST, trouble=page)
            return
        if page is None:
            yield from self._end(walk, is_complete=True)
            return
        self._recognise(walk.section, page)
        fresh = [row for row in page.rows if self.ground.key(row.url) not in walk.seen]
        if not fresh and walk.number > 1:
            yield from self._repeated(walk)
            return
        is_confirmed = CONFIRMED in response.flags or self._rows_before(response, walk) == self._as_rows(page.rows)
        walk.is_unchanged &= is_confirmed
        self.count(walk.section, "not_modified", int(is_confirmed))
        if walk.section.role is Role.RULES and not is_confirmed:
            walk.is_full = True
        beside = [row for row in page.beside if self.ground.key(row.url) not in walk.seen]
        news = [row for row in fresh if self.ground.is_news(row)]
        news_beside = [row for row in beside if self.ground.is_news(row)]
        yield from self._keep_list(response, walk, page, fresh, beside)
        for row in (*news, *news_beside):
            yield from self._follow_row(walk.section, row, response.meta["name"])
        yield from self._go_on(walk, page, bool(news))

    def _recognise(self, section: Section, page: ListPage) -> None:
        """Know rows again that stand at another address than before, and note where they stand now."""
        known_before = self.ground.volatile
        moved = self.ground.recognise(section.name, page.rows)
        for known, url in moved:
            self.moves[known.url] = url
        if self.ground.volatile:
            for row in page.rows:
                known_row = self.ground.find(row.url)
                if known_row is not None and (known_row.moved_to or known_row.url) != row.url:
                    self.moves[known_row.url] = row.url
        self.count(section, "moved", len(moved))
        learned = self.ground.volatile - known_before
        self.note(section, "volatile", tuple(sorted({*(self.noted(section, "volatile") or ()), *learned})))

    def list_failed(self, failure: Failure) -> None:
        """Note that a page of a list could not be had."""
        walk: Walk = failure.request.cb_kwargs["walk"]  # type: ignore[attr-defined]
        reason = explain(failure.value)
        if walk.number == 1:
            self.note(walk.section, "error", reason)
        else:
            self._spoil(walk, reason)

    def _list_page(self, response: Response, walk: Walk) -> ListPage | str | None:
        """The page as read; a text that says why it is not the list; None past the end of a JSON list."""
        answer: Answer = response.meta["answer"]
        if trouble := answer_trouble(response, answer):
            return trouble
        if is_short(response):
            return f"cut off: {len(response.body)} bytes of a longer page"
        section = walk.section
        try:
            return read_list(
                response.body, response.url, section.family, content_type(response),
                section.json, self.ground.today, page_number(section, walk.number),
            )  # fmt: skip
        except ListUnreadable as reason:
            if walk.number > 1 and section.json is not None and response.body.lstrip()[:1] in (b"{", b"["):
                return None
            return f"no list found: {reason}"

    def _frame(self, response: Response, walk: Walk) -> str | None:
        """The frame of a page without a list that may hold it; at most three deep."""
        if walk.frames >= _MOST_FRAMES or response.status != 200 or is_short(response):
            return None
        found = frames_of(response.body, response.url, content_type(response))
        return next((url for url in found if self.authority.owns(url) and url not in walk.framed), None)

    def _rows_before(self, response: Response, walk: Walk) -> tuple[ListRow, ...] | None:
        """The rows of this page as they last stood, read by the same reader."""
        known = self.ground.find(response.meta["name"])
        body = self.stored_body(known) if known is not None else None
        if known is None or body is None:
            return None
        section = walk.section
        number = page_number(section, walk.number)
        try:
            return self._as_rows(
                read_list(
                    body, response.url, section.family, known.content_type, section.json, self.ground.today, number
                ).rows
            )
        except CrawlError:
            return None

    def _as_rows(self, rows: tuple[ListRow, ...]) -> tuple[ListRow, ...]:
        """Rows under what their addresses share from visit to visit."""
        return tuple(ListRow(row.title, self.ground.key(row.url), row.published, row.pinned) for row in rows)

    def _keep_list(
        self, response: Response, walk: Walk, page: ListPage, fresh: list[ListRow], beside: list[ListRow]
    ) -> Iterator[Yield]:
        rows = tuple(ListRow(row.title, self.ground.name_of(row.url), row.published, row.pinned) for row in fresh)
        links = tuple(self._links(walk.section, [*fresh, *beside]))
        yield ListingItem(walk.section, response.meta["name"], walk.position, rows, links)
        yield self._capture(response, walk.section, Kind.LIST, family=page.family)
        walk.position += len(fresh)
        walk.seen.update(self.ground.key(row.url) for row in fresh)
        walk.named.update(row.url for row in rows)
        self.note(walk.section, "family", _worse(self.noted(walk.section, "family"), page.family, walk.section.family))
        self._doubt(walk.section, page)
        self.count(walk.section, "listed", len(fresh))
        found = [self.ground.find(row.url) for row in fresh]
        self.count(walk.section, "known", sum(known is not None and known.is_old for known in found))
        self.count(walk.section, "dated", sum(row.published is not None for row in fresh))
        days = [row.published for row in fresh if row.published]
        newest = self.noted(walk.section, "newest")
        self.note(walk.section, "newest", max([*days, newest] if newest else days, default=None))

    def _doubt(self, section: Section, page: ListPage) -> None:
        """Note what on a page reads like a row and is in no list, each once."""
        noted = self.noted(section, "not_understood") or ()
        doubts = dict.fromkeys((*noted, *(f"“{one.what}” ({one.reason})" for one in page.doubts)))
        self.note(section, "not_understood", tuple(doubts))

    def _links(self, section: Section, rows: list[ListRow]) -> Iterator[Link]:
        for row in rows:
            if self.authority.owns(row.url):
                kind = Kind.FILE if is_file_address(row.url) else Kind.ARTICLE
                yield Link(self.ground.name_of(row.url), kind, row.title, row.published)
            else:
                self._foreign(section, row.url)

    def _follow_row(self, section: Section, row: ListRow, list_url: str) -> Iterator[Request]:
        if self.authority.owns(row.url):
            kind = Kind.FILE if is_file_address(row.url) else Kind.ARTICLE
            yield from self._ask(section, row.url, Link(row.url, kind, row.title, row.published), list_url)

    def _go_on(self, walk: Walk, page: ListPage, has_news: bool) -> Iterator[Yield]:
        if page.next_page is None and (why := self._goes_on(walk, page)):
            yield from self._first_page_only(walk, why)
        elif page.next_page is None or (page.row_count is not None and walk.position >= page.row_count):
            yield from self._end(walk, is_complete=True)
        elif not (walk.is_full or has_news):
            yield from self._end(walk, is_complete=False)
        elif walk.number >= self.crawl_settings.list_pages:
            self._spoil(walk, f"the list goes on after {walk.number} pages")
        elif not self.authority.owns(page.next_page.url):
            self._spoil(walk, f"the next page lies on another host: {page.next_page.url}")
        else:
            walk.number += 1
            yield self.list_request(walk, page.next_page)

    def _goes_on(self, walk: Walk, page: ListPage) -> str | None:
        """Why a page that shows no way on is not the last, None where it is."""
        if walk.section.json is None and page.page_count is not None and walk.number < page.page_count:
            return f"it says that it has {page.page_count} pages, and {walk.number} of them could be reached"
        return page.unknown_way_on

    def _repeated(self, walk: Walk) -> Iterator[Yield]:
        """A page with rows that were all seen: past the end, where the pages turned before; a second page like the
        first may be a pager that does not turn, so nothing is concluded about what it does not show."""
        json = walk.section.json
        if walk.number > 2 or (json is not None and json.total is None and json.pages is None):
            yield from self._end(walk, is_complete=True)
        else:
            yield from self._first_page_only(walk, "its second page shows the rows of the first")

    def _first_page_only(self, walk: Walk, why: str) -> Iterator[Yield]:
        """The list goes on in a way that is not understood: its first page is watched for news."""
        self.note(walk.section, "first_page", why)
        yield from self._end(walk, is_complete=False, reach=FIRST_PAGE)

    def _end(self, walk: Walk, is_complete: bool, reach: str = "") -> Iterator[Request]:
        """The list is read; now what is due in the section by rotation."""
        self.note(walk.section, "complete", int(is_complete))
        self.note(walk.section, "reach", WHOLE if is_complete else reach)
        before = self.ground.plans[walk.section.name].urls
        self.note(walk.section, "none_of_last", int(bool(before) and not before & walk.named))
        if is_complete and walk.section.role is Role.RULES:
            self.note(walk.section, "missing", len(self.ground.plans[walk.section.name].urls - walk.named))
        self.note(walk.section, "full", int(walk.is_full))
        self.note(walk.section, "unchanged", int(walk.is_unchanged))
        for known in sorted(self.ground.due(walk.section.name), key=lambda known: known.kind is Kind.FILE):
            if known.kind is Kind.FILE and known.parent_url in self._waiting:
                self._waiting[known.parent_url].append(known)
            else:
                yield from self._ask_again(walk.section, known)

    def _spoil(self, walk: Walk, trouble: str) -> None:
        place = "" if walk.number == 1 else f"page {walk.number} of the list: "
        self.note(walk.section, "list_trouble", place + trouble)


def _worse(before: str | None, now: str, declared: str) -> str:
    """The family to report of several pages: one that is not the declared one, if any."""
    return now if before is None or before == declared else before
