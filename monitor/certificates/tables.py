"""Tables: a CSV or XLSX file as rows of cells, streamed, with the row numbers that a person sees.

CSV comes as UTF-8 (with or without mark), UTF-16 with mark, GB18030 (what a Chinese Excel writes) or Windows-1252 (a
German or American one), separated by comma, semicolon or tab; a first line `sep=;` says which. Of a workbook
every sheet is read that has the columns; each other one is named with the reason. The file is a stranger's: a child
process reads it under the limits of all such files.
"""

import csv
import json
import re
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from monitor.certificates.header import REQUIRED, Header, continues, missing_columns, read_header
from monitor.documents.errors import MEMORY, TIME
from monitor.documents.limited import Stopped, begin, limited_lines, out_of_memory
from monitor.documents.sheet import span
from monitor.documents.worker import ReaderLimits
from monitor.errors import BadInput

MOST_ROWS = 500_000
MOST_UNPACKED_BYTES = 600_000_000
MOST_CELLS = 20_000_000
"""Places in the rectangle that a sheet spans: a cell far from the table (in XFD1048576) makes thousands of millions."""
MOST_CHARACTERS_A_CELL = 16_000_000
HEADER_WITHIN = 20
"""Rows above a header: titles, a company's name, notes."""

Row = tuple[int, list[Any]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table below its header; `names` are the header's cells, `sheet` is None where the file has none."""

    sheet: str | None
    header: Header
    names: Sequence[Any]
    at: int
    cells: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Unread:
    """A sheet that is no list of certificates, and why."""

    sheet: str
    reason: str

    def __str__(self) -> str:
        """Return what becomes of the sheet, as a sentence."""
        return f'sheet "{self.sheet}" is not read: {self.reason}'


def read_tables(path: Path, limits: ReaderLimits | None = None) -> Iterator[Line | Unread]:
    """Yield the rows of a certificate file and each sheet that is not read. Raises BadInput where none can be."""
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file")
    try:
        yield from _lines(limited_lines(__name__, str(path.resolve()), limits or ReaderLimits()))
    except Stopped as reason:
        more = _MORE.get(reason.failure, "time or memory")
        raise BadInput(
            f"{path.name} takes more {more} to read than a list of certificates; "
            "is it damaged, or does something stand far away from the table?"
        ) from None


def _lines(said: Iterator[str]) -> Iterator[Line | Unread]:
    sheet, names, header = None, [], None
    printed: list[list[Any]] = []
    for text in said:
        row = json.loads(text)
        if "error" in row:
            raise BadInput(row["error"])
        if "unread" in row:
            yield Unread(row["sheet"], row["unread"])
        elif "header" in row:
            printed = row["header"]
            upper, lower = printed
            sheet, names, header = row["sheet"], _joined(upper, lower), read_header(upper, lower)
        elif row["cells"] in printed:
            continue
        elif again := read_header(row["cells"]):
            names, header, printed = row["cells"], again, [row["cells"]]
        elif header is not None:
            yield Line(sheet, header, names, row["at"], [_cell(cell) for cell in row["cells"]])


def _joined(upper: Sequence[Any], lower: Sequence[Any]) -> list[Any]:
    return [below or above for above, below in zip_longest(upper, lower)]


_MORE = {TIME: "time", MEMORY: "memory"}


def _cell(cell: Any) -> Any:
    """A cell as the workbook has it: JSON knows no days."""
    return datetime.fromisoformat(cell["on"]) if isinstance(cell, dict) else cell


# In the child.


class NotAList(BadInput):
    """Raised where a table has no header of a list of certificates."""


def print_tables(path: Path) -> None:
    """Print the header of each table and each row below it as a line of JSON, or why that cannot be."""
    try:
        for row in _tables(path):
            _print(row)
    except BadInput as reason:
        _print({"error": str(reason)})
    except MemoryError:
        out_of_memory()


def _print(row: dict[str, Any]) -> None:
    sys.stdout.buffer.write(
        (json.dumps(row, ensure_ascii=True, default=_plain) + "\n").encode()
    )  # to the parent, by a pipe


def _plain(cell: Any) -> Any:
    return {"on": cell.isoformat()} if isinstance(cell, date) else str(cell)


def _tables(path: Path) -> Iterator[dict[str, Any]]:
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return _table(None, path.name, _csv_rows(path))
    if suffix in (".xlsx", ".xlsm"):
        return _sheets(path)
    raise BadInput(f"{path.name}: only .csv and .xlsx files can be imported")


def _table(sheet: str | None, name: str, rows: Iterator[Row]) -> Iterator[dict[str, Any]]:
    header, below = _below_header(name, rows)
    yield {"sheet": sheet, "header": header}
    for at, cells in below:
        yield {"at": at, "cells": cells}


def _sheets(path: Path) -> Iterator[dict[str, Any]]:
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


def _sheet_rows(workbook: CalamineWorkbook, name: str) -> Iterator[Row]:
    try:
        for at, cells in enumerate(workbook.get_sheet_by_name(name).iter_rows(), 1):
            yield at, list(cells)
    except CalamineError as reason:
        raise NotAList(f"it cannot be read ({reason})") from None


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
            if size <= MOST_UNPACKED_BYTES:
                for member in archive.infolist():
                    if member.filename.startswith("xl/worksheets/sheet"):
                        _check_span(path.name, archive.read(member))
    except zipfile.BadZipFile:
        raise BadInput(f"{path.name} is no XLSX workbook (save it again as .xlsx or .csv)") from None
    if size > MOST_UNPACKED_BYTES:
        raise BadInput(f"{path.name} unpacks to {size} bytes, more than a list of certificates can have")


def _check_span(name: str, content: bytes) -> None:
    rows, columns = span(content)
    if rows * columns > MOST_CELLS:
        raise BadInput(
            f"{name}: a sheet reaches over {rows} rows and {columns} columns: something stands far away from "
            "the table; delete those rows and columns, or copy the table into a new file"
        )


def _below_header(name: str, rows: Iterator[Row]) -> tuple[tuple[list[Any], list[Any]], Iterator[Row]]:
    """Return the two rows of a header (the second may be empty), and the rows below it."""
    above: list[Row] = []
    for at, cells in islice(rows, HEADER_WITHIN):
        if read_header(cells) is not None:
            following = next(rows, None)
            if following and continues(following[1]):
                return (cells, following[1]), _limited(name, rows)
            return (cells, []), _limited(name, chain([following] if following else [], rows))
        if above and continues(cells) and read_header(above[-1][1], cells) is not None:
            return (above[-1][1], cells), _limited(name, rows)
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
    return any(cell is not None and str(cell).strip() for cell in cells)


def _csv_rows(path: Path) -> Iterator[Row]:
    encoding = _encoding(path)
    csv.field_size_limit(MOST_CHARACTERS_A_CELL)
    with path.open(encoding=encoding, newline="") as file:
        first, start = file.readline(), 1
        if said := _SEPARATOR.fullmatch(first.strip()):
            delimiter, first, start = said["sign"], "", 2
        else:
            delimiter = max(",;\t，", key=first.count) if first.strip() else ","
        try:
            yield from enumerate(csv.reader(chain([first] if first else [], file), delimiter=delimiter), start)
        except (csv.Error, UnicodeDecodeError) as reason:
            raise BadInput(f"{path.name}: the table cannot be read ({reason})") from None


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
            for run in _ABOVE_ASCII.finditer(line):
                signs += len(run["run"]) >= 3
                letters += len(run["run"]) < 3
    return signs >= letters


_SEPARATOR = re.compile(r"\ufeff?sep=(?P<sign>[,;\t|，])", re.IGNORECASE)
_ABOVE_ASCII = re.compile(rb"(?P<run>[\x80-\xff]+)")


if __name__ == "__main__":
    begin(sys.argv[1])
    print_tables(Path(sys.argv[2]))
