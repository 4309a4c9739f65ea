"""Importing a file of certificates: what it says of each replaces what was known, and what it was is kept.

The file is streamed, some thousand rows at a time: each of these is held against the register in a few questions and
written in a few statements. What the file names as a whole is kept on disk meanwhile.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from monitor.certificates.certificate import Certificate, Frequency, Status, ended_because
from monitor.certificates.fields import KEPT_AS, texts, texts_of, values_of
from monitor.certificates.files.columns import Problem, read_row
from monitor.certificates.files.refused import RefusedRows, refused_file
from monitor.certificates.files.report import Absent, ImportReport
from monitor.certificates.files.tables import Begun, Line, Unread, read_tables
from storage import certificates as storage
from storage import register
from storage.alerts import forget_owed
from storage.certificates import ContactRow, HolderContactRow, HolderRow
from storage.engine.database import Database, Session, insert_missing
from storage.engine.scratch import Scratch
from storage.imports import ImportRow
from storage.register import Known
from storage.runs import now

ROWS_A_COMMIT = 5000

Progress = Callable[[int, int], None]
"""Is told how many rows are done, of how many that are known of."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A row that is taken: its certificate, and the columns that its table has, as it says nothing of others."""

    line: Line
    certificate: Certificate


def import_certificates(
    database: Database,
    path: Path,
    dry_run: bool = False,
    today: date | None = None,
    progress: Progress = lambda _done, _of: None,
) -> ImportReport:
    """Import a certificate file: good rows are kept, bad rows reported with row and column. Safe to repeat.

    A certificate is known by its number: what the file says of it replaces what was known, and what that was is kept
    with the import. A column that the file does not have, and certificates that it does not name, stay as they are.
    Contacts are added; one that the file names no more is removed from a holder where the file names every certificate
    of that holder which has not ended by `today`. Refused rows are written to a file beside this one.
    Raises BadInput where the file is no such table.
    """
    report = ImportReport(path.name, dry_run)
    with Scratch() as named, RefusedRows(refused_file(path)) as refused:
        importing = _Importing(database, report, named, refused, progress)
        importing.take(path)
        _leave_out_the_absent(database, named, report, today)
        report.refused_file = refused.path if refused.count else None
    return report


class _Importing:
    """One import under way."""

    def __init__(
        self, database: Database, report: ImportReport, named: Scratch, refused: RefusedRows, progress: Progress
    ) -> None:
        self._database = database
        self._report = report
        self._named = named
        self._refused = refused
        self._progress = progress
        self._rows = 0
        self._made_by: int | None = None

    def take(self, path: Path) -> None:
        """Take every row of a file."""
        lines = self._lines(path)
        done = 0
        while some := list(islice(lines, ROWS_A_COMMIT)):
            taken = self._without_twins([(line, read_row(line.header, line.at, line.cells)) for line in some])
            if taken and self._made_by is None and not self._report.dry_run:
                self._made_by = _begin_import(self._database, path)
            self._keep(taken)
            done += len(some)
            self._progress(done, self._rows)

    def _lines(self, path: Path) -> Iterator[Line]:
        for item in read_tables(path):
            if isinstance(item, Line):
                yield item
            elif isinstance(item, Unread):
                self._report.unread.append(item)
            else:
                self._rows += item.rows
                self._report.said += [_in_sheet(line, item) for line in item.said]
                self._progress(0, self._rows)

    def _without_twins(self, read: Sequence[tuple[Line, Certificate | tuple[Problem, ...]]]) -> list[_Taken]:
        """Return the rows that can be used and whose certificate no row before names; say what is wrong with others."""
        numbers = [(item.number, _place(line), hash(item)) for line, item in read if isinstance(item, Certificate)]
        first = self._named.name(numbers)
        taken = []
        for line, item in read:
            if not isinstance(item, Certificate):
                self._refuse(line, item)
            elif item.number in first and first[item.number][0] != _place(line):
                self._meet_twin(line, item, *first[item.number])
            else:
                self._warn(line, item)
                taken.append(_Taken(line, item))
        return taken

    def _meet_twin(self, line: Line, twin: Certificate, place: str, said: int) -> None:
        if said == hash(twin):
            self._report.unchanged += 1
            return
        sheet, _, at = place.rpartition(" ")
        row = f"row {at}" + (f' of sheet "{sheet}"' if sheet != (line.sheet or "") else "")
        message = f"{twin.number} stands in {row} already and says something else there; {row} was taken"
        self._refuse(line, (Problem(line.at, line.header.printed["certificate_no"], message),))

    def _refuse(self, line: Line, problems: Sequence[Problem]) -> None:
        self._report.rejected += 1
        self._report.tell([replace(problem, sheet=line.sheet) for problem in problems])
        if not self._report.dry_run:
            self._refused.write(line, problems)

    def _warn(self, line: Line, certificate: Certificate) -> None:
        if not certificate.contacts:
            message = "no contact: nobody is told of this certificate unless another row names one for its holder"
            column = line.header.printed.get("contact_email")
            self._report.tell([Problem(line.at, column, message, rejected=False, sheet=line.sheet)])

    def _keep(self, taken: Sequence[_Taken]) -> None:
        certificates = [item.certificate for item in taken]
        pairs = {(item.holder.name, contact.email) for item in certificates for contact in item.contacts}
        self._named.add_contacts(pairs)
        with self._database.session() as session:
            known = register.known_certificates(session, [item.number for item in certificates])
            changes = [_Change(item, known.get(item.certificate.number)) for item in taken]
            self._count(changes)
            if not self._report.dry_run:
                holders = _holders(session, certificates)
                _keep_contacts(session, certificates, holders)
                _add(session, [item for item in changes if item.known is None], holders, self._made_by)
                _alter(session, [item for item in changes if item.fields], holders, self._made_by)
                session.commit()

    def _count(self, changes: Iterable["_Change"]) -> None:
        for item in changes:
            if item.known is None:
                self._report.added += 1
            elif item.fields:
                self._report.changed += 1
            else:
                self._report.unchanged += 1


class _Change:
    """What a row makes of what is known: `fields` maps each field that becomes another to its old and new text."""

    __slots__ = ("certificate", "fields", "known")

    def __init__(self, taken: _Taken, known: Known | None) -> None:
        self.certificate = taken.certificate
        self.known = known
        self.fields: Mapping[str, tuple[str, str]] = {}
        if known is not None:
            old, new = texts(known.values, known.holder, known.standards), texts_of(taken.certificate)
            if old != new:
                stated = taken.line.header.places
                self.fields = {
                    name: (old[name], new[name]) for name in old if name in stated and old[name] != new[name]
                }


def _place(line: Line) -> str:
    return f"{line.sheet or ''} {line.at}"


def _in_sheet(line: str, table: Begun) -> str:
    return f'sheet "{table.sheet}", {line}' if table.sheet else line


def _begin_import(database: Database, path: Path) -> int:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with database.session() as session:
        row = ImportRow(file=path.name, sha256=digest, imported_at=now())
        session.add(row)
        session.commit()
        return row.id


def _holders(session: Session, certificates: Iterable[Certificate]) -> dict[str, int]:
    names = sorted({item.holder.name for item in certificates})
    known = storage.ids_of(session, HolderRow.name, names)
    missing = [name for name in names if name not in known]
    insert_missing(session, HolderRow, [{"name": name} for name in missing])
    return known | storage.ids_of(session, HolderRow.name, missing)


def _keep_contacts(session: Session, certificates: Iterable[Certificate], holders: dict[str, int]) -> None:
    """Keep contacts and whose they are; a contact named with several frequencies gets the most frequent."""
    wanted: dict[str, Frequency | None] = {}
    links = set()
    for item in certificates:
        for contact in item.contacts:
            wanted[contact.email] = _sooner(wanted.get(contact.email), contact.frequency)
            links.add((item.holder.name, contact.email))
    ids = storage.ids_of(session, ContactRow.email, sorted(wanted))
    values = [
        {"email": email, "frequency": (chosen or Frequency.IMMEDIATE).value, "state": "active"}
        for email, chosen in sorted(wanted.items())
        if email not in ids
    ]
    insert_missing(session, ContactRow, values)
    ids |= storage.ids_of(session, ContactRow.email, [value["email"] for value in values])
    pairs = [{"holder_id": holders[name], "contact_id": ids[email]} for name, email in sorted(links)]
    insert_missing(session, HolderContactRow, pairs)
    storage.set_frequencies(session, {ids[email]: chosen.value for email, chosen in wanted.items() if chosen})


def _sooner(one: Frequency | None, other: Frequency | None) -> Frequency | None:
    stated = [item for item in (one, other) if item is not None]
    return min(stated, key=list(Frequency).index, default=None)


def _add(session: Session, changes: Sequence[_Change], holders: Mapping[str, int], made_by: int | None) -> None:
    fixed = {"imported_at": now(), "first_import_id": made_by, "version": 1, "matched_version": 0}
    values, standards = [], {}
    for item in changes:
        certificate = item.certificate
        values.append(_kept(certificate, holders) | fixed)
        standards[certificate.number] = _undated(certificate)
    register.add_certificates(session, values, standards)


def _alter(session: Session, changes: Sequence[_Change], holders: Mapping[str, int], made_by: int | None) -> None:
    at = now()
    values: list[dict[str, Any]] = []
    standards: dict[int, Mapping[str, str]] = {}
    history = []
    for item in changes:
        assert item.known is not None
        key, kept = item.known.values["id"], _kept(item.certificate, holders)
        named = {name: kept[name] for field in item.fields for name in KEPT_AS.get(field, (field,))}
        values.append({"id": key, "version": item.known.values["version"] + 1, "imported_at": at, **named})
        if "standards" in item.fields:
            standards[key] = _undated(item.certificate)
        history += [
            {"certificate_id": key, "import_id": made_by, "field": field, "old": old, "new": new}
            for field, (old, new) in item.fields.items()
        ]
    register.alter_certificates(session, values, standards, history)


def _kept(certificate: Certificate, holders: Mapping[str, int]) -> dict[str, Any]:
    named = {"number": certificate.number, "holder_id": holders[certificate.holder.name]}
    return named | values_of(certificate)


def _undated(certificate: Certificate) -> dict[str, str]:
    return {str(standard): standard.undated for standard in certificate.standards}


def _leave_out_the_absent(database: Database, named: Scratch, report: ImportReport, today: date | None) -> None:
    """Remove contacts that left, as far as the file can know it; what they were owed for the holder goes with them."""
    with database.session() as session:
        for holders in named.holders():
            kept = register.contacts_by_holder(session, list(holders))
            for name, emails in holders.items():
                holder_id, contacts = kept.get(name, (0, {}))
                if absent := sorted(contacts.keys() - emails):
                    reason = _kept_because(session, holder_id, named, report, today)
                    report.absent += [Absent(name, email, reason) for email in absent]
                    if reason is None and not report.dry_run:
                        storage.remove_contacts(session, holder_id, [contacts[email] for email in absent])
                        forget_owed(session, holder_id, [contacts[email] for email in absent])
        session.commit()


def _kept_because(
    session: Session, holder_id: int, named: Scratch, report: ImportReport, today: date | None
) -> str | None:
    """Return why a file does not speak for a holder as a whole, None where it does."""
    if report.rejected:
        return "rows of the file could not be used"
    day = today or date.min
    standing = register.standing_of(session, holder_id)
    missing = named.unnamed(
        number for number, status, expires in standing if not ended_because(Status(status), expires, day)
    )
    if not missing:
        return None
    others = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    return f"it does not name certificate {missing[0]}{others} either"
