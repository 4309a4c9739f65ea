"""Saved pages are read as their golden files say, by the fitting family and by the general reader.

`RULEWATCH_REWRITE_GOLDEN=1 pytest tests/crawler/pages/test_saved_pages.py` writes what the readers make of the pages
into the golden files; a person reads the difference before it is kept.
"""

import json
import os

import pytest

from tests.crawler.pages.saved import SavedPage, saved_pages

PAGES = saved_pages()
MARKUP = [page for page in PAGES if page.golden["page"]["family"] not in ("general", "json-list")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_saved_page_reads_as_its_golden_file(page: SavedPage) -> None:
    if os.environ.get("RULEWATCH_REWRITE_GOLDEN") == "1":
        golden = json.dumps({**page.golden, "read": page.read()}, ensure_ascii=False, indent=1)
        page.golden_path.write_text(golden + "\n", "utf-8")
    assert page.read() == page.golden["read"]


@pytest.mark.parametrize("page", MARKUP, ids=lambda page: page.name)
def test_the_general_reader_reads_every_family(page: SavedPage) -> None:
    golden = page.golden["read"]
    assert page.read("general") == (golden and {**golden, "family": "general"})


def test_the_saved_pages_say_that_they_were_made_by_hand() -> None:
    assert [page.name for page in PAGES if b"made by hand" not in _first_line(page.data)] == []


def test_there_are_enough_saved_pages_of_every_kind() -> None:
    kinds = [page.golden["page"]["kind"] for page in PAGES]
    assert kinds.count("list") >= 25
    assert kinds.count("article") >= 20
    assert {page.golden["page"]["family"] for page in PAGES} == {
        "static-shtml",
        "trs-wcm",
        "aspnet",
        "json-list",
        "general",
    }


def _first_line(data: bytes) -> bytes:
    return data.replace(b"\x00", b"").split(b"\n")[0]
