"""Probe: visit every section, each page twice, keep nothing, and say what was understood and what was not.

For a new authority, for a redesigned page, for a bug report: `--save` keeps the pages as they came.
"""

import json
import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.http import Response

from crawler.config import AuthoritySettings, CrawlSettings, check_politeness
from crawler.errors import CrawlError, PageUnreadable
from crawler.pages.answers import AnswerKind
from crawler.pages.articles.attachments import is_file_address
from crawler.pages.articles.filenames import name_from_disposition, safe_label
from crawler.pages.families import FAMILIES, read_article, read_list
from crawler.pages.records import Article, ListPage, ListRow
from crawler.pages.unstable import unstable_parts
from crawler.run import run_child, run_spiders
from crawler.section import Authority, Section
from crawler.settings import can_render
from crawler.visit.answered import answer_trouble, content_type, header_texts
from crawler.visit.asking import NO_BROWSER, RENDERED, first_page, request_for
from crawler.visit.authority import AuthoritySpider
from crawler.visit.failures import explain
from crawler.visit.files import specific_kind
from crawler.visit.ground import Ground
from crawler.visit.health import Seen, Status, judge_visit
from crawler.visit.identity import pair_rows, volatile_parts

_MOST_FILES = 10


class ProbeFailed(CrawlError):
    """Raised when the probe's process ended without an answer; the message says how."""


@dataclass(frozen=True)
class ProbeJob:
    """One probe, as it goes to the child process; its answer is written to `answer`."""

    crawl: CrawlSettings
    authorities: dict[str, AuthoritySettings]
    only: str | None
    save: Path | None
    today: date | None
    answer: Path

    def run(self) -> None:
        """Visit every section and write down what was found."""
        from crawler.settings import scrapy_settings
        from crawler.spiders.configured import authorities_to_visit

        findings: list[dict[str, Any]] = []
        visits = []
        for _, authority in authorities_to_visit(self.authorities, self.only):
            folder = self.save if self.save is None or self.only else self.save / authority.name
            own: list[dict[str, Any]] = []
            findings.append({"authority": authority, "own": own})
            settings = scrapy_settings(self.crawl, authority) | {"ITEM_PIPELINES": {}, "EXTENSIONS": {}}
            arguments = {"authority": authority, "crawl": self.crawl, "today": self.today, "folder": folder,
                         "findings": own}  # fmt: skip
            visits.append((ProbeSpider, settings, arguments))
        run_spiders(visits)
        rows = [section for finding in findings for section in finding["own"]]
        self.answer.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")


def probe(
    crawl: CrawlSettings,
    authorities: dict[str, AuthoritySettings],
    only: str | None = None,
    save: Path | None = None,
    today: date | None = None,
) -> tuple[dict[str, Any], ...]:
    """Return what a visit of every section understood (INTERFACE.md, "rulewatch probe --json"); nothing is stored.

    `save` keeps the pages as they came. `today` completes half dates; without it the server's own Date header does.

    Raises:
        UnusableSettings: an authority is unknown, or there would be no delay.
        ProbeFailed: the visit itself broke down.
    """
    from crawler.spiders.configured import authorities_to_visit

    check_politeness(crawl, (authority for _, authority in authorities_to_visit(authorities, only)))
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        place = save.resolve() if save else None
        ending = run_child(ProbeJob(crawl, authorities, only, place, today, answer), crawl.longest_minutes * 60)
        if not answer.exists():
            raise ProbeFailed(ending.replace("crawl", "probe"))
        return tuple(json.loads(answer.read_text(encoding="utf-8")))


@dataclass(slots=True)
class Finding:
    """What one section showed so far."""

    section: Section
    seen: dict[str, Any] = field(default_factory=dict)
    page: ListPage | None = None
    encoding: str | None = None
    sample: dict[str, Any] | None = None
    second: Response | None = None
    volatile: frozenset[str] = frozenset()
    unstable: list[str] = field(default_factory=list)
    advice: list[str] = field(default_factory=list)


class ProbeSpider(AuthoritySpider):
    """Visits the sections one after the other, reads the first page and the newest article of each."""

    def __init__(
        self, authority: Authority, crawl: CrawlSettings, today: date, folder: Path | None,
        findings: list[dict[str, Any]],
    ) -> None:  # fmt: skip
        """Prepare a probe; what is found is added to `findings`, pages are kept in `folder`."""
        super().__init__(authority, Ground(today or date.min, crawl.rotation_days, {}), crawl, lambda sha256: None)
        self.today = today
        self.folder = folder
        self.findings = findings

    async def start(self) -> AsyncIterator[Any]:
        """Probe every section; nothing is left for Scrapy's own round."""
        for section in self.authority.sections:
            finding = Finding(section)
            if section.render and not can_render():
                finding.seen["error"] = NO_BROWSER
            else:
                await self._probe(finding)
            self.findings.append(self._said(finding))
        for request in list[Request]():
            yield request

    async def _probe(self, finding: Finding) -> None:
        asked = first_page(self.authority, finding.section)
        response = await self._twice(finding, "list", lambda: request_for(asked, self._options(finding.section)))
        if response is None:
            return
        try:
            finding.page = self._read_list(response, finding.section, finding.section.family)
        except CrawlError as reason:
            finding.seen["list_trouble"] = f"no list found: {reason}"
            return
        finding.volatile = self._volatile(finding)
        self._advise_on_list(finding, response, finding.page)
        row = _newest(finding.page, self.authority)
        if row is None:
            finding.advice.append("no row leads to the authority's own hosts; look at base_url and file_hosts")
        else:
            await self._sample(finding, row)

    async def _sample(self, finding: Finding, row: ListRow) -> None:
        """Read the newest article, and fetch its files once."""
        response = await self._twice(finding, "article", lambda: Request(row.url, **self._options(finding.section)))
        if response is None:
            return
        kind = specific_kind(response.body)
        if is_file_address(row.url) or kind not in ("html", "unknown"):
            finding.sample = _sample_json(row.url, row.title, row.published, 0, [_file_json(row.title, response, kind)])
            return
        try:
            article = read_article(response.body, response.url, finding.section.family, content_type(response))
        except PageUnreadable as reason:
            finding.seen["fresh_unreadable"] = 1
            finding.advice.append(f"article not understood: {reason}")
            return
        files = [file async for file in self._files(finding, article)]
        finding.sample = _sample_json(row.url, article.title, article.published, len(article.body_text), files)
        if article.family != finding.section.family:
            finding.advice.append(f"the article was read by the {article.family} reader")

    async def _files(self, finding: Finding, article: Article) -> AsyncIterator[dict[str, Any]]:
        for number, file in enumerate(article.attachments[:_MOST_FILES], start=1):
            response = None
            if self.authority.owns(file.url):
                response = await self._fetch(finding, Request(file.url, **self._options(finding.section)), "file")
            else:
                finding.advice.append(f"a file lies on another host: {file.url}; add its host to file_hosts")
            if response is None:
                yield {"name": file.name, "url": file.url, "bytes": None, "kind": None}
                continue
            self._save(finding.section, f"file-{number}-{safe_label(file.name)}", response)
            yield _file_json(file.name, response, specific_kind(response.body))

    async def _twice(self, finding: Finding, what: str, make: Any) -> Response | None:
        """Fetch a page twice, note what differs, keep both where asked; None where it is not the page."""
        first = await self._fetch(finding, make(), what)
        if first is None:
            return None
        self._save(finding.section, f"{what}{_extension(first)}", first)
        second = await self._fetch(finding, make(), what)
        if what == "list":
            finding.second = second
        if second is not None and second.body != first.body:
            finding.unstable += [f"{what}: {part}" for part in unstable_parts(first.body, second.body)]
            self._save(finding.section, f"{what}-second{_extension(second)}", second)
        return first

    async def _fetch(self, finding: Finding, request: Request, what: str) -> Response | None:
        assert self.crawler.engine is not None
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # foreign network: whatever Scrapy, Twisted or TLS raise answers "reached?"
            self._not_had(finding, what, explain(error))
            return None
        if trouble := answer_trouble(response, response.meta["answer"]):
            self._save(finding.section, f"{what}-not-the-page{_extension(response)}", response)
            if what == "list":
                finding.seen["list_trouble"] = trouble
            elif response.meta["answer"].kind is AnswerKind.NOT_FOUND:
                finding.advice.append(f"{what} is gone: {request.url}")
            else:
                self._not_had(finding, what, trouble)
            return None
        return response

    def _not_had(self, finding: Finding, what: str, why: str) -> None:
        if what == "list":
            finding.seen["error"] = why
        else:
            finding.seen["fresh_unanswered"] = finding.seen.get("fresh_unanswered", 0) + 1
            finding.advice.append(f"{what} not had: {why}")

    def _read_list(self, response: Response, section: Section, family: str) -> ListPage:
        number = section.json.first_page if section.json else None
        kind = content_type(response)
        today = self.today or _server_day(response)
        return read_list(response.body, response.url, family, kind, section.json, today, number)

    def _volatile(self, finding: Finding) -> frozenset[str]:
        """The parts in which addresses of the list differ between its two readings."""
        if finding.page is None or finding.second is None:
            return frozenset()
        try:
            again = self._read_list(finding.second, finding.section, finding.section.family).rows
        except CrawlError:
            return frozenset()
        before = [(row.title, row.published, row.url) for row in finding.page.rows]
        pairs = pair_rows(before, [(row.title, row.published, row.url) for row in again])
        return volatile_parts([pair for pair in pairs if pair[0] != pair[1]])

    def _advise_on_list(self, finding: Finding, response: Response, page: ListPage) -> None:
        if page.family != finding.section.family:
            fitting = [name for name in FAMILIES if self._fits(response, finding.section, name)]
            finding.advice.append(f"families that fit this page: {', '.join(fitting) or 'none but general'}")
        if page.unknown_way_on:
            finding.advice.append(f"first page only: {page.unknown_way_on}")
        if not any(row.published for row in page.rows):
            finding.advice.append("no row has a date")
        hosts = {row.url.split("/")[2] for row in page.rows if not self.authority.owns(row.url)}
        if hosts:
            finding.advice.append(f"rows lead to other hosts, which are not followed: {', '.join(sorted(hosts)[:5])}")

    def _fits(self, response: Response, section: Section, family: str) -> bool:
        try:
            return family != "general" and self._read_list(response, section, family).family == family
        except CrawlError:
            return False

    def _options(self, section: Section) -> dict[str, Any]:
        meta: dict[str, Any] = {"section": section.name, "known": None, "name": ""}
        meta["download_maxsize"] = int(self.crawl_settings.file_megabytes * 1_000_000)
        if section.render:
            meta |= RENDERED
        return {"meta": meta, "dont_filter": True}

    def _save(self, section: Section, name: str, response: Response) -> None:
        """Keep an answer and, beside it, where it came from."""
        if self.folder is None:
            return
        place = self.folder / safe_label(section.name)
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(response.body)
        about = {"url": response.url, "status": response.status, "headers": header_texts(response)}
        (place / f"{name}.json").write_text(json.dumps(about, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def _said(self, finding: Finding) -> dict[str, Any]:
        """The section as INTERFACE.md prints it."""
        page, section = finding.page, finding.section
        rows = page.rows if page else ()
        days = [row.published for row in rows if row.published]
        seen = Seen(
            declared_family=section.family, family=page.family if page else None, listed=len(rows), dated=len(days),
            newest=max(days, default=None), complete=bool(page and page.next_page is None), **finding.seen,
        )  # fmt: skip
        verdict = judge_visit(seen, section.expect, None, self.today or date.min)
        status = Status.OK if verdict.status is Status.NOT_MODIFIED else verdict.status
        return {
            "authority": self.authority.name,
            "section": section.name,
            "role": section.role.value,
            "status": status.value,
            "reason": verdict.reason,
            "family": page.family if page else None,
            "declared_family": section.family,
            "encoding": page.encoding if page else None,
            "rows": [{"title": row.title, "date": _day(row.published), "url": row.url} for row in rows],
            "next_page": page.next_page.url if page and page.next_page else None,
            "pages": page.page_count if page else None,
            "sample": finding.sample,
            "set_aside": [asdict(one) for one in page.set_aside] if page else [],
            "volatile": sorted(finding.volatile),
            "unstable": finding.unstable,
            "advice": [*([verdict.advice] if verdict.advice else []), *finding.advice],
        }


def _newest(page: ListPage, authority: Authority) -> ListRow | None:
    """The newest row that can be fetched: by date, else the first that is not pinned."""
    own = [row for row in page.rows if authority.owns(row.url)]
    dated = [row for row in own if row.published]
    if dated:
        return max(dated, key=lambda row: row.published or date.min)
    return next((row for row in own if not row.pinned), own[0] if own else None)


def _sample_json(url: str, title: str, published: date | None, characters: int, files: list[Any]) -> dict[str, Any]:
    return {"url": url, "title": title, "published": _day(published), "body_characters": characters, "files": files}


def _file_json(name: str, response: Response, kind: str) -> dict[str, Any]:
    named = name_from_disposition(response.headers.get("Content-Disposition")) or name
    return {"name": named, "url": response.url, "bytes": len(response.body), "kind": kind}


def _server_day(response: Response) -> date | None:
    """The day that the server says it is, in China; None where it says nothing."""
    try:
        said = parsedate_to_datetime((response.headers.get("Date") or b"").decode("latin-1"))
    except ValueError:
        return None
    return (said + timedelta(hours=8)).date()


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _extension(response: Response) -> str:
    return ".json" if response.body.lstrip()[:1] in (b"{", b"[") else ".html"
