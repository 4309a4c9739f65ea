"""Refused rows: written to a file of their own, each with the reason, to be mended there and imported again."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from monitor.certificates.columns import Problem
from monitor.certificates.tables import Line

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that was left out, and everything that is wrong with it."""

    line: Line
    problems: tuple[Problem, ...]


def refused_file(path: Path) -> Path:
    """Return where the refused rows of a certificate file are written: beside it."""
    return path.with_name(f"{path.stem}.refused.csv")


def write_refused(rows: Iterable[Refused], path: Path) -> None:
    """Write refused rows as they stood, below their own header, with sheet, row and reason in front."""
    names: Sequence[Any] | None = None
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        for refused in rows:
            line = refused.line
            if line.names != names:
                names = line.names
                table.writerow(["refused sheet", "refused row", "refused because", *map(_shown, names)])
            because = "; ".join(f"{item.column}: {item.message}" for item in refused.problems)
            table.writerow([line.sheet, line.at, _shown(because), *map(_shown, line.cells)])


def _shown(cell: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: it comes from a stranger's file."""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, str) and len(cell) > 1 and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell
