"""The daily cycle: seven stages in order, and their wiring. Read this page first.

    crawl → read → detect → summarise → match → compose → deliver

Each stage reads what the one before it stored, does its work in small committed units and can be run again at any
time. A crash between any two steps loses nothing and repeats nothing that a person would see.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawler.errors import CrawlError
from crawler.run import CrawlJob
from crawler.run import crawl as crawl_sections
from monitor.certificates import stage as certificates
from monitor.changes import stage as changes
from monitor.digests import stage as digests
from monitor.digests.smtp import Mailer, make_mailer
from monitor.documents import stage as documents
from monitor.errors import RulewatchError
from monitor.facts.second.service import SecondReader
from monitor.incidents import stage as incidents
from monitor.incidents.failure import CycleFailure, Way, mail_way, tell_failure
from monitor.incidents.heartbeat import Heartbeat
from monitor.settings import Settings
from monitor.translation import stage as translation
from monitor.translation.machine.providers import make_translator
from monitor.translation.machine.translate import Translator
from storage.engine.database import Database, address_shown
from storage.engine.locks import cycle_lock
from storage.errors import DRIVER_ERRORS, AnotherCycleRuns, in_one_sentence
from storage.evidence.store import EvidenceStore
from storage.runs import HEALTHY, VisitRow, begin_run, end_run, now, visits_of
from storage.trouble.fence import fenced

Tally = dict[str, int]


@dataclass(frozen=True, slots=True)
class Home:
    """What the stages need, opened once a cycle. A shelf: each stage is handed exactly its own things."""

    settings: Settings
    database: Database
    evidence: EvidenceStore
    translator: Translator
    mailer: Mailer
    today: date
    run_id: int
    only: str | None


def crawl(home: Home) -> Tally:
    """Visit every section of the authorities and keep what was answered."""
    reports = crawl_sections(
        CrawlJob(
            database_url=home.settings.database,
            evidence_folder=home.settings.evidence_folder,
            run_id=home.run_id,
            today=home.today,
            crawl=home.settings.crawl,
            authorities=home.settings.authorities,
            only=home.only,
        )
    )
    return {"sections": len(reports), "fetched": sum(report.fetched for report in reports)}


def read(home: Home) -> Tally:
    """Turn captures that no reader has read into documents."""
    return documents.read_captures(home.database, home.evidence, home.settings.reader, home.today)


def detect(home: Home) -> Tally:
    """Find out from documents and lists what happened to which rule."""
    settings = home.settings.second_reader
    second = SecondReader(settings) if settings.url is not None else None
    return changes.detect_changes(home.database, home.today, second)


def summarise(home: Home) -> Tally:
    """Say each change in English; complete what awaited translation."""
    return translation.summarise_changes(home.database, home.translator, home.today)


def match(home: Home) -> Tally:
    """Work out which certificates each change concerns, and what their holders must do."""
    return certificates.match_changes(home.database, home.today)


def compose(home: Home) -> Tally:
    """Put what may go out into one message a contact."""
    settings = home.settings
    tally = digests.compose_digests(
        home.database, home.today, settings.release, settings.smtp.sender, settings.reminders.days
    )
    written = digests.write_feeds(home.database, settings.outbox_folder)
    set_aside = _set_aside({"compose": tally, "feeds": written})
    return tally | ({"set_aside": set_aside} if set_aside else {})


def deliver(home: Home) -> Tally:
    """Send every message that is due; recover lost ones."""
    return digests.deliver_digests(home.database, home.mailer, home.settings.smtp.sender, home.today)


Stage = Callable[[Home], Tally]
STAGES: tuple[Stage, ...] = (crawl, read, detect, summarise, match, compose, deliver)


@dataclass(frozen=True, slots=True)
class CycleReport:
    """How a cycle ended. `status` is ok, degraded or failed; `sections` are as `rulewatch run --json` prints them."""

    run_id: int
    today: date
    status: str
    sections: tuple[dict[str, Any], ...]
    tallies: dict[str, Tally]

    def to_json(self) -> dict[str, Any]:
        """Return the report as `rulewatch run --json` prints it."""
        return {
            "run": str(self.run_id),
            "today": self.today.isoformat(),
            "status": self.status,
            "sections": list(self.sections),
            "changes": self._count("detect", "changes"),
            "alerts": self._count("compose", "alerts"),
            "digests": self._count("compose", "digests"),
            "delivered": self._count("deliver", "sent"),
            "held_for_review": self._count("compose", "held"),
            "set_aside": _set_aside(self.tallies),
            "stages": self.tallies,
        }

    def _count(self, stage: str, name: str) -> int:
        return self.tallies.get(stage, {}).get(name, 0)


def run_cycle(
    settings: Settings,
    today: date,
    only: str | None = None,
    stages: tuple[Stage, ...] = STAGES,
    begun: Callable[[str], None] = lambda name: None,
) -> CycleReport:
    """Run stages for a day, one cycle at a time on a database, and return what came of it.

    `only` names the one authority to crawl; `begun` is told the name of each stage as it starts.

    A cycle that fails outright is told to the operator, and what ended it goes on up.

    Raises:
        AnotherCycleRuns: another process is at work on the same database.
    """
    heartbeat = Heartbeat.of_a_run(_ping_url(settings) if stages == STAGES and only is None else None)
    try:
        report = _run(settings, today, only, stages, begun, heartbeat)
    except AnotherCycleRuns:
        raise
    except Exception as reason:  # last resort: a cycle that ends before its time is told, whatever ended it
        tell_failure(failure_of(settings, today, reason), (*ways_to_operator(settings), heartbeat.failed))
        raise
    heartbeat.ended(said_of(report))
    return report


def said_of(report: CycleReport) -> str:
    """Return how a cycle ended, as the monitoring service shows it."""
    troubled = [f"{one['authority']}/{one['section']}: {one['status']}" for one in report.sections]
    counts = report.to_json()
    numbers = [f"{name} {counts[name]}" for name in ("changes", "digests", "delivered", "held_for_review", "set_aside")]
    return "\n".join([f"{report.status}, {report.today}", ", ".join(numbers), *troubled])


def _ping_url(settings: Settings) -> str | None:
    url = settings.operator.ping_url
    return url.get_secret_value() if url else None


def ways_to_operator(settings: Settings) -> tuple[Way, ...]:
    """Return every way in which the operator of an installation can be told that a cycle failed outright."""
    operator, mailer = settings.operator.email, make_mailer(settings.smtp, settings.outbox_folder)
    return (mail_way(mailer, settings.smtp.sender, operator, now()),) if operator else ()


def failure_of(settings: Settings, today: date, reason: Exception) -> CycleFailure:
    """Return what the operator is told of what ended a cycle."""
    shown = address_shown(settings.database)
    return CycleFailure(today, in_one_sentence(reason, shown, (RulewatchError, CrawlError)))


def _run(
    settings: Settings,
    today: date,
    only: str | None,
    stages: tuple[Stage, ...],
    begun: Callable[[str], None],
    heartbeat: Heartbeat,
) -> CycleReport:
    with open_home(settings, today, only) as home:
        heartbeat.begun()
        tallies: dict[str, Tally] = {}
        try:
            for stage in stages:
                begun(stage.__name__)
                tallies[stage.__name__] = stage(home)
            tallies["incidents"] = _follow_incidents(home)
        except BaseException:  # last resort: whatever ends a cycle, its run is kept as failed, and it goes on up
            with suppress(*DRIVER_ERRORS):  # a database that ended the cycle keeps no run either; the cause goes up
                _finish(home, "failed", tallies)
            raise
        sections = _sections(home)
        is_degraded = any(section["status"] not in HEALTHY for section in sections)
        is_degraded |= _reads_badly(tallies) or bool(_set_aside(tallies))
        return _finish(home, "degraded" if is_degraded else "ok", tallies)


def _set_aside(tallies: dict[str, Tally]) -> int:
    return sum(tally.get("set_aside", 0) for tally in tallies.values())


def _reads_badly(tallies: dict[str, Tally]) -> bool:
    """Whether documents could not be read for a reason that is ours, or many more than usual for any reason."""
    reading = tallies.get("read", {})
    return any(reading.get(name, 0) for name in ("failed", "fallen", "damaged"))


@contextmanager
def open_home(settings: Settings, today: date, only: str | None = None) -> Iterator[Home]:
    """Open everything a cycle needs under the cycle's lock; the schema is brought up to date first."""
    database = Database(settings.database)
    try:
        with cycle_lock(database):
            database.upgrade()
            evidence = EvidenceStore(settings.evidence_folder)
            evidence.clear_unfinished()
            with database.session() as session:
                run_id = begin_run(session, today)
            yield Home(
                settings=settings,
                database=database,
                evidence=evidence,
                translator=make_translator(settings.translation),
                mailer=make_mailer(settings.smtp, settings.outbox_folder),
                today=today,
                run_id=run_id,
                only=only,
            )
    finally:
        database.close()


def _follow_incidents(home: Home) -> Tally:
    """Open and close incidents by this run's verdicts, and tell the operator once of each."""
    smtp, operator = home.settings.smtp, home.settings.operator
    followed = incidents.follow_incidents(home.database, home.run_id, home.today)
    told = {"told": 0}
    with fenced(home.database, "incidents") as fence, fence.unit("mail to the operator", operator.email):
        told = incidents.tell_operator(home.database, home.mailer, smtp.sender, operator.email, home.today)
    return followed | told | fence.tally


def _finish(home: Home, status: str, tallies: dict[str, Tally]) -> CycleReport:
    report = CycleReport(home.run_id, home.today, status, _sections(home), tallies)
    with home.database.session() as session:
        end_run(session, home.run_id, status, report.to_json())
    return report


def _sections(home: Home) -> tuple[dict[str, Any], ...]:
    with home.database.session() as session:
        return tuple(section_json(visit) for visit in visits_of(session, home.run_id))


def section_json(visit: VisitRow) -> dict[str, Any]:
    """Return one visit as a row of the report's "sections"."""
    return {
        "authority": visit.authority,
        "section": visit.section,
        "status": visit.status,
        "reason": visit.reason,
        "listed": visit.listed,
        "fetched": visit.fetched,
        "not_modified": visit.not_modified,
        "advice": visit.advice,
        "requests": visit.requests,
        "bytes": visit.received_bytes,
    }
