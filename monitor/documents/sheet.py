"""Spreadsheets: each sheet a part, its tables as rows of cells as a person sees them.

python-calamine reads XLS, XLSX and ODS. Rows that hold one cell above or below a table are text (a title, a note);
an empty row ends a table. A hidden sheet, row or column is read like the others, and said to be hidden.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import groupby
from typing import Any

import python_calamine as calamine

from monitor.documents.document import Doubt, Part, PartRole, SetAside, Table
from monitor.documents.errors import Damaged, Encrypted, LimitExceeded, OfficeMissing
from monitor.documents.kinds import Kind
from monitor.documents.packed.zips import Zip
from monitor.documents.word.doc import HOW_TO_GET, convert, office_program
from monitor.documents.word.wordml import parse_xml

MOST_SHEETS = 500
MOST_CELLS = 3_000_000
"""Places in the rectangle that a sheet spans; two cells in far corners make millions."""
MOST_CHARACTERS = 20_000_000
_SHEET_FILE = re.compile(r"xl/worksheets/[^/]+\.xml$")
_REMARKS = re.compile(r"xl/(?:threadedC|c)omments[^/]*/?[^/]*\.xml$")
_PLACE = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_HIDDEN = re.compile(rb'<(row|col)\b[^>]*\bhidden="(?:1|true)"')
_REPEATED = re.compile(rb'number-(?:rows|columns)-repeated="(\d+)"[^>]*>\s*<(?:table:table-cell|text:p)')

_Cell = Any


@dataclass(frozen=True, slots=True)
class Sheets:
    """The sheets of a workbook as parts, and what is doubtful about them."""

    parts: tuple[Part, ...]
    doubts: tuple[Doubt, ...]
    set_aside: tuple[SetAside, ...] = ()


def read_sheets(data: bytes, kind: Kind = Kind.XLSX) -> Sheets:
    """Return the sheets of a workbook in their order.

    Raises:
        Damaged: it is cut off, broken, or has no cell with anything in it.
        Encrypted: it needs a password.
        LimitExceeded: it has more sheets, cells or text than any list of rules.
        OfficeMissing: it is an XML spreadsheet, which only LibreOffice reads, and that is not installed.
    """
    if kind is Kind.OFFICE_SHEET:
        data = _converted(data)
    doubts = _checked(data) if data.startswith(b"PK") else []
    parts: list[Part] = []
    for name, hidden, rows in _sheets(data):
        part = _part(name, rows)
        if part is not None:
            parts.append(part)
            doubts += _uncounted(rows, part)
            if hidden:
                doubts.append(Doubt(f"sheet {name}", "the sheet is hidden"))
    if not parts:
        raise Damaged("the workbook has no cell with anything in it")
    remarks = tuple(_remarks(data)) if data.startswith(b"PK") else ()
    return Sheets(tuple(parts), tuple(doubts), remarks)


def _uncounted(rows: Sequence[Sequence[_Cell]], part: Part) -> list[Doubt]:
    """A doubt where a sheet has more or fewer cells with something in them than its part has lines and cells."""
    held = sum(bool(str(cell).strip()) for row in rows for cell in row)
    read = len(part.body.splitlines()) + sum(bool(cell) for table in part.tables for row in table for cell in row)
    several = sum(len(str(cell).strip().splitlines()) - 1 for row in rows for cell in row if str(cell).strip())
    if held <= read <= held + several:
        return []
    return [Doubt(f"sheet {part.heading}", f"the sheet has {held} cells with something in them; {read} were read")]


def _remarks(data: bytes) -> Iterator[SetAside]:
    """The comments on cells, which are no cells."""
    package = Zip(data)
    for name in package.names:
        if _REMARKS.match(name):
            for remark in parse_xml(package.read(name), name).iter("{*}comment", "{*}threadedComment"):
                text = "".join(map(str, remark.itertext())).strip()
                yield SetAside("comment", f"cell {remark.get('ref', '')}", "somebody's remark on a cell", text)


def _converted(data: bytes) -> bytes:
    program = office_program()
    if program is None:
        raise OfficeMissing(f"XML spreadsheets need LibreOffice: {HOW_TO_GET.replace('writer', 'calc')}")
    return convert(program, data, "xml", "xlsx")


def _checked(data: bytes) -> list[Doubt]:
    """What stands in an XLSX or ODS container, counted before it is unfolded into rows."""
    package = Zip(data)
    found = []
    if any(name.lower().endswith("vbaproject.bin") for name in package.names):
        found.append(Doubt("macros", "the file has macros; they were not run"))
    for name in package.names:
        if _SHEET_FILE.match(name):
            content = package.read(name)
            _check_span(content)
            if hidden := {match[1].decode() for match in _HIDDEN.finditer(content)}:
                what = " and ".join({"row": "rows", "col": "columns"}[kind] for kind in sorted(hidden, reverse=True))
                found.append(Doubt(name.rsplit("/", 1)[-1], f"some {what} of the sheet are hidden"))
        elif name == "content.xml":
            _check_repeats(package.read(name))
        elif name.endswith(".xml"):
            package.read(name)
    return found


def _check_span(content: bytes) -> None:
    rows, columns = span(content)
    _check_cells(rows * columns)


def span(content: bytes) -> tuple[int, int]:
    """Return how many rows and columns the XML of a sheet reaches over."""
    rows = columns = 0
    for match in _PLACE.finditer(content):
        rows, columns = max(rows, int(match[2])), max(columns, _column(match[1]))
    return rows, columns


def _check_repeats(content: bytes) -> None:
    _check_cells(sum(int(match[1]) for match in _REPEATED.finditer(content)))


def _check_cells(cells: int) -> None:
    if cells > MOST_CELLS:
        raise LimitExceeded(f"a sheet spans {cells} cells; {MOST_CELLS} are allowed")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheets(data: bytes) -> Iterator[tuple[str, bool, list[list[_Cell]]]]:
    """Name, whether it is hidden, and rows of each sheet that holds cells."""
    cells = 0
    try:
        with calamine.load_workbook(BytesIO(data)) as workbook:
            sheets = workbook.sheets_metadata
            if len(sheets) > MOST_SHEETS:
                raise LimitExceeded(f"the workbook has {len(sheets)} sheets; {MOST_SHEETS} are allowed")
            for sheet in sheets:
                if sheet.typ is not calamine.SheetTypeEnum.WorkSheet:
                    continue
                table = workbook.get_sheet_by_name(sheet.name)
                cells += table.height * table.width
                _check_cells(cells)
                yield sheet.name, sheet.visible is not calamine.SheetVisibleEnum.Visible, table.to_python()
    except calamine.PasswordError as reason:
        raise Encrypted("the workbook needs a password") from reason
    except (calamine.CalamineError, OSError, ValueError) as reason:
        raise Damaged(f"the workbook is damaged or cut off ({reason})") from reason
    except BaseException as reason:  # foreign parser: a panic in calamine's Rust is no Exception
        if type(reason).__name__ != "PanicException":
            raise
        raise Damaged("the workbook is damaged: its reader could make nothing of it") from reason


def _part(name: str, rows: Sequence[Sequence[_Cell]]) -> Part | None:
    """One sheet: its text and its tables; None where it is empty."""
    printed = [tuple(_printed(cell) for cell in row) for row in rows]
    if sum(len(cell) for row in printed for cell in row) > MOST_CHARACTERS:
        raise LimitExceeded(f"a sheet has more than {MOST_CHARACTERS} characters")
    lines: list[str] = []
    tables: list[Table] = []
    for block in _blocks(printed):
        above, table, below = _divided(block)
        lines += [*above, *below]
        if table:
            tables.append(_trimmed(table))
    return Part(PartRole.TEXT, None, name.strip(), "\n".join(lines), tuple(tables)) if lines or tables else None


def _blocks(rows: Iterable[tuple[str, ...]]) -> Iterator[list[tuple[str, ...]]]:
    for filled, block in groupby(rows, key=any):
        if filled:
            yield list(block)


def _divided(block: Sequence[tuple[str, ...]]) -> tuple[list[str], Sequence[tuple[str, ...]], list[str]]:
    """The lines above a table, the table, the lines below it."""
    full = [at for at, row in enumerate(block) if sum(map(bool, row)) > 1]
    if not full:
        return [_only(row) for row in block], (), []
    first, last = full[0], full[-1] + 1
    while last < len(block) and not block[last][0] and len(block[last]) > 1:
        last += 1
    return [_only(row) for row in block[:first]], block[first:last], [_only(row) for row in block[last:]]


def _only(row: Sequence[str]) -> str:
    return next(cell for cell in row if cell)


def _trimmed(rows: Sequence[tuple[str, ...]]) -> Table:
    """Without the columns to the left and right in which nothing stands."""
    used = [at for row in rows for at, cell in enumerate(row) if cell]
    return tuple(row[min(used) : max(used) + 1] for row in rows)


def _printed(cell: _Cell) -> str:
    """A cell as a person sees it: whole numbers without .0, days as ISO dates."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.12g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell).strip() if not isinstance(cell, timedelta) else str(cell)
