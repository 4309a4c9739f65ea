"""Alerts, digests and deliveries: who is told what, in which message, and whether it arrived."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, delete, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, aliased, joinedload, mapped_column, relationship, selectinload

from storage.certificates import CertificateRow, ContactRow, HolderContactRow, MatchedRow, MatchRow
from storage.changes import ChangeRow
from storage.database import Base, insert_missing
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
    """Return every digest, oldest first, with its contact, alerts and deliveries."""
    query = select(DigestRow).options(
        joinedload(DigestRow.contact),
        selectinload(DigestRow.alerts).joinedload(DigestAlertRow.alert),
        selectinload(DigestRow.deliveries),
    )
    return session.scalars(query.order_by(DigestRow.id)).all()


def untold_matches(session: Session) -> Sequence[tuple[MatchRow, int]]:
    """Return the matches that no alert tells, each with the id of its holder; dismissed changes are left out."""
    query = (
        select(MatchRow, CertificateRow.holder_id)
        .join(CertificateRow, CertificateRow.id == MatchRow.certificate_id)
        .join(ChangeRow, ChangeRow.id == MatchRow.change_id)
        .where(MatchRow.alert_id.is_(None), ChangeRow.decision.is_distinct_from("dismissed"))
        .order_by(MatchRow.change_id, CertificateRow.holder_id, MatchRow.id)
    )
    return [(match, holder_id) for match, holder_id in session.execute(query)]


def keep_alert(session: Session, change_id: int, holder_id: int, severity: str, today: date, tells: list[int]) -> int:
    """Keep the alert that tells some matches of one change to one holder; return how many were new (0 or 1).

    A further alert of the pair is a further part. The matches are taken, and the holder's contacts owed it, in the same
    commit; what another process took meanwhile is left to it.
    """
    part = _next_part(session, change_id, holder_id)
    value = {"change_id": change_id, "holder_id": holder_id, "part": part, "severity": severity, "made_on": today}
    if not insert_missing(session, AlertRow, [value]):
        return 0
    pair = (AlertRow.change_id == change_id, AlertRow.holder_id == holder_id)
    alert = session.scalars(select(AlertRow).where(*pair, AlertRow.part == part)).one()
    taken = update(MatchRow).where(MatchRow.id.in_(tells), MatchRow.alert_id.is_(None)).values(alert_id=alert.id)
    if session.execute(taken.returning(MatchRow.id)).all():
        owe_alerts(session, [alert])
        return 1
    session.rollback()
    return 0


def revised_alerts(session: Session) -> Sequence[tuple[AlertRow, ChangeRow]]:
    """Return the alerts that went before their change was revised, with the change; updates and dismissed ones aside.

    Left out are those whose change's present revision has not been held against the certificates yet.
    """
    update_row = aliased(AlertRow)
    is_updated = exists().where(update_row.update_of == AlertRow.id, update_row.revision >= ChangeRow.revision)
    is_matched = exists().where(MatchedRow.change_id == ChangeRow.id, MatchedRow.change_revision == ChangeRow.revision)
    query = (
        select(AlertRow, ChangeRow)
        .join(ChangeRow, ChangeRow.id == AlertRow.change_id)
        .where(AlertRow.update_of.is_(None), AlertRow.released_on.is_not(None))
        .where(AlertRow.revision < ChangeRow.revision, ~is_updated, is_matched)
        .where(ChangeRow.decision.is_distinct_from("dismissed"))
        .order_by(AlertRow.id)
    )
    return [(alert, change) for alert, change in session.execute(query)]


def keep_update(session: Session, alert: AlertRow, revision: int, severity: str, today: date) -> int:
    """Keep the alert that tells an alert's certificates what a revision altered; return how many were new (0 or 1).

    The holder's contacts are owed it in the same commit.
    """
    value = {
        "change_id": alert.change_id,
        "holder_id": alert.holder_id,
        "part": _next_part(session, alert.change_id, alert.holder_id),
        "severity": severity,
        "made_on": today,
        "revision": revision,
        "update_of": alert.id,
    }
    if not insert_missing(session, AlertRow, [value]):
        return 0
    told = (AlertRow.update_of == alert.id, AlertRow.revision == revision)
    owe_alerts(session, session.scalars(select(AlertRow).where(*told)).all())
    return 1


def alerts_of(session: Session, change_ids: Iterable[int]) -> Sequence[AlertRow]:
    """Return the alerts of some changes."""
    query = select(AlertRow).where(AlertRow.change_id.in_(list(change_ids)))
    return session.scalars(query.order_by(AlertRow.id)).all()


def changes_with_alerts(session: Session) -> Sequence[ChangeRow]:
    """Return the changes that alerts tell of."""
    query = select(ChangeRow).where(ChangeRow.id.in_(select(AlertRow.change_id)))
    return session.scalars(query.order_by(ChangeRow.id)).all()


def owe_alerts(session: Session, alerts: Sequence[AlertRow]) -> int:
    """Keep that every contact of an alert's holder is owed it, once; return how many were new."""
    contacts: dict[int, list[int]] = {}
    for link in session.scalars(select(HolderContactRow)):
        contacts.setdefault(link.holder_id, []).append(link.contact_id)
    values = [
        {"contact_id": contact_id, "alert_id": alert.id, "position": 0}
        for alert in alerts
        for contact_id in contacts.get(alert.holder_id, ())
    ]
    return insert_missing(session, DigestAlertRow, values)


def forget_owed(session: Session, holder_id: int, contact_ids: Iterable[int]) -> None:
    """Keep that contacts are no longer owed what no digest carries yet of a holder's alerts."""
    alerts = select(AlertRow.id).where(AlertRow.holder_id == holder_id)
    owed_rows = delete(DigestAlertRow).where(DigestAlertRow.contact_id.in_(list(contact_ids)))
    session.execute(owed_rows.where(DigestAlertRow.alert_id.in_(alerts), DigestAlertRow.digest_id.is_(None)))


def undelivered_alerts(session: Session) -> Sequence[AlertRow]:
    """Return alerts that nobody was sent yet, or that somebody is still owed."""
    owed = select(DigestAlertRow.alert_id).where(DigestAlertRow.digest_id.is_(None))
    composed = select(DigestAlertRow.alert_id).where(DigestAlertRow.digest_id.is_not(None))
    query = select(AlertRow).where(or_(AlertRow.id.in_(owed), AlertRow.id.not_in(composed)))
    return session.scalars(query.order_by(AlertRow.id)).all()


def matches_told(session: Session, alert_ids: Sequence[int]) -> dict[int, list[MatchRow]]:
    """Return the matches of each alert, with certificate and holder.

    An update tells those of the alert that it updates, as far as its revision still concerns them.
    """
    is_concerned = or_(AlertRow.update_of.is_(None), MatchRow.change_revision >= AlertRow.revision)
    query = (
        select(AlertRow.id, MatchRow)
        .join(MatchRow, MatchRow.alert_id == func.coalesce(AlertRow.update_of, AlertRow.id))
        .where(AlertRow.id.in_(alert_ids), is_concerned)
        .options(joinedload(MatchRow.certificate).joinedload(CertificateRow.holder))
        .order_by(MatchRow.id)
    )
    found: dict[int, list[MatchRow]] = {}
    for alert_id, row in session.execute(query):
        found.setdefault(alert_id, []).append(row)
    return found


def matches_of_alert(session: Session, alert: AlertRow, revision: int) -> Sequence[MatchRow]:
    """Return the matches that an alert tells, as far as a later revision of the change still concerns them."""
    query = select(MatchRow).where(MatchRow.alert_id == alert.id, MatchRow.change_revision >= revision)
    return session.scalars(query).all()


def is_told(session: Session, change_id: int) -> bool:
    """Return whether a digest, sent or not, carries a change to anybody."""
    carried = exists().where(AlertRow.change_id == change_id, DigestAlertRow.alert_id == AlertRow.id)
    return bool(session.scalar(select(carried.where(DigestAlertRow.digest_id.is_not(None)))))


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
    """Return what a contact was told of some changes, as far as their newest revision still concerns it."""
    newest = select(func.max(MatchedRow.change_revision)).where(MatchedRow.change_id == MatchRow.change_id)
    query = (
        select(MatchRow)
        .join(DigestAlertRow, DigestAlertRow.alert_id == MatchRow.alert_id)
        .where(DigestAlertRow.contact_id == contact_id, DigestAlertRow.digest_id.is_not(None))
        .where(MatchRow.change_id.in_(list(change_ids)), MatchRow.change_revision >= newest.scalar_subquery())
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


def keep_digest(session: Session, value: Mapping[str, Any], alert_ids: Sequence[int]) -> bool:
    """Keep a digest and that it carries the alerts; False where another process was first. Commits or rolls back."""
    if not insert_missing(session, DigestRow, [value]):
        session.rollback()
        return False
    digest = session.scalars(select(DigestRow.id).where(DigestRow.message_id == value["message_id"])).one()
    for position, alert_id in enumerate(alert_ids):
        carried = (
            update(DigestAlertRow)
            .where(DigestAlertRow.contact_id == value["contact_id"], DigestAlertRow.alert_id == alert_id)
            .where(DigestAlertRow.digest_id.is_(None))
            .values(digest_id=digest, position=position)
        )
        if not session.execute(carried.returning(DigestAlertRow.id)).all():
            session.rollback()
            return False
    session.commit()
    return True


def _next_part(session: Session, change_id: int, holder_id: int) -> int:
    newest = select(func.max(AlertRow.part)).where(AlertRow.change_id == change_id, AlertRow.holder_id == holder_id)
    return (session.scalar(newest) or 0) + 1


def recover_claims(session: Session) -> int:
    """Give back digests whose sender is gone; only the holder of the delivery lock may ask. Returns how many."""
    lost = update(DigestRow).where(DigestRow.status == "sending").values(status="waiting", claimed_at=None)
    return len(session.execute(lost.returning(DigestRow.id)).all())


def waiting_digests(session: Session) -> Sequence[int]:
    """Return the ids of digests to send to contacts that are active and still a holder's of whom it tells, oldest
    first."""
    is_for_a_holder = (
        exists()
        .where(DigestAlertRow.digest_id == DigestRow.id, AlertRow.id == DigestAlertRow.alert_id)
        .where(HolderContactRow.holder_id == AlertRow.holder_id, HolderContactRow.contact_id == DigestRow.contact_id)
    )
    query = (
        select(DigestRow.id)
        .join(ContactRow, ContactRow.id == DigestRow.contact_id)
        .where(DigestRow.status == "waiting", ContactRow.state == "active", is_for_a_holder)
    )
    return session.scalars(query.order_by(DigestRow.id)).all()


def claim_digest(session: Session, digest_id: int) -> DigestRow | None:
    """Claim a digest for sending and keep the attempt; None where another process has it. Commits."""
    claim = update(DigestRow).where(DigestRow.id == digest_id, DigestRow.status == "waiting")
    if not session.execute(claim.values(status="sending", claimed_at=now()).returning(DigestRow.id)).all():
        session.rollback()
        return None
    attempts = session.scalar(select(func.count(DeliveryRow.id)).where(DeliveryRow.digest_id == digest_id)) or 0
    session.add(DeliveryRow(digest_id=digest_id, attempt=attempts + 1, started_at=now()))
    session.commit()
    return session.scalars(
        select(DigestRow).where(DigestRow.id == digest_id).options(joinedload(DigestRow.contact))
    ).one()


def keep_outcome(session: Session, digest_id: int, outcome: str, reply: str, status: str) -> None:
    """Keep what came of the newest attempt, and how the digest stands now. Commits."""
    newest = select(DeliveryRow).where(DeliveryRow.digest_id == digest_id).order_by(DeliveryRow.attempt.desc()).limit(1)
    delivery = session.scalars(newest).one()
    delivery.outcome, delivery.reply, delivery.finished_at = outcome, reply, now()
    digest = session.get_one(DigestRow, digest_id)
    digest.status, digest.claimed_at = status, None
    if status == "sent":
        digest.sent_at = delivery.finished_at
    if status == "failed":
        session.get_one(ContactRow, digest.contact_id).state = "unreachable"
    session.commit()


def retry_failed(session: Session, contact_id: int) -> int:
    """Let a contact's refused digests wait for the next cycle again; return how many."""
    failed = update(DigestRow).where(DigestRow.contact_id == contact_id, DigestRow.status == "failed")
    return len(session.execute(failed.values(status="waiting").returning(DigestRow.id)).all())
