"""The last page of a list may have but one row; a page that turns no pages and has one link is no list."""

import pytest

from crawler.errors import ListUnreadable
from crawler.pages.families import read_list

ROW = "<li><a href='javascript:;' onclick=\"open('/show.asp?id=1002')\">带点火开关的转向锁自愿性认证实施规则</a></li>"
TURNER = (
    "<div class='pages'><a href='?page=2'>2</a> <a href='?page=3'>3</a> <b>4</b> <a href='?page=3'>上一页</a></div>"
)
NAV = "<div class='nav'><ul><li><a href='/'>首页</a></li><li><a href='/list.asp'>实施规则</a></li></ul></div>"


def _page(below: str = "") -> bytes:
    body = f"{NAV}<div class='main'><ul>{ROW}</ul>{below}</div>"
    return f"<html><head><title>实施规则</title></head><body>{body}</body></html>".encode()


def test_one_row_where_pages_are_turned_is_the_rest_of_the_list() -> None:
    page = read_list(_page(TURNER), "http://a.cn/list.asp?page=4", "general")
    assert [row.title for row in page.rows] == ["带点火开关的转向锁自愿性认证实施规则"]


def test_one_link_where_no_pages_are_turned_is_no_list() -> None:
    with pytest.raises(ListUnreadable):
        read_list(_page(), "http://a.cn/list.asp", "general")
