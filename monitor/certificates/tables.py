"""Tables: a CSV or XLSX file as rows of cells, streamed, with the row numbers that a person sees.

CSV comes as UTF-8 (with or without mark), UTF-16 with mark, or GB18030 (what a Chinese Excel writes), separated by
comma, semicolon or tab. The file is a stranger's: a child process reads it under the limits of all such files.
"""

import csv
import json
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from monitor.certificates.columns import REQUIRED, Header, missing_columns, read_header
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


def read_table(path: Path, limits: ReaderLimits | None = None) -> tuple[Header, Iterator[Row]]:
    """Return the header of a certificate file and the rows below it. Raises BadInput where it is none."""
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file")
    said = limited_lines(__name__, str(path.resolve()), limits or ReaderLimits())
    try:
        first = json.loads(next(said))
    except Stopped as reason:
        more = _MORE.get(reason.failure, "time or memory")
        raise BadInput(
            f"{path.name} takes more {more} to read than a list of certificates; "
            "is it damaged, or does something stand far away from the table?"
        ) from None
    header = read_header([_cell(cell) for cell in first["header"]]) if "header" in first else None
    if header is None:
        raise BadInput(first["error"])
    return header, _rows(said)


_MORE = {TIME: "time", MEMORY: "memory"}


def _rows(lines: Iterator[str]) -> Iterator[Row]:
    for line in lines:
        row = json.loads(line)
        if "error" in row:
            raise BadInput(row["error"])
        yield row["at"], [_cell(cell) for cell in row["cells"]]


def _cell(cell: Any) -> Any:
    """A cell as the workbook has it: JSON knows no days."""
    return datetime.fromisoformat(cell["on"]) if isinstance(cell, dict) else cell


# In the child.


def print_table(path: Path) -> None:
    """Print the header of a table and each row below it as a line of JSON, or why that cannot be."""
    try:
        header, rows = _table(path)
        _print({"header": header})
        for at, cells in rows:
            _print({"at": at, "cells": cells})
    except BadInput as reason:
        _print({"error": str(reason)})
    except MemoryError:
        out_of_memory()


def _print(row: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(row, ensure_ascii=True, default=_plain) + "\n")


def _plain(cell: Any) -> Any:
    return {"on": cell.isoformat()} if isinstance(cell, date) else str(cell)


def _table(path: Path) -> tuple[list[Any], Iterator[Row]]:
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return _below_header(path.name, _csv_rows(path))
    if suffix in (".xlsx", ".xlsm"):
        return _first_sheet_with_header(path)
    raise BadInput(f"{path.name}: only .csv and .xlsx files can be imported")


def _first_sheet_with_header(path: Path) -> tuple[list[Any], Iterator[Row]]:
    _check_size(path)
    try:
        workbook = CalamineWorkbook.from_path(path)
        problem = BadInput(f"{path.name}: the workbook has no sheet")
        for name in workbook.sheet_names:
            rows = enumerate(workbook.get_sheet_by_name(name).iter_rows(), 1)
            try:
                return _below_header(f'{path.name}, sheet "{name}"', ((at, list(row)) for at, row in rows))
            except BadInput as reason:
                problem = reason if name == workbook.sheet_names[0] else problem
    except CalamineError as reason:
        raise BadInput(f"{path.name} cannot be read as a workbook: {reason}") from None
    raise problem


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


def _below_header(name: str, rows: Iterator[Row]) -> tuple[list[Any], Iterator[Row]]:
    above = []
    for at, cells in islice(rows, HEADER_WITHIN):
        if read_header(cells) is not None:
            return cells, _limited(name, rows)
        above.append((at, cells))
    if not any(_filled(cells) for _, cells in above):
        raise BadInput(f"{name}: the table is empty")
    _, best = min(above, key=lambda row: len(missing_columns(row[1])))
    missing = missing_columns(best)
    found = "no header was found" if len(missing) == len(REQUIRED) else "the header"
    raise BadInput(
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
        first = file.readline()
        delimiter = max(",;\t，", key=first.count) if first.strip() else ","
        try:
            yield from enumerate(csv.reader(chain([first], file), delimiter=delimiter), 1)
        except (csv.Error, UnicodeDecodeError) as reason:
            raise BadInput(f"{path.name}: the table cannot be read ({reason})") from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise BadInput(f"{path.name} is neither UTF-8 nor GB18030 text")


if __name__ == "__main__":
    begin(sys.argv[1])
    print_table(Path(sys.argv[2]))
