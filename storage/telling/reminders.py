"""Reminders that contacts were told, and the calendar feed of each."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, selectinload

from storage.certificates import CertificateRow, ContactRow, HolderContactRow, MatchedRow, MatchRow
from storage.changes import ChangeRow
from storage.digests import AlertRow, DigestAlertRow, DigestRow, ReminderRow
from storage.engine.database import Base, insert_missing


class FeedRow(Base):
    """The calendar feed of a contact as it stands: every day of every certificate, the cancelled ones too."""

    __tablename__ = "feeds"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True)
    content: Mapped[str]
    made_on: Mapped[date]


def watch_certificates(session: Session, today: date) -> None:
    """Keep since when certificates are looked after: today, for those that no cycle has seen before."""
    unseen = update(CertificateRow).where(CertificateRow.watched_from.is_(None)).values(watched_from=today)
    session.execute(unseen.execution_options(synchronize_session=False))


def contacts_with_certificates(session: Session) -> dict[int, str]:
    """Return the active contacts whose holders have certificates: address by id."""
    query = (
        select(ContactRow.id, ContactRow.email)
        .join(HolderContactRow, HolderContactRow.contact_id == ContactRow.id)
        .join(CertificateRow, CertificateRow.holder_id == HolderContactRow.holder_id)
        .where(ContactRow.state == "active")
    )
    return {row.id: row.email for row in session.execute(query.distinct())}


def certificates_of_contact(session: Session, contact_id: int) -> Sequence[CertificateRow]:
    """Return the certificates of a contact's holders, by number, with their holders."""
    query = (
        select(CertificateRow)
        .join(HolderContactRow, HolderContactRow.holder_id == CertificateRow.holder_id)
        .where(HolderContactRow.contact_id == contact_id)
        .options(joinedload(CertificateRow.holder), selectinload(CertificateRow.standards))
    )
    return session.scalars(query.order_by(CertificateRow.number)).all()


def standing_matches(session: Session, certificate_ids: Iterable[int]) -> Sequence[tuple[MatchRow, ChangeRow]]:
    """Return what concerns some certificates and is neither settled nor taken back, by change."""
    newest = select(func.max(MatchedRow.change_revision)).where(MatchedRow.change_id == MatchRow.change_id)
    query = (
        select(MatchRow, ChangeRow)
        .join(ChangeRow, ChangeRow.id == MatchRow.change_id)
        .where(MatchRow.certificate_id.in_(list(certificate_ids)), MatchRow.settled_on.is_(None))
        .where(ChangeRow.decision.is_distinct_from("dismissed"))
        .where(MatchRow.change_revision >= newest.scalar_subquery())
        .order_by(MatchRow.change_id, MatchRow.id)
    )
    return [(match, change) for match, change in session.execute(query)]


def told_standing(session: Session, contact_id: int) -> Sequence[tuple[MatchRow, ChangeRow, date]]:
    """Return what a contact was told and still stands, each with the last day on which a digest told it."""
    told: dict[int, date] = {}
    query = (
        select(func.coalesce(AlertRow.update_of, AlertRow.id), func.max(DigestRow.made_on))
        .join(DigestAlertRow, DigestAlertRow.alert_id == AlertRow.id)
        .join(DigestRow, DigestRow.id == DigestAlertRow.digest_id)
        .where(DigestAlertRow.contact_id == contact_id)
        .group_by(func.coalesce(AlertRow.update_of, AlertRow.id))
    )
    told.update((alert_id, day) for alert_id, day in session.execute(query))
    owned = [row.id for row in certificates_of_contact(session, contact_id)]
    standing = standing_matches(session, owned) if told else ()
    return [(match, change, told[match.alert_id]) for match, change in standing if match.alert_id in told]


def reminders_told(session: Session, contact_id: int) -> set[tuple[int, str, date, int]]:
    """Return what a contact was reminded of: certificate, about, day, distance."""
    query = select(ReminderRow.certificate_id, ReminderRow.about, ReminderRow.on, ReminderRow.distance)
    rows = session.execute(query.where(ReminderRow.contact_id == contact_id))
    return {(certificate_id, about, on, distance) for certificate_id, about, on, distance in rows}


def calendars_since(session: Session, contact_id: int, since: date) -> Sequence[str]:
    """Return the calendar files of a contact's digests that were made since a day, oldest first."""
    query = select(DigestRow.calendar).where(DigestRow.contact_id == contact_id, DigestRow.made_on >= since)
    return [text for text in session.scalars(query.order_by(DigestRow.id)) if text]


def feed_of(session: Session, contact_id: int) -> FeedRow | None:
    """Return the calendar feed of a contact, None where there is none yet."""
    return session.get(FeedRow, contact_id)


def contacts_to_feed(session: Session) -> Sequence[int]:
    """Return the ids of contacts that got a digest, in order."""
    return session.scalars(select(DigestRow.contact_id).distinct().order_by(DigestRow.contact_id)).all()


def keep_feed(session: Session, contact_id: int, content: str, today: date) -> None:
    """Keep a contact's feed in place of the one before."""
    row = session.get(FeedRow, contact_id)
    if row is None:
        insert_missing(session, FeedRow, [{"contact_id": contact_id, "content": content, "made_on": today}])
    else:
        row.content, row.made_on = content, today


def all_feeds(session: Session) -> Sequence[tuple[str, str]]:
    """Return each contact's address with its feed, by address."""
    query = select(ContactRow.email, FeedRow.content).join(FeedRow, FeedRow.contact_id == ContactRow.id)
    return [(email, content) for email, content in session.execute(query.order_by(ContactRow.email))]
