"""What the heading of a block says of it: the page's own list, or a box of what else is read."""

import pytest

from crawler.errors import ListUnreadable
from crawler.pages.families import read_list
from tests.crawler.made import DAY, FRAME

FAMILIES = ("static-shtml", "general")
ROW = "<li><a href='/c/2026-02-0{0}/50000{0}.shtml'>关于发布第{0}号认证规则的公告</a><span>2026-02-0{0}</span></li>"


def headed(heading: str) -> bytes:
    """A page with nine dated rows under a heading that its title does not bear."""
    rows = "".join(ROW.format(number) for number in range(1, 10))
    body = f"<div class='main'><h2>{heading}</h2><ul>{rows}</ul></div>"
    return FRAME.format(title="某认证中心", body=body).encode()


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("heading", ["推荐性标准认证规则", "推荐标准", "相关规则", "相关通知", "热点规则", "实施规则"])
def test_list_under_a_heading_that_only_begins_like_that_of_a_box_is_read(heading: str, family: str) -> None:
    assert len(read_list(headed(heading), "http://a.cn/rules/", family, today=DAY).rows) == 9


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "heading",
    [
        *("热门", "热点新闻", "热门文章排行", "热点专题>>", "推荐", "推荐阅读 更多", "相关新闻", "相关链接more"),
        *("相关：", "排行榜", "点击排行", "阅读排行榜", "友情链接", "猜你喜欢", "您可能还感兴趣", "浏览历史"),
    ],
)
def test_box_of_what_else_is_read_is_no_list(heading: str, family: str) -> None:
    with pytest.raises(ListUnreadable):
        read_list(headed(heading), "http://a.cn/rules/", family, today=DAY)
