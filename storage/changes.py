"""Changes: editions of rules, what happened to them, the clauses, the evidence, and what consultants decided."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Row, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from storage.captures import CaptureRow
from storage.engine.database import Base

NEW_KINDS = ("new_edition", "new_rule")


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

    `edition` is "" where only the family was named; `role` is text (it is that rule's text), notice, list, or page,
    which names no family and only says that a page of this title was looked at.
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
    `updates` says of each such addition when it came, from which capture, which fields it filled or altered and what
    they said before (`material` where a holder who was told before must hear of it from this change). `merged_into`
    names the change that tells the same event: this one is dismissed then, and later evidence goes there.
    `amends` names the change whose history this entry is a part of: it is matched with no certificate, and told as that
    change's update.
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
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("changes.id"))
    amends: Mapped[int | None] = mapped_column(ForeignKey("changes.id"), index=True)

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


def all_editions(session: Session) -> Sequence[Row[Any]]:
    """Return every edition that is known, as plain tuples with named columns."""
    return session.execute(select(*EditionRow.__table__.columns)).all()


def told_editions(session: Session, since: date) -> frozenset[str]:
    """Return the editions that changes found since a day have reported as new."""
    query = select(ChangeRow.event_key).where(ChangeRow.kind.in_(NEW_KINDS), ChangeRow.detected_on >= since)
    return frozenset(session.scalars(query))


def changes_since(session: Session, since: date, families: Iterable[str] | None = None) -> Sequence[ChangeRow]:
    """Return changes found since a day, the newest first; those of some families only, "" for those that name none."""
    query = select(ChangeRow).where(ChangeRow.detected_on >= since).order_by(ChangeRow.id.desc())
    if families is not None:
        query = query.where(ChangeRow.family.in_(list(families)))
    return session.scalars(query).all()


def changes_naming(session: Session, family: str) -> list[ChangeRow]:
    """Return the changes of a family, and those that name it beside others, oldest first."""
    query = select(ChangeRow).where(
        (ChangeRow.family == family) | ChangeRow.families_named.cast(String).contains(family)
    )
    rows = session.scalars(query.options(selectinload(ChangeRow.evidence)).order_by(ChangeRow.id))
    return [row for row in rows if row.family == family or family in row.families_named]


def find_event(session: Session, kinds: Iterable[str], family: str, event_key: str) -> ChangeRow | None:
    """Return the change of an event under any of some kinds, None where it is new."""
    query = select(ChangeRow).where(
        ChangeRow.kind.in_(list(kinds)), ChangeRow.family == family, ChangeRow.event_key == event_key
    )
    return session.scalar(query.order_by(ChangeRow.id).limit(1))


def standing(session: Session, row: ChangeRow) -> ChangeRow:
    """Return the change that tells a change's event now: itself, or the one that it was merged into."""
    while row.merged_into is not None:
        row = session.get_one(ChangeRow, row.merged_into)
    return row


def columns_of(row: Base) -> dict[str, Any]:
    """Return a row's columns by name, for values that are made outside of storage."""
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def evidence_of(session: Session, change_id: int) -> list[tuple[int, str]]:
    """Return a change's evidence as (capture, role), in the order in which it came."""
    query = select(EvidenceRow.capture_id, EvidenceRow.role).where(EvidenceRow.change_id == change_id)
    return [(capture, role) for capture, role in session.execute(query.order_by(EvidenceRow.id))]


def texts_by_address(session: Session, authority: str) -> Sequence[tuple[str, str | None, str]]:
    """Return (address, address of the page that links it, family) of everything that turned out to be a rule's text."""
    query = (
        select(CaptureRow.url, CaptureRow.parent_url, MentionRow.family)
        .join(CaptureRow, CaptureRow.id == MentionRow.capture_id)
        .where(MentionRow.role == "text", CaptureRow.authority == authority)
        .distinct()
    )
    return [(url, parent, family) for url, parent, family in session.execute(query)]


def mentions_of(session: Session, family: str) -> Sequence[tuple[MentionRow, CaptureRow]]:
    """Return the pages and files that name a family, with their captures, oldest first."""
    query = (
        select(MentionRow, CaptureRow)
        .join(CaptureRow, CaptureRow.id == MentionRow.capture_id)
        .where(MentionRow.family == family)
        .order_by(MentionRow.id)
    )
    return [(mention, capture) for mention, capture in session.execute(query)]


def editions_of(session: Session, family: str) -> Sequence[EditionRow]:
    """Return a family's editions, oldest first."""
    query = select(EditionRow).where(EditionRow.family == family)
    return session.scalars(query.order_by(EditionRow.year, EditionRow.letter)).all()


def edition_of(session: Session, family: str, year: int, letter: str) -> EditionRow | None:
    """Return one edition, None where the register does not know it."""
    query = select(EditionRow).where(EditionRow.family == family, EditionRow.year == year, EditionRow.letter == letter)
    return session.scalar(query)


def change_log(
    session: Session,
    *,
    authority: str | None = None,
    kind: str | None = None,
    waiting: bool | None = None,
) -> Sequence[ChangeRow]:
    """Return changes, newest first; `waiting` keeps those that wait for a decision, or those that do not."""
    query = select(ChangeRow).order_by(ChangeRow.detected_on.desc(), ChangeRow.id.desc())
    if authority:
        query = query.where(ChangeRow.authority == authority)
    if kind:
        query = query.where(ChangeRow.kind == kind)
    if waiting is not None:
        is_waiting = ChangeRow.needs_review & ChangeRow.decision.is_(None)
        query = query.where(is_waiting if waiting else ~is_waiting)
    return session.scalars(query).all()
