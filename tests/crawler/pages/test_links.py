"""Addresses: what a link points to, when two are one, whose host it is."""

import pytest

from crawler.pages.links import absolute, address_key, owned

BASE = "http://www.example.org.cn/www/chinese/tzgg/index.shtml"


@pytest.mark.parametrize(
    ("href", "address"),
    [
        ("./202503/t1.html", "http://www.example.org.cn/www/chinese/tzgg/202503/t1.html"),
        ("../../a.pdf#page=2", "http://www.example.org.cn/www/a.pdf"),
        ("/../../a b.pdf", "http://www.example.org.cn/a%20b.pdf"),
        ("/上传/规则.pdf", "http://www.example.org.cn/%E4%B8%8A%E4%BC%A0/%E8%A7%84%E5%88%99.pdf"),
        ("list.aspx;jsessionid=7F?id=3", "http://www.example.org.cn/www/chinese/tzgg/list.aspx?id=3"),
        ("\\upload\\a.doc", "http://www.example.org.cn/upload/a.doc"),
        ("//files.example.org.cn:80/a.doc", "http://files.example.org.cn/a.doc"),
        ("javascript:openFile('/upload/a.doc')", "http://www.example.org.cn/upload/a.doc"),
        ("javascript:void(0)", None),
        ("mailto:a@example.org", None),
        ("#top", None),
        ("data:text/html,x", None),
        ("http://[::1", None),
    ],
)
def test_a_link_points_to(href: str, address: str | None) -> None:
    assert absolute(href, BASE) == address


def test_an_address_in_the_query_is_encoded_as_the_page_is() -> None:
    assert (
        absolute("down.aspx?f=规", BASE, "gb18030") == "http://www.example.org.cn/www/chinese/tzgg/down.aspx?f=%B9%E6"
    )


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("http://a.cn/x.pdf?v=2", "https://a.cn/x.pdf", True),
        ("http://a.cn/%e8%a7%84.pdf", "http://a.cn/规.pdf", True),
        ("http://a.cn/x.aspx?id=1&_=1700000000", "http://a.cn/x.aspx?id=1", True),
        ("http://a.cn/x.aspx?id=1", "http://a.cn/x.aspx?id=2", False),
        ("http://a.cn/x?v=intro", "http://a.cn/x?v=detail", False),
    ],
)
def test_two_addresses_are_one(first: str, second: str, same: bool) -> None:
    assert (address_key(first) == address_key(second)) is same


@pytest.mark.parametrize(
    ("url", "mine"),
    [
        ("http://www.a.cn/x", True),
        ("https://www.a.cn:443/x", True),
        ("http://www.a.cn.evil.example/x", False),
        ("http://www.a.cn@evil.example/x", False),
        ("http://127.0.0.1/x", False),
        ("ftp://www.a.cn/x", False),
    ],
)
def test_a_host_is_owned_exactly(url: str, mine: bool) -> None:
    assert owned(url, ["www.a.cn"]) is mine
