"""The crawl in a process of its own: memory comes back, a hang can be killed, the reactor meets nothing else.

`crawl` starts the process and waits; `crawl_here` is what runs inside. The two meet in the database only, so the child
can be killed at any moment: what it kept is whole, and the next run walks on from there.
"""

import asyncio
import logging
import os
import pickle
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from crawler.config import AuthoritySettings, CrawlSettings, check_politeness
from crawler.items import Kind
from crawler.section import Authority, Section
from crawler.visit.ground import Ground, Known, Plan, vital_addresses
from storage import captures, register
from storage.engine.database import Database
from storage.errors import EvidenceDamaged
from storage.evidence.store import EvidenceStore
from storage.runs import HEALTHY, VisitRow, begin_visits, earlier_visits, end_unfinished, visit_days, visits_of
from storage.sections import sections_of

GRACE_SECONDS = 30
"""How long a crawl that should have ended by itself may still take, besides its last answer, before it is killed."""
SWITCH_SECONDS = 0.0005
"""How long a thread that writes may keep the interpreter from the one that fetches: with Python's 5 ms the crawl
waits as long after each of its calls to the system, and is a fifth slower."""


@dataclass(frozen=True)
class CrawlJob:
    """One crawl: where to keep what is found, for which run and day, how, and of which authorities."""

    database_url: str
    evidence_folder: Path
    run_id: int
    today: date
    crawl: CrawlSettings = field(default_factory=CrawlSettings)
    authorities: dict[str, AuthoritySettings] = field(default_factory=dict)
    only: str | None = None


@dataclass(frozen=True, slots=True)
class SectionReport:
    """How the visit of one section went."""

    authority: str
    section: str
    status: str
    reason: str | None
    listed: int
    fetched: int
    not_modified: int
    requests: int
    received_bytes: int
    advice: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the section as `rulewatch run --json` prints it (INTERFACE.md), with requests, bytes and advice."""
        return {
            "authority": self.authority,
            "section": self.section,
            "status": self.status,
            "reason": self.reason,
            "listed": self.listed,
            "fetched": self.fetched,
            "not_modified": self.not_modified,
            "requests": self.requests,
            "bytes": self.received_bytes,
            "advice": self.advice,
        }


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the pipelines keep things in."""

    database: Database
    evidence: EvidenceStore

    def __deepcopy__(self, memo: dict[int, Any]) -> "Shelf":
        """Return itself: Scrapy copies its settings, and a connection is not to be copied."""
        return self

    def stored(self, sha256: str) -> bytes | None:
        """Return kept bytes, None where they are gone or damaged."""
        try:
            return self.evidence.read(sha256)
        except EvidenceDamaged:
            return None


def crawl(job: CrawlJob) -> tuple[SectionReport, ...]:
    """Visit every section in a child process, under limits of time and memory, and return how each visit went.

    Raises:
        UnusableSettings: before anything is visited; an authority is unknown, or there would be no delay.
    """
    from crawler.spiders.configured import authorities_to_visit

    chosen = authorities_to_visit(job.authorities, job.only)
    check_politeness(job.crawl, (authority for _, authority in chosen))
    database = Database(job.database_url)
    try:
        with database.session() as session:
            for _, authority in chosen:
                begin_visits(session, job.run_id, job.today, _visits(authority))
        patience = job.crawl.longest_minutes * 60 + job.crawl.timeout_seconds + GRACE_SECONDS
        ending = run_child(job, patience)
        with database.session() as session:
            end_unfinished(session, job.run_id, ending, "the next run walks the whole list again")
            names = {authority.name for _, authority in chosen}
            return tuple(_report(visit) for visit in visits_of(session, job.run_id) if visit.authority in names)
    finally:
        database.close()


def run_child(job: object, seconds: float) -> str:
    """Run a job in `python -m crawler` and return in words how it ended; the child dies with this process.

    The job goes in by standard input, which then stays open: when this process dies, it closes, and the child ends.
    """
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            return _wait(process, pickle.dumps(job), seconds, said)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()


def _wait(process: "subprocess.Popen[bytes]", job: bytes, seconds: float, said: IO[bytes]) -> str:
    assert process.stdin is not None
    try:
        process.stdin.write(len(job).to_bytes(8, "big") + job)
        process.stdin.flush()
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return "the crawl was killed: it took longer than longest_minutes"
    except BrokenPipeError:
        status = process.wait()
    if status == 0:
        return "the crawl ended without a verdict"
    said.seek(0)
    lines = said.read()[-4000:].decode("utf-8", "replace").strip().splitlines()
    return f"the crawl ended with status {status}: {lines[-1][:300] if lines else 'nothing was said'}"


def child_main() -> None:
    """Read a job from standard input, die when its sender does, do the job."""
    size = int.from_bytes(sys.stdin.buffer.read(8), "big")
    job = pickle.loads(sys.stdin.buffer.read(size))
    threading.Thread(target=_die_with_parent, daemon=True).start()
    job.run() if hasattr(job, "run") else crawl_here(job)


def _die_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # past the buffer, whose lock would hold up the end of the interpreter
    os._exit(70)


def crawl_here(job: CrawlJob) -> None:
    """Visit every section in this process; the reactor runs until all spiders have closed."""
    from crawler.settings import scrapy_settings
    from crawler.spiders.configured import authorities_to_visit

    sys.setswitchinterval(SWITCH_SECONDS)
    shelf = Shelf(Database(job.database_url), EvidenceStore(job.evidence_folder))
    starts = [
        (spider, authority, _ground(shelf.database, job, authority))
        for spider, authority in authorities_to_visit(job.authorities, job.only)
    ]
    visits = [
        (
            spider,
            scrapy_settings(job.crawl, authority) | {"RULEWATCH_SHELF": shelf},
            {"authority": authority, "ground": ground, "crawl": job.crawl, "stored": shelf.stored},
        )
        for spider, authority, ground in starts
    ]
    run_spiders(visits)
    shelf.database.close()


def run_spiders(visits: Iterable[tuple[Any, dict[str, Any], dict[str, Any]]]) -> None:
    """Run spiders side by side, each with its own settings, until all have closed."""
    from scrapy.crawler import AsyncCrawlerProcess, Crawler
    from scrapy.settings import Settings

    base = Settings()
    base.setmodule("crawler.settings", priority="project")
    process = AsyncCrawlerProcess(base)
    logging.getLogger("scrapy").setLevel(base["LOG_LEVEL"])  # else every answer makes records that no handler takes
    tasks: list[asyncio.Task[None]] = []
    for spider, extra, arguments in visits:
        settings = base.copy()
        settings.setdict(extra, priority="cmdline")
        tasks.append(process.crawl(Crawler(spider, settings), **arguments))
    if tasks:
        process.start(install_signal_handlers=True)
    for task in tasks:
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            raise error


def _visits(authority: Authority) -> list[dict[str, str]]:
    return [
        {"authority": authority.name, "section": section.name, "role": section.role.value, "family": section.family}
        for section in authority.sections
    ]


def _ground(database: Database, job: CrawlJob, authority: Authority) -> Ground:
    """Load what is known of an authority."""
    with database.session() as session:
        ids = {(row.authority, row.section): row.id for row in visits_of(session, job.run_id)}
        taught = sections_of(session, authority.name)
        confirmed = {row.section: row.confirmed_shape for row in taught}
        plans = {
            section.name: replace(
                _plan(session, job, authority.name, section, ids[authority.name, section.name]),
                confirmed_shape=confirmed.get(section.name),
            )
            for section in authority.sections
        }
        days = visit_days(session, authority.name)
        known = [
            _known(address, capture, days.get(address.first_visit_id))
            for address, capture in captures.known_addresses(session, authority.name)
        ]
        families = register.certified_families(session)
        depended = vital_addresses(known, families, register.principal_addresses(session, authority.name))
        learned = {part for row in taught for part in row.volatile}
        suspected = frozenset(part for row in taught for part in row.suspected)
    named = {part for section in authority.sections for part in section.volatile}
    stable = frozenset(part for section in authority.sections for part in section.stable)
    ground = Ground(
        job.today, job.crawl.rotation_days, plans, depended, job.crawl.certified_rotation_days,
        frozenset(learned | named) - stable, stable, suspected,
    )  # fmt: skip
    for address in known:
        ground.add(address)
    return ground


def _plan(session: Any, job: CrawlJob, authority: str, section: Section, visit_id: int) -> Plan:
    """How a section is visited: its whole list when the last visit cannot be relied on, when rows were missing, or
    when the rotation asks for it."""
    earlier = earlier_visits(session, job.run_id, authority, section.name)
    healthy = [visit for visit in earlier if visit.status in HEALTHY]
    whole = [visit for visit in healthy if visit.complete]
    last_on = healthy[0].today if healthy else None
    if not whole:
        return Plan(visit_id, is_full=True, last_on=last_on)
    is_due = job.today - whole[0].today >= timedelta(days=job.crawl.full_list_days)
    has_shrunk = len(whole) > 1 and whole[0].listed < whole[1].listed
    is_full = earlier[0] is not healthy[0] or is_due or has_shrunk
    rows = captures.listings_of(session, whole[0].id)
    dated = sum(row.published is not None for row in rows) / len(rows) if rows else None
    urls = frozenset(row.url for row in rows)
    return Plan(visit_id, is_full, whole[0].listed, dated, urls, last_on, is_only=len(whole) == 1)


def _known(address: captures.AddressRow, capture: captures.CaptureRow | None, first_seen_on: date | None) -> Known:
    return Known(
        url=address.url,
        section=address.section,
        kind=Kind(address.kind),
        parent_url=address.parent_url,
        title=address.title,
        published=address.published,
        capture_id=address.capture_id,
        sha256=capture.sha256 if capture else None,
        content_type=capture.content_type if capture else None,
        family=capture.family if capture else None,
        etag=address.etag,
        last_modified=address.last_modified,
        verified_on=address.verified_on,
        hashed_on=address.hashed_on,
        is_old=True,
        first_seen_on=first_seen_on,
        in_doubt=address.in_doubt,
        moved_to=address.moved_to,
    )


def _report(visit: VisitRow) -> SectionReport:
    return SectionReport(
        visit.authority, visit.section, visit.status, visit.reason, visit.listed, visit.fetched, visit.not_modified,
        visit.requests, visit.received_bytes, visit.advice,
    )  # fmt: skip
