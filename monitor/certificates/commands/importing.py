"""Importing a file of certificates: what it says of each replaces what was known, and what it was is kept."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

from monitor.certificates.certificate import Certificate, Frequency, Status, ended_because
from monitor.certificates.columns import Problem, read_row
from monitor.certificates.commands.listing import texts_of_row
from monitor.certificates.fields import KEPT_AS, texts_of, values_of
from monitor.certificates.refused import Refused, refused_file, write_refused
from monitor.certificates.tables import Line, Unread, read_tables
from storage import certificates as storage
from storage.alerts import forget_owed
from storage.certificates import (
    CertificateRow,
    CertificateStandardRow,
    ContactRow,
    HolderContactRow,
    HolderRow,
)
from storage.engine.database import Database, insert_missing
from storage.imports import CertificateHistoryRow, ImportRow
from storage.runs import now

ROWS_A_COMMIT = 500


@dataclass(frozen=True, slots=True)
class Absent:
    """A contact of a holder that the file names no more; `kept_because` is None where it was removed."""

    holder: str
    email: str
    kept_because: str | None

    def __str__(self) -> str:
        """Return what becomes of the contact, as a sentence."""
        if self.kept_because is None:
            return f"{self.email} is no longer a contact of {self.holder}"
        return f"{self.email} stays a contact of {self.holder}, though the file does not name it: {self.kept_because}"


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
    absent: list[Absent] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    refused_file: Path | None = None

    @property
    def read(self) -> int:
        """How many rows went in, or were in already."""
        return self.added + self.changed + self.unchanged

    def refuse(self, line: Line, *problems: Problem) -> None:
        """Count a row that is left out, and keep why."""
        self.problems += problems
        self.rejected += 1
        self.refused.append(Refused(line, problems))

    def to_json(self) -> dict[str, Any]:
        """Return the report as `rulewatch certificates import --json` prints it."""
        problems = [
            {
                "sheet": item.sheet,
                "row": item.row,
                "column": item.column,
                "message": item.message,
                "rejected": item.rejected,
            }
            for item in self.problems
        ]
        counts = {name: getattr(self, name) for name in ("added", "changed", "unchanged", "rejected")}
        absent = [
            {"holder": item.holder, "contact": item.email, "kept_because": item.kept_because} for item in self.absent
        ]
        return {
            "file": self.file, "dry_run": self.dry_run, **counts, "problems": problems, "absent_contacts": absent,
            "unread_sheets": [{"sheet": item.sheet, "reason": item.reason} for item in self.unread],
            "refused_file": str(self.refused_file) if self.refused_file else None,
        }  # fmt: skip


@dataclass(slots=True)
class _Named:
    """What a file names: every certificate's number, and each holder's contacts."""

    numbers: set[str] = field(default_factory=set)
    contacts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, stated: "_Stated") -> "_Stated":
        certificate = stated.certificate
        self.numbers.add(certificate.number)
        self.contacts[certificate.holder.name].update(contact.email for contact in certificate.contacts)
        return stated


@dataclass(frozen=True, slots=True)
class _Stated:
    """A certificate as a row gives it, and the columns that the row has: of others it says nothing."""

    certificate: Certificate
    columns: Collection[str]


def import_certificates(
    database: Database, path: Path, dry_run: bool = False, today: date | None = None
) -> ImportReport:
    """Import a certificate file: good rows are kept, bad rows reported with row and column. Safe to repeat.

    A certificate is known by its number: what the file says of it replaces what was known, and what that was is kept
    with the import. A column that the file does not have, and certificates that it does not name, stay as they are.
    Contacts are added; one that the file names no more is removed from a holder where the file names every certificate
    of that holder which has not ended by `today`. Refused rows are written to a file beside this one.
    Raises BadInput where the file is no such table.
    """
    report, named = ImportReport(path.name, dry_run), _Named()
    rows = map(named.add, _readable_rows(path, report))
    if dry_run:
        _import_some(database, list(rows), report, None)
    elif first := list(islice(rows, 1)):
        every, made_by = chain(first, rows), _begin_import(database, path)
        while chunk := list(islice(every, ROWS_A_COMMIT)):
            _import_some(database, chunk, report, made_by)
    _leave_out_the_absent(database, named, report, today)
    if report.refused and not dry_run:
        report.refused_file = refused_file(path)
        write_refused(report.refused, report.refused_file)
    return report


def _readable_rows(path: Path, report: ImportReport) -> Iterator[_Stated]:
    seen: dict[str, tuple[Line, Certificate]] = {}
    for line in read_tables(path):
        if isinstance(line, Unread):
            report.unread.append(line)
            continue
        read = read_row(line.header, line.at, line.cells)
        if not isinstance(read, Certificate):
            report.refuse(line, *(replace(problem, sheet=line.sheet) for problem in read))
            continue
        earlier = seen.setdefault(read.number, (line, read))
        if earlier[0] is line:
            _warn(line, read, report)
            yield _Stated(read, line.header.places)
        else:
            _reject_twin(line, read, earlier, report)


def _warn(line: Line, certificate: Certificate, report: ImportReport) -> None:
    if not certificate.contacts:
        message = "no contact: nobody is told of this certificate unless another row names one for its holder"
        column = line.header.printed.get("contact_email")
        report.problems.append(Problem(line.at, column, message, rejected=False, sheet=line.sheet))


def _reject_twin(line: Line, certificate: Certificate, earlier: tuple[Line, Certificate], report: ImportReport) -> None:
    first, twin = earlier
    if certificate == twin:
        report.unchanged += 1
        return
    row = f"row {first.at}" + (f' of sheet "{first.sheet}"' if first.sheet != line.sheet else "")
    message = f"{certificate.number} stands in {row} already and says something else there; {row} was taken"
    report.refuse(line, Problem(line.at, line.header.printed["certificate_no"], message, sheet=line.sheet))


def _begin_import(database: Database, path: Path) -> int:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with database.session() as session:
        row = ImportRow(file=path.name, sha256=digest, imported_at=now())
        session.add(row)
        session.commit()
        return row.id


def _import_some(database: Database, rows: list[_Stated], report: ImportReport, made_by: int | None) -> None:
    certificates = [item.certificate for item in rows]
    with database.session() as session:
        holders = _holders(session, certificates)
        _keep_contacts(session, certificates, holders)
        for start in range(0, len(rows), ROWS_A_COMMIT):
            chunk = rows[start : start + ROWS_A_COMMIT]
            known = storage.certificates_by_number(session, [item.certificate.number for item in chunk])
            for item in chunk:
                _keep(session, item, known.get(item.certificate.number), holders, report, made_by)
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


def _leave_out_the_absent(database: Database, named: _Named, report: ImportReport, today: date | None) -> None:
    """Remove contacts that left, as far as the file can know it; what they were owed for the holder goes with them."""
    with database.session() as session:
        for holder in storage.holders_named(session, [name for name, emails in named.contacts.items() if emails]):
            absent = [row for row in holder.contacts if row.email not in named.contacts[holder.name]]
            reason = _kept_because(holder, named, report, today)
            report.absent += [Absent(holder.name, row.email, reason) for row in absent]
            if absent and reason is None and not report.dry_run:
                storage.remove_contacts(session, holder.id, [row.id for row in absent])
                forget_owed(session, holder.id, [row.id for row in absent])
        session.commit()


def _kept_because(holder: HolderRow, named: _Named, report: ImportReport, today: date | None) -> str | None:
    """Return why a file does not speak for a holder as a whole, None where it does."""
    if report.rejected:
        return "rows of the file could not be used"
    day = today or date.min
    living = {row.number for row in holder.certificates if not ended_because(Status(row.status), row.expires, day)}
    missing = sorted(living - named.numbers)
    if not missing:
        return None
    others = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    return f"it does not name certificate {missing[0]}{others} either"


def _sooner(one: Frequency | None, other: Frequency | None) -> Frequency | None:
    stated = [item for item in (one, other) if item is not None]
    return min(stated, key=list(Frequency).index, default=None)


def _keep(
    session: Any,
    stated: _Stated,
    row: CertificateRow | None,
    holders: dict[str, int],
    report: ImportReport,
    made_by: int | None,
) -> None:
    item = stated.certificate
    values = {"holder_id": holders[item.holder.name]} | values_of(item)
    standards = {str(standard): standard.undated for standard in item.standards}
    if row is None:
        row = CertificateRow(number=item.number, imported_at=now(), first_import_id=made_by, **values)
        row.standards = _standard_rows(standards)
        session.add(row)
        report.added += 1
        return
    changed = [
        (name, old, new)
        for (name, old), new in zip(texts_of_row(row).items(), texts_of(item).values(), strict=True)
        if old != new and name in stated.columns
    ]
    if not changed:
        report.unchanged += 1
        return
    _alter(session, row, {name for name, _, _ in changed}, values, standards)
    if made_by is not None:
        history = [{"field": name, "old": old, "new": new} for name, old, new in changed]
        session.add_all(CertificateHistoryRow(certificate_id=row.id, import_id=made_by, **value) for value in history)
    report.changed += 1


def _alter(
    session: Any, row: CertificateRow, fields: Collection[str], values: Mapping[str, Any], standards: dict[str, str]
) -> None:
    for column in fields:
        for name in KEPT_AS.get(column, (column,)):
            setattr(row, name, values[name])
    if "standards" in fields:
        row.standards.clear()
        session.flush()
        row.standards = _standard_rows(standards)
    row.version, row.imported_at = row.version + 1, now()


def _standard_rows(standards: dict[str, str]) -> list[CertificateStandardRow]:
    return [CertificateStandardRow(standard=standard, undated=undated) for standard, undated in standards.items()]
