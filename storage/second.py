"""What a second reader answered about a document, kept as it came: it is asked once for each content."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint, exists, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.captures import CaptureRow
from storage.changes import ExaminedRow
from storage.documents import DocumentRow, page_family_column
from storage.engine.database import Base, insert_missing
from storage.runs import now


class SecondAnswerRow(Base):
    """An answer about one content, read as an article of a family or (empty) as a file; `content` is the JSON asked
    for, `model` the name of what answered."""

    __tablename__ = "second_answers"
    __table_args__ = (UniqueConstraint("sha256", "page_family"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    page_family: Mapped[str]
    model: Mapped[str]
    content: Mapped[str]
    answered_at: Mapped[datetime]


def documents_to_ask_about(session: Session, reader_version: int, means: Sequence[str]) -> Sequence[tuple[int, int]]:
    """Return (document, its first capture) of readable documents of captures that nobody has judged, and of which
    nothing was answered; the newest first."""
    page_family = page_family_column()
    is_answered = exists().where(
        SecondAnswerRow.sha256 == CaptureRow.sha256, SecondAnswerRow.page_family == page_family
    )
    query = (
        select(DocumentRow.id, CaptureRow.id)
        .join(CaptureRow, (CaptureRow.sha256 == DocumentRow.sha256) & (DocumentRow.page_family == page_family))
        .where(CaptureRow.kind.in_(("article", "file")), CaptureRow.trouble.is_(None), DocumentRow.readable)
        .where(DocumentRow.reader_version == reader_version, DocumentRow.means.in_(means))
        .where(~exists().where(ExaminedRow.capture_id == CaptureRow.id), ~is_answered)
        .order_by(CaptureRow.id.desc())
    )
    return list({document: (document, capture) for document, capture in session.execute(query)}.values())


def keep_answer(session: Session, row: DocumentRow, model: str, content: str) -> int:
    """Keep an answer about a document; return 0 where one is kept already."""
    value = {"sha256": row.sha256, "page_family": row.page_family, "model": model, "content": content}
    return insert_missing(session, SecondAnswerRow, [{**value, "answered_at": now()}])


def answer_about(session: Session, row: DocumentRow) -> str | None:
    """Return what was answered about a document's content, None where nothing was."""
    query = select(SecondAnswerRow.content).where(
        SecondAnswerRow.sha256 == row.sha256, SecondAnswerRow.page_family == row.page_family
    )
    return session.scalar(query)
