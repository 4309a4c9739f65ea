"""What a person may do with certificates: import them, pause a contact and resume it, list what concerns them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from monitor.certificates.certificate import Certificate, Frequency
from monitor.certificates.columns import Problem, read_row
from monitor.certificates.tables import read_table
from monitor.errors import BadInput
from storage import certificates as storage
from storage.certificates import (
    CertificateRow,
    CertificateStandardRow,
    ContactRow,
    HolderContactRow,
    HolderRow,
)
from storage.database import Database, insert_missing
from storage.runs import now

ROWS_A_COMMIT = 500


@dataclass(slots=True)
class ImportReport:
    """What an import did, or with a dry run would do: every row is in exactly one of the counts."""

    file: str
    dry_run: bool
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the report as `rulewatch certificates import --json` prints it."""
        problems = [
            {"row": item.row, "column": item.column, "message": item.message, "rejected": item.rejected}
            for item in self.problems
        ]
        counts = {name: getattr(self, name) for name in ("added", "changed", "unchanged", "rejected")}
        return {"file": self.file, "dry_run": self.dry_run, **counts, "problems": problems}


def import_certificates(database: Database, path: Path, dry_run: bool = False) -> ImportReport:
    """Import a certificate file: good rows are kept, bad rows reported with row and column. Safe to repeat.

    A certificate is known by its number: what the file says of it replaces what was known, contacts are added.
    Certificates that the file does not name stay as they are. Raises BadInput where the file is no such table.
    """
    report = ImportReport(path.name, dry_run)
    rows = _readable_rows(path, report)
    if dry_run:
        _import_some(database, list(rows), report)
        return report
    while chunk := list(islice(rows, ROWS_A_COMMIT)):
        _import_some(database, chunk, report)
    return report


def set_contact_state(database: Database, email: str, state: str) -> None:
    """Pause a contact, or make it active again; raises BadInput for an unknown one."""
    if state not in ("active", "paused"):
        raise BadInput(f'"{state}" is not a state of a contact (expected active or paused)')
    with database.session() as session:
        row = storage.contact_of(session, email.strip().lower())
        if row is None:
            raise BadInput(f"no contact has the address {email}")
        row.state = state
        session.commit()


def list_matches(database: Database) -> list[dict[str, Any]]:
    """Return which certificates each change concerns, as `rulewatch matches --json` prints it."""
    with database.session() as session:
        return [
            {
                "change": row.change_id,
                "certificate": row.certificate.number,
                "holder": row.certificate.holder.name,
                "certainty": row.certainty,
                "because": row.because,
                "severity": row.severity,
                "action": row.action,
                "deadline": row.deadline.isoformat() if row.deadline else None,
                "deadline_note": row.deadline_note,
                "consequence": row.consequence,
            }
            for row in storage.all_matches(session)
        ]


def _readable_rows(path: Path, report: ImportReport) -> Iterator[Certificate]:
    header, rows = read_table(path)
    seen: dict[str, tuple[int, Certificate]] = {}
    for at, cells in rows:
        read = read_row(header, at, cells)
        if not isinstance(read, Certificate):
            report.problems += read
            report.rejected += 1
            continue
        earlier = seen.setdefault(read.number, (at, read))
        if earlier[0] == at:
            _warn(header.printed.get("contact_email"), at, read, report)
            yield read
        else:
            _reject_twin(header.printed["certificate_no"], at, read, earlier, report)


def _warn(column: str | None, at: int, certificate: Certificate, report: ImportReport) -> None:
    if not certificate.contacts:
        message = "no contact: nobody is told of this certificate unless another row names one for its holder"
        report.problems.append(Problem(at, column, message, rejected=False))


def _reject_twin(
    column: str, at: int, certificate: Certificate, earlier: tuple[int, Certificate], report: ImportReport
) -> None:
    row, twin = earlier
    if certificate == twin:
        report.unchanged += 1
        return
    report.rejected += 1
    message = f"{certificate.number} stands in row {row} already and says something else there; row {row} was taken"
    report.problems.append(Problem(at, column, message))


def _import_some(database: Database, certificates: list[Certificate], report: ImportReport) -> None:
    with database.session() as session:
        holders = _holders(session, certificates)
        _keep_contacts(session, certificates, holders)
        for start in range(0, len(certificates), ROWS_A_COMMIT):
            chunk = certificates[start : start + ROWS_A_COMMIT]
            known = storage.certificates_by_number(session, [item.number for item in chunk])
            for item in chunk:
                _keep(session, item, known.get(item.number), holders, report)
            session.flush()
        if not report.dry_run:
            session.commit()


def _holders(session: Any, certificates: Iterable[Certificate]) -> dict[str, int]:
    names = sorted({item.holder.name for item in certificates})
    insert_missing(session, HolderRow, [{"name": name} for name in names])
    return storage.ids_of(session, HolderRow.name, names)


def _keep_contacts(session: Any, certificates: Iterable[Certificate], holders: dict[str, int]) -> None:
    """Keep contacts and whose they are; a contact named with several frequencies gets the most frequent."""
    wanted: dict[str, Frequency | None] = {}
    links = set()
    for item in certificates:
        for contact in item.contacts:
            wanted[contact.email] = _sooner(wanted.get(contact.email), contact.frequency)
            links.add((item.holder.name, contact.email))
    values = [
        {"email": email, "frequency": (chosen or Frequency.IMMEDIATE).value, "state": "active"}
        for email, chosen in sorted(wanted.items())
    ]
    insert_missing(session, ContactRow, values)
    ids = storage.ids_of(session, ContactRow.email, sorted(wanted))
    pairs = [{"holder_id": holders[name], "contact_id": ids[email]} for name, email in sorted(links)]
    insert_missing(session, HolderContactRow, pairs)
    storage.set_frequencies(session, {ids[email]: chosen.value for email, chosen in wanted.items() if chosen})


def _sooner(one: Frequency | None, other: Frequency | None) -> Frequency | None:
    stated = [item for item in (one, other) if item is not None]
    return min(stated, key=list(Frequency).index, default=None)


def _keep(
    session: Any, item: Certificate, row: CertificateRow | None, holders: dict[str, int], report: ImportReport
) -> None:
    values = {
        "holder_id": holders[item.holder.name],
        "rule_printed": item.rule_printed,
        "family": item.family,
        "edition": item.edition,
        "product": item.product,
        "issued": item.issued,
        "expires": item.expires,
        "status": item.status.value,
    }
    standards = {str(standard): standard.undated for standard in item.standards}
    if row is None:
        row = CertificateRow(number=item.number, imported_at=now(), **values)
        row.standards = _standard_rows(standards)
        session.add(row)
        report.added += 1
    elif _differs(row, values, standards):
        for name, value in values.items():
            setattr(row, name, value)
        if {kept.standard for kept in row.standards} != standards.keys():
            row.standards.clear()
            session.flush()
            row.standards = _standard_rows(standards)
        row.version, row.imported_at = row.version + 1, now()
        report.changed += 1
    else:
        report.unchanged += 1


def _differs(row: CertificateRow, values: dict[str, Any], standards: dict[str, str]) -> bool:
    same = all(getattr(row, name) == value for name, value in values.items())
    return not same or {kept.standard for kept in row.standards} != standards.keys()


def _standard_rows(standards: dict[str, str]) -> list[CertificateStandardRow]:
    return [CertificateStandardRow(standard=standard, undated=undated) for standard, undated in standards.items()]
