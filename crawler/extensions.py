"""When a spider closes: a verdict for each section, from what Scrapy's stats counted."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import psutil
from scrapy import Request, Spider, signals
from scrapy.extensions.memusage import MemoryUsage
from scrapy.http import Response

from crawler.pipelines import NOT_KEPT
from crawler.section import Section
from crawler.visit.health import Last, Seen, Verdict, judge_visit, was_odd
from storage.runs import distrust_earlier, end_visit
from storage.sections import learn_section, suspect_parts

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.run import Shelf
    from crawler.visit.authority import AuthoritySpider

_FIGURES = (
    *("listed", "dated", "known", "missing", "stale_failures", "gone"),
    *("fresh_unreadable", "fresh_bad_files", "fresh_unanswered"),
)
_FLAGS = ("none_of_last", "complete", "unchanged", "full")
_WORDS = ("family", "error", "list_trouble", "newest")
_ENDINGS = {
    "closespider_timeout": "it took longer than longest_minutes",
    "memusage_exceeded": "it needed more than memory_megabytes",
    "shutdown": "somebody stopped it",
}


class OwnMemory(MemoryUsage):
    """Scrapy's limit of memory, by what this process holds: the peak that the kernel counts for a process (ru_maxrss)
    begins, on Linux, with that of the process that started it, and a long-lived parent's would end every crawl."""

    def get_virtual_size(self) -> int:
        """Return the bytes in memory now."""
        return int(self._process.memory_info().rss)

    _process = psutil.Process()


class VisitReport:
    """Counts requests and bytes of each section, and keeps the verdict on its visit."""

    def __init__(self, crawler: "Crawler") -> None:
        self.crawler = crawler
        self.shelf: Shelf = crawler.settings["RULEWATCH_SHELF"]
        self._odd: list[tuple[str, str, int]] = []

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "VisitReport":
        """Listen to what goes out, what comes in, and to the end."""
        report = cls(crawler)
        crawler.signals.connect(report.request_sent, signal=signals.request_reached_downloader)
        crawler.signals.connect(report.response_came, signal=signals.response_downloaded)
        crawler.signals.connect(report.spider_closed, signal=signals.spider_closed)
        return report

    def request_sent(self, request: Request, spider: Spider) -> None:
        """Count a request; robots.txt, which belongs to no section, apart."""
        self._count(request, "requests", 1)

    def response_came(self, response: Response, request: Request, spider: Spider) -> None:
        """Count what was received of a body, as it came over the wire."""
        self._count(request, "received_bytes", len(response.body))

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Judge every section's visit and keep the verdicts."""
        assert self.crawler.stats is not None
        authority = cast("AuthoritySpider", spider)
        reason = self.crawler.stats.get_value(NOT_KEPT) or reason
        with self.shelf.database.session() as session:
            for section in authority.authority.sections:
                verdict = self._judge(authority, section, reason)
                self._learn(session, authority, section)
                end_visit(session, authority.ground.plans[section.name].visit_id, self._row(section, verdict))
            for name, section_name, visit_id in self._odd:
                distrust_earlier(session, name, section_name, visit_id)
            session.commit()

    def _learn(self, session: Any, spider: "AuthoritySpider", section: Section) -> None:
        """Keep how the section was read and what its addresses taught."""
        shape, volatile = self._stat(section, "family", ""), self._stat(section, "volatile", ())
        learn_section(session, spider.name, section.name, shape, volatile)
        suspect_parts(session, spider.name, section.name, spider.ground.suspects)

    def _count(self, request: Request, name: str, value: int) -> None:
        assert self.crawler.stats is not None
        section = request.meta.get("section")
        self.crawler.stats.inc_value(f"visit/{section}/{name}" if section else f"rulewatch/robots/{name}", value)

    def _judge(self, spider: "AuthoritySpider", section: Section, reason: str) -> Verdict:
        plan = spider.ground.plans[section.name]
        last = Last(plan.listed, plan.dated, plan.is_only) if plan.listed is not None else None
        seen = self._seen(section, reason)
        seen = replace(seen, is_confirmed=plan.confirmed_shape is not None and plan.confirmed_shape == seen.family)
        if last is not None and was_odd(seen, last):
            self._odd.append((spider.name, section.name, plan.visit_id))
        return judge_visit(seen, section.expect, last, spider.ground.today)

    def _seen(self, section: Section, reason: str) -> Seen:
        values: dict[str, Any] = {name: self._stat(section, name, 0) for name in _FIGURES}
        values |= {name: bool(self._stat(section, name, 0)) for name in _FLAGS}
        values |= {name: self._stat(section, name, None) for name in _WORDS}
        ended = None if reason == "finished" else _ENDINGS.get(reason, reason)
        if ended is None and not any(values[name] for name in ("error", "list_trouble", "family")):
            values["error"] = "the list was never read"
        return Seen(
            declared_family=section.family,
            new_kept=self._stat(section, "fetched", 0),
            foreign_hosts=self._stat(section, "foreign_hosts", ()),
            not_understood=self._stat(section, "not_understood", ()),
            first_page=self._stat(section, "first_page", None),
            forbidden=self._stat(section, "forbidden", ()),
            moved=self._stat(section, "moved", 0),
            volatile=self._stat(section, "volatile", ()),
            ended_early=ended,
            **values,
        )

    def _row(self, section: Section, verdict: Verdict) -> dict[str, Any]:
        counts = ("listed", "fetched", "not_modified", "requests", "received_bytes")
        return {
            "status": verdict.status.value,
            "reason": verdict.reason,
            "advice": verdict.advice,
            "trust": verdict.trust.value,
            "reach": self._stat(section, "reach", ""),
            "family": self._stat(section, "family", section.family),
            "complete": bool(self._stat(section, "complete", 0)),
            **{name: self._stat(section, name, 0) for name in counts},
        }

    def _stat(self, section: Section, name: str, default: Any) -> Any:
        assert self.crawler.stats is not None
        value = self.crawler.stats.get_value(f"visit/{section.name}/{name}")
        return default if value is None else value
