"""Headers: which column of a certificate file is which, as consultants and authorities name them.

A name may stand in English, in Chinese or in both ("证书编号 Certificate No."), and a header may take two rows: merged
cells above, the names of the single columns below, or the same names once more in another language.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from monitor.certificates.files.days import Orders
from monitor.notation.text import fold

REQUIRED = ("certificate_no", "holder", "rule")
"""Without these three columns a table is not a list of certificates."""

DAYS = ("issued", "expires", "next_surveillance", "last_surveillance", "cop_due")
"""Columns of days."""

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Header:
    """Where each known column stands, how the file calls it, and in which order each column of days writes them."""

    places: Mapping[str, int]
    printed: Mapping[str, str]
    orders: Mapping[str, Orders] = field(default_factory=dict)


def read_header(upper: Cells, lower: Cells = ()) -> Header | None:
    """Return the header that a row, or two rows together, are; None where it lacks a required column."""
    places: dict[str, int] = {}
    printed: dict[str, str] = {}
    for place, (above, below) in enumerate(zip_longest(upper, lower)):
        name = below if column_of(below) else above
        column = column_of(name)
        if column and column not in places:
            places[column], printed[column] = place, " ".join(str(name).split())
    return Header(places, printed) if all(column in places for column in REQUIRED) else None


def is_header(cells: Cells) -> bool:
    """Return whether a row among others is a header once more; quick to say no, as it is asked of every row."""
    return any(_may_name_number(cell) for cell in cells) and read_header(cells) is not None


def _may_name_number(cell: Any) -> bool:
    if not isinstance(cell, str) or len(cell) > LONGEST_NAME or (cell.isascii() and "cert" not in cell.lower()):
        return False
    return _column_of(cell) == "certificate_no"


def continues(cells: Cells) -> bool:
    """Return whether a row below a header is one more row of it: every filled cell is the name of a column."""
    named = False
    for cell in cells:
        if key_of(cell) and not (named := column_of(cell) is not None):
            return False
    return named


def missing_columns(cells: Cells) -> tuple[str, ...]:
    """Return the required columns that a row, taken as a header, does not name."""
    known = {column_of(cell) for cell in cells}
    return tuple(column for column in REQUIRED if column not in known)


def column_of(cell: Any) -> str | None:
    """Return the column that a cell names: by one name, or by several of which each is a name of that column."""
    return _column_of("" if cell is None else str(cell))


@lru_cache(maxsize=1 << 14)
def _column_of(text: str) -> str | None:
    key = key_of(text)
    if len(key) > LONGEST_NAME:
        return None
    return _COLUMNS.get(key) or next(
        (column for at in range(1, len(key)) if (column := _COLUMNS.get(key[:at])) and column_of(key[at:]) == column),
        None,
    )


def key_of(cell: Any) -> str:
    """Return a cell's text as names are compared: folded, lower case, without what only parts words."""
    return re.sub(r"[\s_\-./*()\[\]|:;,]+", "", fold("" if cell is None else str(cell)).lower())


LONGEST_NAME = 120

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
    "next_surveillance": "next_surveillance, next surveillance date, surveillance due, next inspection, 下次监督日期, "
    "下次监督, 下次监督检查, 下次监督检查日期, 下次监督时间",
    "last_surveillance": "last_surveillance, last surveillance date, last inspection, 上次监督日期, 上次监督, "
    "上次监督检查, 上次监督检查日期, 上次监督时间, 最近监督日期",
    "cop_due": "cop_due, cop due date, cop, cop expiry, cop expires, cop valid until, CoP到期, CoP到期日, CoP到期日期, "
    "CoP有效期, CoP有效期至",
    "factory": "factory, factory name, production site, 生产企业, 生产企业名称, 生产厂, 生产厂名称, 工厂, "
    "工厂名称, 生产工厂",
    "models": "models, model, model no, 型号, 产品型号, 规格型号, 型号规格",
    "consultant": "consultant, consultant in charge, in charge, person in charge, 负责人, 顾问, 经办人",
    "language": "language, 语言, 语种",
    "time_zone": "time_zone, timezone, 时区",
    "status": "status, certificate status, 状态, 证书状态",
    "frequency": "frequency, 频率, 通知频率, 发送频率",
}
_COLUMNS = {key_of(alias): column for column, aliases in _ALIASES.items() for alias in aliases.split(",")}
