"""Holders, their contacts and certificates, and which change concerns which certificate."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.database import Base


class HolderRow(Base):
    """Who holds certificates."""

    __tablename__ = "holders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)

    contacts: Mapped[list["ContactRow"]] = relationship(secondary="holder_contacts", back_populates="holders")
    certificates: Mapped[list["CertificateRow"]] = relationship(back_populates="holder")


class ContactRow(Base):
    """Who is written to; `frequency` is immediate, daily or weekly, `state` active, paused or unreachable."""

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    frequency: Mapped[str] = mapped_column(default="immediate")
    state: Mapped[str] = mapped_column(default="active")

    holders: Mapped[list[HolderRow]] = relationship(secondary="holder_contacts", back_populates="contacts")


class HolderContactRow(Base):
    """A contact of a holder."""

    __tablename__ = "holder_contacts"

    holder_id: Mapped[int] = mapped_column(ForeignKey("holders.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True)


class CertificateRow(Base):
    """One certificate: its rule family and edition, product, validity, status.

    `version` counts what imports changed; `matched_version` is the one that was last held against the open changes.
    """

    __tablename__ = "certificates"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    holder_id: Mapped[int] = mapped_column(ForeignKey("holders.id"), index=True)
    rule_printed: Mapped[str]
    family: Mapped[str] = mapped_column(index=True)
    edition: Mapped[str | None]
    product: Mapped[str]
    issued: Mapped[date | None]
    expires: Mapped[date | None]
    status: Mapped[str] = mapped_column(default="valid", index=True)
    imported_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    matched_version: Mapped[int] = mapped_column(default=0)

    holder: Mapped[HolderRow] = relationship(back_populates="certificates")
    standards: Mapped[list["CertificateStandardRow"]] = relationship(cascade="all, delete-orphan")


class CertificateStandardRow(Base):
    """A standard that a certificate names; `undated` is the key that all its editions share."""

    __tablename__ = "certificate_standards"
    __table_args__ = (UniqueConstraint("certificate_id", "standard"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    standard: Mapped[str] = mapped_column(index=True)
    undated: Mapped[str] = mapped_column(index=True)


class MatchRow(Base):
    """Why a change concerns a certificate, how certain that is, and what it means for it.

    `deadline_note` is a symbol such as next_surveillance where no day can be named. `alert_id` is the one alert that
    tells it: a certificate is told of a change once.
    """

    __tablename__ = "matches"
    __table_args__ = (UniqueConstraint("change_id", "certificate_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"), index=True)
    certainty: Mapped[str]
    because: Mapped[list[str]]
    severity: Mapped[str]
    action: Mapped[str]
    deadline: Mapped[date | None]
    deadline_note: Mapped[str | None]
    consequence: Mapped[str | None]
    change_revision: Mapped[int] = mapped_column(default=1)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"), index=True)

    certificate: Mapped[CertificateRow] = relationship()


class MatchedRow(Base):
    """A revision of a change that was held against the whole register of certificates."""

    __tablename__ = "matched"

    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"), primary_key=True)
    change_revision: Mapped[int] = mapped_column(primary_key=True)
    matched_on: Mapped[date]
    details: Mapped[dict[str, Any] | None]


def certificates_of(session: Session, family: str) -> Sequence[CertificateRow]:
    """Return certificates based on a rule family, by number."""
    query = select(CertificateRow).where(CertificateRow.family == family).order_by(CertificateRow.number)
    return session.scalars(query).all()
