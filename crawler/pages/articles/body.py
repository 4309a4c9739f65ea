"""The body of an article: found by what its content system calls it, by what follows its head, or by its text.

A notice of three lines with an attachment is the common case, and the one at which readers made for news fail; so
the text's place under the title counts for more than its length.
"""

import re
from collections.abc import Sequence

from bs4.element import NavigableString, Tag

from crawler.pages.articles.attachments import is_file_address
from crawler.pages.dates import full_dates
from crawler.pages.page import Page, ancestors, attribute, marks, said, tags_in

KNOWN_BODIES = (
    ".TRS_Editor", ".TRS_UEDITOR", ".trs_editor_view", "#zoom", "#Zoom", "#vsb_content", "#vsb_content_2",
    ".v_news_content", "#UCAP-CONTENT", ".pages_content", ".article-content", ".article_content", ".articleContent",
    "#articleContent", "#article_content", ".article-con", ".articleCon", ".article_con", ".news_content",
    ".news-content", ".newsContent", "#newsContent", ".content-txt", ".conTxt", ".con_txt", ".detail-content",
    ".detail_content", ".detail-con", ".zwnr", ".zw_con", ".wzcon", ".wz_con", ".wzy_con", ".news_show_content",
    ".info-content", ".infoContent", "#infoContent", "#ContentBody", "#fontzoom", "#js_content", ".ue-content",
    ".view-content", ".xxgk_content", ".xl_content", ".article", "#article", ".artcon", ".art_con", "#content",
    ".content", "#Content", "article",
)  # fmt: skip
_FURNITURE_MARK = re.compile(
    r"(?:^|[\s_-])(?:share\w*|bdshare\w*|bds_\w+|bshare\w*|print\w*|dayin|prev|prenext\w*|pre_?next"
    r"|pn_?box|updown|sxp|pagenav|page_?box|relat\w*|relevant\w*"
    r"|xgwz|xgxw|tuijian|recommend\w*|comment\w*|pinglun|qrcode\w*|ewm|erweima|sao|crumbs?"
    r"|breadcrumbs?|position|toolbar|fontsize|font-size"
    r"|zihao|close|social\w*|jiathis\w*|copyright|footer|foot|pagesource|editor-?name|zrbj"
    r"|article-?_?tools?|hits|counter)(?=$|[\s_\d-])"
)
_FURNITURE_TEXT = re.compile(
    r"^[\s【\[（(]*(?:上一?[篇条则]|下一?[篇条则]|前一篇|后一篇|分享到?|分享至|打\s?印(?:本[页文])?"
    r"|关\s?闭(?:窗口|本页)?|收藏|返回(?:顶部|列表|首页|上一页)?|扫一扫.{0,20}|相关(?:链接|文章|新闻"
    r"|阅读|附件下载|信息)"
    r"|字[体号]|责任编辑|编辑|责编|浏览(?:次数|量)?|点击(?:数|率|量|次数)?|阅读(?:次数|量)?|版权所有"
    r"|更多|纠错|我要纠错|放大|缩小|大|中|小)\s*(?:[:：】\])）]|$)"
)
_INFO = re.compile(
    r"发布(?:时间|日期|单位|机构|人)|发文|日期\s*[:：]|时间\s*[:：]|来源于?\s*[:：]|信息来源|浏览|点击"
    r"|字[体号]|作者\s*[:：]|打印|【\s*大|责任编辑|阅读"
)
_FOOT = re.compile(r"版权所有|主办单位|ICP备|网站标识码|公网安备|技术支持|Copyright|友情链接", re.I)
_PARAGRAPHS = (
    "p",
    "div",
    "br",
    "li",
    "tr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "table",
    "ul",
    "ol",
    "dl",
    "dd",
    "dt",
    "section",
    "blockquote",
    "pre",
    "hr",
    "center",
)
_ANOTHER_PART = re.compile(r"^(?:相关(?:链接|文章|新闻|阅读|信息|公告|推荐)|上一?[篇条]|下一?[篇条])")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_ASIDE_MARK = re.compile(r"(?:^|[\s_-])(?:aside|side\w*|right\w*|hot|rank\w*|relat\w*|recommend\w*)(?=$|[\s_\d-])")
_FOOT_MARK = re.compile(r"(?:^|[\s_-])(?:foot\w*|nav\w*|menu)(?=$|[\s_-])")
_LINES_OF_FURNITURE = frozenset(
    ("p", "div", "span", "li", "ul", "td", "tr", "table", "dl", "dd", "center", "a", "h3", "h4", "h5")
)
_NEVER_BODY = frozenset(["a", "input", "body", "html", "meta", "span", "h1", "h2", "h3"])
_SILENT = frozenset(["script", "style", "hr", "br", "link", "meta", "noscript"])
_BOXES = frozenset(["div", "td", "tbody", "tr", "table", "section", "article", "form", "center", "main"])
_MAY_BE_BESIDE = _BOXES | {"ul", "ol", "dl", "aside"}
_LEAST = 8
_PICTURES = frozenset(("img", "iframe", "embed"))
_NO_TEXT = frozenset(("script", "style", "noscript", "template", "input", "button", "select", "link"))
_SURE = frozenset(
    (".TRS_Editor", ".TRS_UEDITOR", ".trs_editor_view", ".v_news_content", "#vsb_content", "#UCAP-CONTENT")
)


def find_body(page: Page, head: Tag | None, selectors: Sequence[str]) -> list[Tag]:
    """Return the elements that make the body, in order; empty where the page has none.

    `head` is the element of the title; `selectors` are what the family calls its bodies, best first.
    """
    search = _Search(page, head)
    for selector in selectors:
        if chosen := search.chosen(selector):
            return chosen
    return search.below(head) or search.below(head, least=2) or search.densest()


def clean(page: Page, body: Tag) -> None:
    """Take out of a body what is not the article: scripts, share and print boxes, the links to its neighbours."""
    for tag in tags_in(body, _NO_TEXT):
        tag.decompose()
    for tag in body.find_all(True):
        if not tag.decomposed and is_furniture(page, tag):
            tag.decompose()


def is_furniture(page: Page, tag: Tag) -> bool:
    """Whether an element serves the page and not the article: share, print, counters, the way back."""
    words = page.measures.words(tag)
    if words >= 200 or tag.name in ("html", "body"):
        return False
    if (names := marks(tag)) and _FURNITURE_MARK.search(names):
        return True
    return words < 160 and tag.name in _LINES_OF_FURNITURE and bool(_FURNITURE_TEXT.match(said(tag)))


def text_of(elements: Sequence[Tag]) -> str:
    """Return the text of a body, one paragraph a line; cells of a table row stay on one line, parted by tabs."""
    lines = [line for element in elements for line in _lines(element)]
    return "\n".join(line for line in lines if line)


class _Search:
    """The search for the body of one page."""

    def __init__(self, page: Page, head: Tag | None) -> None:
        self._page, self._head, self._measures = page, head, page.measures

    def chosen(self, selector: str) -> list[Tag]:
        """What a selector finds: the heaviest such element outside the foot, if it says anything."""
        found = [tag for tag in self._selected(selector) if tag.name not in _NEVER_BODY and not _in_foot(tag)]
        best = max(found, key=self._weight, default=None)
        if best is None or self._weight(best) < (1 if selector in _SURE else _LEAST):
            return []
        return self._without_head(best)

    def _selected(self, selector: str) -> list[Tag]:
        kind, name = selector[0], selector[1:]
        if kind == "#":
            found = self._page.soup.find_all(id=name, limit=5)
        elif kind == ".":
            found = self._page.soup.find_all(class_=name, limit=20)
        else:
            found = self._page.soup.find_all(selector, limit=5)
        return [tag for tag in found if isinstance(tag, Tag)]

    def _without_head(self, body: Tag) -> list[Tag]:
        """A box that holds the title too is more than the body: what follows the title in it, instead."""
        if self._head is None or all(parent is not body for parent in ancestors(self._head)):
            return self._narrowed([body])
        return self.below(self._head, body) or [body]

    def _weight(self, tag: Tag) -> int:
        """How much an element says outside links; pictures and links to files count as some words."""
        weight = self._measures.unlinked(tag) + 10 * len(tags_in(tag, _PICTURES, 3))
        if weight < _LEAST:
            weight += sum(10 for link in tags_in(tag, ("a",), 30) if is_file_address(attribute(link, "href")))
        return weight

    def below(self, head: Tag | None, within: Tag | None = None, least: int = _LEAST) -> list[Tag]:
        """What follows the title: in its own box, else in the box around it, up to what begins another part."""
        node = head
        for _ in range(8):
            if node is None or node is within or node.parent is None or node.parent.name in ("html", "[document]"):
                return []
            following = [tag for tag in node.find_next_siblings() if isinstance(tag, Tag)]
            if told := [tag for tag in self._before_foot(following) if self._tells(tag, least)]:
                return self._narrowed(self._without_besides(told))
            node = node.parent
        return []

    def _before_foot(self, elements: Sequence[Tag]) -> list[Tag]:
        kept = []
        for tag in elements:
            text = said(tag) if self._measures.words(tag) < 400 else ""
            if _FOOT.search(text) or _ANOTHER_PART.match(text):
                break
            kept.append(tag)
        return kept

    def _tells(self, tag: Tag, least: int = _LEAST) -> bool:
        """Whether an element is part of what an article says, not of its head or its furniture."""
        if tag.name in _SILENT or is_furniture(self._page, tag) or self._weight(tag) < least:
            return False
        return self._measures.words(tag) >= 150 or not is_info(said(tag))

    def _narrowed(self, elements: list[Tag]) -> list[Tag]:
        """A single box around the body gives way to what is in it, as long as that is one box again."""
        for _ in range(20):
            if len(elements) != 1:
                break
            box = elements[0]
            children = [tag for tag in box.find_all(True, recursive=False) if isinstance(tag, Tag)]
            inner = self._without_besides([tag for tag in children if self._tells(tag)])
            if any(self._is_short_line(tag) for tag in children):
                break
            if len(inner) != 1 or inner[0].name not in _BOXES or _own_text(box) or _is_table(inner[0]):
                break
            elements = inner
        return elements

    def _is_short_line(self, tag: Tag) -> bool:
        """Whether an element says a word or two that may be all that an article says ("名单见附件。")."""
        return 0 < self._measures.unlinked(tag) < _LEAST and bool(re.search(r"[。：:；]", said(tag)))

    def _without_besides(self, elements: list[Tag]) -> list[Tag]:
        """Of several boxes, the one with most of the text and those that go with it."""
        heaviest = max(elements, key=self._measures.unlinked, default=None)
        total = sum(self._measures.unlinked(tag) for tag in elements)
        if heaviest is None or heaviest.name not in _BOXES or self._measures.unlinked(heaviest) < 0.6 * total:
            return elements
        return [tag for tag in elements if tag is heaviest or not _is_beside(self._page, tag)]

    def densest(self) -> list[Tag]:
        """The smallest element that holds most of the page's text outside links."""
        element = self._page.soup.body
        if element is None or self._weight(element) < 40:
            return []
        for _ in range(200):
            inner = [tag for tag in element.find_all(True, recursive=False) if isinstance(tag, Tag)]
            heaviest = max(inner, key=self._measures.unlinked, default=None)
            if heaviest is None or heaviest.name not in _BOXES or _is_table(heaviest):
                break
            if self._measures.unlinked(heaviest) < 0.6 * self._measures.unlinked(element):
                break
            element = heaviest
        return [element]


def _in_foot(tag: Tag) -> bool:
    return any(_FOOT_MARK.search(marks(element)) for element in (tag, *ancestors(tag, 6)))


def is_info(text: str) -> bool:
    """Whether a short text is the line under a title: date, source, visits, size of print."""
    if re.search(r"[。；]", text):
        return False
    if _INFO.search(text):
        return len(_INFO.sub("", text)) < 90
    dates = full_dates(text)
    return bool(dates) and dates[0][1] < 12 and len(text) < 60 and bool(_CLOCK.search(text) or len(text) < 24)


def _is_beside(page: Page, tag: Tag) -> bool:
    """Whether a box beside the heaviest one is another part of the page: a column of links, share buttons."""
    if tag.name not in _MAY_BE_BESIDE or any(
        is_file_address(attribute(link, "href")) for link in tag.find_all("a", limit=60)
    ):
        return False
    words, unlinked = page.measures.words(tag), page.measures.unlinked(tag)
    if _ASIDE_MARK.search(marks(tag)) or (words >= 20 and unlinked * 2 < words):
        return True
    text = said(tag) if words < 80 else ""
    return bool(text) and not re.search(r"[。；：，]", text) and not full_dates(text) and not tag.find("table")


def _own_text(box: Tag) -> str:
    return "".join(node for node in box.contents if type(node) is NavigableString).strip()


def _is_table(tag: Tag) -> bool:
    """Whether a table is one of content, not of layout: more than one row."""
    return tag.name == "table" and len(tag.find_all("tr", limit=2)) > 1 and len(tag.find_all("table", limit=1)) == 0


def _lines(element: Tag) -> list[str]:
    lines: list[str] = []
    current: list[str] = []

    def end() -> None:
        line = re.sub(r"[^\S\t]+", " ", "".join(current)).strip()
        lines.append(line)
        current.clear()

    for node in element.descendants:
        if isinstance(node, Tag):
            if node.name in _PARAGRAPHS and not _in_cell(node, element):
                end()
            elif node.name in ("td", "th") and current:
                current.append("\t")
        elif type(node) is NavigableString:
            current.append(str(node).replace("\n", " ").replace("\t", " "))
    end()
    return lines


def _in_cell(tag: Tag, root: Tag) -> bool:
    """Whether a paragraph stands in a table cell inside the body, where it makes no line of its own."""
    if tag.name in ("tr", "table"):
        return False
    for parent in ancestors(tag, 8):
        if parent is root:
            return False
        if parent.name in ("td", "th"):
            return True
    return False
