"""What a button "load more" brings as JSON goes on where it says so, ends where it says so, else is unknown."""

import json

import pytest

from crawler.pages.families import read_list

URL = "http://a.cn/ajax/more?col=gz&page=2"
ROWS = [{"title": f"关于第{n}号认证规则的公告", "href": f"/content/{n}", "date": "2026-03-02"} for n in range(4)]


@pytest.mark.parametrize(
    ("beside", "following", "is_unknown"),
    [
        ({"weiter": "/ajax/more?col=gz&page=3"}, "http://a.cn/ajax/more?col=gz&page=3", False),
        ({"n": "more?page=3&col=gz", "home": "/index.html"}, "http://a.cn/ajax/more?page=3&col=gz", False),
        ({"n": ""}, None, False),
        ({"n": None, "code": 0}, None, False),
        ({"more": False}, None, False),
        ({"code": 0, "home": "/index.html"}, None, True),
        ({}, None, True),
    ],
)
def test_rows_go_on_or_end_or_are_not_known_to(
    beside: dict[str, object], following: str | None, is_unknown: bool
) -> None:
    page = read_list(json.dumps({"list": ROWS, **beside}).encode(), URL, "general", "application/json")
    assert len(page.rows) == 4
    assert (page.next_page.url if page.next_page else None) == following
    assert (page.unknown_way_on is not None) == is_unknown
