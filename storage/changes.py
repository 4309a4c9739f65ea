"""Changes: editions of rules, what happened to them, the clauses, the evidence, and what consultants decided."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, exists, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.captures import CaptureRow
from storage.database import Base


class EditionRow(Base):
    """One dated issue of a rule as the register knows it; `year` 0 and `letter` "" where the code has none.

    `capture_id` is the principal text (the rule's own file or page), None while only a list or a notice names it.
    `in_force` is False after a withdrawal; `superseded_by` names the family or edition that replaced it.
    """

    __tablename__ = "editions"
    __table_args__ = (UniqueConstraint("family", "year", "letter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    authority: Mapped[str]
    family: Mapped[str] = mapped_column(index=True)
    year: Mapped[int]
    letter: Mapped[str]
    edition: Mapped[str]
    title_zh: Mapped[str]
    published: Mapped[date | None]
    effective: Mapped[date | None]
    ended: Mapped[date | None]
    end_reason: Mapped[str | None]
    superseded_by: Mapped[str | None]
    capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"))
    source_capture_id: Mapped[int | None] = mapped_column(ForeignKey("captures.id"))
    first_seen: Mapped[date]


class ExaminedRow(Base):
    """A capture that detection has looked at; a second row for the same capture cannot exist."""

    __tablename__ = "examined"

    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"), primary_key=True)
    examined_on: Mapped[date]
    outcome: Mapped[str]


class ExaminedVisitRow(Base):
    """A visit whose list detection has looked at; a second row for the same visit cannot exist."""

    __tablename__ = "examined_visits"

    visit_id: Mapped[int] = mapped_column(ForeignKey("visits.id"), primary_key=True)
    examined_on: Mapped[date]
    outcome: Mapped[str]


class MentionRow(Base):
    """A rule that a page or file is about or names: what a family's history is drawn from.

    `edition` is "" where only the family was named; `role` is text (it is that rule's text), notice or list.
    """

    __tablename__ = "mentions"
    __table_args__ = (UniqueConstraint("capture_id", "family", "edition"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"))
    family: Mapped[str] = mapped_column(index=True)
    edition: Mapped[str]
    role: Mapped[str]
    title_zh: Mapped[str]
    published: Mapped[date | None]


class ChangeRow(Base):
    """One thing that happened to a rule; the event key makes it one row, whoever tells it and how often.

    `family` and `old_edition` are empty where the change names none. `decision` is a consultant's: approved,
    dismissed, or None while nobody has decided. `revision` counts what later evidence or a consultant added;
    `updates` says of each such addition when it came, from which capture, and which fields it filled or altered
    (`material` where a holder who was told before would want to know).
    """

    __tablename__ = "changes"
    __table_args__ = (UniqueConstraint("kind", "family", "event_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    authority: Mapped[str] = mapped_column(index=True)
    family: Mapped[str] = mapped_column(index=True)
    event_key: Mapped[str]
    old_edition: Mapped[str | None]
    new_edition: Mapped[str | None]
    title_zh: Mapped[str]
    published: Mapped[date | None]
    effective: Mapped[date | None]
    deadline: Mapped[date | None]
    deadline_note: Mapped[str | None]
    accepted_from: Mapped[date | None]
    accepted_until: Mapped[date | None]
    standards: Mapped[list[dict[str, Any]]]
    supersedes: Mapped[list[str]]
    actions: Mapped[list[str]]
    consequence: Mapped[str | None]
    reasons: Mapped[list[str]]
    needs_review: Mapped[bool] = mapped_column(index=True)
    facts: Mapped[list[dict[str, Any]]]
    families_named: Mapped[list[str]]
    standards_named: Mapped[list[str]]
    scope_zh: Mapped[str | None]
    substantive: Mapped[bool] = mapped_column(default=True)
    detected_on: Mapped[date] = mapped_column(index=True)
    source_url: Mapped[str]
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"))
    revision: Mapped[int] = mapped_column(default=1)
    updates: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    decision: Mapped[str | None] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]

    clauses: Mapped[list["ClauseChangeRow"]] = relationship(order_by="ClauseChangeRow.position")
    evidence: Mapped[list["EvidenceRow"]] = relationship(order_by="EvidenceRow.id")
    capture: Mapped[CaptureRow] = relationship(foreign_keys=[capture_id])


class ClauseChangeRow(Base):
    """One clause of a change, on both sides; `content` is ClauseChange.to_json()."""

    __tablename__ = "clause_changes"
    __table_args__ = (UniqueConstraint("change_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    position: Mapped[int]
    op: Mapped[str]
    substantive: Mapped[bool]
    content: Mapped[dict[str, Any]]


class EvidenceRow(Base):
    """A capture that shows a change: the notice, the file before, the file after, the list."""

    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("change_id", "capture_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    capture_id: Mapped[int] = mapped_column(ForeignKey("captures.id"))
    role: Mapped[str]

    capture: Mapped[CaptureRow] = relationship()


class ReviewRow(Base):
    """A consultant's decision or comment on a change; decisions are added, never altered."""

    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), index=True)
    decided_at: Mapped[datetime]
    by: Mapped[str]
    decision: Mapped[str]
    comment: Mapped[str | None]


def unexamined_captures(session: Session, most: int = 50) -> Sequence[CaptureRow]:
    """Return captures of articles and files that detection has not looked at, oldest first."""
    query = (
        select(CaptureRow)
        .where(CaptureRow.kind.in_(("article", "file")), CaptureRow.trouble.is_(None))
        .where(~exists().where(ExaminedRow.capture_id == CaptureRow.id))
        .order_by(CaptureRow.id)
        .limit(most)
    )
    return session.scalars(query).all()


def editions_of(session: Session, family: str) -> Sequence[EditionRow]:
    """Return a family's editions, oldest first."""
    query = select(EditionRow).where(EditionRow.family == family)
    return session.scalars(query.order_by(EditionRow.year, EditionRow.letter)).all()


def edition_of(session: Session, family: str, year: int, letter: str) -> EditionRow | None:
    """Return one edition, None where the register does not know it."""
    query = select(EditionRow).where(EditionRow.family == family, EditionRow.year == year, EditionRow.letter == letter)
    return session.scalar(query)


def find_change(session: Session, kind: str, family: str, event_key: str) -> ChangeRow | None:
    """Return the change of an event, None where it is new."""
    query = select(ChangeRow).where(
        ChangeRow.kind == kind, ChangeRow.family == family, ChangeRow.event_key == event_key
    )
    return session.scalar(query)


def change_log(
    session: Session,
    *,
    authority: str | None = None,
    kind: str | None = None,
    words: str | None = None,
    waiting: bool | None = None,
    most: int | None = None,
) -> Sequence[ChangeRow]:
    """Return changes, newest first; `words` are looked for in title, family and editions; `waiting` for a decision."""
    query = select(ChangeRow).order_by(ChangeRow.detected_on.desc(), ChangeRow.id.desc())
    if authority:
        query = query.where(ChangeRow.authority == authority)
    if kind:
        query = query.where(ChangeRow.kind == kind)
    for word in (words or "").split():
        columns = (ChangeRow.title_zh, ChangeRow.family, ChangeRow.old_edition, ChangeRow.new_edition)
        query = query.where(or_(*(column.icontains(word, autoescape=True) for column in columns)))
    if waiting is not None:
        is_waiting = ChangeRow.needs_review & ChangeRow.decision.is_(None)
        query = query.where(is_waiting if waiting else ~is_waiting)
    return session.scalars(query.limit(most)).all()
