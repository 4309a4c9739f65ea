"""The title of an article, and the element that shows it."""

import re

from bs4.element import Tag

from crawler.pages.articles.body import is_info
from crawler.pages.dates import full_dates
from crawler.pages.page import Page, ancestors, marks, said, tags_in

_TITLE_MARK = re.compile(r"(?:^|[\s_-])(?:\w*title|tit|bt|biaoti|headline|subject|con-?title)(?:$|[\s_\d-])")
_PARTS_OF_TITLE = re.compile(r"\s*[-_|–—―·>»]+\s*|\s{2,}")
_HEADS = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "h6", "div", "p", "span", "td", "th", "strong", "b", "font", "center", "dt", "li")
)
LABELLED = re.compile(
    r"(?:发布|发表|公布|上传|添加|公告)(?:时间|日期|于)"
    r"|(?<![\u4e00-\u9fff])(?:时间|日期)\s*[:：]",
)
SCOPE = re.compile(
    r"(?:^|[\s_-])(?:foot\w*|nav|navi|menu|sidebar|copyright|crumbs?|breadcrumbs?|topbar"
    r"|site-?header|friend\w*|relat\w*|hot|rank)(?=$|[\s_-])"
)


def find_head(page: Page, named: str | None, head_ids: str | None) -> Tag | None:
    """The element that shows the title: the longest text that `<title>` or the meta tag repeats, else a heading."""
    marked = page.soup.find(id=re.compile(head_ids)) if head_ids else None
    if isinstance(marked, Tag) and said(marked):
        return marked
    wanted = [_squeezed(text) for text in (named, page.title) if text]
    best: tuple[int, int, Tag] | None = None
    headings: list[Tag] = []
    for order, tag in enumerate(tags_in(page.soup, _HEADS)):
        words = page.measures.words(tag)
        if not 2 <= words <= 200 or tag.find_parent("a") is not None:
            continue
        text = said(tag)
        is_heading = tag.name in ("h1", "h2", "h3") or bool(_TITLE_MARK.search(marks(tag)))
        if is_heading and len(text) >= 4 and not _aside(tag):
            headings.append(tag)
        if len(text) < 4 or not any(_repeats(goal, _squeezed(text)) for goal in wanted) or _aside(tag):
            continue
        rank = (
            len(_squeezed(text)) + (1000 if is_heading else 0) if len(text) > 5 else 0,
            -order if not is_heading else order,
        )
        if best is None or rank[0] > best[0] or (rank[0] == best[0] and _contains(best[2], tag)):
            best = (*rank, tag)
    over = _over_info(page)
    if over is not None and (best is None or best[0] < 1000 or len(said(over)) > len(said(best[2])) + 4):
        return over
    if best is not None:
        return best[2]
    return max(headings, key=lambda tag: (tag.name == "h1", page.measures.words(tag)), default=None)


def _over_info(page: Page) -> Tag | None:
    """The heading right above the line that labels the day of publication, where the page has such a line."""
    for text in page.soup.find_all(string=LABELLED, limit=3):
        line = text.parent
        if line is None or line.name in ("script", "title", "a") or page.measures.words(line) > 200:
            continue
        for element in (line, *ancestors(line, 2)):
            above = next((tag for tag in element.find_previous_siblings() if said(tag)), None)
            if isinstance(above, Tag):
                return above if _is_title_like(page, above) else None
    return None


def _is_title_like(page: Page, tag: Tag) -> bool:
    is_heading = bool(re.fullmatch(r"h[1-6]", tag.name) or _TITLE_MARK.search(marks(tag)) or _is_emphasised(tag))
    return is_heading and 6 <= page.measures.words(tag) <= 200 and not _aside(tag) and not tag.find("a")


def _is_emphasised(tag: Tag) -> bool:
    """Whether all that an element says is in bold, larger or another colour, as titles are where nobody used `<h1>`."""
    words = said(tag)
    return "。" not in words and any(said(inner) == words for inner in tag.find_all(["b", "strong", "font"], limit=5))


def _repeats(goal: str, text: str) -> bool:
    """Whether `<title>` begins with, ends with or equals what an element says (site names stand at either end)."""
    return goal == text or (len(text) >= 5 and (goal.startswith(text) or goal.endswith(text)))


def _contains(outer: Tag, inner: Tag) -> bool:
    return any(parent is outer for parent in ancestors(inner, 6))


def _aside(tag: Tag) -> bool:
    return any(
        SCOPE.search(marks(element)) or element.name in ("nav", "footer") for element in (tag, *ancestors(tag, 6))
    )


def title_of(page: Page, named: str | None, head: Tag | None) -> str:
    """Return the title: as shown, or as `named` by a meta tag where what is shown is another."""
    shown = _without_info(head) if head is not None else ""
    if named:
        return (
            shown
            if _squeezed(shown).startswith(_squeezed(named)) and shown
            else re.sub(
                r"\s+",
                " ",
                named,
            )
        )
    if shown:
        return shown
    parts = [part for part in _PARTS_OF_TITLE.split(page.title) if part]
    return max(parts, key=len, default="")


def _without_info(head: Tag) -> str:
    """What a heading says, without a line of date and source that some templates put inside it."""
    text = said(head)
    for line in info_inside(head):
        text = text.removesuffix(line).strip()
    return text or said(head)


def info_inside(head: Tag) -> list[str]:
    """Return the lines of date and source that stand inside a heading."""
    lines = [said(tag) for tag in head.find_all(["span", "small", "p", "div", "em", "i"], recursive=False)]
    return [line for line in lines if is_info(line) and full_dates(line)]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\ufeff\xa0]+", "", text)
