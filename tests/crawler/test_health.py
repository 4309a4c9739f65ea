"""Can a visit be trusted? Every reason why not, and no list that lost rows among those that can."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.errors import ListUnreadable
from crawler.pages.answers import judge_answer
from crawler.pages.families import read_list
from crawler.section import Expectation
from crawler.visit.health import Last, Seen, Status, judge_visit
from tests.crawler.made import list_page

DAY = date(2026, 3, 2)
HEALTHY = Seen("trs-wcm", "trs-wcm", listed=40, dated=40, newest=DAY, complete=True, full=True)
EXPECT = Expectation(rows_at_least=5, newest_within_days=120)
LAST = Last(41, 1.0)


def test_healthy_visit_is_ok() -> None:
    assert judge_visit(HEALTHY, EXPECT, LAST, DAY).status is Status.OK


def test_unchanged_list_is_not_modified_until_something_new_was_kept() -> None:
    quiet = replace(HEALTHY, unchanged=True, full=False)
    assert judge_visit(quiet, EXPECT, LAST, DAY).status is Status.NOT_MODIFIED
    assert judge_visit(replace(quiet, new_kept=1), EXPECT, LAST, DAY).status is Status.OK


@pytest.mark.parametrize(
    ("change", "status", "reason"),
    [
        ({"error": "no answer in time"}, Status.UNREACHABLE, "no answer"),
        ({"error": "TLS: unsafe legacy renegotiation disabled"}, Status.UNREACHABLE, "TLS"),
        ({"error": "robots.txt forbids this address"}, Status.DEGRADED, "robots"),
        ({"error": "robots.txt cannot be read: status 503"}, Status.UNREACHABLE, "503"),
        ({"error": "robots.txt cannot be read: no answer in time"}, Status.UNREACHABLE, "no answer"),
        ({"list_trouble": "challenge: status 412"}, Status.DEGRADED, "challenge"),
        ({"list_trouble": "server error: status 503"}, Status.UNREACHABLE, "503"),
        ({"ended_early": "it took too long"}, Status.DEGRADED, "stopped"),
        ({"family": "general"}, Status.DEGRADED, "read by the general reader"),
        ({"listed": 4}, Status.DEGRADED, "4 rows"),
        ({"listed": 20}, Status.DEGRADED, "shrank from 41 to 20"),
        ({"listed": 41, "missing": 30}, Status.DEGRADED, "30 of 41 rows are gone"),
        ({"dated": 3}, Status.DEGRADED, "lost their dates"),
        ({"newest": DAY - timedelta(days=200)}, Status.DEGRADED, "200 days old"),
        ({"fresh_unreadable": 2}, Status.DEGRADED, "2 articles without"),
        ({"fresh_bad_files": 1}, Status.DEGRADED, "1 files cut off"),
        ({"fresh_unanswered": 1}, Status.DEGRADED, "did not answer"),
    ],
)
def test_reason_not_to_trust_a_visit(change: dict[str, object], status: Status, reason: str) -> None:
    verdict = judge_visit(replace(HEALTHY, **change), EXPECT, LAST, DAY)  # type: ignore[arg-type]
    assert verdict.status is status
    assert reason in (verdict.reason or "")
    assert verdict.advice


SHORT = replace(HEALTHY, listed=1, dated=1)


@pytest.mark.parametrize(
    ("before", "now", "status"),
    [
        (1, replace(SHORT, missing=1), Status.OK),  # the only row is exchanged: a new edition under another address
        (1, replace(SHORT, listed=0, dated=0, missing=1), Status.DEGRADED),
        (2, replace(SHORT, missing=1), Status.OK),
        (2, replace(SHORT, listed=2, dated=2, missing=2), Status.DEGRADED),
        (2, replace(SHORT, listed=0, dated=0, missing=2), Status.DEGRADED),
    ],
)
def test_short_list_may_exchange_a_row_but_not_lose_all(before: int, now: Seen, status: Status) -> None:
    assert judge_visit(now, Expectation(rows_at_least=0), Last(before, 1.0), DAY).status is status


def test_failure_that_lasts_is_told_but_degrades_no_more() -> None:
    verdict = judge_visit(replace(HEALTHY, stale_failures=2, gone=1), EXPECT, LAST, DAY)
    assert verdict.status is Status.OK
    assert "2 articles or files still cannot be read" in (verdict.advice or "")


@given(before=st.integers(10, 500), now=st.integers(0, 500))
def test_no_whole_list_that_lost_a_third_of_its_rows_is_trusted(before: int, now: int) -> None:
    verdict = judge_visit(replace(HEALTHY, listed=now, dated=now), EXPECT, Last(before, 1.0), DAY)
    if now < before * 2 / 3:
        assert verdict.status is Status.DEGRADED


ROWS = [
    (f"关于发布第{n}号产品认证实施规则的公告", f"/c/2026-02-{n + 1:02}/{n}.shtml", date(2026, 2, n + 1))
    for n in range(20)
]
PAGE = list_page(ROWS).body.decode()


def cut(page: str, dice: random.Random) -> str:
    return page[: dice.randrange(len(page))]


def reordered(page: str, dice: random.Random) -> str:
    rows = re.findall(r"<li>.*?</li>", page)
    dice.shuffle(rows)
    return re.sub(r"<ul>.*</ul>", f"<ul>{''.join(rows)}</ul>", page)


def emptied(page: str, dice: random.Random) -> str:
    rows = re.findall(r"<li>.*?</li>", page)
    return re.sub(r"<ul>.*</ul>", f"<ul>{''.join(rows[: dice.randrange(len(rows))])}</ul>", page)


def renamed(page: str, dice: random.Random) -> str:
    old = dice.choice(["li", "ul", "a", "span", "div"])
    return re.sub(rf"(</?){old}\b", r"\1" + dice.choice(["p", "b", "x-y", "section", "td"]), page)


def thinned(page: str, dice: random.Random) -> str:
    return "".join(piece for piece in re.split(r"(<[^>]*>)", page) if dice.random() > 0.15)


def replaced(page: str, dice: random.Random) -> str:
    texts = ["系统维护中，请稍后再访问", "您的访问过于频繁", "<script>document.cookie='a=1';eval('x')</script>", "登录"]
    return f"<html><body>{dice.choice(texts)}</body></html>"


def reencoded(page: str, dice: random.Random) -> bytes:
    return page.encode(dice.choice(["gb18030", "utf-16", "big5", "utf-8"]), "replace")


MUTATIONS: list[Callable[[str, random.Random], str | bytes]] = [
    cut, reordered, emptied, renamed, thinned, replaced, reencoded,
]  # fmt: skip


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_no_mutation_of_a_healthy_page_is_trusted_with_rows_missing(mutate: Callable[..., str | bytes]) -> None:
    for seed in range(50):
        spoilt = mutate(PAGE, random.Random(seed))
        body = spoilt if isinstance(spoilt, bytes) else spoilt.encode()
        verdict, listed = visited(body)
        lost = len(ROWS) - listed
        assert verdict.status is not Status.OK or lost <= len(ROWS) * EXPECT.shrink_at_most


def visited(body: bytes) -> tuple[object, int]:
    """Judge one page as the crawl does: is it the page, is there a list, can the visit be trusted?"""
    seen = Seen("static-shtml", complete=True, full=True)
    answer = judge_answer(200, {"Content-Type": "text/html"}, body, "http://example.org/n/")
    if not answer.is_page:
        return judge_visit(replace(seen, list_trouble=answer.reason), EXPECT, Last(len(ROWS), 1.0), DAY), 0
    try:
        page = read_list(body, "http://example.org/n/", "static-shtml", "text/html", today=DAY)
    except ListUnreadable as reason:
        return judge_visit(replace(seen, list_trouble=str(reason)), EXPECT, Last(len(ROWS), 1.0), DAY), 0
    found = {row.url for row in page.rows} & {f"http://example.org{url}" for _, url, _ in ROWS}
    seen = replace(
        seen, family=page.family, listed=len(page.rows), dated=sum(bool(row.published) for row in page.rows),
        missing=len(ROWS) - len(found),
    )  # fmt: skip
    return judge_visit(seen, EXPECT, Last(len(ROWS), 1.0), DAY), len(found)
