"""Rows under month headings: `2026年3月` stands once above them, each row prints only its day."""

import re
from collections.abc import Mapping
from datetime import date

from bs4.element import NavigableString, Tag

from crawler.pages.page import Page, ancestors, tags_in

_HEADING = re.compile(r"^\W*((?:19|20)\d\d)\s*[年./-]\s*(1[0-2]|0?[1-9])\s*月?\W*$")
_DAY = re.compile(r"^\W*(3[01]|[12]\d|0?[1-9])\s*日?\W*$")
_LEAST_HEADINGS = 2
_LONGEST_ROW = 600
_LONGEST_BOX = 40


def month_dates(page: Page, anchors: Mapping[str, Tag]) -> dict[str, date]:
    """Return the day of each row (by its address) that prints only a day, under the month that was printed last.

    `anchors` are the links of the rows. A page with fewer than two headings of months has none.
    """
    found: dict[str, date] = {}
    urls = {id(tag): url for url, tag in anchors.items()}
    month: tuple[int, int] | None = None
    headings = 0
    for node in page.soup.descendants:
        if isinstance(node, Tag):
            if month is not None and (url := urls.get(id(node))) and (day := _day_beside(page, node)):
                found |= _made(url, *month, day)
        elif type(node) is NavigableString and len(node) < 20 and (heading := _HEADING.match(node)):
            if _is_of_a_row(page, node):
                continue
            month, headings = (int(heading.group(1)), int(heading.group(2))), headings + 1
    return found if headings >= _LEAST_HEADINGS else {}


def _is_of_a_row(page: Page, text: NavigableString) -> bool:
    """Whether a month stands with a day in one box, as a date that is printed in two lines."""
    box = text.parent.parent if text.parent is not None else None
    return box is not None and page.measures.words(box) < _LONGEST_BOX and box.find(string=_DAY) is not None


def _day_beside(page: Page, anchor: Tag) -> int | None:
    """The day that a row prints beside or inside its link."""
    for unit in (anchor, *ancestors(anchor, 3)):
        if len(tags_in(unit, ("a",), 2)) > 1 or page.measures.words(unit) > _LONGEST_ROW:
            return None
        texts = [text for text in unit.find_all(string=_DAY, limit=3) if type(text) is NavigableString]
        if texts and (day := _DAY.match(texts[-1])):
            return int(day.group(1))
    return None


def _made(url: str, year: int, month: int, day: int) -> dict[str, date]:
    try:
        return {url: date(year, month, day)}
    except ValueError:
        return {}
