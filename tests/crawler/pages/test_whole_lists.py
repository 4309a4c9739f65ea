"""Nothing vanishes from a list: what went in came out as a row, in its order, or was named."""

from dataclasses import dataclass
from datetime import date

import pytest

from crawler.errors import ListUnreadable
from crawler.pages.families import read_list
from tests.crawler.pages.made_lists import MadeList, make_list
from tests.sites import lists
from tests.sites.lists_check import check

TODAY = date(2026, 3, 3)


def _losses(made: MadeList) -> list[str]:
    try:
        read = read_list(
            made.html.encode(), "http://a.example.cn/tzgg/", "general", "text/html; charset=utf-8", today=TODAY
        )
    except ListUnreadable:
        return []  # said aloud: the section is degraded
    titles = [row.title for row in read.rows]
    named = {one.what for one in read.set_aside} | {row.title for row in read.beside}
    lost = [title for title in (*made.rows, *made.second) if title not in titles and title not in named]
    kept = [title for title in made.rows if title in titles]
    strangers = [title for title in titles if title not in (*made.rows, *made.second) and title != "广告"]
    order = [title for title in titles if title in made.rows]
    return [*lost, *(f"stranger: {title}" for title in strangers), *([] if order == kept else ["out of order"])]


@pytest.mark.parametrize("hundred", range(4))
def test_every_row_of_a_made_list_is_kept_in_its_order_or_named(hundred: int) -> None:
    for seed in range(100 * hundred, 100 * hundred + 100):
        made = make_list(seed, TODAY)
        assert _losses(made) == [], (seed, made.traits)


def test_made_lists_are_read_and_not_refused() -> None:
    """The other side of the test above: a reader that refuses every page loses nothing silently, either."""
    whole = 0
    for seed in range(100):
        made = make_list(seed, TODAY)
        read = read_list(made.html.encode(), "http://a.example.cn/tzgg/", "general", today=TODAY)
        whole += [row.title for row in read.rows if row.title in made.rows] == made.rows
    assert whole >= 95


def test_row_with_a_rules_code_is_handed_on_wherever_it_stands() -> None:
    rows = "".join(
        f"<li><a href='/c/{n}00001.shtml'>关于第{n}号事项的通知</a><span>2026-02-0{n}</span></li>" for n in range(1, 8)
    )
    menu = "<div class='nav'><a href='/zt/77.html'>CQC11-471263-2026 电动自行车充电器安全认证规则</a></div>"
    page = f"<html><title>通知公告</title><body>{menu}<div class='main'><ul>{rows}</ul></div></body></html>"
    read = read_list(page.encode(), "http://a.example.cn/tzgg/", "general", today=TODAY)
    assert len(read.rows) == 7
    assert [row.url for row in read.beside] == ["http://a.example.cn/zt/77.html"]


def test_row_that_leads_nowhere_is_named() -> None:
    rows = "".join(
        f"<li><a href='/c/{n}00001.shtml'>关于第{n}号事项的通知</a><span>2026-02-0{n}</span></li>" for n in range(1, 8)
    )
    lost = "<li><a href='javascript:void(0)' onclick='show(7)'>关于发布新版认证实施规则的公告</a></li>"
    read = read_list(
        f"<html><body><ul>{lost}{rows}</ul></body></html>".encode(), "http://a.example.cn/", "general", today=TODAY
    )
    assert [one.what for one in read.doubts] == ["关于发布新版认证实施规则的公告"]


@dataclass
class _Kept:
    title: str
    date: date | None
    url: str


def _as_somebody_else_asks(html: str, url: str) -> tuple[list[_Kept], list[str]]:
    page = read_list(html.encode(), url, "general", "text/html; charset=utf-8", today=lists.TODAY)
    named = [f"{one.what} {one.url}" for one in page.set_aside]
    rows = [_Kept(row.title, row.published, row.url) for row in page.rows]
    return rows, [*named, *(f"{row.title} {row.url}" for row in page.beside)]


def test_lists_that_somebody_else_made_lose_no_row_either() -> None:
    """Written without a look at the page readers (tests/sites))."""
    score = check(_as_somebody_else_asks)
    assert score.lost == []
    assert score.out_of_order == 0
    assert score.pages_whole == score.pages
    assert score.kept >= 0.98 * score.rows


def test_row_under_a_month_has_the_day_that_it_prints() -> None:
    months = [(2026, 3, (5, 3)), (2025, 12, (31, 1)), (2025, 2, (17,))]
    html, days = "", []
    for year, month, numbers in months:
        row = "<li><a href='/c/{0}{1}{2}01.shtml'>关于第{2}号规则的通知</a><span>{2}日</span></li>"
        items = "".join(row.format(year, month, number) for number in numbers)
        html += f"<h4>{year}年{month}月</h4><ul>{items}</ul>"
        days += [date(year, month, number) for number in numbers]
    read = read_list(f"<html><body><div>{html}</div></body></html>".encode(), "http://a.cn/", "general", today=TODAY)
    assert [row.published for row in read.rows] == days
