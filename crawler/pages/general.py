"""The general reader: any page with a repeated block of links, and any article with a head and a body."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from crawler.errors import ListUnreadable
from crawler.pages.blocks import best_block
from crawler.pages.dates import HalfDate, year_in_url
from crawler.pages.page import Page
from crawler.pages.paging import turning_of
from crawler.pages.records import ListPage, ListRow
from crawler.pages.row import Row

FAMILY = "general"
_AHEAD = timedelta(days=3)


def read_list(
    page: Page, today: date | None, family: str = FAMILY, looks_like_article: Callable[[str], bool] | None = None
) -> ListPage:
    """Return the rows of the page's list and how it goes on.

    Raises:
        ListUnreadable: the page has no repeated block that could be a list.
    """
    turning = turning_of(page)
    block = best_block(page, turning.place, looks_like_article)
    if block is None:
        raise ListUnreadable(f"{page.url}: no list found (no repeated links with titles or dates)")
    rows = with_years(block.rows, today)
    return ListPage(rows, turning.next_page, family, page.encoding, turning.page_count)


def with_years(rows: Sequence[Row], today: date | None) -> tuple[ListRow, ...]:
    """Return rows whose half dates have their year: from the address, from the row above, or from today.

    A list runs from new to old, so a half date is the last such day not after the row above it.
    """
    done, newest = [], today + _AHEAD if today else None
    for row in rows:
        printed = row.printed
        if isinstance(printed, HalfDate):
            printed = _completed(printed, row.url, newest)
        if printed and not row.pinned:
            newest = printed + _AHEAD * 10 if not isinstance(row.printed, HalfDate) else printed + _AHEAD
        done.append(ListRow(row.title, row.url, printed, row.pinned))
    return tuple(done)


def _completed(half: HalfDate, url: str, newest: date | None) -> date | None:
    if (year := year_in_url(url)) is not None:
        return half.in_year(year)
    if newest is None:
        return None
    for year in (newest.year, newest.year - 1, newest.year - 2, newest.year - 3, newest.year - 4):
        day = half.in_year(year)
        if day and day <= newest:
            return day
    return None
