"""Documents and facts: what readers made of captures, by the version of the reader."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, UniqueConstraint, and_, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.captures import CaptureRow
from storage.database import Base


class DocumentRow(Base):
    """What one version of the reader made of one content; `content` is Document.to_json().

    `page_family` is the page reader's family for an article, empty for a file: the same bytes read as an article of
    another family are another document.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("sha256", "page_family", "reader_version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    page_family: Mapped[str]
    reader_version: Mapped[int]
    readable: Mapped[bool]
    content: Mapped[dict[str, Any]]
    read_at: Mapped[datetime]


class FactRow(Base):
    """One fact that one version of the fact reader found in a document."""

    __tablename__ = "facts"
    __table_args__ = (UniqueConstraint("document_id", "facts_version", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"))
    facts_version: Mapped[int]
    position: Mapped[int]
    type: Mapped[str] = mapped_column(index=True)
    value: Mapped[dict[str, Any]]
    quote: Mapped[str]
    sure: Mapped[bool]
    published: Mapped[date | None]


def page_family_of(capture: CaptureRow) -> str:
    """Return the family under which a capture's document is kept: empty for a file."""
    return capture.family if capture.kind == "article" else ""


def unread_captures(session: Session, reader_version: int, most: int = 50, after_id: int = 0) -> Sequence[CaptureRow]:
    """Return captures of articles and files that this version of the reader has not read, oldest first.

    Captures with trouble (a challenge page, a cut-off file) are evidence, not documents, and are left out.
    """
    query = _unread(select(CaptureRow), reader_version).where(CaptureRow.id > after_id)
    return session.scalars(query.order_by(CaptureRow.id).limit(most)).all()


def count_unread(session: Session, reader_version: int) -> int:
    """Return how many captures this version of the reader has not read."""
    return session.scalar(_unread(select(func.count(CaptureRow.id)), reader_version)) or 0


def _unread(query: Select[Any], reader_version: int) -> Select[Any]:
    is_read = and_(
        DocumentRow.sha256 == CaptureRow.sha256,
        DocumentRow.reader_version == reader_version,
        DocumentRow.page_family == _page_family_column(),
    )
    joined = query.select_from(CaptureRow).outerjoin(DocumentRow, is_read)
    unread = joined.where(DocumentRow.id.is_(None), CaptureRow.trouble.is_(None))
    return unread.where(CaptureRow.kind.in_(("article", "file")))


def document_of(session: Session, capture: CaptureRow, reader_version: int) -> DocumentRow | None:
    """Return what a version of the reader made of a capture, None where it has not read it."""
    query = select(DocumentRow).where(
        DocumentRow.sha256 == capture.sha256,
        DocumentRow.page_family == page_family_of(capture),
        DocumentRow.reader_version == reader_version,
    )
    return session.scalar(query)


def _page_family_column() -> ColumnElement[str]:
    return case((CaptureRow.kind == "article", CaptureRow.family), else_="")
