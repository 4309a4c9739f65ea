"""Columns: the cells of a certificate file, as consultants and authorities write them.

What is wrong with a cell is said with what would be right.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from monitor.certificates.certificate import Frequency, Status
from monitor.certificates.files.days import Orders, read_day
from monitor.certificates.files.header import DAYS, REQUIRED, key_of
from monitor.errors import BadInput
from monitor.notation.addresses import read_address
from monitor.notation.codes import RuleCode, find_codes, find_other_codes, parse_code
from monitor.notation.regions import read_language, read_time_zone
from monitor.notation.standards import StandardRef, find_standards
from monitor.notation.text import fold

LONGEST_CELL = 2000
LONGEST_LIST = 100_000
"""Characters of a cell that lists contacts or standards."""
LONGEST_EXACT_NUMBER = 15
"""Digits that a spreadsheet keeps of a number; the rest of a longer one is already lost in the file."""

T = TypeVar("T")


def _number(cell: Any) -> str:
    if type(cell) is str and _PLAIN_NUMBER.fullmatch(cell):
        return cell
    if isinstance(cell, int | float) and abs(cell) >= 10**LONGEST_EXACT_NUMBER:
        raise BadInput(
            f"{int(cell)} is kept as a number, of which a spreadsheet keeps only {LONGEST_EXACT_NUMBER} digits; "
            "format the column as text and enter the certificate number again"
        )
    number = re.sub(r"\s+", "", fold(_needed(cell)))
    if not re.fullmatch(r"[\w./()\-]{4,60}", number):
        raise BadInput(f'"{number[:80]}" is not a certificate number (expected something like CQC20160107001234)')
    return number


def _needed(cell: Any) -> str:
    text = _text(cell)
    if not text:
        raise BadInput("is empty")
    return text


def _emails(cell: Any) -> tuple[str, ...]:
    parts = [part for part in re.split(r"[;；,，、\s]+", _list(cell)) if part]
    return tuple(dict.fromkeys(read_address(part) for part in parts))


def _rule(cell: Any) -> tuple[str, str, str | None]:
    """Return how a rule is printed, its family and its edition."""
    rule = _rule_named(_needed(cell))
    return rule.printed.strip(), str(rule.family), rule.edition if rule.year else None


def _rule_named(text: str) -> RuleCode:
    found = find_codes(text)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        raise BadInput(f'"{text[:80]}" names {len(found)} rules; a certificate rests on one')
    if find_other_codes(text):
        raise BadInput(
            f'"{text[:80]}" is not a rule code of the schemes that are watched '
            "(expected something like CCAP-SB-3721:2018A or CQC16-464213-2014)"
        )
    return parse_code(text)


def _standards(cell: Any) -> tuple[StandardRef, ...]:
    return _standards_named(_list(cell))


def _standards_named(text: str) -> tuple[StandardRef, ...]:
    parts = text.split(";")
    if all(_PLAIN_STANDARD.fullmatch(part) for part in parts):
        return tuple(dict.fromkeys(standard for part in parts for standard in _plain_standard(part.strip())))
    found = find_standards(text)
    if text and not found and not _is_blank(text):
        raise BadInput(f'"{text[:80]}" names no standard (expected something like GB/T 15579.6-2018)')
    return found


_plain_standard = lru_cache(maxsize=1 << 14)(find_standards)


def day(cell: Any, orders: Orders) -> date | None:
    if (isinstance(cell, str) and _is_blank(cell)) or cell is None:
        return None
    return read_day(cell, orders)


def _many(cell: Any) -> str:
    """Return what a cell lists, one a line or separated by semicolons, as one text."""
    return "; ".join(part.strip() for part in re.split(r"[;；\n]", _list(cell)) if part.strip())


def _person(cell: Any) -> str:
    text = _unless_blank(cell)
    return read_address(text) if "@" in text else text


def _language(cell: Any) -> str:
    text = _unless_blank(cell)
    return read_language(text) if text else ""


def _time_zone(cell: Any) -> str:
    text = _unless_blank(cell)
    return read_time_zone(text) if text else ""


def _unless_blank(cell: Any) -> str:
    text = _text(cell)
    return "" if _is_blank(text) else text


def _word(meanings: Mapping[str, T], what: str, default: T) -> Callable[[Any], T]:
    @lru_cache(maxsize=256)
    def read(cell: Any) -> T:
        text = _text(cell)
        if _is_blank(text):
            return default
        if (key := key_of(text)) in meanings:
            return meanings[key]
        raise BadInput(f'"{text[:40]}" is not a {what} (expected one of {", ".join(meanings)})')

    return read


def _text(cell: Any, longest: int = LONGEST_CELL) -> str:
    """Return a cell as one clean text: whole numbers without ".0", no control characters; it is whole or refused."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell)
    if len(text) > longest:
        raise BadInput(f"has {len(text)} characters, more than the {longest} that are kept; shorten or part it")
    if not text.isprintable():
        text = "".join(character if character.isprintable() else " " for character in text)
    return (re.sub(r" {2,}", " ", text) if "  " in text else text).strip()


def _list(cell: Any) -> str:
    """A cell that may list many things, one a line."""
    if not isinstance(cell, str) or (len(cell) <= LONGEST_CELL and cell.isprintable()):
        return _text(cell)
    if len(cell) > LONGEST_LIST:
        return _text(cell, LONGEST_LIST)
    return "\n".join(_text(line, LONGEST_LIST) for line in cell.splitlines())


def _is_blank(text: str) -> bool:
    return text.strip().lower() in _BLANK


_PLAIN_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9./()\-]{3,59}")
"""A certificate number that is kept as it stands."""
_PLAIN_STANDARD = re.compile(r" ?[A-Z]{2,4}(?:/[A-Z])? [0-9]{1,6}(?:\.[0-9]{1,3})?(?:-[0-9]{4})? ?")
"""A standard written so that what stands beside it cannot change what it is."""
_BLANK = frozenset(("", "-", "--", "/", "n/a", "na", "none", "无", "长期", "长期有效", "long-term", "unlimited"))
_STATUS = {
    "valid": Status.VALID, "active": Status.VALID, "有效": Status.VALID, "正常": Status.VALID,
    "suspended": Status.SUSPENDED, "暂停": Status.SUSPENDED,
    "withdrawn": Status.WITHDRAWN, "revoked": Status.WITHDRAWN, "撤销": Status.WITHDRAWN,
    "cancelled": Status.CANCELLED, "canceled": Status.CANCELLED, "注销": Status.CANCELLED,
    "expired": Status.EXPIRED, "过期": Status.EXPIRED, "失效": Status.EXPIRED, "到期": Status.EXPIRED,
}  # fmt: skip
_FREQUENCY: dict[str, Frequency | None] = {
    "immediate": Frequency.IMMEDIATE, "即时": Frequency.IMMEDIATE, "立即": Frequency.IMMEDIATE,
    "daily": Frequency.DAILY, "每日": Frequency.DAILY, "每天": Frequency.DAILY,
    "weekly": Frequency.WEEKLY, "每周": Frequency.WEEKLY,
}  # fmt: skip
READERS: dict[str, Callable[[Any], Any]] = {
    "certificate_no": _number,
    "holder": _needed,
    "contact_email": _emails,
    "rule": _rule,
    "product": _text,
    "standards": _standards,
    "factory": _unless_blank,
    "models": _many,
    "consultant": _person,
    "language": _language,
    "time_zone": _time_zone,
    "status": _word(_STATUS, "status", Status.VALID),
    "frequency": _word(_FREQUENCY, "frequency", None),
}
BLANKS: dict[str, Any] = dict.fromkeys(DAYS) | {
    column: read(None) for column, read in READERS.items() if column not in REQUIRED
}
"""What a row says of a column that its table does not have."""
