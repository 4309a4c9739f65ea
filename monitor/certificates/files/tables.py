"""Tables: a file of certificates as lines with the row numbers that a person sees, streamed.

The file is a stranger's: a child process reads it (rows.py) under the limits of all such files.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Any

from monitor.certificates.files.days import Order
from monitor.certificates.files.header import Header, read_header
from monitor.documents.errors import MEMORY, TIME
from monitor.documents.limited import Stopped, limited_lines
from monitor.documents.worker import ReaderLimits
from monitor.errors import BadInput

LIMITS = ReaderLimits(seconds=1200, cpu_seconds=600, file_mib=4096)
"""A list of a million certificates takes a minute, and half a gigabyte on its way here."""
_ROWS = "monitor.certificates.files.rows"


@dataclass(frozen=True, slots=True)
class Begun:
    """A table that is read: how many rows it has, and what a person should know of how it is read."""

    sheet: str | None
    rows: int
    said: tuple[str, ...]


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


def read_tables(path: Path, limits: ReaderLimits | None = None) -> Iterator[Begun | Line | Unread]:
    """Yield each table as it begins, its rows, and each sheet that is not read. Raises BadInput where none can be."""
    if not path.is_file():
        raise BadInput(f"{path}: there is no such file")
    try:
        yield from _lines(limited_lines(_ROWS, str(path.resolve()), limits or LIMITS))
    except Stopped as reason:
        more = _MORE.get(reason.failure, "time or memory")
        raise BadInput(
            f"{path.name} takes more {more} to read than a list of certificates; "
            "is it damaged, or does something stand far away from the table?"
        ) from None


def _lines(printed: Iterator[str]) -> Iterator[Begun | Line | Unread]:
    sheet: str | None = None
    header, names = Header({}, {}), list[Any]()
    for text in printed:
        row = _DECODER.decode(text)
        if isinstance(row, list):
            for at, cells in row:
                yield Line(sheet, header, names, at, cells)
        elif "error" in row:
            raise BadInput(row["error"])
        elif "unread" in row:
            yield Unread(row["sheet"], row["unread"])
        elif "again" in row:
            names, header = row["again"], _known(row["again"], (), header.orders)
        else:
            upper, lower = row["header"]
            orders = {column: _orders(found) for column, found in row["orders"].items()}
            sheet, names, header = row["sheet"], _joined(upper, lower), _known(upper, lower, orders)
            yield Begun(sheet, row["rows"], tuple(row["said"]))


def _known(upper: Sequence[Any], lower: Sequence[Any], orders: Any) -> Header:
    header = read_header(upper, lower)
    if header is None:
        raise BadInput("a header was not read twice the same way")
    return replace(header, orders=orders)


def _orders(found: dict[str, str]) -> dict[str, Order]:
    return {sign: Order(order) for sign, order in found.items()}


def _joined(upper: Sequence[Any], lower: Sequence[Any]) -> list[Any]:
    return [below or above for above, below in zip_longest(upper, lower)]


_MORE = {TIME: "time", MEMORY: "memory"}


def _day(item: dict[str, Any]) -> Any:
    """A day as the workbook has it: JSON knows none."""
    return datetime.fromisoformat(item["on"]) if "on" in item else item


_DECODER = json.JSONDecoder(object_hook=_day)
