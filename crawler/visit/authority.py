"""One visit of an authority: list → article → attachment, no further than news and the rotation ask for.

A spider of an authority is a declaration; the method is here. Nothing is read from an answer that is not the page.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.config import CrawlSettings
from crawler.errors import CrawlError, ListUnreadable, PageUnreadable
from crawler.items import CaptureItem, GoneItem, Kind, Link, ListingItem
from crawler.pages.answers import Answer, AnswerKind
from crawler.pages.articles.attachments import is_file_address
from crawler.pages.articles.filenames import name_from_disposition, name_from_url
from crawler.pages.families import files_between, frames_of, read_article, read_list
from crawler.pages.records import Article, ListPage, ListRow, PageRequest
from crawler.section import Authority, Role, Section
from crawler.settings import can_render
from crawler.visit.answered import CONFIRMED, ForeignHost, answer_trouble, content_type, header_texts, is_short
from crawler.visit.asking import NO_BROWSER, RENDERED, first_page, page_number, request_for
from crawler.visit.failures import explain, is_forbidden
from crawler.visit.files import kind_of, trouble_of
from crawler.visit.findings import NotingSpider
from crawler.visit.ground import Ground, Known
from crawler.visit.hints import Sample, bears_title

_FILE_KINDS = frozenset({"pdf", "zip", "ole", "rar", "7z", "rtf", "image"})
FIRST_PAGE, WHOLE = "first page", "end"
"""How a walk through a list ended (storage.runs.VisitRow.reach)."""
_TOLD_BY_WORDS = frozenset(
    (AnswerKind.MAINTENANCE, AnswerKind.NOT_FOUND, AnswerKind.EMPTY_TEMPLATE, AnswerKind.RATE_LIMITED)
)
"""What an answer is taken for by its words alone: a notice may have them, too."""
_SHORT_MESSAGE = 400
_MOST_FRAMES = 3
_MOST_BETWEEN = 10
_PRIORITY = {Kind.LIST: 20, Kind.ARTICLE: 10, Kind.BETWEEN: 5, Kind.FILE: 0}
StoredBytes = Callable[[str], bytes | None]
Yield = Request | ListingItem | CaptureItem | GoneItem


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


class AuthoritySpider(NotingSpider):
    """An authority: `base_url` and `sections` are declared by each, the rest is common to all."""

    base_url: ClassVar[str] = ""
    sections: ClassVar[tuple[Section, ...]] = ()
    file_hosts: ClassVar[tuple[str, ...]] = ()
    legacy_tls: ClassVar[bool] = False
    verify_certificates: ClassVar[bool] = True

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

    @classmethod
    def declared(cls) -> Authority:
        """Return what this class declares."""
        return Authority(cls.name, cls.base_url, cls.sections, cls.file_hosts, cls.legacy_tls, cls.verify_certificates)

    async def start(self) -> AsyncIterator[Any]:
        """Ask for the first page of every section."""
        for section in self.authority.sections:
            plan = self.ground.plans[section.name]
            self.note(section, "full", int(plan.is_full))
            if section.render and not can_render():
                self.note(section, "error", NO_BROWSER)
                continue
            yield self.list_request(Walk(section, plan.is_full), first_page(self.authority, section))

    def stored_body(self, known: Known) -> bytes | None:
        """Return the bytes of an address as they were last seen."""
        return self._stored(known.sha256) if known.sha256 else None

    # Lists

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
            "priority": _PRIORITY[Kind.LIST],
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

    # Articles and files

    def _ask(self, section: Section, url: str, link: Link, parent_url: str | None) -> Iterator[Request]:
        """Ask for an article or a file once a visit, whatever its addresses; again only where it was gone at one."""
        name = self.ground.name_of(url)
        if name not in self._asked or name in self._gone:
            self._asked.add(name)
            self._gone.discard(name)
            if link.kind is Kind.ARTICLE:
                self._waiting[name] = []
            yield self.page_request(section, url, link, parent_url)

    def _ask_again(self, section: Section, known: Known) -> Iterator[Request]:
        link = Link(known.url, known.kind, known.title, known.published)
        url = self.moves.get(known.url) or known.moved_to or known.url
        yield from self._ask(section, url, link, known.parent_url)

    def _ask_for_the_rest(self, section: Section, page: str) -> Iterator[Request]:
        """Files that are due waited for their article, which may show them at other addresses today; now those that
        it does not show, or that it did not tell because it was not read."""
        for known in self._waiting.pop(page, ()):
            yield from self._ask_again(section, known)

    def page_request(self, section: Section, url: str, link: Link, parent_url: str | None) -> Request:
        """Return the request for an article or a file; conditional unless the rotation wants its bytes."""
        known = self.ground.find(url)
        conditional = known is not None and known.capture_id is not None and not self.ground.must_hash(known)
        size = self.crawl_settings.file_megabytes
        meta = self._meta(section, known, self.ground.name_of(url), size, conditional) | {"asked": url}
        if section.render and link.kind is Kind.ARTICLE:
            meta |= RENDERED
        return Request(
            url,
            callback=self.parse_page,
            errback=self.page_failed,
            cb_kwargs={"section": section, "link": link, "parent_url": parent_url},
            meta=meta,
            priority=_PRIORITY[link.kind],
        )

    def parse_page(self, response: Response, section: Section, link: Link, parent_url: str | None) -> Iterator[Yield]:
        """Read what a row or an article links to: an article, a file, or neither."""
        yield from self._page(response, section, link, parent_url)
        yield from self._ask_for_the_rest(section, response.meta["name"])

    def _page(self, response: Response, section: Section, link: Link, parent_url: str | None) -> Iterator[Yield]:
        answer: Answer = response.meta["answer"]
        if answer.kind in _TOLD_BY_WORDS and response.status == 200 and bears_title(response.body, link.title):
            answer = Answer(AnswerKind.PAGE, "it bears the title of its row")
        if answer.kind is AnswerKind.NOT_FOUND:
            self._gone.add(response.meta["name"])
            moved_to = self.moves.get(response.meta["name"], response.meta["asked"])
            if moved_to != response.meta["asked"]:
                yield from self._ask(section, moved_to, link, parent_url)
                return
            self.count(section, "gone")
            yield GoneItem(section, response.meta["name"])
        elif trouble := answer_trouble(response, answer):
            self._failed(section, response.meta["known"], "unanswered")
            yield self._capture(response, section, link.kind, parent_url, link.title, trouble)
        elif CONFIRMED in response.flags:
            yield self._capture(response, section, link.kind, parent_url, link.title)
        elif link.kind is not Kind.ARTICLE and (between := self._between(response, section, link)):
            yield self._capture(response, section, Kind.BETWEEN, parent_url, link.title, links=between)
            for file in between:
                yield from self._ask(section, file.url, file, parent_url)
        elif link.kind is not Kind.ARTICLE or kind_of(response.body) in _FILE_KINDS:
            yield self._file(response, section, link, parent_url)
        else:
            yield from self._article(response, section, link, parent_url)

    def page_failed(self, failure: Failure) -> Iterator[Request]:
        """Note that an article or a file could not be had."""
        request: Request = failure.request  # type: ignore[attr-defined]
        section: Section = request.cb_kwargs["section"]
        if isinstance(failure.value, ForeignHost):
            self._foreign(section, failure.value.host)
        if is_forbidden(failure.value):
            self.note(section, "forbidden", (*(self.noted(section, "forbidden") or ()), request.url))
        else:
            self._failed(section, request.meta["known"], "unanswered")
            self.logger.info("page not answered: %s", explain(failure.value))
        yield from self._ask_for_the_rest(section, request.meta["name"])

    def _between(self, response: Response, section: Section, link: Link) -> tuple[Link, ...]:
        """The files of a page that answers in a file's place and links it; none where the answer is the file."""
        is_named = response.headers.get("Content-Disposition") or name_from_url(response.url)
        if kind_of(response.body) != "html" or (is_named and is_file_address(response.url)):
            return ()
        found = files_between(response.body, response.url, content_type(response))
        own = [file for file in found if self.ground.name_of(file.url) != response.meta["name"]]
        return tuple(
            Link(self.ground.name_of(file.url), Kind.FILE, link.title if len(own) == 1 else file.name)
            for file in own[:_MOST_BETWEEN]
            if self.authority.owns(file.url)
        )

    def _file(self, response: Response, section: Section, link: Link, parent_url: str | None) -> CaptureItem:
        name = name_from_disposition(response.headers.get("Content-Disposition"))
        name = name or name_from_url(response.url) or link.title
        trouble = trouble_of(response.body, name, is_short(response))
        if trouble:
            self._failed(section, response.meta["known"], "bad_files")
        return self._capture(response, section, Kind.FILE, parent_url, name, trouble)

    def _article(self, response: Response, section: Section, link: Link, parent_url: str | None) -> Iterator[Yield]:
        sample = self._samples[section.name] if self._is_baseline(section, response.meta["known"]) else None
        if sample is not None and not is_short(response) and sample.speaks_for(response.body, response.url, link.title):
            yield self._capture(response, section, Kind.ARTICLE, parent_url, link.title)
            return
        try:
            article = read_article(response.body, response.url, section.family, content_type(response))
            trouble = "cut off" if is_short(response) else _stranger(article, link.title)
        except PageUnreadable as reason:
            article, trouble = None, f"no article found: {reason}"
        if sample is not None:
            sample.add(response.body, trouble is None)
        if article is None or trouble:
            self._failed(section, response.meta["known"], "unreadable")
            yield self._capture(response, section, Kind.ARTICLE, parent_url, link.title, trouble)
            return
        name, page_url = article.title, response.meta["name"]
        files = [(file.name, file.url) for file in article.attachments if self.authority.owns(file.url)]
        self.ground.recognise_files(page_url, files)
        shown = {self.ground.name_of(url): url for _, url in files}
        self.moves |= {name: url for name, url in shown.items() if name != url}
        links = tuple(self._files_of(section, article))
        item = self._capture(response, section, Kind.ARTICLE, parent_url, name, None, article.family, links)
        yield item
        for file in links:
            yield from self._ask(section, shown[file.url], file, page_url)

    def _is_baseline(self, section: Section, known: Known | None) -> bool:
        """Whether a page belongs to the first visit of a section, of which not every article is read."""
        return self.ground.plans[section.name].listed is None and not (known is not None and known.is_old)

    def _files_of(self, section: Section, article: Article) -> Iterator[Link]:
        for file in article.attachments:
            if self.authority.owns(file.url):
                yield Link(self.ground.name_of(file.url), Kind.FILE, file.name)
            else:
                self._foreign(section, file.url)

    # What both share

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


def _stranger(article: Article, row_title: str | None) -> str | None:
    """Why a short page without files and with nothing of its row's title is some message in the article's place."""
    if article.attachments or len(article.body_text) >= _SHORT_MESSAGE:
        return None
    title = re.sub(r"\W", "", row_title or "")
    said = re.sub(r"\W", "", f"{article.title}{article.body_text}")
    parts = [title[at : at + 4] for at in range(len(title) - 3)]
    is_borne = not parts or any(part in said for part in parts)
    return None if is_borne else f"not the page: it says “{article.title[:40]}” and nothing of its row's title"


def _worse(before: str | None, now: str, declared: str) -> str:
    """The family to report of several pages: one that is not the declared one, if any."""
    return now if before is None or before == declared else before
