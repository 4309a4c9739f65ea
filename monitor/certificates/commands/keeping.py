"""Keeping what an import takes: holders, their contacts, certificates, and what each field of these was before."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from monitor.certificates.certificate import Certificate, Frequency
from monitor.certificates.fields import KEPT_AS, Stated, values_of
from storage import certificates as storage
from storage import register
from storage.certificates import ContactRow, HolderContactRow, HolderRow
from storage.engine.bulk import insert_rows
from storage.engine.database import Session
from storage.imports import ImportRow
from storage.register import Known
from storage.runs import now


class Change:
    """What a row makes of what is known: `fields` maps each field that becomes another to its old and new text."""

    __slots__ = ("certificate", "fields", "known", "standards", "values")

    def __init__(self, certificate: Certificate, known: Known | None) -> None:
        """Take a certificate and what is known of it."""
        self.certificate = certificate
        self.known = known
        self.values = values_of(certificate)
        self.standards = {str(standard): standard.undated for standard in certificate.standards}
        """The undated key of each standard that the certificate names."""
        self.fields: Mapping[str, tuple[str, str]] = {}

    @property
    def holder(self) -> str:
        """The holder's name."""
        return self.certificate.holder.name

    def hold_against_known(self, stated: Stated) -> bool:
        """Return whether a field of those that are stated becomes another."""
        if self.known is not None:
            self.fields = stated.changed(self.known, self)
        return bool(self.fields)


def begin_import(session: Session, path: Path) -> int:
    """Keep that a file is imported; return the import's id."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    row = ImportRow(file=path.name, sha256=digest, imported_at=now())
    session.add(row)
    session.flush()
    return row.id


def links_of(changes: Iterable[Change]) -> set[tuple[str, str]]:
    """Return the holder and the address of each contact that is named."""
    return {(item.holder, contact.email) for item in changes for contact in item.certificate.contacts}


def keep_changes(session: Session, changes: Sequence[Change], made_by: int) -> None:
    """Keep what rows say, in a few statements."""
    holders = _keep_missing(session, HolderRow, "name", {item.holder: () for item in changes})
    _keep_contacts(session, changes, holders)
    _add(session, [item for item in changes if item.known is None], holders, made_by)
    _alter(session, [item for item in changes if item.fields], holders, made_by)


def _keep_missing(
    session: Session, row: type[HolderRow | ContactRow], key: str, wanted: Mapping[str, tuple[Any, ...]], *others: str
) -> dict[str, int]:
    """Keep the rows that are missing, by the value of a unique column with those of `others`; return every one's id."""
    column = getattr(row, key)
    known = storage.ids_of(session, column, sorted(wanted))
    missing = sorted(wanted.keys() - known.keys())
    insert_rows(session, row, (key, *others), ((value, *wanted[value]) for value in missing))
    return known | storage.ids_of(session, column, missing)


def _keep_contacts(session: Session, changes: Iterable[Change], holders: Mapping[str, int]) -> None:
    """Keep contacts and whose they are; a contact named with several frequencies gets the most frequent."""
    stated: dict[str, Frequency] = {}
    for item in changes:
        for contact in item.certificate.contacts:
            if contact.frequency is not None:
                stated[contact.email] = _sooner(stated.get(contact.email, contact.frequency), contact.frequency)
    links = sorted(links_of(changes))
    wanted = {email: (stated.get(email, Frequency.IMMEDIATE).value, "active") for _, email in links}
    ids = _keep_missing(session, ContactRow, "email", wanted, "frequency", "state")
    pairs = ((holders[name], ids[email]) for name, email in links)
    insert_rows(session, HolderContactRow, ("holder_id", "contact_id"), pairs)
    storage.set_frequencies(session, {ids[email]: frequency.value for email, frequency in stated.items()})


def _sooner(one: Frequency, other: Frequency) -> Frequency:
    return min(one, other, key=list(Frequency).index)


def _add(session: Session, changes: Sequence[Change], holders: Mapping[str, int], made_by: int) -> None:
    fixed = {"imported_at": now(), "first_import_id": made_by, "version": 1, "matched_version": 0}
    values = [_kept(item, holders) | fixed for item in changes]
    register.add_certificates(session, values, {item.certificate.number: item.standards for item in changes})


def _alter(session: Session, changes: Sequence[Change], holders: Mapping[str, int], made_by: int) -> None:
    at = now()
    values: list[dict[str, Any]] = []
    standards: dict[int, Mapping[str, str]] = {}
    history = []
    for item in changes:
        assert item.known is not None
        key, kept = item.known.values["id"], _kept(item, holders)
        named = {name: kept[name] for field in item.fields for name in KEPT_AS.get(field, (field,))}
        values.append({"id": key, "version": item.known.values["version"] + 1, "imported_at": at, **named})
        if "standards" in item.fields:
            standards[key] = item.standards
        history += [
            {"certificate_id": key, "import_id": made_by, "field": field, "old": old, "new": new}
            for field, (old, new) in item.fields.items()
        ]
    register.alter_certificates(session, values, standards, history)


def _kept(change: Change, holders: Mapping[str, int]) -> dict[str, Any]:
    return {"number": change.certificate.number, "holder_id": holders[change.holder], **change.values}
