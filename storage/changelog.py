"""What the change log's pages show: a page of the log, what waits, one change with all that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, String, case, cast, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from storage.certificates import CertificateRow, MatchRow
from storage.changes import ChangeRow, EvidenceRow, ReviewRow
from storage.digests import AlertRow
from storage.runs import RunRow, VisitRow
from storage.translation import SummaryRow, summaries_of

A_PAGE = 50
ASKING = ("facts_differ", "reopened")
"""What Rulewatch writes among the reviews when it asks again: a better reader, later evidence."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which changes a page of the log shows; what is None or empty does not narrow it."""

    words: str = ""
    authority: str | None = None
    kind: str | None = None
    state: str | None = None
    since: date | None = None
    until: date | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One row of the log: the change, its newest summary, how many certificates it concerns, why an alert is held, and
    why Rulewatch itself asked again after it was found."""

    change: ChangeRow
    summary: SummaryRow | None
    certificates: int
    held_because: str | None
    asked_because: str | None = None


def log_page(session: Session, wanted: LogFilter) -> tuple[list[LogEntry], int]:
    """Return one page of the log, newest first, and how many changes the filter finds in all."""
    query = _filtered(select(ChangeRow), wanted)
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(ChangeRow.detected_on.desc(), ChangeRow.id.desc())
    rows = session.scalars(ordered.limit(A_PAGE).offset((wanted.page - 1) * A_PAGE)).all()
    return _entries(session, rows), total


def waiting_changes(session: Session) -> list[LogEntry]:
    """Return the changes that wait for a decision: the day that bites nearest first, then the oldest.

    A suspension or a withdrawal bites on the day from which it applies, or at once where none is said.
    """
    query = select(ChangeRow).where(_is_waiting())
    is_ending = ChangeRow.kind.in_(("suspension", "withdrawal"))
    bites = case((is_ending, func.coalesce(ChangeRow.effective, ChangeRow.detected_on)), else_=ChangeRow.deadline)
    no_day = case((bites.is_(None), 1), else_=0)
    rows = session.scalars(query.order_by(no_day, bites, ChangeRow.id)).all()
    return _entries(session, rows)


def matches_of_change(session: Session, change_id: int) -> Sequence[MatchRow]:
    """Return whom a change concerns, by holder and certificate."""
    query = (
        select(MatchRow)
        .join(MatchRow.certificate)
        .where(MatchRow.change_id == change_id)
        .options(joinedload(MatchRow.certificate).joinedload(CertificateRow.holder))
        .order_by(CertificateRow.holder_id, CertificateRow.number)
    )
    return session.scalars(query).all()


def whole_change(session: Session, change_id: int) -> ChangeRow | None:
    """Return a change with its clauses and evidence, None where there is none of that number."""
    query = select(ChangeRow).where(ChangeRow.id == change_id)
    return session.scalar(
        query.options(
            selectinload(ChangeRow.clauses),
            selectinload(ChangeRow.evidence).joinedload(EvidenceRow.capture),
            joinedload(ChangeRow.capture),
        )
    )


def amending_entries(session: Session, change_id: int) -> Sequence[ChangeRow]:
    """Return the entries of the log that are a part of a change's history, oldest first."""
    return session.scalars(select(ChangeRow).where(ChangeRow.amends == change_id).order_by(ChangeRow.id)).all()


def reviews_of(session: Session, change_id: int) -> Sequence[ReviewRow]:
    """Return what consultants decided and said, oldest first."""
    return session.scalars(select(ReviewRow).where(ReviewRow.change_id == change_id).order_by(ReviewRow.id)).all()


def held_because(session: Session, change_id: int) -> str | None:
    """Return why some alert of a change is held, None where none is."""
    query = select(AlertRow.held_because).where(AlertRow.change_id == change_id, AlertRow.held_because.is_not(None))
    return session.scalar(query.limit(1))


def asked_because(session: Session, change_ids: Sequence[int]) -> dict[int, str]:
    """Return why Rulewatch asked for a decision on changes again, of those on which nobody has decided since."""
    deciding = select(func.max(ReviewRow.id)).where(
        ReviewRow.change_id.in_(change_ids), ReviewRow.decision.in_(("approved", "dismissed", *ASKING))
    )
    query = select(ReviewRow).where(ReviewRow.id.in_(deciding.group_by(ReviewRow.change_id)))
    rows = session.scalars(query.where(ReviewRow.decision.in_(ASKING)))
    return {row.change_id: row.comment for row in rows if row.comment}


def newest_visits(session: Session) -> Sequence[VisitRow]:
    """Return the newest visit of each section, by authority and section."""
    newest = select(func.max(VisitRow.id)).group_by(VisitRow.authority, VisitRow.section)
    query = select(VisitRow).where(VisitRow.id.in_(newest)).order_by(VisitRow.authority, VisitRow.section)
    return session.scalars(query).all()


def last_finished_run(session: Session) -> RunRow | None:
    """Return the newest run that ended, None before the first."""
    return session.scalar(select(RunRow).where(RunRow.finished_at.is_not(None)).order_by(RunRow.id.desc()).limit(1))


def _filtered(query: Select[ChangeRow], wanted: LogFilter) -> Select[ChangeRow]:
    for word in wanted.words.split():
        query = query.where(_mentions(word))
    if wanted.authority:
        query = query.where(ChangeRow.authority == wanted.authority)
    if wanted.kind:
        query = query.where(ChangeRow.kind == wanted.kind)
    if wanted.since:
        query = query.where(ChangeRow.detected_on >= wanted.since)
    if wanted.until:
        query = query.where(ChangeRow.detected_on <= wanted.until)
    return _in_state(query, wanted.state)


def _mentions(word: str) -> ColumnElement[bool]:
    columns = (ChangeRow.title_zh, ChangeRow.family, ChangeRow.old_edition, ChangeRow.new_edition)
    headline = cast(SummaryRow.content["headline"], String)
    of_change = SummaryRow.change_id == ChangeRow.id
    in_summary = select(SummaryRow.id).where(of_change, headline.icontains(word, autoescape=True))
    return or_(*(column.icontains(word, autoescape=True) for column in columns), in_summary.exists())


def _in_state(query: Select[ChangeRow], state: str | None) -> Select[ChangeRow]:
    if state == "waiting":
        return query.where(_is_waiting())
    if state in ("approved", "dismissed"):
        return query.where(ChangeRow.decision == state)
    if state == "certain":
        return query.where(~_is_waiting(), ChangeRow.decision.is_(None))
    return query


def _is_waiting() -> ColumnElement[bool]:
    """A change in doubt, or one whose alert to somebody is held (a match that is not certain, a policy of review)."""
    is_held = exists().where(AlertRow.change_id == ChangeRow.id, AlertRow.held_because.is_not(None))
    return ChangeRow.decision.is_(None) & (ChangeRow.needs_review | is_held)


def _entries(session: Session, rows: Sequence[ChangeRow]) -> list[LogEntry]:
    ids = [row.id for row in rows]
    summaries = summaries_of(session, ids)
    counted = select(MatchRow.change_id, func.count()).where(MatchRow.change_id.in_(ids)).group_by(MatchRow.change_id)
    counts = dict(session.execute(counted).all())
    held_alerts = select(AlertRow.change_id, func.max(AlertRow.held_because)).where(AlertRow.change_id.in_(ids))
    held = dict(session.execute(held_alerts.group_by(AlertRow.change_id)).all())
    asked = asked_because(session, ids)
    return [
        LogEntry(row, summaries.get(row.id), counts.get(row.id, 0), held.get(row.id), asked.get(row.id)) for row in rows
    ]
