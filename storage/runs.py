"""Runs and visits: one daily cycle, and one visit of a section with its verdict and counts."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.engine.database import Base, insert_missing

HEALTHY = ("ok", "not_modified")
"""Verdicts under which a visit can be trusted."""
FIRST_PAGE, WHOLE = "first page", "end"
"""How a walk through a list ended, where that is known (VisitRow.reach)."""
ALL_PAGES, NEW_PAGES = "pages", "new"
"""What may be judged of a visit that is not healthy (VisitRow.trust)."""
TROUBLED = ("degraded", "unreachable")
"""Verdicts that speak of the site; an unfinished visit speaks of us."""


class RunRow(Base):
    """One daily cycle. `status` is running, ok, degraded or failed; `report` is what `run --json` printed."""

    __tablename__ = "runs"

    id: Mapped[int] = mapped_column(primary_key=True)
    today: Mapped[date] = mapped_column(index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default="running")
    report: Mapped[dict[str, Any] | None]


class VisitRow(Base):
    """One visit of one section in one run; a second one for the same pair cannot exist.

    `status` is unfinished, ok, not_modified, degraded or unreachable. `complete` says that the whole list was
    walked to its last page, not only to known ground: only such lists can miss a rule. `trust` says what of a visit
    that is not healthy may be judged all the same: "" nothing, "new" what stands at new addresses (a few pages failed),
    "pages" all pages (the crawl was stopped by us, not by the site). `reach` is how the walk ended: "" within known
    ground or in trouble, "end" where the end of the list was seen, "first page" where it could not be turned.
    """

    __tablename__ = "visits"
    __table_args__ = (UniqueConstraint("run_id", "authority", "section"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("runs.id"))
    authority: Mapped[str]
    section: Mapped[str]
    role: Mapped[str]
    family: Mapped[str]
    today: Mapped[date]
    status: Mapped[str] = mapped_column(default="unfinished", index=True)
    reason: Mapped[str | None]
    advice: Mapped[str | None]
    complete: Mapped[bool] = mapped_column(default=False)
    listed: Mapped[int] = mapped_column(default=0)
    fetched: Mapped[int] = mapped_column(default=0)
    not_modified: Mapped[int] = mapped_column(default=0)
    requests: Mapped[int] = mapped_column(default=0)
    received_bytes: Mapped[int] = mapped_column(default=0)
    trust: Mapped[str] = mapped_column(default="", server_default="")
    reach: Mapped[str] = mapped_column(default="", server_default="")
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


def now() -> datetime:
    """Return the moment of writing, in UTC: for time stamps of rows only, never for a decision."""
    return datetime.now(UTC)


def begin_run(session: Session, today: date) -> int:
    """Keep a new run and return its id."""
    row = RunRow(today=today, started_at=now(), status="running")
    session.add(row)
    session.commit()
    return row.id


def end_run(session: Session, run_id: int, status: str, report: dict[str, Any]) -> None:
    """Keep how a run ended."""
    row = session.get_one(RunRow, run_id)
    row.status, row.report, row.finished_at = status, report, now()
    session.commit()


def visits_of(session: Session, run_id: int) -> list[VisitRow]:
    """Return a run's visits, by authority and section."""
    query = select(VisitRow).where(VisitRow.run_id == run_id).order_by(VisitRow.authority, VisitRow.section)
    return list(session.scalars(query))


def visit_days(session: Session, authority: str) -> dict[int, date]:
    """Return the day of each visit of an authority, by its id."""
    query = select(VisitRow.id, VisitRow.today).where(VisitRow.authority == authority)
    return {row.id: row.today for row in session.execute(query)}


def latest_runs(session: Session, count: int = 30) -> list[RunRow]:
    """Return the newest runs first."""
    return list(session.scalars(select(RunRow).order_by(RunRow.id.desc()).limit(count)))


def baseline_visits(session: Session) -> dict[tuple[str, str], int]:
    """Return the baseline of each section: the id of its first trusted visit that walked the whole list, or all of it
    that can be walked."""
    query = select(VisitRow.authority, VisitRow.section, func.min(VisitRow.id))
    whole = or_(VisitRow.complete, VisitRow.reach == FIRST_PAGE)
    query = query.where(VisitRow.status == "ok", whole).group_by(VisitRow.authority, VisitRow.section)
    return {(authority, section): first for authority, section, first in session.execute(query)}


def first_days(session: Session) -> dict[tuple[str, str], date]:
    """Return the day of each section's first visit, whatever came of it: what is dated later is news, not baseline."""
    query = select(VisitRow.authority, VisitRow.section, func.min(VisitRow.today))
    query = query.where(VisitRow.status != "unfinished").group_by(VisitRow.authority, VisitRow.section)
    return {(authority, section): day for authority, section, day in session.execute(query)}


def is_trusted(visit: VisitRow, is_new: bool) -> bool:
    """Whether pages of a visit may be judged; `is_new` where nothing is known of the address yet."""
    return visit.status in HEALTHY or visit.trust == ALL_PAGES or (is_new and visit.trust == NEW_PAGES)


def begin_visits(session: Session, run_id: int, today: date, sections: Iterable[Mapping[str, str]]) -> None:
    """Keep an unfinished visit for each section (authority, section, role, family); safe to repeat."""
    common = {"run_id": run_id, "today": today, "started_at": now(), "status": "unfinished"}
    insert_missing(session, VisitRow, [{**common, **section} for section in sections])
    session.commit()


def end_visit(session: Session, visit_id: int, values: Mapping[str, Any]) -> None:
    """Keep the verdict on a visit and its counts."""
    session.execute(update(VisitRow).where(VisitRow.id == visit_id).values(**values, finished_at=now()))


def distrust_earlier(session: Session, authority: str, section: str, before: int) -> None:
    """Take back the trust in a section's healthy visits before one: nothing of what they listed was seen again."""
    reason = "found out later: nothing of what was listed then was seen again"
    earlier = (VisitRow.authority == authority, VisitRow.section == section, VisitRow.id < before)
    query = update(VisitRow).where(*earlier, VisitRow.status.in_(HEALTHY))
    session.execute(query.values(status="degraded", reason=reason, complete=False))


def end_unfinished(session: Session, run_id: int, reason: str, advice: str) -> int:
    """Mark the visits that a run left unfinished as degraded, with the reason; return how many there were."""
    statement = (
        update(VisitRow)
        .where(VisitRow.run_id == run_id, VisitRow.status == "unfinished")
        .values(status="degraded", reason=reason, advice=advice, trust=ALL_PAGES, finished_at=now())
        .returning(VisitRow.id)
    )
    ended = len(session.execute(statement).all())
    session.commit()
    return ended


def earlier_visits(session: Session, run_id: int, authority: str, section: str, most: int = 200) -> list[VisitRow]:
    """Return a section's visits in earlier runs, the newest first."""
    query = (
        select(VisitRow)
        .where(VisitRow.authority == authority, VisitRow.section == section, VisitRow.run_id < run_id)
        .order_by(VisitRow.id.desc())
        .limit(most)
    )
    return list(session.scalars(query))
