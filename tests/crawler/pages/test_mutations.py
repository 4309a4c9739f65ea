"""Damaged pages: nothing but the named errors, and never trust in a list that lost most of its rows.

Every saved page meets every mutation, and every impostor meets every reader: some 1,100 damaged pages.
"""

import random
from datetime import date
from typing import Any

import pytest

from crawler.errors import PageUnreadable
from crawler.pages.answers import judge_answer
from crawler.pages.families import FAMILIES, read_article, read_list
from crawler.pages.links import address_key
from crawler.section import Expectation
from crawler.visit.health import Last, Seen, Status, judge_visit
from tests.crawler.pages.mutations import IMPOSTORS, MUTATIONS, Mutate
from tests.crawler.pages.saved import SavedPage, saved_pages

TODAY = date(2025, 11, 24)
PAGES = saved_pages()
LISTS = [page for page in PAGES if page.golden["page"]["kind"] == "list" and page.golden["read"]]
ARTICLES = [page for page in PAGES if page.golden["page"]["kind"] == "article"]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_a_damaged_list_is_read_or_refused_and_never_trusted_when_most_rows_are_gone(mutate: Mutate) -> None:
    for number, page in enumerate(LISTS):
        damaged = mutate(page.data, random.Random(number))
        read = page.read(data=damaged)
        assert read is None or read["rows"], f"{page.name}: an empty list"
        _assert_not_trusted_without_its_rows(page, damaged, read)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_a_damaged_article_is_read_with_a_title_or_refused(mutate: Mutate) -> None:
    for number, page in enumerate(ARTICLES):
        read = page.read(data=mutate(page.data, random.Random(number)))
        assert read is None or (read["title"] and (read["body"] != [""] or read["files"])), page.name


@pytest.mark.timeout(120)
@pytest.mark.parametrize("impostor", IMPOSTORS)
def test_what_comes_in_place_of_a_page_is_refused_or_not_trusted(impostor: str) -> None:
    data = IMPOSTORS[impostor]
    for family in FAMILIES:
        for read in (read_list, read_article):
            try:
                read(data, "http://www.example.cn/tzgg/", family, "text/html")
            except PageUnreadable:
                continue
    for page in LISTS[::6]:
        _assert_not_trusted_without_its_rows(page, data, page.read(data=data))


def test_the_damaged_pages_are_many_and_most_of_them_differ() -> None:
    damaged = {
        mutate(page.data, random.Random(number))
        for mutate in MUTATIONS
        for number, page in enumerate([*LISTS, *ARTICLES])
    }
    assert len(damaged) > 700


def _assert_not_trusted_without_its_rows(page: SavedPage, data: bytes, read: dict[str, Any] | None) -> None:
    golden = page.golden["read"]
    rows = read["rows"] if read else []
    known = {address_key(row["url"]) for row in golden["rows"]}
    missing = len(known - {address_key(row["url"]) for row in rows})
    answer = judge_answer(200, {"Content-Type": "text/html"}, data, page.golden["page"]["url"])
    seen = Seen(
        declared_family=golden["family"],
        family=read["family"] if read else None,
        list_trouble=None if answer.is_page and read else answer.reason,
        listed=len(rows),
        dated=sum(row["published"] is not None for row in rows),
        missing=missing,
        complete=True,
        full=True,
    )
    verdict = judge_visit(seen, Expectation(), Last(len(known), 1.0), TODAY)
    if missing * 2 > len(known) > 1:
        assert verdict.status not in (Status.OK, Status.NOT_MODIFIED), f"{page.name}: {missing} rows gone"
