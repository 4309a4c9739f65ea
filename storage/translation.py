"""The translation memory, and the English summaries of changes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.changes import ChangeRow
from storage.database import Base


class SegmentRow(Base):
    """One translated stretch of Chinese; a person's correction has the provider "person" and wins."""

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("source_sha256", "language", "glossary_version", "provider"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_sha256: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    glossary_version: Mapped[str]
    provider: Mapped[str]
    source: Mapped[str]
    target: Mapped[str]
    made_at: Mapped[datetime]


class SummaryRow(Base):
    """What a change says in English; `content` is Summary.to_json(), `awaiting` the segments not yet translated.

    `edited_by` names the consultant whose words these are; an edited summary is never made anew.
    """

    __tablename__ = "summaries"
    __table_args__ = (UniqueConstraint("change_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    revision: Mapped[int]
    content: Mapped[dict[str, Any]]
    awaiting: Mapped[int] = mapped_column(default=0)
    edited_by: Mapped[str | None]
    made_at: Mapped[datetime]


def unsummarised_changes(session: Session, most: int = 50) -> Sequence[ChangeRow]:
    """Return changes whose present revision has no summary yet, oldest first."""
    has_summary = exists().where(SummaryRow.change_id == ChangeRow.id, SummaryRow.revision == ChangeRow.revision)
    return session.scalars(select(ChangeRow).where(~has_summary).order_by(ChangeRow.id).limit(most)).all()


def awaiting_summaries(session: Session) -> Sequence[SummaryRow]:
    """Return summaries in which something still awaits translation, oldest first."""
    query = select(SummaryRow).where(SummaryRow.awaiting > 0, SummaryRow.edited_by.is_(None))
    return session.scalars(query.order_by(SummaryRow.id)).all()


def summary_of(session: Session, change_id: int) -> SummaryRow | None:
    """Return the newest summary of a change, None before it was summarised."""
    query = select(SummaryRow).where(SummaryRow.change_id == change_id).order_by(SummaryRow.revision.desc())
    return session.scalar(query.limit(1))


def known_segments(session: Session, hashes: Sequence[str], language: str = "en") -> dict[str, SegmentRow]:
    """Return what the memory knows of the given source hashes; a person's correction before any service."""
    query = select(SegmentRow).where(SegmentRow.source_sha256.in_(hashes), SegmentRow.language == language)
    found: dict[str, SegmentRow] = {}
    for row in session.scalars(query.order_by(SegmentRow.id)):
        if row.source_sha256 not in found or found[row.source_sha256].provider != "person":
            found[row.source_sha256] = row
    return found
