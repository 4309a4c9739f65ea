"""Digests and deliveries: which message carries which alerts to whom, and whether it arrived."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, case, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship, selectinload

from storage.certificates import CertificateRow, ContactRow, HolderContactRow, MatchedRow, MatchRow
from storage.engine.database import Base, insert_missing
from storage.runs import now


class AlertRow(Base):
    """One change for one holder, listing the certificates concerned (the matches that carry its id).

    `part` is 1 for the certificates told first; a further part exists only for certificates that no earlier part
    told: those that waited for a consultant beside certain ones, or were imported later; or as an update, which tells
    the certificates of the alert `update_of` again, once a revision. `held_because` says why it waits for a
    consultant; `released_on` is the cycle's day on which it no longer did, `revision` the change's at that time.
    """

    __tablename__ = "alerts"
    __table_args__ = (UniqueConstraint("change_id", "holder_id", "part"), UniqueConstraint("update_of", "revision"))

    id: Mapped[int] = mapped_column(primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("changes.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("holders.id"), index=True)
    part: Mapped[int] = mapped_column(default=1)
    severity: Mapped[str]
    made_on: Mapped[date]
    held_because: Mapped[str | None]
    released_on: Mapped[date | None]
    revision: Mapped[int] = mapped_column(default=1)
    update_of: Mapped[int | None] = mapped_column(ForeignKey("alerts.id"))


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
    reminders: Mapped[list["ReminderRow"]] = relationship(order_by="ReminderRow.id")
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


class ReminderRow(Base):
    """That a contact was reminded of a certificate's day at a distance in days, and in which digest; once.

    `about` is a duty of the certificate's own calendar, or the change's number and the step that falls on the day.
    """

    __tablename__ = "reminders"
    __table_args__ = (UniqueConstraint("contact_id", "certificate_id", "about", "on", "distance"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificates.id"))
    about: Mapped[str]
    on: Mapped[date]
    distance: Mapped[int]
    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id"))


class DeliveryRow(Base):
    """One attempt to send a digest; `outcome` is sent, refused, blocked, deferred, in_doubt, or None while it runs.

    `day` is the cycle's (None for attempts of versions that did not keep it).
    """

    __tablename__ = "deliveries"
    __table_args__ = (UniqueConstraint("digest_id", "attempt"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest_id: Mapped[int] = mapped_column(ForeignKey("digests.id"))
    attempt: Mapped[int]
    day: Mapped[date | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    reply: Mapped[str | None]


def all_digests(session: Session) -> Sequence[DigestRow]:
    """Return every digest, oldest first, with its contact, alerts and deliveries."""
    query = select(DigestRow).options(
        joinedload(DigestRow.contact),
        selectinload(DigestRow.alerts).joinedload(DigestAlertRow.alert),
        selectinload(DigestRow.deliveries),
        selectinload(DigestRow.reminders),
    )
    return session.scalars(query.order_by(DigestRow.id)).all()


def told_before(session: Session, contact_id: int) -> dict[int, tuple[date, int]]:
    """Return of each change that a contact was told: the last day, and the newest revision told."""
    query = (
        select(AlertRow.change_id, func.max(DigestRow.made_on), func.max(AlertRow.revision))
        .join(DigestAlertRow, DigestAlertRow.alert_id == AlertRow.id)
        .join(DigestRow, DigestRow.id == DigestAlertRow.digest_id)
        .where(DigestAlertRow.contact_id == contact_id)
        .group_by(AlertRow.change_id)
    )
    return {change_id: (day, revision) for change_id, day, revision in session.execute(query)}


def told_matches(session: Session, contact_id: int, change_ids: Iterable[int]) -> Sequence[MatchRow]:
    """Return what a contact was told of some changes, as far as their newest revision still concerns it.

    The certificates of a holder whose contact it no longer is are left out.
    """
    newest = select(func.max(MatchedRow.change_revision)).where(MatchedRow.change_id == MatchRow.change_id)
    query = (
        select(MatchRow)
        .join(DigestAlertRow, DigestAlertRow.alert_id == MatchRow.alert_id)
        .join(CertificateRow, CertificateRow.id == MatchRow.certificate_id)
        .join(HolderContactRow, HolderContactRow.holder_id == CertificateRow.holder_id)
        .where(DigestAlertRow.contact_id == contact_id, DigestAlertRow.digest_id.is_not(None))
        .where(HolderContactRow.contact_id == contact_id)
        .where(MatchRow.change_id.in_(list(change_ids)), MatchRow.change_revision >= newest.scalar_subquery())
        .where(MatchRow.settled_on.is_(None))
        .options(joinedload(MatchRow.certificate).joinedload(CertificateRow.holder))
        .order_by(MatchRow.id)
    )
    return session.scalars(query).all()


def told_calendars(session: Session, contact_id: int, change_ids: Iterable[int]) -> Sequence[str]:
    """Return the calendar files of a contact's digests that tell of some changes, oldest first."""
    telling = (
        select(DigestAlertRow.digest_id)
        .join(AlertRow, AlertRow.id == DigestAlertRow.alert_id)
        .where(DigestAlertRow.contact_id == contact_id, AlertRow.change_id.in_(list(change_ids)))
    )
    query = select(DigestRow.calendar).where(DigestRow.id.in_(telling), DigestRow.calendar.is_not(None))
    return [calendar for calendar in session.scalars(query.order_by(DigestRow.id)) if calendar]


def owed(session: Session, contact_id: int) -> Sequence[AlertRow]:
    """Return the released alerts that no digest carries to a contact yet, oldest first."""
    query = (
        select(AlertRow)
        .join(DigestAlertRow, DigestAlertRow.alert_id == AlertRow.id)
        .where(DigestAlertRow.contact_id == contact_id, DigestAlertRow.digest_id.is_(None))
        .where(AlertRow.released_on.is_not(None), AlertRow.held_because.is_(None))
    )
    return session.scalars(query.order_by(AlertRow.id)).all()


def all_owed(session: Session) -> Sequence[tuple[ContactRow, AlertRow]]:
    """Return everything that is owed and in no digest, by contact."""
    query = (
        select(ContactRow, AlertRow)
        .join(DigestAlertRow, DigestAlertRow.contact_id == ContactRow.id)
        .join(AlertRow, AlertRow.id == DigestAlertRow.alert_id)
        .where(DigestAlertRow.digest_id.is_(None))
        .order_by(ContactRow.email, AlertRow.id)
    )
    return [(contact, alert) for contact, alert in session.execute(query)]


def contacts_owed(session: Session) -> Sequence[ContactRow]:
    """Return active contacts who are owed released alerts, by address."""
    query = (
        select(ContactRow)
        .where(ContactRow.state == "active")
        .where(
            ContactRow.id.in_(
                select(DigestAlertRow.contact_id)
                .join(AlertRow, AlertRow.id == DigestAlertRow.alert_id)
                .where(DigestAlertRow.digest_id.is_(None), AlertRow.released_on.is_not(None))
                .where(AlertRow.held_because.is_(None))
            )
        )
    )
    return session.scalars(query.order_by(ContactRow.email)).all()


def periods_of(session: Session, contact_id: int) -> Sequence[tuple[str, date]]:
    """Return the periods of a contact's digests, and the days they were made on."""
    query = select(DigestRow.period, DigestRow.made_on).where(DigestRow.contact_id == contact_id)
    return [(period, made_on) for period, made_on in session.execute(query)]


def keep_digest(
    session: Session,
    value: Mapping[str, Any],
    alert_ids: Sequence[int],
    reminders: Sequence[Mapping[str, Any]] = (),
) -> bool:
    """Keep a digest and that it carries alerts and reminders; False where another process was first. Commits or rolls
    back."""
    if not insert_missing(session, DigestRow, [value]):
        session.rollback()
        return False
    digest = session.scalars(select(DigestRow.id).where(DigestRow.message_id == value["message_id"])).one()
    told = [{"contact_id": value["contact_id"], "digest_id": digest, **reminder} for reminder in reminders]
    is_first = insert_missing(session, ReminderRow, told) == len(told)
    if not is_first or not _carry(session, value["contact_id"], digest, alert_ids):
        session.rollback()
        return False
    session.commit()
    return True


def _carry(session: Session, contact_id: int, digest: int, alert_ids: Sequence[int]) -> bool:
    """Keep that a digest carries alerts; False where another one carries some of them."""
    if not alert_ids:
        return True
    positions = {alert_id: position for position, alert_id in enumerate(alert_ids)}
    carried = (
        update(DigestAlertRow)
        .where(DigestAlertRow.contact_id == contact_id, DigestAlertRow.alert_id.in_(alert_ids))
        .where(DigestAlertRow.digest_id.is_(None))
        .values(digest_id=digest, position=case(positions, value=DigestAlertRow.alert_id))
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(carried.returning(DigestAlertRow.id)).all()) == len(positions)


def recover_claims(session: Session) -> int:
    """Give back digests whose sender is gone; only the holder of the delivery lock may ask. Returns how many."""
    lost = update(DigestRow).where(DigestRow.status == "sending").values(status="waiting", claimed_at=None)
    return len(session.execute(lost.returning(DigestRow.id)).all())


def waiting_digests(session: Session) -> Sequence[int]:
    """Return the ids of digests to send to contacts that are active and still a holder's of whom it tells, oldest
    first."""
    of_alerts = (
        exists()
        .where(DigestAlertRow.digest_id == DigestRow.id, AlertRow.id == DigestAlertRow.alert_id)
        .where(HolderContactRow.holder_id == AlertRow.holder_id, HolderContactRow.contact_id == DigestRow.contact_id)
    )
    of_reminders = (
        exists()
        .where(ReminderRow.digest_id == DigestRow.id, CertificateRow.id == ReminderRow.certificate_id)
        .where(HolderContactRow.holder_id == CertificateRow.holder_id)
        .where(HolderContactRow.contact_id == DigestRow.contact_id)
    )
    query = (
        select(DigestRow.id)
        .join(ContactRow, ContactRow.id == DigestRow.contact_id)
        .where(DigestRow.status == "waiting", ContactRow.state == "active", or_(of_alerts, of_reminders))
    )
    return session.scalars(query.order_by(DigestRow.id)).all()


def digest_to_send(session: Session, digest_id: int) -> DigestRow:
    """Return a digest with its contact."""
    query = select(DigestRow).where(DigestRow.id == digest_id).options(joinedload(DigestRow.contact))
    return session.scalars(query).one()


def claim_digest(session: Session, digest_id: int, day: date) -> bool:
    """Claim a digest for sending and keep the attempt; False where another process has it. Commits."""
    claim = update(DigestRow).where(DigestRow.id == digest_id, DigestRow.status == "waiting")
    if not session.execute(claim.values(status="sending", claimed_at=now()).returning(DigestRow.id)).all():
        session.rollback()
        return False
    attempts = session.scalar(select(func.count(DeliveryRow.id)).where(DeliveryRow.digest_id == digest_id)) or 0
    session.add(DeliveryRow(digest_id=digest_id, attempt=attempts + 1, day=day, started_at=now()))
    session.commit()
    return True


def keep_outcome(session: Session, digest_id: int, outcome: str, reply: str, status: str) -> None:
    """Keep what came of the newest attempt, and how the digest stands now. Commits."""
    newest = select(DeliveryRow).where(DeliveryRow.digest_id == digest_id).order_by(DeliveryRow.attempt.desc()).limit(1)
    delivery = session.scalars(newest).one()
    delivery.outcome, delivery.reply, delivery.finished_at = outcome, reply, now()
    digest = session.get_one(DigestRow, digest_id)
    digest.status, digest.claimed_at = status, None
    if status == "sent":
        digest.sent_at = delivery.finished_at
    session.commit()


def confirm_refusals(session: Session, digest_ids: Iterable[int]) -> None:
    """Keep that the newest attempts of some digests were refused for their addresses."""
    newest = select(func.max(DeliveryRow.id)).where(DeliveryRow.digest_id.in_(list(digest_ids)))
    ids = newest.group_by(DeliveryRow.digest_id)
    session.execute(update(DeliveryRow).where(DeliveryRow.id.in_(ids)).values(outcome="refused"))


def attempts_of(session: Session, contact: ContactRow) -> Sequence[tuple[date, str]]:
    """Return a contact's finished attempts since it was made active, in their order: day and outcome."""
    query = (
        select(DeliveryRow.day, DeliveryRow.outcome)
        .join(DigestRow, DigestRow.id == DeliveryRow.digest_id)
        .where(DigestRow.contact_id == contact.id, DeliveryRow.day.is_not(None), DeliveryRow.outcome.is_not(None))
        .order_by(DeliveryRow.id)
    )
    if contact.active_since is not None:
        query = query.where(DeliveryRow.started_at > contact.active_since)
    return [(day, outcome) for day, outcome in session.execute(query) if day and outcome]


def contacts_of(session: Session, digest_ids: Iterable[int]) -> Sequence[ContactRow]:
    """Return the contacts of some digests, by address."""
    ids = select(DigestRow.contact_id).where(DigestRow.id.in_(list(digest_ids)))
    return session.scalars(select(ContactRow).where(ContactRow.id.in_(ids)).order_by(ContactRow.email)).all()


def give_up(session: Session, contact: ContactRow) -> None:
    """Keep that a contact's address does not exist any more, and that what waits for it failed. Commits."""
    contact.state = "unreachable"
    waiting = update(DigestRow).where(DigestRow.contact_id == contact.id, DigestRow.status == "waiting")
    session.execute(waiting.values(status="failed"))
    session.commit()


def unreachable_contacts(session: Session) -> Sequence[tuple[ContactRow, str]]:
    """Return contacts that are not written to because their address was refused, each with the last reply."""
    replies = (
        select(DeliveryRow.reply)
        .join(DigestRow, DigestRow.id == DeliveryRow.digest_id)
        .where(DigestRow.contact_id == ContactRow.id, DeliveryRow.outcome == "refused")
        .order_by(DeliveryRow.id.desc())
        .limit(1)
    )
    query = select(ContactRow, replies.scalar_subquery()).where(ContactRow.state == "unreachable")
    return [(contact, reply or "") for contact, reply in session.execute(query.order_by(ContactRow.email))]


def retry_failed(session: Session, contact_id: int) -> int:
    """Let a contact's refused digests wait for the next cycle again; return how many."""
    failed = update(DigestRow).where(DigestRow.contact_id == contact_id, DigestRow.status == "failed")
    return len(session.execute(failed.values(status="waiting").returning(DigestRow.id)).all())
