"""Addresses that change from visit to visit are learned, a site that moves is known again, and news stays news."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from crawler.items import Kind
from crawler.pages.records import ListRow
from crawler.visit.ground import Ground, Known, Plan
from crawler.visit.identity import stable
from tests.crawler.volatile import KINDS, Change

BASE = "http://a.example.cn"
DAY = date(2026, 3, 2)


def _rows(change: Change, day: str, count: int = 12) -> list[ListRow]:
    days = [DAY - timedelta(days=3 * number) for number in range(count)]
    return [
        ListRow(f"关于第{number}号认证规则的公告", BASE + change(f"/c/{on}/{50000 + number}.shtml", day), on)
        for number, on in enumerate(days)
    ]


def _ground(rows: list[ListRow], before: Ground | None = None) -> Ground:
    """What a next visit knows of these rows, and of what the one before learned."""
    ground = Ground(DAY, 14, {"news": Plan(1, True)})
    if before is not None:
        ground.volatile, ground.suspected = before.volatile, frozenset(before.suspects | before.suspected)
        known = {id(one): one for one in before._by_key.values()}.values()
        for one in known:
            ground.add(replace(one))
        return ground
    ground.add(Known(f"{BASE}/news/", "news", Kind.LIST, is_old=True))
    for row in rows:
        ground.add(Known(row.url, "news", Kind.ARTICLE, f"{BASE}/news/", row.title, row.published, is_old=True))
    return ground


@pytest.mark.parametrize("kind", KINDS)
def test_what_changes_from_visit_to_visit_is_learned_at_the_second_change(kind: str) -> None:
    ground = _ground(_rows(KINDS[kind], "one"))
    second = _rows(KINDS[kind], "two")
    moved = ground.recognise("news", second)
    assert len(moved) == 12
    for known, url in moved:
        known.moved_to = url
    assert not any(ground.is_news(replace(row)) and ground.find(row.url) is None for row in second)
    ground = _ground([], ground)
    assert ground.recognise("news", _rows(KINDS[kind], "three")) == []
    assert ground.volatile
    for day in ("four", "five"):
        found = [ground.find(row.url) for row in _rows(KINDS[kind], day)]
        assert None not in found
        assert len({id(known) for known in found}) == 12
    news = ListRow("关于新事项的公告", BASE + KINDS[kind](f"/c/{DAY}/77777.shtml", "five"), DAY)
    assert ground.find(news.url) is None, "a new page on the day of an old one is news"


def test_site_that_moves_is_known_again_and_nothing_is_learned_from_one_move() -> None:
    ground = _ground(_rows(lambda url, day: url, ""))
    moved = _rows(lambda url, day: f"/new/show.aspx?id={int(url[-11:-6]) * 7}", "")
    assert len(ground.recognise("news", moved)) == 12
    assert not ground.volatile
    assert [ground.name_of(row.url) for row in moved] == [row.url for row in _rows(lambda url, day: url, "")]


def test_single_row_with_the_title_of_an_old_one_is_news() -> None:
    rows = _rows(lambda url, day: url, "")
    ground = _ground(rows)
    again = replace(rows[5], url=f"{BASE}/c/9/99999.shtml")
    assert ground.recognise("news", [again, *rows[:5]]) == []
    assert ground.find(again.url) is None


def test_ids_that_alone_tell_rows_apart_are_never_volatile() -> None:
    ground = _ground(_rows(lambda url, day: f"/Show.aspx?id={url[-11:-6]}", ""))
    for shift in (3, 5):
        rows = _rows(lambda url, day, by=shift: f"/Show.aspx?id={int(url[-11:-6]) * by}", "")
        moved = ground.recognise("news", rows)
        assert len(moved) == 12
        for known, url in moved:
            known.moved_to = url
        ground = _ground([], ground)
        assert not ground.volatile


@pytest.mark.parametrize(
    ("url", "volatile", "left"),
    [
        ("http://a.cn/x?b=1&a=2&zz=3", {"?zz"}, "http://a.cn/x?a=2&b=1"),
        ("http://a.cn/x?b=1&q1f=3", {"?only:b"}, "http://a.cn/x?b=1"),
        ("http://a.cn/s/9f/7.shtml", {"/s/{}/*.shtml"}, "http://a.cn/s/~/7.shtml"),
        ("http://a.cn/t/9f/7.shtml", {"/s/{}/*.shtml"}, "http://a.cn/t/9f/7.shtml"),
    ],
)
def test_stable_address_is_the_one_without_what_is_volatile(url: str, volatile: set[str], left: str) -> None:
    assert stable(url, frozenset(volatile)) == left


PAGE = f"{BASE}/c/1.shtml"


@pytest.mark.parametrize(
    ("before", "now", "known_as"),
    [
        ({"规则.pdf": "/f/a/1.pdf"}, {"规则.pdf": "/f/b/1.pdf"}, {"/f/b/1.pdf": "/f/a/1.pdf"}),
        ({"1~x.pdf": "/f/1~x.pdf"}, {"1~y.pdf": "/f/1~y.pdf"}, {"/f/1~y.pdf": "/f/1~x.pdf"}),
        (
            {"规则.pdf": "/f/a/1.pdf", "表.doc": "/f/a/2.doc"},
            {"规则.pdf": "/f/b/1.pdf", "表.doc": "/f/b/2.doc"},
            {"/f/b/1.pdf": "/f/a/1.pdf", "/f/b/2.doc": "/f/a/2.doc"},
        ),
        ({"规则.pdf": "/f/a/1.pdf"}, {"规则.pdf": "/f/a/1.pdf", "表.doc": "/f/b/2.doc"}, {"/f/b/2.doc": "/f/b/2.doc"}),
        ({"规则.pdf": "/f/a/1.pdf", "表.doc": "/f/2.doc"}, {"附件.pdf": "/f/3.pdf"}, {"/f/3.pdf": "/f/3.pdf"}),
    ],
    ids=["by name", "alone", "two by name", "one more", "two gone and another"],
)
def test_files_of_an_article_are_known_at_other_addresses(
    before: dict[str, str], now: dict[str, str], known_as: dict[str, str]
) -> None:
    ground = Ground(DAY, 14, {})
    for name, path in before.items():
        ground.add(Known(BASE + path, "news", Kind.FILE, PAGE, name, is_old=True))
    ground.recognise_files(PAGE, [(name, BASE + path) for name, path in now.items()])
    assert {path: ground.name_of(BASE + path).removeprefix(BASE) for path in known_as} == known_as
