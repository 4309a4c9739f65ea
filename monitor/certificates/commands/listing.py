"""The register of certificates, as it is shown."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from monitor.certificates.fields import texts
from monitor.errors import BadInput
from monitor.notation.text import fold
from storage import certificates as storage
from storage.certificates import CertificateRow
from storage.engine.database import Database, Session
from storage.imports import CertificateHistoryRow, ImportRow, history_of

_LISTS = ("standards", "models")


def list_certificates(database: Database) -> list[dict[str, Any]]:
    """Return every certificate by number, as `rulewatch certificates list --json` prints it."""
    with database.session() as session:
        return [_shown(row) for row in storage.all_certificates(session)]


def show_certificate(database: Database, number: str) -> dict[str, Any]:
    """Return one certificate with its history, as `rulewatch certificates show --json` prints it.

    Raises BadInput where no certificate has the number.
    """
    with database.session() as session:
        row = _named(session, number)
        history = [
            {
                "field": item.field,
                "old": item.old or None,
                "new": item.new or None,
                "import": item.import_id,
                "file": item.made_by.file,
                "at": item.made_by.imported_at.isoformat(),
            }
            for item in history_of(session, row.id)
        ]
        return _shown(row) | {"history": history}


def history_of_certificate(database: Database, number: str) -> list[dict[str, Any]]:
    """Return what each field of a certificate was, as `rulewatch certificates history --json` prints it.

    One entry a value, by field and then by time: `since` and `import` are None where it was so before imports were
    kept. Raises BadInput where no certificate has the number.
    """
    with database.session() as session:
        row = _named(session, number)
        changes: dict[str, list[CertificateHistoryRow]] = defaultdict(list)
        for item in history_of(session, row.id):
            changes[item.field].append(item)
        first = session.get(ImportRow, row.first_import_id) if row.first_import_id else None
        return [
            {"field": field, "says": says or None} | _made_by(at)
            for field, now in texts_of_row(row).items()
            for says, at in _values_of(changes[field], now, first)
        ]


def _values_of(
    changes: Sequence[CertificateHistoryRow], now: str, first: ImportRow | None
) -> Iterator[tuple[str, ImportRow | None]]:
    """Yield each value that a field has had and the import that made it so; one never filled is left out."""
    was = changes[0].old if changes else now
    if was or changes:
        yield was, first
    for item in changes:
        yield item.new, item.made_by


def _made_by(at: ImportRow | None) -> dict[str, Any]:
    return {
        "since": at.imported_at.isoformat() if at else None,
        "import": at.id if at else None,
        "file": at.file if at else None,
    }


def _named(session: Session, number: str) -> CertificateRow:
    kept = "".join(fold(number).split())
    row = storage.certificates_by_number(session, [kept]).get(kept)
    if row is None:
        raise BadInput(f"no certificate has the number {number} (`rulewatch certificates list` shows all)")
    return row


def texts_of_row(row: CertificateRow) -> dict[str, str]:
    """Return what each field of a kept certificate says, as text."""
    values = {column.key: getattr(row, column.key) for column in CertificateRow.__table__.columns}
    return texts(values, row.holder.name, (item.standard for item in row.standards))


def _shown(row: CertificateRow) -> dict[str, Any]:
    said = texts_of_row(row)
    listed = {field: [part for part in said[field].split("; ") if part] for field in _LISTS}
    kept = {
        "family": row.family,
        "edition": row.edition,
        "contacts": sorted(item.email for item in row.holder.contacts),
    }
    return {"certificate_no": row.number} | {field: text or None for field, text in said.items()} | listed | kept
