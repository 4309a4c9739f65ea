"""Refused rows: written to a file of their own, each with the reason, to be mended there and imported again."""

import csv
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from monitor.certificates.files.reading import Problem
from monitor.certificates.files.rows import OBEYED
from monitor.certificates.files.tables import Line


def refused_file(path: Path) -> Path:
    """Return where the refused rows of a certificate file are written: beside it."""
    return path.with_name(f"{path.stem}.refused.csv")


class RefusedRows:
    """The file of refused rows, begun with the first of them; each stands below its own header, as it stood."""

    def __init__(self, path: Path) -> None:
        """Prepare to write to a file; it is not touched where nothing is refused."""
        self.path = path
        self.count = 0
        self._names: Sequence[Any] | None = None
        self._open = ExitStack()
        self._table: Any = None

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the file."""
        self._open.close()

    def write(self, line: Line, problems: Iterable[Problem]) -> None:
        """Write a row with sheet, row and reason in front."""
        if self._table is None:
            file = self._open.enter_context(self.path.open("w", encoding="utf-8-sig", newline=""))
            self._table = csv.writer(file)
        if line.names != self._names:
            self._names = line.names
            self._table.writerow(["refused sheet", "refused row", "refused because", *map(shown, line.names)])
        because = "; ".join(f"{item.column}: {item.message}" for item in problems)
        self._table.writerow([line.sheet, line.at, shown(because), *map(shown, line.cells)])
        self.count += 1


def shown(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: it comes from a stranger's file."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, str) and len(cell) > 1 and OBEYED.match(cell):
        return f"'{cell}"
    return cell
