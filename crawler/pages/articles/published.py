"""The line of an article that says when it was published, and by whom."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice

from bs4.element import NavigableString, Tag

from crawler.pages.articles.head import LABELLED, info_inside
from crawler.pages.dates import HalfDate, date_in_url, date_of_attributes, full_dates, read_date, year_in_url
from crawler.pages.page import Page, said

_PUBLISHED = re.compile(
    r"(?:发布|发表|公布|发文|印发|更新|编辑|录入|添加|成文)?(?:时间|日期|于)\s*[:：]?\s*$|发布\s*[:：]?\s*$"
)
_SOURCE = re.compile(
    r"(?:信息来源|文章来源|稿件来源|新闻来源|发布机构|来\s*源|出处)\s*[:：]\s*([^\s|｜/【\[(（丨]{1,40})"
)
_NOT_A_SOURCE = re.compile(r"^(?:发布|作者|时间|日期|浏览|点击|字体|字号|打印|编辑|分享|阅读|责任|\d{4})")
_MOST_BEFORE = 8
"""Characters between a label and its date."""


def info_of(page: Page, head: Tag | None, body: Sequence[Tag]) -> str:
    """The text between title and body, where date and source stand; failing that, what stands right after it."""
    if head is None:
        return ""
    stop = {id(element) for element in body}
    inside = {id(node) for node in head.descendants}
    pieces: list[str] = []
    for node in head.next_elements:
        if id(node) in stop or len(pieces) > 120:
            break
        if type(node) is NavigableString and id(node) not in inside and node.strip():
            pieces.append(node.strip())
    text = " ".join([*info_inside(head), *pieces])[:1500]
    return text if full_dates(text) else " ".join([_before(head), text])


def _before(head: Tag) -> str:
    """The text just before the title, where some sites put date and source."""
    pieces: list[str] = []
    for node in head.previous_elements:
        if len(pieces) > 12:
            break
        if type(node) is NavigableString and node.strip():
            pieces.append(node.strip())
    return " ".join(reversed(pieces))[-200:]


def published_on(page: Page, named: str | None, info: str, head: Tag | None, body: Sequence[Tag]) -> date | None:
    """Return the day of publication: `named` by a meta tag, printed in the line of it (`info_of`), carried for a
    script, labelled elsewhere, or in the address."""
    named_date = read_date(named) if named else None
    if isinstance(named_date, date):
        return named_date
    dates = full_dates(info)
    for day, start, _ in dates:
        if _PUBLISHED.search(info[max(0, start - 12) : start]):
            return day
    if dates:
        return dates[0][0]
    found = _carried(head, body) or _labelled(page) or date_in_url(page.url)
    return _in_its_year(found, page, body) if isinstance(found, HalfDate) else found


def _in_its_year(half: HalfDate, page: Page, body: Sequence[Tag]) -> date | None:
    """The day of a head that prints no year, where the article itself prints the same day (under its last line), or
    its address names the year."""
    printed = [day for day, _, _ in full_dates(" ".join(said(tag) for tag in body))]
    same = [day for day in printed if (day.month, day.day) == (half.month, half.day)]
    year = year_in_url(page.url)
    return same[-1] if same else half.in_year(year) if year else None


def _carried(head: Tag | None, body: Sequence[Tag]) -> date | None:
    """The day that an element between title and body carries for a script to print."""
    stop = {id(element) for element in body}
    for node in islice(head.next_elements, 200) if head is not None else ():
        if id(node) in stop:
            break
        if isinstance(node, Tag) and node.attrs and (day := date_of_attributes(node.attrs)):
            return day
    return None


def _labelled(page: Page) -> date | HalfDate | None:
    """A date that follows a label of the day of publication, wherever on the page."""
    for text in page.soup.find_all(string=LABELLED, limit=5):
        parent = text.parent
        for element in (parent, parent.parent if parent is not None else None):
            if element is None or page.measures.words(element) > 300:
                continue
            line = said(element)
            label = LABELLED.search(line)
            if label and (day := _first_said(line[label.end() :])):
                return day
    return None


def _first_said(text: str) -> date | HalfDate | None:
    """The date that a text begins with."""
    text = text.lstrip(" :：\xa0")
    if (dates := full_dates(text)) and dates[0][1] <= _MOST_BEFORE:
        return dates[0][0]
    return read_date(text.split(maxsplit=1)[0]) if text else None


def source_of(info: str) -> str | None:
    """Return who published an article, as the line of it says."""
    found = _SOURCE.search(info)
    if not found or _NOT_A_SOURCE.match(found.group(1)):
        return None
    return found.group(1).strip(" ：:，,;；") or None
