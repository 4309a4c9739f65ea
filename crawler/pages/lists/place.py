"""Where a block stands on its page: how much that speaks for its being the page's list.

Beside the links that turn pages, under the heading that the page itself bears, or in a menu, a foot, a box of "hot
articles".
"""

import re
from collections import Counter
from collections.abc import Sequence

from bs4.element import Tag

from crawler.pages.lists.row import Link
from crawler.pages.page import Page, ancestors, marks, said

_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav|navi|navbar|menu|submenu|sidenav|leftnav|foot|footer|bottom|copyright"
    r"|crumbs?|breadcrumbs?|position|location|curpos"
    r"|aside|sidebar|side|sidebox|hot|rank\w*|relat\w*|recommend\w*|tuijian|friend\w*|yqlj|links?"
    r"|share|search|login|topbar|top-?link"
    r"|header|banner|slide\w*|swiper\w*|scroll\w*|marquee|toolbar|hotlist|page[rs]?|pagination"
    r"|pagebar|pagelist|fenye|notice-?roll)(?=$|[\s_\d-])"
)
_STRONG_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|\w*menu\w*|foot\w*|copyright|crumbs?|breadcrumbs?|friend\w*|yqlj"
    r"|page[rs]?|pagination|pagebar|fenye)(?=$|[\s_\d-])"
)
_ASIDE_HEADING = re.compile(
    r"热门|热点|推荐|排行|相关|友情链接|导航|点击量|专题|猜你|您可能|浏览历史|快速通道|常用|服务窗口"
    r"|阅读榜|图片新闻"
)
_OTHERS_HEADING = re.compile(
    r"(?:热[门点]|推荐|相关)(?:新闻|资讯|信息|文章|稿件|报道|阅读|链接|推荐|内容|专题|话题|图片|视频|标签|关注|聚焦)?"
    r"(?:排行榜?|榜)?(?:$|更多|more|\W)"  # a whole name: 推荐性标准 and 相关规则 head real lists
    r"|(?:点击|阅读|浏览)?排行|友情链接|猜你|您可能|浏览历史",
    re.I,
)
_DIGITS = re.compile(r"\d")
_POSITION = re.compile(r"位置")


class Place:
    """Where a candidate stands on the page: how much that speaks for it, as a factor around 1."""

    def __init__(self, page: Page, links: Sequence[Link], turning: Tag | None) -> None:
        self._names = f"{page.title}\n{_crumb(page)}"
        self._turning = {id(element) for element in (turning, *ancestors(turning))} if turning is not None else set()
        self._links = Counter(id(element) for link in links for element in ancestors(link.tag))
        self._all_links = max(1, len(links))
        self._favours: dict[int, float] = {}

    def favour(self, parent: Tag) -> float:
        """Return the factor for a candidate under this element."""
        known = self._favours.get(id(parent))
        if known is None:
            known = self._favours[id(parent)] = (
                self._beside_turning(parent) * self._aside(parent) * self._headed(parent)
            )
        return known

    def is_aside(self, element: Tag) -> bool:
        """Whether an element stands where a page keeps what is not its subject."""
        return self._aside(element) * self._headed(element) < 1

    def is_of_others(self, parent: Tag) -> bool:
        """Whether the heading of a block says that it is not what the page is about ("hot news", "related")."""
        heading = heading_before(parent)
        return bool(heading and _OTHERS_HEADING.match(heading)) and not self._is_named(heading)

    def _is_named(self, heading: str) -> bool:
        return len(heading) >= 2 and any(name.startswith(heading) for name in self._names.split("\n"))

    def turns_beside(self, parent: Tag) -> bool:
        """Whether the pages are turned near an element."""
        return any(id(element) in self._turning for element in (parent, *ancestors(parent, 3)))

    def _beside_turning(self, parent: Tag) -> float:
        around = [parent, *ancestors(parent, 6)]
        return next((2.0 - 0.15 * level for level, element in enumerate(around) if id(element) in self._turning), 0.9)

    def _aside(self, parent: Tag) -> float:
        factor = 1.0
        for element in (parent, *ancestors(parent)):
            if self._links[id(element)] > 0.7 * self._all_links:
                break
            names = f"{element.name} {marks(element)}"
            if _STRONG_ASIDE.search(names):
                factor *= 0.3
            elif _ASIDE.search(names):
                factor *= 0.6
        return max(factor, 0.05)

    def _headed(self, parent: Tag) -> float:
        heading = heading_before(parent)
        if self._is_named(heading):
            return 1.8
        return 0.5 if heading and _ASIDE_HEADING.search(heading) and heading not in self._names else 1.0


def _crumb(page: Page) -> str:
    """The last part of the line that says where in the site the page is."""
    for text in page.soup.find_all(string=_POSITION, limit=3):
        if text.parent is not None:
            holder = text.parent if len(said(text.parent)) > len(text) + 2 else text.parent.parent or text.parent
            return re.split(r"[>›»/＞:：]", said(holder)[:200])[-1].strip()
    return ""


def heading_before(parent: Tag) -> str:
    """Return the short text that heads a block: its own first line, or what stands right before it (three levels)."""
    first = parent.find(True, recursive=False)
    if isinstance(first, Tag) and re.fullmatch(r"h[1-6]|div|p|span|strong", first.name) and not first.find("a"):
        text = said(first)[:60]
        if 0 < len(text) <= 20 and not _DIGITS.search(text):
            return text
    element: Tag | None = parent
    for _ in range(3):
        if element is None:
            break
        sibling = element.find_previous_sibling()
        if isinstance(sibling, Tag):
            text = said(sibling)[:60]
            return text if 0 < len(text) <= 20 else ""
        element = element.parent
    return ""
