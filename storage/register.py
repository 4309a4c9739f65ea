"""The register of certificates as a whole: as imports go through it, and in words that the crawler can look for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from storage.captures import CaptureRow
from storage.certificates import (
    CertificateRow,
    CertificateStandardRow,
    ContactRow,
    HolderContactRow,
    HolderRow,
    ids_of,
)
from storage.changes import EditionRow
from storage.engine.bulk import insert_rows
from storage.engine.database import ROWS_A_STATEMENT, Base
from storage.imports import CertificateHistoryRow

T = TypeVar("T")


_CERTIFICATES = Base.metadata.tables[CertificateRow.__tablename__]
_STANDARDS = Base.metadata.tables[CertificateStandardRow.__tablename__]
_HOLDERS = Base.metadata.tables[HolderRow.__tablename__]
_SAID = [
    column
    for column in _CERTIFICATES.c
    if column.name not in ("first_import_id", "watched_from", "imported_at", "matched_version")
]
_NAMES = [column.name for column in _SAID]


@dataclass(frozen=True, slots=True)
class Known:
    """A certificate as it is kept: its id, its version and what files said of it; its holder's name, its standards."""

    values: Mapping[str, Any]
    holder: str
    standards: list[str]


def known_certificates(session: Session, numbers: Sequence[str]) -> dict[str, Known]:
    """Return the certificates that have the numbers."""
    found: dict[str, Known] = {}
    for some in _parts(numbers):
        found.update((known.values["number"], known) for known in _known(session, _CERTIFICATES.c.number.in_(some)))
    return found


def every_certificate(session: Session) -> Iterator[tuple[Sequence[Known], Mapping[int, Mapping[str, str]]]]:
    """Yield certificates by number, some at a time, with their holders' contacts: address and frequency by holder."""
    last = ""
    while some := _known(session, _CERTIFICATES.c.number > last, ROWS_A_STATEMENT):
        last = some[-1].values["number"]
        query = select(HolderContactRow.holder_id, ContactRow.email, ContactRow.frequency)
        query = query.join(ContactRow, ContactRow.id == HolderContactRow.contact_id)
        contacts: dict[int, dict[str, str]] = {}
        holders = {known.values["holder_id"] for known in some}
        for holder_id, email, frequency in session.execute(query.where(HolderContactRow.holder_id.in_(holders))):
            contacts.setdefault(holder_id, {})[email] = frequency
        yield some, contacts


def _known(session: Session, wanted: ColumnElement[bool], most: int | None = None) -> list[Known]:
    query = select(_HOLDERS.c.name, *_SAID).join(_HOLDERS, _HOLDERS.c.id == _CERTIFICATES.c.holder_id)
    rows = session.execute(query.where(wanted).order_by(_CERTIFICATES.c.number).limit(most)).all()
    found = [Known(dict(zip(_NAMES, row[1:], strict=True)), row[0], []) for row in rows]
    by_id = {known.values["id"]: known.standards for known in found}
    named = select(_STANDARDS.c.certificate_id, _STANDARDS.c.standard)
    for certificate_id, standard in session.execute(named.where(_STANDARDS.c.certificate_id.in_(by_id))):
        by_id[certificate_id].append(standard)
    return found


def add_certificates(
    session: Session, values: Sequence[Mapping[str, Any]], standards: Mapping[str, Mapping[str, str]]
) -> None:
    """Keep new certificates, all of the same columns, and the standards (undated, by name) that each number names."""
    if not values:
        return
    insert_rows(session, CertificateRow, list(values[0]), (value.values() for value in values))
    ids = ids_of(session, CertificateRow.number, [value["number"] for value in values])
    _add_standards(session, {ids[number]: named for number, named in standards.items()})


def alter_certificates(
    session: Session,
    values: Sequence[Mapping[str, Any]],
    standards: Mapping[int, Mapping[str, str]],
    history: Sequence[Mapping[str, Any]],
) -> None:
    """Keep what became of known certificates: whole `values` by `id`, standards by id where they changed, history."""
    for names, some in groupby(sorted(values, key=lambda value: sorted(value)), key=lambda value: sorted(value)):
        changed: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names if name != "id"}
        query = update(_CERTIFICATES).where(_CERTIFICATES.c.id == bindparam("new_id")).values(changed)
        session.connection().execute(query, [{f"new_{name}": at for name, at in value.items()} for value in some])
    for part in _parts(list(standards)):
        session.execute(delete(_STANDARDS).where(_STANDARDS.c.certificate_id.in_(part)))
    _add_standards(session, standards)
    if history:
        session.execute(insert(CertificateHistoryRow), [dict(value) for value in history])


def contacts_by_holder(session: Session, names: Sequence[str]) -> dict[str, tuple[int, dict[str, int]]]:
    """Return the id of each holder that is known, and its contacts' ids by address."""
    query = select(HolderRow.name, HolderRow.id, ContactRow.email, ContactRow.id)
    query = query.join(HolderContactRow, HolderContactRow.holder_id == HolderRow.id)
    query = query.join(ContactRow, ContactRow.id == HolderContactRow.contact_id)
    found: dict[str, tuple[int, dict[str, int]]] = {}
    for name, holder_id, email, contact_id in session.execute(query.where(HolderRow.name.in_(names))):
        found.setdefault(name, (holder_id, {}))[1][email] = contact_id
    return found


def standing_of(session: Session, holder_id: int) -> Sequence[tuple[str, str, date | None]]:
    """Return number, status and expiry of each certificate of a holder."""
    query = select(CertificateRow.number, CertificateRow.status, CertificateRow.expires)
    return [
        (number, status, at)
        for number, status, at in session.execute(query.where(CertificateRow.holder_id == holder_id))
    ]


def certified_families(session: Session) -> list[str]:
    """Return the rule families on which certificates are based."""
    return list(session.scalars(select(CertificateRow.family).distinct().order_by(CertificateRow.family)))


def principal_addresses(session: Session, authority: str) -> list[str]:
    """Return the addresses at which an authority publishes the texts of rules that certificates are based on."""
    query = (
        select(CaptureRow.url)
        .join(EditionRow, EditionRow.capture_id == CaptureRow.id)
        .where(CaptureRow.authority == authority)
        .where(EditionRow.family.in_(select(CertificateRow.family)))
        .distinct()
    )
    return list(session.scalars(query))


def _add_standards(session: Session, standards: Mapping[int, Mapping[str, str]]) -> None:
    rows = (
        (certificate_id, standard, undated)
        for certificate_id, named in standards.items()
        for standard, undated in named.items()
    )
    insert_rows(session, CertificateStandardRow, ("certificate_id", "standard", "undated"), rows)


def _parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), ROWS_A_STATEMENT):
        yield values[start : start + ROWS_A_STATEMENT]
