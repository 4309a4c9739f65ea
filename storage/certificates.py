"""Holders, their contacts and certificates, and which change concerns which certificate."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, UniqueConstraint, delete, exists, func, select, tuple_, update
from sqlalchemy.orm import (
    InstrumentedAttribute,
    Mapped,
    Session,
    contains_eager,
    joinedload,
    mapped_column,
    relationship,
    selectinload,
)

from storage.captures import CaptureRow
from storage.changes import ChangeRow, EditionRow
from storage.documents import DocumentRow, page_family_column
from storage.engine.database import ROWS_A_STATEMENT, Base, insert_missing
from storage.imports import ImportRow


class HolderRow(Base):
    """Who holds certificates."""

    __tablename__ = "holders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)

    contacts: Mapped[list["ContactRow"]] = relationship(secondary="holder_contacts", back_populates="holders")
    certificates: Mapped[list["CertificateRow"]] = relationship(back_populates="holder")


class ContactRow(Base):
    """Who is written to; `frequency` is immediate, daily or weekly, `state` active, paused or unreachable.

    `active_since` is when a person made it active again: refusals before it count no more.
    """

    __tablename__ = "contacts"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    frequency: Mapped[str] = mapped_column(default="immediate")
    state: Mapped[str] = mapped_column(default="active")
    active_since: Mapped[datetime | None]

    holders: Mapped[list[HolderRow]] = relationship(secondary="holder_contacts", back_populates="contacts")


class HolderContactRow(Base):
    """A contact of a holder."""

    __tablename__ = "holder_contacts"

    holder_id: Mapped[int] = mapped_column(ForeignKey("holders.id"), primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contacts.id"), primary_key=True)


class CertificateRow(Base):
    """One certificate: its rule family and edition, product, validity, status.

    `version` counts what imports changed; `matched_version` is the one that was last held against the open changes.
    `watched_from` is the day of the first cycle that saw it.
    `first_import_id` is the import that added it, None where that was before imports were kept. An empty text is "not
    known"; `language` is a tag of BCP 47, `time_zone` a name of the IANA database, `models` are separated by "; ".
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
    next_surveillance: Mapped[date | None]
    last_surveillance: Mapped[date | None]
    cop_due: Mapped[date | None]
    factory: Mapped[str] = mapped_column(default="")
    models: Mapped[str] = mapped_column(default="")
    consultant: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="")
    time_zone: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="valid", index=True)
    first_import_id: Mapped[int | None] = mapped_column(ForeignKey(ImportRow.id))
    watched_from: Mapped[date | None]
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

    `deadline` is the first day that bites, `step` what happens on it, `days` the change's days in order (of "on" and
    "step"). `deadline_note` is a symbol such as next_surveillance where no day can be named, `reckoned` says that the
    deadline is a surveillance that no register states. `alert_id` is the one alert that tells it: a certificate is told
    of a change once. `settled_on` is the day on which it was known that nothing is left to do: the certificate rests on
    the new text, or has ended.
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
    step: Mapped[str | None]
    days: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    reckoned: Mapped[bool] = mapped_column(default=False)
    settled_on: Mapped[date | None]
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


def certificates_by_number(session: Session, numbers: Sequence[str]) -> dict[str, CertificateRow]:
    """Return the certificates that have the numbers, with holder and standards loaded."""
    query = _whole(select(CertificateRow).where(CertificateRow.number.in_(numbers)))
    return {row.number: row for row in session.scalars(query)}


def all_certificates(session: Session) -> Sequence[CertificateRow]:
    """Return every certificate by number, with standards, holder and the holder's contacts loaded."""
    query = _whole(select(CertificateRow)).options(joinedload(CertificateRow.holder).selectinload(HolderRow.contacts))
    return session.scalars(query.order_by(CertificateRow.number)).all()


def certificates_for(
    session: Session, families: Iterable[str], standards: Iterable[str], products: Iterable[tuple[str, str]] = ()
) -> Sequence[CertificateRow]:
    """Return certificates of the families, naming the undated standards, or with the (product, family) pairs."""
    found: dict[int, CertificateRow] = {}
    by_standard = select(CertificateStandardRow.certificate_id).where(
        CertificateStandardRow.undated.in_(list(standards))
    )
    queries = [
        select(CertificateRow).where(CertificateRow.family.in_(list(families))),
        select(CertificateRow).where(CertificateRow.id.in_(by_standard)),
    ]
    pairs = list(products)
    for start in range(0, len(pairs), ROWS_A_STATEMENT):
        is_one = tuple_(CertificateRow.product, CertificateRow.family).in_(pairs[start : start + ROWS_A_STATEMENT])
        queries.append(select(CertificateRow).where(is_one))
    for query in queries:
        found.update((row.id, row) for row in session.scalars(_whole(query)))
    return [found[key] for key in sorted(found)]


def certified_products(session: Session) -> Sequence[tuple[str, str]]:
    """Return every pair of product name and rule family that certificates have."""
    return [
        (product, family)
        for product, family in session.execute(select(CertificateRow.product, CertificateRow.family).distinct())
    ]


def certificates_to_match(session: Session, most: int = 1000, after: int = 0) -> Sequence[CertificateRow]:
    """Return certificates to be held against the open changes, from an id on: imported or altered since, or passed
    over."""
    query = select(CertificateRow).where(CertificateRow.version > CertificateRow.matched_version)
    query = query.where(CertificateRow.id > after)
    return session.scalars(_whole(query.order_by(CertificateRow.id).limit(most))).all()


def mark_certificates_matched(session: Session, versions: Mapping[int, int]) -> None:
    """Keep which version of each certificate was held against the open changes."""
    session.execute(update(CertificateRow), [{"id": key, "matched_version": at} for key, at in versions.items()])


def mark_certificates_unmatched(session: Session, ids: Iterable[int]) -> None:
    """Keep that certificates are to be held against the open changes again."""
    if not (wanted := list(ids)):
        return
    again = update(CertificateRow).where(CertificateRow.id.in_(wanted))
    session.execute(again.values(matched_version=CertificateRow.version - 1))


def mark_all_certificates_matched(session: Session) -> int:
    """Keep that nothing is open that certificates could be held against; return how many there were to match."""
    waiting = update(CertificateRow).where(CertificateRow.version > CertificateRow.matched_version)
    done = session.connection().execute(waiting.values(matched_version=CertificateRow.version))
    return int(done.rowcount)


def unmatched_changes(session: Session, most: int = 50, after: int = 0) -> Sequence[ChangeRow]:
    """Return changes whose present revision was not held against the certificates yet, from an id on, oldest first.

    An entry that amends another change concerns nobody by itself: those of the other one hear of it.
    """
    is_matched = exists().where(MatchedRow.change_id == ChangeRow.id, MatchedRow.change_revision == ChangeRow.revision)
    query = select(ChangeRow).where(~is_matched, ChangeRow.decision.is_distinct_from("dismissed"), ChangeRow.id > after)
    query = query.where(ChangeRow.amends.is_(None))
    return session.scalars(query.order_by(ChangeRow.id).limit(most)).all()


def matched_changes(session: Session) -> Sequence[ChangeRow]:
    """Return changes that were held against the certificates and not dismissed, oldest first."""
    query = select(ChangeRow).where(ChangeRow.id.in_(select(MatchedRow.change_id)))
    return session.scalars(query.where(ChangeRow.decision.is_distinct_from("dismissed")).order_by(ChangeRow.id)).all()


def keep_matches(
    session: Session, values: Sequence[Mapping[str, Any]], known: Mapping[int, MatchRow], today: date
) -> int:
    """Keep what concerns a change, one match a certificate; return how many were new.

    `known` are the matches of all certificates in question, by certificate. What is known is brought up to date; where
    the change no longer concerns a certificate, its match goes; one that an alert has told already is settled.
    """
    for value in values:
        row = known.get(value["certificate_id"])
        for name, content in value.items() if row else ():
            if getattr(row, name) != content:
                setattr(row, name, content)
    for certificate_id in known.keys() - {value["certificate_id"] for value in values}:
        if known[certificate_id].alert_id is None:
            session.delete(known[certificate_id])
        else:
            known[certificate_id].settled_on = known[certificate_id].settled_on or today
    return insert_missing(session, MatchRow, [value for value in values if value["certificate_id"] not in known])


def matches_of(session: Session, change_id: int, among: Collection[int] | None = None) -> dict[int, MatchRow]:
    """Return the matches of a change by certificate, those of some certificates only where they are given."""
    query = select(MatchRow).where(MatchRow.change_id == change_id)
    if among is not None:
        query = query.where(MatchRow.certificate_id.in_(among))
    return {row.certificate_id: row for row in session.scalars(query.order_by(MatchRow.id))}


def all_matches(session: Session) -> Sequence[MatchRow]:
    """Return every match with its certificate and holder, the newest change first, by certificate number."""
    query = (
        select(MatchRow)
        .join(MatchRow.certificate)
        .options(contains_eager(MatchRow.certificate).joinedload(CertificateRow.holder))
        .order_by(MatchRow.change_id.desc(), CertificateRow.number)
    )
    return session.scalars(query).all()


def rule_texts(session: Session) -> Sequence[tuple[str, dict[str, Any]]]:
    """Return each rule family with the newest reading of one of its editions' texts."""
    query = (
        select(EditionRow.family, DocumentRow.content)
        .join(CaptureRow, CaptureRow.id == EditionRow.capture_id)
        .join(DocumentRow, DocumentRow.sha256 == CaptureRow.sha256)
        .where(
            DocumentRow.page_family == page_family_column(),
            DocumentRow.readable,
        )
        .where(DocumentRow.reader_version == select(func.max(DocumentRow.reader_version)).scalar_subquery())
        .order_by(EditionRow.id)
    )
    return [(family, content) for family, content in session.execute(query)]


def all_editions(session: Session) -> Sequence[EditionRow]:
    """Return every edition that the register knows, oldest first."""
    return session.scalars(select(EditionRow).order_by(EditionRow.family, EditionRow.year, EditionRow.letter)).all()


def _whole(query: Select[CertificateRow]) -> Select[CertificateRow]:
    return query.options(joinedload(CertificateRow.holder), selectinload(CertificateRow.standards))


def contact_of(session: Session, email: str) -> ContactRow | None:
    """Return the contact with an address, None where there is none."""
    return session.scalar(select(ContactRow).where(ContactRow.email == email))


def all_contacts(session: Session) -> Sequence[ContactRow]:
    """Return every contact with its holders, by address."""
    return session.scalars(
        select(ContactRow).options(selectinload(ContactRow.holders)).order_by(ContactRow.email)
    ).all()


def holders_named(session: Session, names: Sequence[str]) -> Iterable[HolderRow]:
    """Return the holders of some names, each with contacts and certificates, by name."""
    ordered = sorted(names)
    for start in range(0, len(ordered), ROWS_A_STATEMENT):
        query = select(HolderRow).where(HolderRow.name.in_(ordered[start : start + ROWS_A_STATEMENT]))
        loaded = query.options(selectinload(HolderRow.contacts), selectinload(HolderRow.certificates))
        yield from session.scalars(loaded.order_by(HolderRow.name)).all()


def remove_contacts(session: Session, holder_id: int, contact_ids: Iterable[int]) -> None:
    """Keep that contacts are a holder's no more. Their addresses, and what they were sent, stay known."""
    links = delete(HolderContactRow).where(HolderContactRow.holder_id == holder_id)
    session.execute(links.where(HolderContactRow.contact_id.in_(list(contact_ids))))


def ids_of(session: Session, column: InstrumentedAttribute[str], values: Sequence[str]) -> dict[str, int]:
    """Return the id of each row by the value of one of its unique columns."""
    found: dict[str, int] = {}
    for start in range(0, len(values), ROWS_A_STATEMENT):
        key = column.class_.id
        query = select(column, key).where(column.in_(values[start : start + ROWS_A_STATEMENT]))
        found.update((value, row_id) for value, row_id in session.execute(query))
    return found


def set_frequencies(session: Session, frequencies: Mapping[int, str]) -> None:
    """Keep how often contacts want to hear."""
    for frequency in sorted(set(frequencies.values())):
        ids = [contact_id for contact_id, wanted in frequencies.items() if wanted == frequency]
        for start in range(0, len(ids), ROWS_A_STATEMENT):
            session.execute(
                update(ContactRow)
                .where(ContactRow.id.in_(ids[start : start + ROWS_A_STATEMENT]), ContactRow.frequency != frequency)
                .values(frequency=frequency)
            )
