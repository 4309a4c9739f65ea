"""Columns: a certificate file's header names and cells, as consultants and authorities write them.

A row gives a certificate, or what is wrong with it: each problem names the row, the column and what would be right.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from monitor.certificates.certificate import Certificate, Contact, Frequency, Holder, Status
from monitor.errors import BadInput
from monitor.notation.addresses import read_address
from monitor.notation.codes import RuleCode, find_codes, find_other_codes, parse_code
from monitor.notation.standards import StandardRef, find_standards
from monitor.notation.text import fold

REQUIRED = ("certificate_no", "holder", "rule")
"""Without these three columns a table is not a list of certificates."""

LONGEST_CELL = 2000
LONGEST_EXACT_NUMBER = 15
"""Digits that a spreadsheet keeps of a number; the rest of a longer one is already lost in the file."""

T = TypeVar("T")
Cells = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; `rejected` says that the row was left out because of it."""

    row: int
    column: str | None
    message: str
    rejected: bool = True

    def __str__(self) -> str:
        place = f"row {self.row}" + (f', column "{self.column}"' if self.column else "")
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Header:
    """Where each known column stands, and how the file calls it."""

    places: Mapping[str, int]
    printed: Mapping[str, str]


def read_header(cells: Sequence[Any]) -> Header | None:
    """Return the header that a row is, None where it lacks a required column."""
    places: dict[str, int] = {}
    printed: dict[str, str] = {}
    for place, cell in enumerate(cells):
        column = _COLUMNS.get(_key(cell))
        if column and column not in places:
            places[column], printed[column] = place, _text(cell)
    return Header(places, printed) if all(column in places for column in REQUIRED) else None


def missing_columns(cells: Sequence[Any]) -> tuple[str, ...]:
    """Return the required columns that a row, taken as a header, does not name."""
    known = {_COLUMNS.get(_key(cell)) for cell in cells}
    return tuple(column for column in REQUIRED if column not in known)


def read_row(header: Header, number: int, row: Sequence[Any]) -> Certificate | tuple[Problem, ...]:
    """Return the certificate of a row, or everything that is wrong with it."""
    cells = {column: row[place] if place < len(row) else None for column, place in header.places.items()}
    values: dict[str, Any] = {}
    problems = []
    for column, read in _READERS.items():
        try:
            values[column] = read(cells.get(column))
        except BadInput as reason:
            problems.append(Problem(number, header.printed.get(column, column), str(reason)))
    if not problems and values["issued"] and values["expires"] and values["expires"] < values["issued"]:
        problems.append(Problem(number, header.printed["expires"], "the certificate would expire before it was issued"))
    return tuple(problems) or _certificate(values)


def _certificate(values: Mapping[str, Any]) -> Certificate:
    rule: RuleCode = values["rule"]
    return Certificate(
        number=values["certificate_no"],
        holder=Holder(values["holder"]),
        rule_printed=rule.printed.strip(),
        family=str(rule.family),
        edition=rule.edition if rule.year else None,
        product=values["product"],
        standards=values["standards"],
        issued=values["issued"],
        expires=values["expires"],
        status=values["status"],
        contacts=tuple(Contact(email, values["frequency"]) for email in values["contact_email"]),
    )


def _number(cell: Any) -> str:
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
    parts = [part for part in re.split(r"[;；,，、\s]+", _text(cell)) if part]
    return tuple(dict.fromkeys(read_address(part) for part in parts))


def _rule(cell: Any) -> RuleCode:
    text = _needed(cell)
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
    text = _text(cell)
    found = find_standards(text)
    if text and not found and not _is_blank(text):
        raise BadInput(f'"{text[:80]}" names no standard (expected something like GB/T 15579.6-2018)')
    return found


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and 20_000 <= cell < 80_000:
        return date(1899, 12, 30) + timedelta(days=int(cell))
    text = fold(_text(cell))
    return None if _is_blank(text) else _printed_day(text)


def _printed_day(text: str) -> date:
    match = _DATE.fullmatch(text)
    try:
        if match and match["whole"]:
            return date.fromisoformat(text)
        if match:
            return date(*(int(part) for part in match.group("year", "month", "day")))
    except ValueError:
        pass
    raise BadInput(f'"{text[:40]}" is not a date that can be read one way only (write it as 2027-06-30)')


def _word(meanings: Mapping[str, T], what: str, default: T) -> Callable[[Any], T]:
    def read(cell: Any) -> T:
        text = _text(cell)
        if _is_blank(text):
            return default
        if (key := _key(text)) in meanings:
            return meanings[key]
        raise BadInput(f'"{text[:40]}" is not a {what} (expected one of {", ".join(meanings)})')

    return read


def _text(cell: Any) -> str:
    """Return a cell as one clean text: whole numbers without ".0", no control characters, no endless cells."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "".join(character if character.isprintable() else " " for character in str(cell))
    return re.sub(r" {2,}", " ", text[:LONGEST_CELL]).strip()


def _lines(cell: Any) -> str:
    return "\n".join(_text(line) for line in str(cell).splitlines()) if isinstance(cell, str) else _text(cell)


def _is_blank(text: str) -> bool:
    return text.strip().lower() in _BLANK


def _key(cell: Any) -> str:
    return re.sub(r"[\s_\-./*()]+", "", fold(_text(cell)).lower())


_DATE = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?:[-/.]|\s?年\s?)(?P<month>\d{1,2})"
    r"(?:[-/.]|\s?月\s?)(?P<day>\d{1,2})\s?日?(?:[T ]00:00(?::00(?:\.0+)?)?)?"
    r"|(?P<whole>(?:19|20)\d{6})"
)
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
_READERS: dict[str, Callable[[Any], Any]] = {
    "certificate_no": _number,
    "holder": _needed,
    "contact_email": _emails,
    "rule": _rule,
    "product": _text,
    "standards": lambda cell: _standards(_lines(cell)),
    "issued": _day,
    "expires": _day,
    "status": _word(_STATUS, "status", Status.VALID),
    "frequency": _word(_FREQUENCY, "frequency", None),
}
_ALIASES = {
    "certificate_no": "certificate_no, certificate, certificate number, certificate no, cert no, 证书编号, 证书号, "
    "证书号码",
    "holder": "holder, certificate holder, company, 持证人, 持证人名称, 证书持有人, 获证组织, 获证企业, 持证企业, "
    "委托人, 认证委托人",
    "contact_email": "contact_email, contact, contacts, email, e-mail, mail, 邮箱, 电子邮箱, 电子邮件, 联系邮箱, "
    "联系人邮箱",
    "rule": "rule, rule code, rule no, implementation rule, 认证规则, 实施规则, 认证实施规则, 规则编号, 认证规则编号",
    "product": "product, product name, products, 产品名称, 产品, 认证产品, 获证产品",
    "standards": "standards, standard, 标准, 认证标准, 依据标准, 产品标准, 标准编号, 认证依据标准",
    "issued": "issued, issue date, issued on, date of issue, 发证日期, 颁证日期, 签发日期",
    "expires": "expires, expiry, expiry date, expires on, valid until, valid to, 有效期至, 有效期, 截止日期, "
    "有效期截止",
    "status": "status, certificate status, 状态, 证书状态",
    "frequency": "frequency, 频率, 通知频率, 发送频率",
}
_COLUMNS = {_key(alias): column for column, aliases in _ALIASES.items() for alias in aliases.split(",")}
