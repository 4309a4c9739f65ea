"""Days, as the cells of a certificate file write them: read where only one reading is possible.

Year first is month-day in every writing that is in use. With the year last the order of day and month hangs on the
writer, and the sign between them says more or less about it:

- Dots part day.month.year. Of all locales of the Unicode locale data (CLDR, as Babel has them) that write a numeric
  date with dots and the year last, every one puts the day first, as DIN 5008 does, but for Ngomba in Cameroon. So
  03.04.2027 is 3 April, unless a date with dots in the same column can only be read month first (06.30.2027).
- Slashes and hyphens are used both ways (en-GB, fr, nl; en-US). One date of the column that can only be read one way
  says how its writer wrote them all; where none does, or where two contradict each other, none is guessed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from monitor.errors import BadInput
from monitor.notation.text import fold


class Order(StrEnum):
    """Whether a writer puts the day or the month first."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


Orders = Mapping[str, Order]
"""The order in which dates of a column are written, by the sign between their parts."""

USUAL: Orders = {".": Order.DAY_FIRST}


@dataclass(slots=True)
class Writing:
    """How the dates of one column are written: how many can be read in one order only, and how many in either."""

    forced: Counter[tuple[str, Order]] = field(default_factory=Counter)
    either: Counter[str] = field(default_factory=Counter)
    shown: dict[tuple[str, Order], str] = field(default_factory=dict)

    def add(self, cell: Any) -> None:
        """Look at one cell of the column; one that begins with a year says nothing of it."""
        if not isinstance(cell, str) or not 8 <= len(cell) <= LONGEST_PRINTED or cell[:4].isdigit():
            return
        match = _YEAR_LAST.fullmatch(fold(cell).strip())
        if match is None:
            return
        readings = _readings(match)
        if len(set(readings.values())) == 2:
            self.either[match["sign"]] += 1
        elif len(readings) == 1:
            key = (match["sign"], next(iter(readings)))
            self.forced[key] += 1
            self.shown.setdefault(key, cell.strip())

    @property
    def orders(self) -> dict[str, Order]:
        """The order for each sign of which the column's own dates, or the sign itself, leave only one."""
        known = dict(USUAL)
        for sign in {sign for sign, _ in self.forced}:
            orders = [order for order in Order if self.forced[sign, order]]
            known.pop(sign, None)
            if len(orders) == 1:
                known[sign] = orders[0]
        return known

    @property
    def said(self) -> list[str]:
        """What a person should know of it: dates that were read by others of their column, and because of which."""
        return [
            f"{self.either[sign]} dates with “{sign}” that could be read two ways are read {order}, as "
            f"{self.forced[sign, order]} others of the column can only be ({self.shown[sign, order]})"
            for sign, order in self.orders.items()
            if self.either[sign] and self.forced[sign, order]
        ]


def writing_of(cells: Iterable[Any]) -> Writing:
    """Return how the dates among some cells of a column are written."""
    writing = Writing()
    for cell in cells:
        writing.add(cell)
    return writing


def read_day(cell: Any, orders: Orders = USUAL) -> date:
    """Return the one day that a cell can mean. Raises BadInput where it is none, or could be two."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 20_000 <= cell < 80_000:
        return _FIRST_DAY_OF_SHEETS + timedelta(days=int(cell))
    text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
    return _printed_day(text, tuple(sorted(orders.items())))


@lru_cache(maxsize=1 << 15)
def _printed_day(printed: str, orders: tuple[tuple[str, Order], ...]) -> date:
    text = fold(printed).strip()
    for form in (_DATE, _WHOLE):
        if match := form.fullmatch(text):
            return _only((match.group("year", "month", "day"),), text)
    if match := _YEAR_LAST.fullmatch(text):
        return _year_last(match, dict(orders), text)
    if match := _NAMED.fullmatch(text):
        word, day = (match["month"] or match["first"]).lower(), match["day"] or match["second"]
        months = [at for at, names in enumerate(_MONTHS, 1) if any(name.startswith(word) for name in names)]
        return _only([(match["year"], month, day) for month in months], text)
    return _only((), text)


def _year_last(match: re.Match[str], orders: Orders, text: str) -> date:
    readings = _readings(match)
    days = set(readings.values())
    order = orders.get(match["sign"])
    if len(days) == 2 and order is not None:
        return readings[order]
    return _one_of(days, text)


def _readings(match: re.Match[str]) -> dict[Order, date]:
    """Return the day in each order in which there is one."""
    year, one, other = (int(part) for part in match.group("year", "one", "other"))
    days = {}
    for order, month, day in ((Order.DAY_FIRST, other, one), (Order.MONTH_FIRST, one, other)):
        with suppress(ValueError):
            days[order] = date(year, month, day)
    return days


def _only(readings: Iterable[tuple[str | int, ...]], text: str) -> date:
    days = set()
    for reading in readings:
        with suppress(ValueError):
            days.add(date(*(int(part) for part in reading)))
    return _one_of(days, text)


def _one_of(days: set[date], text: str) -> date:
    if len(days) == 1:
        return next(iter(days))
    either = f": {' or '.join(str(day) for day in sorted(days))}?" if days else ""
    raise BadInput(f'"{text[:40]}" is not a date that can be read one way only{either} (write it as 2027-06-30)')


LONGEST_PRINTED = 40
_FIRST_DAY_OF_SHEETS = date(1899, 12, 30)
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:\s?[-/.]\s?|\s?年\s?)(?P<month>\d{1,2})"
    r"(?:\s?[-/.]\s?|\s?月\s?)(?P<day>\d{1,2})\s?日?" + _MIDNIGHT
)
_WHOLE = re.compile(r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)")
_YEAR_LAST = re.compile(
    r"(?P<one>\d{1,2})\s?(?P<sign>[-/.])\s?(?P<other>\d{1,2})\s?(?P=sign)\s?(?P<year>(?:19|20)\d\d)" + _MIDNIGHT
)
_NAMED = re.compile(
    r"(?:(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?[ -]?(?P<month>[^\W\d_]{3,9})"
    r"|(?P<first>[^\W\d_]{3,9})\.? (?P<second>\d{1,2})(?:st|nd|rd|th)?)[., -]{1,2}(?P<year>(?:19|20)\d\d)",
    re.IGNORECASE,
)
_MONTHS = tuple(
    names.split()
    for names in (
        "january januar jänner", "february februar", "march märz", "april", "may mai", "june juni", "july juli",
        "august", "september", "october oktober", "november", "december dezember",
    )
)  # fmt: skip
