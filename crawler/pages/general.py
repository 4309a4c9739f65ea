"""The general reader: any page with a repeated block of links, and any article with a head and a body."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from crawler.errors import ListUnreadable
from crawler.pages.dates import HalfDate, year_in_url
from crawler.pages.lists.blocks import best_block, page_links
from crawler.pages.lists.paging import turning_of
from crawler.pages.lists.place import Place
from crawler.pages.lists.row import Row
from crawler.pages.lists.whole import whole_list
from crawler.pages.page import Page
from crawler.pages.records import ListPage, ListRow

FAMILY = "general"
_AHEAD = timedelta(days=3)
_OUT_OF_ORDER = timedelta(days=60)


def read_list(
    page: Page, today: date | None, family: str = FAMILY, looks_like_article: Callable[[str], bool] | None = None
) -> ListPage:
    """Return the rows of the page's list and how it goes on.

    Raises:
        ListUnreadable: the page has no repeated block that could be a list.
    """
    turning = turning_of(page)
    links = page_links(page)
    place = Place(page, links, turning.place)
    block = best_block(page, place, links, looks_like_article)
    if block is None:
        raise ListUnreadable(f"{page.url}: no list found (no repeated links with titles or dates)")
    whole = whole_list(page, block, place, links)
    return ListPage(
        with_years(whole.rows, today), turning.next_page, family, page.encoding, turning.page_count,
        unknown_way_on=turning.unknown, beside=with_years(whole.beside, today), set_aside=whole.set_aside,
    )  # fmt: skip


def with_years(rows: Sequence[Row], today: date | None) -> tuple[ListRow, ...]:
    """Return rows whose half dates have their year: from the address, from the row above, or from today.

    A list runs from new to old, give or take two months (rows are re-ordered, back-dated), so a half date is the
    last such day that is not long after the row above it. A list that runs upwards is read from its end.
    """
    days: dict[int, date | None] = {}
    latest = today + _AHEAD if today else None
    above: date | None = None
    for index in _from_new_to_old(rows):
        printed = rows[index].printed
        newest = min((day for day in (latest, above + _OUT_OF_ORDER if above else None) if day), default=None)
        days[index] = _completed(printed, rows[index].url, newest) if isinstance(printed, HalfDate) else printed
        above = above if rows[index].pinned else days[index] or above
    return tuple(ListRow(row.title, row.url, days[index], row.pinned) for index, row in enumerate(rows))


def _from_new_to_old(rows: Sequence[Row]) -> Sequence[int]:
    halves = [row.printed for row in rows if isinstance(row.printed, HalfDate) and not row.pinned]
    steps = [(after.month, after.day) > (before.month, before.day) for before, after in pairwise(halves)]
    upwards = sum(steps) > 0.7 * len(steps) if len(steps) > 2 else False
    return range(len(rows) - 1, -1, -1) if upwards else range(len(rows))


def _completed(half: HalfDate, url: str, newest: date | None) -> date | None:
    if (year := year_in_url(url)) is not None:
        return half.in_year(year)
    if newest is None:
        return None
    years = range(newest.year, newest.year - 5, -1)
    return next((day for year in years if (day := half.in_year(year)) and day <= newest), None)
