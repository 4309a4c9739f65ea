"""Importing a file of certificates: what it says of each replaces what was known, and what it was is kept.

The file is streamed, some thousand rows at a time: each of these is held against the register in a few questions and
written in a few statements. What the file names as a whole is kept on disk meanwhile.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path

from monitor.certificates.certificate import Certificate, Status, ended_because
from monitor.certificates.commands.keeping import Change, begin_import, keep_changes, links_of
from monitor.certificates.files.reading import Problem, RowReader
from monitor.certificates.files.refused import RefusedRows, refused_file
from monitor.certificates.files.report import Absent, ImportReport
from monitor.certificates.files.tables import Begun, Line, Unread, read_tables
from storage import certificates as storage
from storage import register
from storage.alerts import forget_owed
from storage.engine.database import Database, Session
from storage.engine.scratch import Scratch
from storage.register import Known

ROWS_A_COMMIT = 5000

Progress = Callable[[int, int], None]
"""Is told how many rows are done, of how many that are known of."""


Problems = tuple[Problem, ...]
Read = tuple[Line, Certificate | Problems]


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
    with _standing_objects_aside(), Scratch() as named, RefusedRows(refused_file(path)) as refused:
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
        self._reader: RowReader | None = None
        self._made_by: int | None = None

    def take(self, path: Path) -> None:
        """Take every row of a file."""
        lines = self._lines(path)
        done = 0
        while some := list(islice(lines, ROWS_A_COMMIT)):
            self._take([(line, self._reader_of(line).read(line.at, line.cells)) for line in some], path)
            done += len(some)
            self._progress(done, self._rows)

    def _take(self, read: Sequence[Read], path: Path) -> None:
        with self._database.session() as session:
            known = register.known_certificates(
                session, [item.number for _, item in read if isinstance(item, Certificate)]
            )
            taken = self._without_twins([(line, self._against(line, item, known)) for line, item in read])
            changes = [self._change(line, item, known.get(item.number)) for line, item in taken]
            self._named.add_contacts(links_of(changes))
            if changes and not self._report.dry_run:
                self._made_by = self._made_by or begin_import(session, path)
                keep_changes(session, changes, self._made_by)
                session.commit()

    def _against(self, line: Line, item: Certificate | Problems, known: Mapping[str, Known]) -> Certificate | Problems:
        """Return the row, or in what it contradicts what is known of its certificate and the file does not say."""
        if isinstance(item, Certificate) and (kept := known.get(item.number)):
            return self._reader_of(line).against(line.at, item, kept.values) or item
        return item

    def _change(self, line: Line, item: Certificate, known: Known | None) -> Change:
        """Return what a row makes of what is known, and count it."""
        change = Change(item, known)
        if known is None:
            self._report.added += 1
        elif change.hold_against_known(self._reader_of(line).stated):
            self._report.changed += 1
        else:
            self._report.unchanged += 1
        return change

    def _reader_of(self, line: Line) -> RowReader:
        if self._reader is None or line.header is not self._reader.header:
            self._reader = RowReader(line.header)
        return self._reader

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

    def _without_twins(self, read: Sequence[Read]) -> list[tuple[Line, Certificate]]:
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
                taken.append((line, item))
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


def _place(line: Line) -> str:
    return f"{line.sheet or ''} {line.at}"


def _in_sheet(line: str, table: Begun) -> str:
    return f'sheet "{table.sheet}", {line}' if table.sheet else line


@contextmanager
def _standing_objects_aside() -> Iterator[None]:
    """Keep the collector of garbage from going through all that was there before, over and over."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


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
