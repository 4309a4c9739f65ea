"""The translation memory, and the English summaries of changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.captures import CaptureRow
from storage.changes import ChangeRow
from storage.documents import DocumentRow, page_family_of
from storage.engine.database import Base, insert_missing

PERSON = "person"
"""The provider of a translation that a person gave; it wins over every service."""


class SegmentRow(Base):
    """One translated stretch of Chinese; a person's correction has the provider "person" and wins.

    `made_on` is the day of the cycle that asked a service (the daily budget counts by it), `made_by` the person who
    corrected. A correction has no glossary version: it outlives every glossary.
    """

    __tablename__ = "segments"
    __table_args__ = (UniqueConstraint("source_sha256", "language", "glossary_version", "provider"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source_sha256: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    glossary_version: Mapped[str]
    provider: Mapped[str]
    source: Mapped[str]
    target: Mapped[str]
    made_on: Mapped[date | None]
    made_by: Mapped[str | None]
    made_at: Mapped[datetime]


class SummaryRow(Base):
    """What a change says in English; `content` is Summary.to_json(), `awaiting` the segments not yet translated.

    `edited_by` names the consultant whose words these are; an edited summary is never made anew. `stale` says that a
    translation in it was corrected since: the next cycle says it again.
    """

    __tablename__ = "summaries"
    __table_args__ = (UniqueConstraint("change_id", "revision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    revision: Mapped[int]
    content: Mapped[dict[str, Any]]
    awaiting: Mapped[int] = mapped_column(default=0)
    stale: Mapped[bool] = mapped_column(default=False)
    edited_by: Mapped[str | None]
    made_at: Mapped[datetime]


def unsummarised_changes(session: Session, after: int = 0, most: int = 50) -> Sequence[ChangeRow]:
    """Return changes whose present revision has no summary yet, from an id on, oldest first."""
    has_summary = exists().where(SummaryRow.change_id == ChangeRow.id, SummaryRow.revision == ChangeRow.revision)
    query = select(ChangeRow).where(~has_summary, ChangeRow.id > after)
    return session.scalars(query.order_by(ChangeRow.id).limit(most)).all()


def unfinished_summaries(session: Session) -> Sequence[SummaryRow]:
    """Return summaries to be said again, oldest first: something awaits translation, or one was corrected."""
    query = select(SummaryRow).where(SummaryRow.edited_by.is_(None), or_(SummaryRow.awaiting > 0, SummaryRow.stale))
    return session.scalars(query.order_by(SummaryRow.id)).all()


def summary_of(session: Session, change_id: int) -> SummaryRow | None:
    """Return the newest summary of a change, None before it was summarised."""
    query = select(SummaryRow).where(SummaryRow.change_id == change_id).order_by(SummaryRow.revision.desc())
    return session.scalar(query.limit(1))


def summaries_of(session: Session, change_ids: Iterable[int]) -> dict[int, SummaryRow]:
    """Return the newest summary of each of some changes, by the change's id."""
    ids = list(change_ids)
    newest = select(func.max(SummaryRow.id)).where(SummaryRow.change_id.in_(ids)).group_by(SummaryRow.change_id)
    return {row.change_id: row for row in session.scalars(select(SummaryRow).where(SummaryRow.id.in_(newest)))}


def replace_summary(
    session: Session, summary_id: int, content: dict[str, Any], awaiting: int, made_at: datetime
) -> bool:
    """Put new content into a summary unless a person has edited it meanwhile; return whether it was put."""
    statement = (
        update(SummaryRow)
        .where(SummaryRow.id == summary_id, SummaryRow.edited_by.is_(None))
        .values(content=content, awaiting=awaiting, stale=False, made_at=made_at)
        .returning(SummaryRow.id)
    )
    return session.scalar(statement) is not None


def mark_stale(session: Session, summary_ids: Sequence[int]) -> None:
    """Have the next cycle say these summaries again."""
    session.execute(update(SummaryRow).where(SummaryRow.id.in_(summary_ids)).values(stale=True))


def unedited_summaries(session: Session) -> Sequence[SummaryRow]:
    """Return every summary that no person has edited."""
    return session.scalars(select(SummaryRow).where(SummaryRow.edited_by.is_(None)).order_by(SummaryRow.id)).all()


def known_segment(
    session: Session, source_sha256: str, glossary_version: str, language: str = "en"
) -> SegmentRow | None:
    """Return what the memory knows of a source: a person's correction, else the newest under this glossary."""
    query = (
        select(SegmentRow)
        .where(SegmentRow.source_sha256 == source_sha256, SegmentRow.language == language)
        .where(or_(SegmentRow.provider == PERSON, SegmentRow.glossary_version == glossary_version))
        .order_by((SegmentRow.provider == PERSON).desc(), SegmentRow.id.desc())
    )
    return session.scalar(query.limit(1))


def keep_translation(session: Session, values: Mapping[str, Any]) -> None:
    """Keep what a service said of a source, in place of what it said before; nothing of a person's is touched."""
    insert_missing(session, SegmentRow, [values])
    key = ("source_sha256", "language", "glossary_version", "provider")
    same = [getattr(SegmentRow, name) == values[name] for name in key]
    changed = {name: values[name] for name in ("target", "made_on", "made_at")}
    session.execute(update(SegmentRow).where(*same, SegmentRow.provider != PERSON).values(changed))


def keep_correction(session: Session, values: Mapping[str, Any]) -> None:
    """Keep a person's translation of a source, in place of what a person said before."""
    insert_missing(session, SegmentRow, [values])
    session.execute(
        update(SegmentRow)
        .where(SegmentRow.source_sha256 == values["source_sha256"], SegmentRow.provider == PERSON)
        .where(SegmentRow.language == values["language"])
        .values(target=values["target"], made_by=values["made_by"], made_at=values["made_at"])
    )


def all_segments(session: Session) -> Sequence[SegmentRow]:
    """Return everything that the memory keeps, oldest first."""
    return session.scalars(select(SegmentRow).order_by(SegmentRow.id)).all()


def characters_sent(session: Session, provider: str, day: date) -> int:
    """Return how many characters of Chinese a service has translated on a day."""
    total = select(func.sum(func.length(SegmentRow.source)))
    return session.scalar(total.where(SegmentRow.provider == provider, SegmentRow.made_on == day)) or 0


def newest_reading(session: Session, capture: CaptureRow) -> DocumentRow | None:
    """Return what the newest reader made of a capture, None where it was not read."""
    query = select(DocumentRow).where(
        DocumentRow.sha256 == capture.sha256, DocumentRow.page_family == page_family_of(capture)
    )
    return session.scalar(query.order_by(DocumentRow.reader_version.desc(), DocumentRow.id.desc()).limit(1))
