"""Days and periods as an English reader expects them: `1 July 2026`, `within 6 months of publication`.

Periods are counted as the Civil Code counts them (articles 200 to 204; FACTS.md, "Periods").
"""

import calendar
import re
from datetime import date, timedelta

from monitor.translation.language import say, spell_day, spell_month

MONTH_ONLY = len("2026-07")
MONTHS = tuple(calendar.month_name)
_UNITS = {"d": "day", "wd": "working day", "w": "week", "m": "month", "y": "year"}
_SYMBOL = re.compile(r"(?P<base>[a-z_]+)\+(?P<count>\d+)(?P<unit>wd|d|w|m|y)")
_EVENTS = {
    "next_surveillance": "before your next surveillance inspection",
    "certificate_expiry": "before your certificate expires",
    "receipt": "when you receive the authority's notification",
}
_BASES = {
    "published": "publication",
    "effective": "the effective date",
    "receipt": "receiving the authority's notification",
    "certificate_expiry": "the expiry of the certificate",
    "next_surveillance": "the next surveillance inspection",
}


def say_day(day: date) -> str:
    """Return a day as `1 July 2026`."""
    return spell_day(day)


def say_date(value: str) -> str:
    """Return an ISO date, or a month `2026-07`, as it is written in English."""
    if re.fullmatch(r"\d{4}-\d{2}", value):
        return f"{spell_month(int(value[5:]))} {value[:4]}"
    return say_day(date.fromisoformat(value))


def say_day_parts(printed: str) -> str | None:
    """Return a printed day (2026年7月1日, 2026-07-01) as `1 July 2026`, None where there is no such day."""
    try:
        return say_day(date(*(int(part) for part in re.findall(r"\d+", printed))))
    except (TypeError, ValueError):
        return None


def say_last_day(value: str, published: date | None, effective: date | None) -> str | None:
    """Return by when, of an ISO date, a month or a symbol of FACTS.md: "by 30 June 2027"; None where unreadable."""
    if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", value):
        return say("by the end of {day}" if len(value) == MONTH_ONLY else "by {day}", day=say_date(value))
    if value in _EVENTS:
        return say(_EVENTS[value])
    match = _SYMBOL.fullmatch(value)
    if match is None or match["base"] not in _BASES:
        return None
    start = {"published": published, "effective": effective}.get(match["base"])
    day = last_day(value, published, effective)
    period, base = _count(int(match["count"]), _UNITS[match["unit"]]), _BASES[match["base"]]
    if day:
        return f"by {say_day(day)} ({period} after {base})"
    return f"within {period} of {base}" + (f" ({say_day(start)})" if start else "")


def last_day(value: str, published: date | None, effective: date | None) -> date | None:
    """Return the day that a symbol means, None where only a calendar of holidays or of the certificate knows it."""
    match = _SYMBOL.fullmatch(value)
    start = {"published": published, "effective": effective}.get(match["base"]) if match else None
    if match is None or start is None or match["unit"] == "wd":
        return None
    count = int(match["count"])
    if match["unit"] in "dw":
        return start + timedelta(days=count * (7 if match["unit"] == "w" else 1))
    return _months_after(start, count * (12 if match["unit"] == "y" else 1))


def _months_after(day: date, count: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _count(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"
