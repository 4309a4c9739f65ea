"""Reminders that contacts were told, and the calendar feed of each."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import ForeignKey, func, select, update
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from storage.certificates import CertificateRow, ContactRow, HolderContactRow, MatchedRow, MatchRow
from storage.changes import ChangeRow
from storage.digests import AlertRow, DigestAlertRow, DigestRow, ReminderRow
from storage.engine.database import Base, insert_missing

MATCHES_A_STATEMENT = 10_000
"""Certificates whose matches are asked for at once; the matches of more come in parts."""
HEAD = 1000
"""Characters at the beginning of a feed in which it says what it was made from."""


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


Told = tuple[MatchRow, ChangeRow, date]
"""What a contact was told and still stands, and the last day on which a digest told it."""


@dataclass(slots=True)
class Looked:
    """What is kept of a contact: its holders' certificates by number, what it was told of them and what it was reminded
    of: certificate, about, day, distance."""

    certificates: list[CertificateRow] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    reminded: set[tuple[int, str, date, int]] = field(default_factory=set)


def looked_at(session: Session, contact_ids: Sequence[int]) -> dict[int, Looked]:
    """Return what is kept of each of some contacts, in a few questions for all of them."""
    found = {contact_id: Looked() for contact_id in contact_ids}
    owners: dict[int, list[int]] = {}
    links = select(HolderContactRow.holder_id, HolderContactRow.contact_id)
    for holder_id, contact_id in session.execute(links.where(HolderContactRow.contact_id.in_(found))):
        owners.setdefault(holder_id, []).append(contact_id)
    rows = select(CertificateRow).where(CertificateRow.holder_id.in_(owners)).order_by(CertificateRow.number)
    rows = rows.options(joinedload(CertificateRow.holder))
    holder_of = {}
    for row in session.scalars(rows):
        holder_of[row.id] = row.holder_id
        for contact_id in owners[row.holder_id]:
            found[contact_id].certificates.append(row)
    told = _alerts_told(session, contact_ids)
    if told:
        for match, change in standing_matches(session, holder_of):
            for contact_id in owners[holder_of[match.certificate_id]]:
                if (day := told.get((contact_id, match.alert_id))) is not None:
                    found[contact_id].told.append((match, change, day))
    for told_of in session.scalars(select(ReminderRow).where(ReminderRow.contact_id.in_(found))):
        key = (told_of.certificate_id, told_of.about, told_of.on, told_of.distance)
        found[told_of.contact_id].reminded.add(key)
    return found


def _alerts_told(session: Session, contact_ids: Sequence[int]) -> dict[tuple[int, int | None], date]:
    """Return the last day on which each contact was told of each alert."""
    alert = func.coalesce(AlertRow.update_of, AlertRow.id)
    query = (
        select(DigestAlertRow.contact_id, alert, func.max(DigestRow.made_on))
        .join(DigestAlertRow, DigestAlertRow.alert_id == AlertRow.id)
        .join(DigestRow, DigestRow.id == DigestAlertRow.digest_id)
        .where(DigestAlertRow.contact_id.in_(contact_ids))
        .group_by(DigestAlertRow.contact_id, alert)
    )
    return {(contact_id, alert_id): day for contact_id, alert_id, day in session.execute(query)}


def standing_matches(session: Session, certificate_ids: Iterable[int]) -> Iterator[tuple[MatchRow, ChangeRow]]:
    """Yield what concerns some certificates and is neither settled nor taken back, by change for some at a time."""
    newest = select(func.max(MatchedRow.change_revision)).where(MatchedRow.change_id == MatchRow.change_id)
    query = (
        select(MatchRow, ChangeRow)
        .join(ChangeRow, ChangeRow.id == MatchRow.change_id)
        .where(MatchRow.settled_on.is_(None), ChangeRow.decision.is_distinct_from("dismissed"))
        .where(MatchRow.change_revision >= newest.scalar_subquery())
        .order_by(MatchRow.change_id, MatchRow.id)
    )
    ids = list(certificate_ids)
    for start in range(0, len(ids), MATCHES_A_STATEMENT):
        some = query.where(MatchRow.certificate_id.in_(ids[start : start + MATCHES_A_STATEMENT]))
        yield from ((match, change) for match, change in session.execute(some))


def calendars_since(session: Session, contact_id: int, since: date) -> Sequence[str]:
    """Return the calendar files of a contact's digests that were made since a day, oldest first."""
    query = select(DigestRow.calendar).where(DigestRow.contact_id == contact_id, DigestRow.made_on >= since)
    return [text for text in session.scalars(query.order_by(DigestRow.id)) if text]


def feed_heads(session: Session, contact_ids: Collection[int]) -> dict[int, tuple[str, int]]:
    """Return how each contact's feed begins ("" where there is none), and the newest digest that came with a file."""
    newest = select(DigestRow.contact_id, func.max(DigestRow.id)).where(DigestRow.calendar.is_not(None))
    newest = newest.where(DigestRow.contact_id.in_(contact_ids)).group_by(DigestRow.contact_id)
    files = {row[0]: row[1] for row in session.execute(newest)}
    heads = select(FeedRow.contact_id, func.substr(FeedRow.content, 1, HEAD)).where(FeedRow.contact_id.in_(contact_ids))
    begun = {row[0]: row[1] for row in session.execute(heads)}
    return {contact_id: (begun.get(contact_id, ""), files.get(contact_id, 0)) for contact_id in contact_ids}


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
