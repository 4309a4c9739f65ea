"""Documents and facts: what readers made of captures, by the version of the reader."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Select, UniqueConstraint, and_, case, exists, func, select
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from storage.captures import CaptureRow
from storage.engine.database import Base, insert_missing
from storage.runs import now


class DocumentRow(Base):
    """What one version of the reader made of one content; `content` is Document.to_json().

    `page_family` is the page reader's family for an article, empty for a file: the same bytes read as an article of
    another family are another document. `means` says which outside programs the reading hung on: `+soffice` with
    LibreOffice, `-soffice` without it, empty where none matters; readings by other means are not compared.
    """

    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("sha256", "page_family", "reader_version", "means"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    page_family: Mapped[str]
    reader_version: Mapped[int]
    means: Mapped[str] = mapped_column(default="", server_default="")
    readable: Mapped[bool]
    content: Mapped[dict[str, Any]]
    read_at: Mapped[datetime]


class ReadingFailureRow(Base):
    """That reading failed on a day for a reason of ours (time, memory, a program that is missing): no reading of it."""

    __tablename__ = "reading_failures"
    __table_args__ = (UniqueConstraint("sha256", "page_family", "reader_version", "failed_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    page_family: Mapped[str]
    reader_version: Mapped[int]
    failed_on: Mapped[date]
    failed_at: Mapped[datetime]
    failure: Mapped[str]
    reason: Mapped[str]


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


class FactReadingRow(Base):
    """That a version of the fact reader read a document, also where it found nothing.

    `published` is the day of publication that it was told, from the page or the list row.
    """

    __tablename__ = "fact_readings"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    facts_version: Mapped[int] = mapped_column(primary_key=True)
    published: Mapped[date | None]


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


def page_family_of(capture: CaptureRow) -> str:
    """Return the family under which a capture's document is kept: empty for a file."""
    return capture.family if capture.kind == "article" else ""


def page_family_column() -> ColumnElement[str]:
    """Return what `page_family_of` says of a capture, as an expression for a query."""
    return case((CaptureRow.kind == "article", CaptureRow.family), else_="")


def unread_captures(
    session: Session, reader_version: int, means: Sequence[str], most: int = 50, after_id: int = 0
) -> Sequence[CaptureRow]:
    """Return captures of articles and files that this version has not read by these means, oldest first.

    Captures with trouble (a challenge page, a cut-off file) are evidence, not documents, and are left out.
    """
    query = _unread(select(CaptureRow), reader_version, means).where(CaptureRow.id > after_id)
    return session.scalars(query.order_by(CaptureRow.id).limit(most)).all()


def count_unread(session: Session, reader_version: int, means: Sequence[str]) -> int:
    """Return how many captures this version of the reader has not read by these means."""
    return session.scalar(_unread(select(func.count(CaptureRow.id)), reader_version, means)) or 0


def _unread(query: Select[Any], reader_version: int, means: Sequence[str]) -> Select[Any]:
    is_read = and_(
        DocumentRow.sha256 == CaptureRow.sha256,
        DocumentRow.reader_version == reader_version,
        DocumentRow.means.in_(means),
        DocumentRow.page_family == page_family_column(),
    )
    joined = query.select_from(CaptureRow).outerjoin(DocumentRow, is_read)
    unread = joined.where(DocumentRow.id.is_(None), CaptureRow.trouble.is_(None))
    return unread.where(CaptureRow.kind.in_(("article", "file")))


def document_of(session: Session, capture: CaptureRow, reader_version: int, means: Sequence[str]) -> DocumentRow | None:
    """Return what a version of the reader made of a capture by one of the means, None where it has not read it."""
    query = select(DocumentRow).where(
        DocumentRow.sha256 == capture.sha256,
        DocumentRow.page_family == page_family_of(capture),
        DocumentRow.reader_version == reader_version,
        DocumentRow.means.in_(means),
    )
    return session.scalar(query)


def keep_failure(
    session: Session, document: Mapping[str, Any], failed_on: date, failure: str, reason: str
) -> tuple[int, datetime]:
    """Keep that reading failed on a day through a failure of ours; return on how many days it has, and since when."""
    key = {name: document[name] for name in ("sha256", "page_family", "reader_version")}
    values = {"failed_on": failed_on, "failed_at": document["read_at"], "failure": failure, "reason": reason}
    insert_missing(session, ReadingFailureRow, [{**key, **values}])
    query = select(func.count(ReadingFailureRow.id), func.min(ReadingFailureRow.failed_at)).filter_by(**key)
    days, since = session.execute(query).one()
    return days, since


def others_were_read(session: Session, since: datetime) -> bool:
    """Return whether anything could be read since a moment."""
    query = select(DocumentRow.id).where(DocumentRow.readable, DocumentRow.read_at >= since)
    return session.scalar(query.limit(1)) is not None


def readings_before(session: Session, moment: datetime) -> tuple[int, int]:
    """Return how many documents could be read before a moment, and how many could not."""
    query = (
        select(DocumentRow.readable, func.count()).where(DocumentRow.read_at < moment).group_by(DocumentRow.readable)
    )
    counts = dict(session.execute(query).all())
    return counts.get(True, 0), counts.get(False, 0)


def claim_reading(session: Session, document_id: int, facts_version: int, published: date | None) -> bool:
    """Keep that a version of the fact reader reads a document; False where it has, or another process does."""
    value = {"document_id": document_id, "facts_version": facts_version, "published": published}
    return insert_missing(session, FactReadingRow, [value]) == 1


def keep_facts(
    session: Session, document_id: int, facts_version: int, facts: Sequence[Mapping[str, Any]], published: date | None
) -> None:
    """Keep what a version of the fact reader found in a document; `facts` are in the form of Fact.to_json()."""
    values = [
        {
            "document_id": document_id,
            "facts_version": facts_version,
            "position": position,
            "type": fact["type"],
            "value": {"value": fact["value"]},
            "quote": fact["quote"],
            "sure": fact["sure"],
            "published": published,
        }
        for position, fact in enumerate(facts)
    ]
    insert_missing(session, FactRow, values)


def documents_to_read_again(
    session: Session, reader_version: int, facts_version: int, after: int, most: int = 50
) -> Sequence[int]:
    """Return ids of documents of a reader's version whose content older versions read facts from, from one id on."""
    other = aliased(DocumentRow)
    is_read = exists().where(FactReadingRow.document_id == DocumentRow.id)
    same = (other.sha256 == DocumentRow.sha256) & (other.page_family == DocumentRow.page_family)
    was_read = select(FactReadingRow.document_id).join(other, other.id == FactReadingRow.document_id).where(same)
    query = (
        select(DocumentRow.id)
        .where(DocumentRow.reader_version == reader_version, DocumentRow.id > after)
        .where(~is_read.where(FactReadingRow.facts_version == facts_version), was_read.exists())
    )
    return session.scalars(query.order_by(DocumentRow.id).limit(most)).all()


def last_reading(session: Session, row: DocumentRow, before: int) -> FactReadingRow | None:
    """Return the newest reading of a document's content up to a version of the fact reader, its own aside."""
    query = (
        select(FactReadingRow)
        .join(DocumentRow, DocumentRow.id == FactReadingRow.document_id)
        .where(DocumentRow.sha256 == row.sha256, DocumentRow.page_family == row.page_family)
        .where((DocumentRow.id != row.id) | (FactReadingRow.facts_version != before))
        .order_by(DocumentRow.reader_version.desc(), FactReadingRow.facts_version.desc())
    )
    return session.scalar(query.limit(1))


def facts_of(session: Session, reading: FactReadingRow) -> Sequence[FactRow]:
    """Return the facts that one reading found, in the order of the text."""
    query = select(FactRow).where(
        FactRow.document_id == reading.document_id, FactRow.facts_version == reading.facts_version
    )
    return session.scalars(query.order_by(FactRow.position)).all()


def keep_second_answer(session: Session, row: DocumentRow, model: str, content: str) -> int:
    """Keep an answer about a document; return 0 where one is kept already."""
    value = {"sha256": row.sha256, "page_family": row.page_family, "model": model, "content": content}
    return insert_missing(session, SecondAnswerRow, [{**value, "answered_at": now()}])


def second_answer_about(session: Session, row: DocumentRow) -> str | None:
    """Return what was answered about a document's content, None where nothing was."""
    query = select(SecondAnswerRow.content).where(
        SecondAnswerRow.sha256 == row.sha256, SecondAnswerRow.page_family == row.page_family
    )
    return session.scalar(query)
