"""How sites write dates and encode pages."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import escape

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _english(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _american(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day:02}, {day.year}"


def unix_time(day: date) -> int:
    """Nine in the morning of a day in China, in seconds since 1970."""
    return int((datetime(day.year, day.month, day.day, 9, tzinfo=UTC) - timedelta(hours=8)).timestamp())


WRITINGS: dict[str, Callable[[date], str]] = {
    "iso": lambda day: day.isoformat(),
    "cn": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "cn_padded": lambda day: f"{day:%Y年%m月%d日}",
    "dots": lambda day: f"{day:%Y.%m.%d}",
    "slash": lambda day: f"{day.year}/{day.month}/{day.day}",
    "time": lambda day: f"{day} 09:30:00",
    "bracket": lambda day: f"[{day}]",
    "round": lambda day: f"（{day}）",
    "english": _english,
    "american": _american,
    "labelled": lambda day: f"发布日期：{day}",
    "md": lambda day: f"{day:%m-%d}",
    "md_bracket": lambda day: f"[{day:%m-%d}]",
    "md_slash": lambda day: f"{day:%m/%d}",
    "md_cn": lambda day: f"{day.month}月{day.day}日",
}
"""Writings of a date as text; those that begin with `md` leave the year out."""


def written(day: date, writing: str, today: date) -> str:
    """Return a date as HTML text in a writing; one without its year is written in full where the year is another."""
    if writing == "unix":
        return f'<span class="js-time" data-time="{unix_time(day)}"></span>'
    if writing.startswith("md") and day.year != today.year:
        return WRITINGS["bracket" if "bracket" in writing else "iso"](day)
    return escape(WRITINGS[writing](day))


def encoded(html: str, charset: str) -> tuple[bytes, str]:
    """Return a page's bytes and its Content-Type; `{charset}` in the page becomes what its meta tag declares.

    wrong_meta declares UTF-8 over GB18030; wrong_header sends the header of UTF-8 with a page that is, and declares,
    GBK; undeclared says nothing at all.
    """
    codec = "utf-8" if charset in ("utf-8", "undeclared") else "gb18030"
    declared = {"wrong_meta": "utf-8", "wrong_header": "gb2312", "undeclared": ""}.get(charset, charset)
    header = {"wrong_meta": "", "wrong_header": "; charset=utf-8", "undeclared": "", "gb18030": ""}
    kind = "text/html" + header.get(charset, f"; charset={charset}")
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return html.replace("{charset}", meta).encode(codec), kind
