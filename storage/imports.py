"""Imports of certificate files, and what each of them changed in which certificate."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, contains_eager, mapped_column, relationship

from storage.engine.database import Base


class ImportRow(Base):
    """One import of a file: its name, the hash of its bytes, and when."""

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str]
    sha256: Mapped[str]
    imported_at: Mapped[datetime]


class CertificateHistoryRow(Base):
    """What a field of a certificate was, what an import made of it; both as text, days as 2027-06-30.

    `field` is the column's name in a certificate file; an empty text is "not known". Before the first row of a field
    it has been `old` since the certificate's first import.
    """

    __tablename__ = "certificate_history"
    __table_args__ = (UniqueConstraint("certificate_id", "import_id", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    field: Mapped[str]
    old: Mapped[str]
    new: Mapped[str]

    made_by: Mapped[ImportRow] = relationship()


def history_of(session: Session, certificate_id: int) -> Sequence[CertificateHistoryRow]:
    """Return what imports changed in a certificate, each with its import, oldest first."""
    query = select(CertificateHistoryRow).join(CertificateHistoryRow.made_by)
    query = query.options(contains_eager(CertificateHistoryRow.made_by))
    query = query.where(CertificateHistoryRow.certificate_id == certificate_id)
    return session.scalars(query.order_by(CertificateHistoryRow.import_id, CertificateHistoryRow.field)).all()
