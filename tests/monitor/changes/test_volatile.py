"""Addresses that differ from visit to visit, the whole way: nothing is gone, nothing is new, nothing is told twice."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.crawler.volatile import KINDS
from tests.monitor.changes.watched import Watched
from tests.servers.web import Page, Site

QUICK = ("an argument", "a folder a row", "a path argument")


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """The small authority on its first day, before anything was visited."""
    with Site() as site:
        yield Watched(tmp_path, site)


def _play(watched: Watched, kind: str) -> None:
    """Eight days under one kind of address, with a new edition on the fifth."""
    plain = list(watched.rows)
    for number in range(1, 9):
        if number == 5:
            watched.rows = plain
            watched.publish("471263", "电动自行车充电器", 2026, date(2026, 3, 6))
            plain = list(watched.rows)
        watched.rows = [(title, KINDS[kind](url, f"day {number}"), day) for title, url, day in plain]
        for (_, old, _), (_, new, _) in zip(plain, watched.rows, strict=True):
            watched.site.pages[new] = watched.site.pages[old]
        watched.show()
        report = watched.day(number)
        assert report.status in ("ok", "not_modified"), (number, report.reason)
        assert report.listed == len(plain)
    assert watched.log() == [("new_edition", "CQC11-471263", "CQC11-471263-2026")]


@pytest.mark.parametrize("kind", QUICK)
def test_eight_days_of_changing_addresses_leave_the_log_of_days_without(watched: Watched, kind: str) -> None:
    _play(watched, kind)


@pytest.mark.long
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in QUICK])
def test_every_kind_of_changing_address_leaves_the_log_of_days_without(watched: Watched, kind: str) -> None:
    _play(watched, kind)


def test_site_that_moves_its_addresses_says_so_and_tells_nothing_again(watched: Watched) -> None:
    watched.day(1)
    for title, url, _day in list(watched.rows):
        new = "/show.aspx?id=" + str(int(urlsplit(url).path[-16:-6]) % 99991)
        watched.site.pages[new] = watched.site.pages.pop(url)
        watched.rows = [(t, new if t == title else u, d) for t, u, d in watched.rows]
    watched.show()
    report = watched.day(2)
    assert (report.status, report.listed) == ("ok", 8), report.reason
    assert "moved its addresses: 8 rows" in (report.advice or "")
    page = watched.site.pages["/f/4712632025.txt"]
    watched.site.pages["/f/4712632025.txt"] = Page(page.body.replace("3件".encode(), "5件".encode()), "text/plain")
    watched.day(3)
    assert watched.log() == [("revision", "CQC11-471263", "CQC11-471263-2025")]


def _move_files(watched: Watched, folder: str, keep: bool) -> None:
    """Show every file at another address, on every page."""
    for _, url, _ in watched.rows:
        name = url[-len("4712632025.shtml") : -len(".shtml")] + ".txt"
        page = watched.site.pages[url].body.decode()
        old = page.partition('<p><a href="')[2].partition('"')[0]
        watched.site.pages[url] = Page(page.replace(old, f"/{folder}/{name}").encode())
        held = watched.site.pages[old]
        watched.site.pages[f"/{folder}/{name}"] = held
        if not keep:
            del watched.site.pages[old]


@pytest.mark.parametrize("keep", [True, False], ids=["old addresses answer", "old addresses are gone"])
def test_files_whose_addresses_change_every_day_are_asked_for_once_and_told_once(watched: Watched, keep: bool) -> None:
    watched.day(1)
    quiet = 0
    for number in range(2, 5):
        _move_files(watched, f"g{number}", keep)
        before = len(watched.site.targets())
        watched.day(number)
        quiet = len(watched.site.targets()) - before
    assert quiet == 1 + 8 + 8, "the list, the articles, the files"
    _move_files(watched, "g5", keep)
    page = watched.site.pages["/g5/4712632025.txt"]
    watched.site.pages["/g5/4712632025.txt"] = Page(page.body.replace("3件".encode(), "5件".encode()), "text/plain")
    watched.day(5)
    assert watched.log() == [("revision", "CQC11-471263", "CQC11-471263-2025")]
    _move_files(watched, "g6", keep)
    watched.day(6)
    assert len(watched.log()) == 1
