"""Dates as lists and article heads print them.

A full date is a day; `03-18` is half a date, whose year is reckoned from the row's address, from its neighbours,
or from today. Only what stands by itself is taken for half a date: "第3-18条" is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache

_Y, _M, _D = r"((?:19|20)\d\d)", r"(1[0-2]|0?[1-9])", r"(3[01]|[12]\d|0?[1-9])"
_FULL = re.compile(rf"(?<![\d.]){_Y}\s?[-/.年－]\s?{_M}\s?[-/.月－]\s?{_D}(?!\d)\s?日?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_M_ENGLISH = r"(?P<m>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_D_ENGLISH, _Y_ENGLISH = r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?", r"(?P<y>(?:19|20)\d\d)"
_ENGLISH = re.compile(rf"\b{_D_ENGLISH}[\s-]+{_M_ENGLISH}[\s,-]+{_Y_ENGLISH}\b", re.I)
_AMERICAN = re.compile(rf"\b{_M_ENGLISH}\s*{_D_ENGLISH},?\s+{_Y_ENGLISH}\b", re.I)
_ENGLISH_YEAR = re.compile(r"[A-Za-z]{3}[\s\d,.-]{1,8}(?:19|20)\d\d")
_OF_TIME = re.compile(r"^datetime$|time|date|^data-(?:ts|t|stamp|pub)", re.I)
_WITH_TIME = re.compile(r"[T\s]*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?:\.\d+)?")
_SPLIT = (
    (re.compile(rf"^{_D}\s?日?\s*[/|·]?\s+{_Y}\s?[-/.年]\s?{_M}\s?月?$"), "dym"),
    (re.compile(rf"^{_Y}\s?[-/.年]\s?{_M}\s?月?\s+{_D}\s?日?$"), "ymd"),
    (re.compile(rf"^{_M}\s?[-/.月]\s?{_D}\s?日?\s+{_Y}\s?年?$"), "mdy"),
    (re.compile(rf"^{_D}\s+{_M}\s?月?\s*[-/,]?\s*{_Y}\s?年?$"), "dmy"),
    (re.compile(rf"^{_Y}\s?年?\s+{_M}\s?[-/.月]\s?{_D}\s?日?$"), "ymd"),
    (re.compile(rf"^{_M}\s?月\s+{_D}\s?日?\s+{_Y}\s?年?$"), "mdy"),
)
_HALF = re.compile(rf"^[\[(（【〔]?\s*{_M}\s?[-/.月]\s?{_D}\s?日?\s*[\])）】〕]?$")
_HALF_SPLIT = re.compile(rf"^{_D}\s+{_M}\s?月$")
_IN_URL = (
    re.compile(rf"/{_Y}[-/_]{_M}[-/_]{_D}(?=[/_.])"),
    re.compile(rf"[/_]t?{_Y}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[_./]|\d{{4,}}\.)"),
)
_YEAR_IN_URL = re.compile(rf"/{_Y}(?:0[1-9]|1[0-2])?/")
_DIGIT = re.compile(r"\d")
_LONGEST_BARE = 48
_CHINA = timezone(timedelta(hours=8))
_DIGITS = str.maketrans("０１２３４５６７８９／．－", "0123456789/.-")


@dataclass(frozen=True, slots=True)
class HalfDate:
    """A month and a day; the year is not printed."""

    month: int
    day: int

    def in_year(self, year: int) -> date | None:
        """Return the day in that year, or None where the year has no such day (29 February)."""
        return _day(year, self.month, self.day)


def full_dates(text: str) -> list[tuple[date, int, int]]:
    """Return every full date in a text with its start and end, in order of appearance."""
    if not text.isascii():
        text = text.translate(_DIGITS)
    found = []
    for match in _FULL.finditer(text):
        day = _day(*(int(part) for part in match.groups()))
        if day:
            found.append((day, match.start(), match.end()))
    return sorted([*found, *_english(text)], key=lambda one: one[1]) if _ENGLISH_YEAR.search(text) else found


def date_of_attributes(attributes: Mapping[str, object]) -> date | None:
    """Return the day that an element carries for a script to print: `datetime="2026-09-16"`, `data-time="1789520400"`
    (seconds or milliseconds since 1970)."""
    for name, value in attributes.items():
        if isinstance(value, str) and _OF_TIME.search(name) and (day := date_of_value(value.strip())):
            return day if date(1995, 1, 1) <= day <= date(2060, 1, 1) else None
    return None


def _english(text: str) -> list[tuple[date, int, int]]:
    """Days as `16 Sep 2026`, `Sep 16, 2026` and `16-September-2026`."""
    found = []
    for pattern in (_ENGLISH, _AMERICAN):
        for match in pattern.finditer(text):
            month = _MONTHS.index(match["m"][:3].lower()) + 1
            if day := _day(int(match["y"]), month, int(match["d"])):
                found.append((day, match.start(), match.end()))
    return found


def read_date(text: str) -> date | HalfDate | None:
    """Return the date that a piece of a row states; half dates only where the piece says nothing else."""
    if not _DIGIT.search(text):
        return None
    return _read_short(text) if len(text) <= _LONGEST_BARE else _first(full_dates(text))


@lru_cache(maxsize=4096)
def _read_short(text: str) -> date | HalfDate | None:
    text = text.translate(_DIGITS).strip()
    if full := full_dates(text):
        return full[0][0]
    bare = _WITH_TIME.sub("", text).strip(" []()（）【】〔〕|·:：-/\xa0\u3000")
    return _split(bare) or _half(bare)


def _first(found: list[tuple[date, int, int]]) -> date | None:
    return found[0][0] if found else None


@lru_cache(maxsize=4096)
def without_dates(text: str) -> str:
    """Return a text without its full dates, their times and the brackets that held them."""
    plain = text.translate(_DIGITS)
    for _, start, end in reversed(full_dates(plain)):
        after = _WITH_TIME.match(plain, end)
        end = after.end() if after else end
        text, plain = text[:start] + text[end:], plain[:start] + plain[end:]
    return re.sub(r"[\[(（【〔]\s*[\])）】〕]", "", text).strip()


def date_in_url(url: str) -> date | None:
    """Return the day that an address carries (`/2025-03-18/`, `/t20250318_`, `/2025/03/18/`), or None."""
    for pattern in _IN_URL:
        for match in pattern.finditer(url):
            if day := _day(*(int(part) for part in match.groups())):
                return day
    return None


def year_in_url(url: str) -> int | None:
    """Return the year that an address carries (`/2025/`, `/202503/`, or a whole day), or None."""
    if day := date_in_url(url):
        return day.year
    found = _YEAR_IN_URL.search(url)
    return int(found.group(1)) if found else None


def date_of_value(value: object) -> date | None:
    """Return the day of a JSON value: a date as text, or seconds or milliseconds since 1970 (China's day)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _epoch(float(value))
    if not isinstance(value, str):
        return None
    if re.fullmatch(r"\d{10}|\d{13}", value):
        return _epoch(float(value))
    if found := re.fullmatch(rf"{_Y}(\d\d)(\d\d)(?:\d{{6}})?", value.strip()):
        return _day(*(int(part) for part in found.groups()))
    if value.endswith("Z") and (moment := _utc(value)):
        return moment.astimezone(_CHINA).date()
    read = read_date(value)
    return read if isinstance(read, date) else None


def _split(text: str) -> date | None:
    for pattern, order in _SPLIT:
        if match := pattern.match(text):
            part = dict(zip(order, (int(group) for group in match.groups()), strict=True))
            return _day(part["y"], part["m"], part["d"])
    return None


def _half(text: str) -> HalfDate | None:
    if match := _HALF.match(text):
        return HalfDate(int(match.group(1)), int(match.group(2)))
    if match := _HALF_SPLIT.match(text):
        return HalfDate(int(match.group(2)), int(match.group(1)))
    return None


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _epoch(value: float) -> date | None:
    seconds = value / 1000 if value > 1e11 else value
    if not 0 < seconds < 4e9:
        return None
    return datetime.fromtimestamp(seconds, _CHINA).date()


def _utc(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError:
        return None
