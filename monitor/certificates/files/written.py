"""Files that Rulewatch writes: a template to be filled in, and the register in the same columns.

What is exported can be imported again and changes nothing. In a workbook days are days and all else is text, so that
no spreadsheet takes a word for a formula or a number; in CSV a text that one would obey stands behind an apostrophe.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.certificates.files.explained import COLUMNS
from monitor.certificates.files.header import DAYS
from monitor.certificates.files.refused import shown
from monitor.errors import BadInput

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

LONGEST_IN_WORKBOOK = 32_767
MOST_IN_WORKBOOK = 1_048_575
"""Characters of a cell and rows of a sheet that a workbook can have (ECMA-376, as Excel keeps it)."""
_WIDTHS = {"certificate_no": 24, "holder": 32, "contact_email": 36, "rule": 22, "product": 28, "standards": 32}

Said = Mapping[str, str]
"""What each column says of a certificate, as text."""


def write_template(path: Path) -> None:
    """Write an empty list: a workbook that explains each column, or a CSV file of the header alone."""
    with _beside(path) as part:
        if path.suffix.lower() == ".csv":
            _write_csv(part, ())
        else:
            _write_workbook(part, (), explained=True)


def write_certificates(path: Path, certificates: Iterable[Said]) -> int:
    """Write certificates, one a row; return how many. Raises BadInput where a workbook cannot hold them."""
    with _beside(path) as part:
        write = _write_csv if path.suffix.lower() == ".csv" else _write_workbook
        return write(part, certificates)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Give a file to write to that takes the place of the other once it is whole."""
    if path.suffix.lower() not in (".csv", ".xlsx"):
        raise BadInput(f"{path.name}: only .csv and .xlsx files can be written")
    part = path.with_name(f"{path.name}.part")
    try:
        yield part
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _write_csv(path: Path, certificates: Iterable[Said]) -> int:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow([column.header for column in COLUMNS])
        return sum(bool(table.writerow([shown(said[column.name]) for column in COLUMNS])) for said in certificates)


def _write_workbook(path: Path, certificates: Iterable[Said], explained: bool = False) -> int:
    from xlsxwriter import Workbook  # most commands write none

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(path, options) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet("certificates")
        _head(book, sheet, day)
        count = 0
        for count, said in enumerate(certificates, 1):
            _write_row(sheet, count, said, day)
        if explained:
            _explain(book)
    return count


def _head(book: "Workbook", sheet: "Worksheet", day: Any) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, _WIDTHS.get(column.name, 18), day if column.name in DAYS else None)
        sheet.write_string(0, place, column.header, bold)
        sheet.write_comment(0, place, f"{column.says}\n{column.example}", {"author": "Rulewatch"})
        if column.words:
            said = {"validate": "list", "source": list(column.words), "error_type": "warning"}
            sheet.data_validation(1, place, MOST_IN_WORKBOOK, place, said)


def _write_row(sheet: "Worksheet", at: int, said: Said, day: Any) -> None:
    if at > MOST_IN_WORKBOOK:
        raise BadInput(f"a workbook holds {MOST_IN_WORKBOOK} certificates; export them as .csv")
    for place, column in enumerate(COLUMNS):
        text = said[column.name]
        if len(text) > LONGEST_IN_WORKBOOK:
            raise BadInput(
                f"certificate {said['certificate_no']}: {column.name} has {len(text)} characters, of which a cell of a "
                f"workbook holds {LONGEST_IN_WORKBOOK}; export as .csv"
            )
        if text and column.name in DAYS:
            sheet.write_datetime(at, place, date.fromisoformat(text), day)
        elif text:
            sheet.write_string(at, place, text)


def _explain(book: "Workbook") -> None:
    """Explain each column on a sheet of its own, line by line: a sheet without the header is not imported."""
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    sheet = book.add_worksheet("columns 说明")
    for place, (width, name) in enumerate(((22, "Column"), (16, "列"), (70, "What it says"), (34, "Example"))):
        sheet.set_column(place, place, width, wrapped)
        sheet.write_string(0, place, name, bold)
    for at, column in enumerate(COLUMNS, 1):
        for place, text in enumerate((column.name, column.chinese, column.says, column.example)):
            sheet.write_string(at, place, text)
