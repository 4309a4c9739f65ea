"""The register of certificates, as it is shown."""

from typing import Any

from monitor.certificates.fields import texts
from monitor.errors import BadInput
from storage import certificates as storage
from storage.certificates import CertificateRow
from storage.engine.database import Database
from storage.imports import history_of

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
        row = storage.certificates_by_number(session, [number]).get(number)
        if row is None:
            raise BadInput(f"no certificate has the number {number} (`rulewatch certificates list` shows all)")
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
