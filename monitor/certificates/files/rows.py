"""Rows of a CSV or XLSX file, printed as JSON by a child process: the file is a stranger's.

CSV comes as UTF-8 (with or without mark), UTF-16 with mark, GB18030 (what a Chinese Excel writes) or Windows-1252 (a
German or American one), separated by comma, semicolon or tab; a first line `sep=;` says which. Of a workbook every
sheet is read that has the columns; each other one is named with the reason.

A table is gone through twice: first for how each of its columns writes days, then row by row. Nothing of it is held.
"""

import csv
import json
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain, groupby, islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from monitor.certificates.files.days import Writing
from monitor.certificates.files.header import DAYS, REQUIRED, Header, continues, is_header, missing_columns, read_header
from monitor.documents.limited import begin, out_of_memory
from monitor.documents.sheet import span
from monitor.errors import BadInput

MOST_ROWS = 2_000_000
MOST_UNPACKED_BYTES = 2_000_000_000
MOST_CELLS = 30_000_000
"""Places in the rectangle that a sheet spans: a cell far from the table (in XFD1048576) makes thousands of millions."""
ROWS_A_LINE = 100
MOST_CHARACTERS_A_CELL = 16_000_000
HEADER_WITHIN = 20
"""Rows above a header: titles, a company's name, notes."""

Row = tuple[int, list[Any]]
Rows = Callable[[], Iterator[Row]]
"""Begins a table anew."""


class NotAList(BadInput):
    """Raised where a table has no header of a list of certificates."""


def print_tables(path: Path) -> None:
    """Print the header of each table and the rows below it, many to a line of JSON, or why that cannot be."""
    try:
        for is_row, items in groupby(_tables(path), key=lambda item: isinstance(item, list)):
            while some := list(islice(items, ROWS_A_LINE if is_row else 1)):
                _print(some if is_row else some[0])
    except BadInput as reason:
        _print({"error": str(reason)})
    except MemoryError:
        out_of_memory()
    sys.stdout.flush()


def _print(line: Any) -> None:
    sys.stdout.buffer.write(_ENCODER.encode(line).encode() + b"\n")  # to the parent


def _plain(cell: Any) -> Any:
    return {"on": cell.isoformat()} if isinstance(cell, date) else str(cell)


_ENCODER = json.JSONEncoder(ensure_ascii=True, default=_plain, check_circular=False, separators=(",", ":"))


def _tables(path: Path) -> Iterator[Any]:
    suffix = path.suffix.lower()
    if suffix == ".csv":
        encoding = _encoding(path)
        return _table(None, path.name, lambda: _csv_rows(path, encoding))
    if suffix in (".xlsx", ".xlsm"):
        return _sheets(path)
    raise BadInput(f"{path.name}: only .csv and .xlsx files can be imported")


def _table(sheet: str | None, name: str, rows: Rows) -> Iterator[Any]:
    """Yield a table's header with how its days are written, then its rows; a header that is repeated is no row."""
    printed, below = _below_header(name, rows())
    written, count = _writings(printed, below)
    orders = {column: writing.orders for column, writing in written.items()}
    said = [f'column "{column}": {line}' for column, writing in written.items() for line in writing.said]
    yield {"sheet": sheet, "header": printed, "orders": orders, "said": said, "rows": count}
    for at, cells in _below_header(name, rows())[1]:
        if cells in printed:
            continue
        if is_header(cells):
            printed = [cells]
            yield {"again": cells}
        else:
            yield [at, cells]


def _writings(printed: list[list[Any]], rows: Iterator[Row]) -> tuple[dict[str, Writing], int]:
    """Return how each column of days writes them, and how many rows there are."""
    writings: dict[str, Writing] = defaultdict(Writing)
    places, count = _places_of_days(read_header(*printed)), 0
    for _, cells in rows:
        if is_header(cells):
            places = _places_of_days(read_header(cells))
            continue
        count += 1
        for column, place in places:
            if place < len(cells):
                writings[column].add(cells[place])
    return writings, count


def _places_of_days(header: Header | None) -> list[tuple[str, int]]:
    return [(column, place) for column, place in header.places.items() if column in DAYS] if header else []


def _sheets(path: Path) -> Iterator[Any]:
    """Read every sheet that is a list of certificates; the first one's reason stands for a workbook without any."""
    _check_size(path)
    try:
        workbook = CalamineWorkbook.from_path(path)
    except CalamineError as reason:
        raise BadInput(f"{path.name} cannot be read as a workbook: {reason}") from None
    unread: list[tuple[str, str]] = []
    for name in workbook.sheet_names:
        try:
            yield from _table(name, f'{path.name}, sheet "{name}"', _sheet_rows(workbook, name))
        except NotAList as reason:
            unread.append((name, str(reason)))
    if len(unread) == len(workbook.sheet_names):
        raise BadInput(unread[0][1] if unread else f"{path.name}: the workbook has no sheet")
    yield from ({"sheet": name, "unread": reason} for name, reason in unread)


def _sheet_rows(workbook: CalamineWorkbook, name: str) -> Rows:
    try:
        sheet: CalamineSheet = workbook.get_sheet_by_name(name)
    except CalamineError as reason:
        raise NotAList(f"it cannot be read ({reason})") from None
    return lambda: ((at, list(cells)) for at, cells in enumerate(sheet.iter_rows(), 1))


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size <= MOST_UNPACKED_BYTES:
                for member in archive.infolist():
                    if member.filename.startswith("xl/worksheets/sheet"):
                        _check_span(path.name, archive, member)
    except zipfile.BadZipFile:
        raise BadInput(f"{path.name} is no XLSX workbook (save it again as .xlsx or .csv)") from None
    if size > MOST_UNPACKED_BYTES:
        raise BadInput(f"{path.name} unpacks to {size} bytes, more than a list of certificates can have")


def _check_span(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    rows, columns = span(archive.read(member))
    if rows * columns > MOST_CELLS:
        raise BadInput(
            f"{name}: a sheet reaches over {rows} rows and {columns} columns: something stands far away from "
            "the table; delete those rows and columns, or copy the table into a new file"
        )


def _below_header(name: str, rows: Iterator[Row]) -> tuple[list[list[Any]], Iterator[Row]]:
    """Return the two rows of a header (the second may be empty), and the rows below it."""
    above: list[Row] = []
    for at, cells in islice(rows, HEADER_WITHIN):
        if read_header(cells) is not None:
            following = next(rows, None)
            if following and continues(following[1]):
                return [cells, following[1]], _limited(name, rows)
            return [cells, []], _limited(name, chain([following] if following else [], rows))
        if above and continues(cells) and read_header(above[-1][1], cells) is not None:
            return [above[-1][1], cells], _limited(name, rows)
        above.append((at, cells))
    if not any(_filled(cells) for _, cells in above):
        raise NotAList(f"{name}: the table is empty")
    _, best = min(above, key=lambda row: len(missing_columns(row[1])))
    missing = missing_columns(best)
    found = "no header was found" if len(missing) == len(REQUIRED) else "the header"
    raise NotAList(
        f"{name}: {found}{' that names' if len(missing) == len(REQUIRED) else ' lacks'} the columns "
        f"{', '.join(missing)} (needed: certificate_no 证书编号, holder 持证人, rule 认证规则)"
    )


def _limited(name: str, rows: Iterator[Row]) -> Iterator[Row]:
    for at, cells in rows:
        if not _filled(cells):
            continue
        if at > MOST_ROWS:
            raise BadInput(f"{name}: more than {MOST_ROWS} rows; split the file")
        yield at, cells


def _filled(cells: list[Any]) -> bool:
    return any(cell is not None and cell != "" and str(cell).strip() for cell in cells)


def _csv_rows(path: Path, encoding: str) -> Iterator[Row]:
    csv.field_size_limit(MOST_CHARACTERS_A_CELL)
    with path.open(encoding=encoding, newline="") as file:
        first, start = file.readline(), 1
        if said := _SEPARATOR.fullmatch(first.strip()):
            delimiter, first, start = said["sign"], "", 2
        else:
            delimiter = max(",;\t，", key=first.count) if first.strip() else ","
        try:
            for at, cells in enumerate(csv.reader(chain([first] if first else [], file), delimiter=delimiter), start):
                yield at, [_as_meant(cell) if cell.startswith("'") else cell for cell in cells]
        except (csv.Error, UnicodeDecodeError) as reason:
            raise BadInput(f"{path.name}: the table cannot be read ({reason})") from None


def _as_meant(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if len(cell) > 2 and OBEYED.match(cell) else cell


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030" if _is_chinese(path) else "cp1252", "gb18030"):
        try:
            with path.open(encoding=encoding) as file:
                while part := file.read(1 << 20):
                    if "\0" in part:
                        raise BadInput(f"{path.name} is neither UTF-8 nor GB18030 nor Windows-1252 text")
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadInput(f"{path.name} is neither UTF-8 nor GB18030 nor Windows-1252 text")


def _is_chinese(path: Path) -> bool:
    """Return whether the bytes above ASCII are Chinese signs, two or four bytes each, rather than letters with marks.

    Almost all bytes of German are also some Chinese sign: but they stand single, or within a word of ASCII letters.
    """
    signs = letters = 0
    with path.open("rb") as file:
        for line in file:
            if not line.isascii():
                for run in _ABOVE_ASCII.finditer(line):
                    signs += len(run["run"]) >= 3
                    letters += len(run["run"]) < 3
    return signs >= letters


OBEYED = re.compile(r"'*[=+\-@\t\r]")
"""How a text begins that a spreadsheet might obey, or that was kept from it by an apostrophe."""
_SEPARATOR = re.compile(r"\ufeff?sep=(?P<sign>[,;\t|，])", re.IGNORECASE)
_ABOVE_ASCII = re.compile(rb"(?P<run>[\x80-\xff]+)")


if __name__ == "__main__":
    begin(sys.argv[1])
    print_tables(Path(sys.argv[2]))
