"""Alerts, digests and deliveries: who is told what, in which message, and whether it arrived."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from storage.certificates import ContactRow
from storage.database import Base


class AlertRow(Base):
    """One change for one holder, listing the certificates concerned (the matches that carry its id).

    `part` is 1 for the certificates told first; a further part exists only for certificates that no earlier part
    told: those that waited for a consultant beside certain ones, or were imported later. `held_because` says why it
    waits for a consultant; `released_on` is the cycle's day on which it no longer did.
    """

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("change_id", "holder_id", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("holders.id"), index=True)
    part: Mapped[int] = mapped_column(default=1)
    severity: Mapped[str]
    made_on: Mapped[date]
    held_because: Mapped[str | None]
    released_on: Mapped[date | None]


class DigestRow(Base):
    """One message to one contact for one period; its Message-ID is fixed when composed.

    `period` is the day of the cycle (2026-03-02), with a further number for a second message on the same day, or the
    ISO week (2026-W10). `status` is waiting, sending, sent, failed or held. `claimed_at` says since when a process
    is at the sending; a claim whose process is gone (nobody holds the delivery lock) is lost and taken up again.
    `made_at` gives the message its Date, so that every attempt sends the same bytes.
    """

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("contact_id", "period"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    period: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    subject: Mapped[str]
    html: Mapped[str]
    text: Mapped[str]
    calendar: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="waiting", index=True)
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]

    contact: Mapped[ContactRow] = relationship()
    alerts: Mapped[list["DigestAlertRow"]] = relationship(order_by="DigestAlertRow.position")
    deliveries: Mapped[list["DeliveryRow"]] = relationship(order_by="DeliveryRow.attempt")


class DigestAlertRow(Base):
    """That a contact is owed an alert, and the one digest that carries it (None until composed)."""

    __tablename__ = "digest_alerts"
    __table_args__ = (UniqueConstraint("contact_id", "alert_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest_id: Mapped[int | None] = mapped_column(ForeignKey("digests.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    alert_id: Mapped[int] = mapped_column(ForeignKey("alerts.id"))
    position: Mapped[int] = mapped_column(default=0)

    alert: Mapped[AlertRow] = relationship()


class DeliveryRow(Base):
    """One attempt to send a digest; `outcome` is sent, refused, deferred, in_doubt, or None while it runs."""

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("digest_id", "attempt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id"))
    attempt: Mapped[int]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    reply: Mapped[str | None]


def all_digests(session: Session) -> Sequence[DigestRow]:
    """Return every digest, oldest first."""
    return session.scalars(select(DigestRow).order_by(DigestRow.id)).all()
