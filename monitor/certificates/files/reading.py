"""Rows of a certificate file as certificates: what a row says, or everything that is wrong with it.

Each problem names the row and the column.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from monitor.certificates.certificate import Certificate, Contact, Holder
from monitor.certificates.fields import Stated
from monitor.certificates.files.columns import BLANKS, READERS, day
from monitor.certificates.files.days import USUAL
from monitor.certificates.files.header import DAYS, Header
from monitor.errors import BadInput

LONGEST_REMEMBERED = 200
MOST_REMEMBERED = 10_000
"""Characters of a cell, and cells of a column, that are remembered as read while a file is."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; `rejected` says that the row was left out because of it."""

    row: int
    column: str | None
    message: str
    rejected: bool = True
    sheet: str | None = None

    def __str__(self) -> str:
        place = (
            (f'sheet "{self.sheet}", ' if self.sheet else "")
            + f"row {self.row}"
            + (f', column "{self.column}"' if self.column else "")
        )
        return f"{place}: {self.message}"


class RowReader:
    """Reads the rows below one header; a cell that says again what another of its column said is not read again."""

    def __init__(self, header: Header) -> None:
        """Prepare to read the columns that the header names."""
        self.header = header
        self.stated = Stated(header.places)
        self._lone_days = [
            (column, other)
            for pair in _ORDER
            for column, other in (pair[:2], pair[1::-1])
            if column in header.places and other not in header.places
        ]
        self._columns = [(column, place, _reader(column, header)) for column, place in header.places.items()]

    def read(self, number: int, row: Sequence[Any]) -> Certificate | tuple[Problem, ...]:
        """Return the certificate of a row, or everything that is wrong with it."""
        values, problems, width = dict(BLANKS), [], len(row)
        for column, place, read in self._columns:
            try:
                values[column] = read(row[place] if place < width else None)
            except BadInput as reason:
                problems.append(Problem(number, self.header.printed.get(column, column), str(reason)))
        if not problems:
            problems += [Problem(number, self.header.printed[column], said) for column, said in _out_of_order(values)]
        return tuple(problems) or _certificate(values)

    def against(self, number: int, certificate: Certificate, known: Mapping[str, Any]) -> tuple[Problem, ...]:
        """Return which days of a row contradict those that only the register has, by column."""
        return tuple(
            Problem(number, self.header.printed[column], f"{said} (the register has {other} {known[other]})")
            for column, other in self._lone_days
            for _, said in _out_of_order({**_NO_DAYS, column: getattr(certificate, column), other: known[other]})
        )


def read_row(header: Header, number: int, row: Sequence[Any]) -> Certificate | tuple[Problem, ...]:
    """Return the certificate of a single row, or everything that is wrong with it."""
    return RowReader(header).read(number, row)


def _reader(column: str, header: Header) -> Callable[[Any], Any]:
    orders = header.orders.get(column, USUAL)
    read = READERS.get(column) or (lambda cell: day(cell, orders))
    return read if column in _OF_ONE_ROW else _remembering(read)


def _remembering(read: Callable[[Any], T]) -> Callable[[Any], T]:
    """Return the same reader with a bounded memory of texts: 1, 1.0 and "1" are not the same cell."""
    known: dict[str, T] = {}

    def recall(cell: Any) -> T:
        if type(cell) is not str or len(cell) > LONGEST_REMEMBERED:
            return read(cell)
        try:
            return known[cell]
        except KeyError:
            value = read(cell)
        if len(known) >= MOST_REMEMBERED:
            known.clear()
        known[cell] = value
        return value

    return recall


def _out_of_order(values: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield each column whose day lies before one that it must not lie before, and what that would mean."""
    for column, earlier, said in _ORDER:
        if values[column] and values[earlier] and values[column] < values[earlier]:
            yield column, said


def _certificate(values: Mapping[str, Any]) -> Certificate:
    printed, family, edition = values["rule"]
    return Certificate(
        number=values["certificate_no"],
        holder=Holder(values["holder"]),
        rule_printed=printed,
        family=family,
        edition=edition,
        product=values["product"],
        standards=values["standards"],
        **{column: values[column] for column in _AS_READ},
        status=values["status"],
        contacts=tuple(Contact(email, values["frequency"]) for email in values["contact_email"]),
    )


_ORDER = (
    ("expires", "issued", "the certificate would expire before it was issued"),
    ("next_surveillance", "last_surveillance", "the next surveillance would be before the last"),
)
_AS_READ = (
    "issued", "expires", "next_surveillance", "last_surveillance", "cop_due", "factory", "models", "consultant",
    "language", "time_zone",
)  # fmt: skip
_NO_DAYS: dict[str, Any] = dict.fromkeys(DAYS)
_OF_ONE_ROW = ("certificate_no", "models")
"""Columns in which hardly a cell is like another."""
