"""An article: its title, day of publication, source, body and files."""

import re
from collections.abc import Sequence
from datetime import date
from itertools import islice

from bs4.element import NavigableString, Tag

from crawler.errors import ArticleUnreadable
from crawler.pages.answers import says_missing
from crawler.pages.articles.attachments import attachments_in, attachments_in_scripts
from crawler.pages.articles.body import KNOWN_BODIES, clean, find_body, is_info, text_of
from crawler.pages.dates import HalfDate, date_in_url, date_of_attributes, full_dates, read_date, year_in_url
from crawler.pages.links import address_key
from crawler.pages.page import Page, ancestors, attribute, marks, said, tags_in
from crawler.pages.records import Article, Attachment

_TITLE_MARK = re.compile(r"(?:^|[\s_-])(?:\w*title|tit|bt|biaoti|headline|subject|con-?title)(?:$|[\s_\d-])")
_PARTS_OF_TITLE = re.compile(r"\s*[-_|–—―·>»]+\s*|\s{2,}")
_PUBLISHED = re.compile(
    r"(?:发布|发表|公布|发文|印发|更新|编辑|录入|添加|成文)?(?:时间|日期|于)\s*[:：]?\s*$|发布\s*[:：]?\s*$"
)
_LABELLED = re.compile(
    r"(?:发布|发表|公布|上传|添加|公告)(?:时间|日期|于)"
    r"|(?<![\u4e00-\u9fff])(?:时间|日期)\s*[:：]",
)
_SOURCE = re.compile(
    r"(?:信息来源|文章来源|稿件来源|新闻来源|发布机构|来\s*源|出处)\s*[:：]\s*([^\s|｜/【\[(（丨]{1,40})"
)
_NOT_A_SOURCE = re.compile(r"^(?:发布|作者|时间|日期|浏览|点击|字体|字号|打印|编辑|分享|阅读|责任|\d{4})")
_LEAST_TITLE = 10
"""Characters under which a title may be that of a message in the article's place."""
_MOST_BEFORE = 8
"""Characters between a label and its date."""
_META_TITLE = ("articletitle", "article_title", "og:title")
_META_DATE = (
    "pubdate",
    "publishdate",
    "publish_date",
    "article:published_time",
    "publishtime",
    "releasedate",
    "createdate",
    "publicationdate",
)
_META_SOURCE = ("contentsource", "source", "article:source")
_SCOPE = re.compile(
    r"(?:^|[\s_-])(?:foot\w*|nav|navi|menu|sidebar|copyright|crumbs?|breadcrumbs?|topbar"
    r"|site-?header|friend\w*|relat\w*|hot|rank)(?=$|[\s_-])"
)


def read_article(
    page: Page, family: str, selectors: Sequence[str] = KNOWN_BODIES, head_ids: str | None = None
) -> Article:
    """Return what an article page says.

    `selectors` name the bodies of a family, best first; `head_ids` is a pattern of its titles' ids.

    Raises:
        ArticleUnreadable: the page has no title, or nothing under it.
    """
    meta = _metas(page)
    head = _head(page, _first(meta, _META_TITLE), head_ids)
    title = _title(page, _first(meta, _META_TITLE), head)
    body = find_body(page, head, selectors)
    if not title or not body:
        raise ArticleUnreadable(f"{page.url}: no {'body' if title else 'title'} found")
    info = _info(page, head, body)
    files = _files(page, head, body)
    published = _published(page, _first(meta, _META_DATE), info, head, body)
    source = re.sub(r"^来源\s*[:：]\s*", "", _first(meta, _META_SOURCE) or "") or _source(info)
    for element in body:
        clean(page, element)
    text = text_of(body)
    if not text and not files:
        raise ArticleUnreadable(f"{page.url}: nothing under the title {title!r}")
    is_message = len(title) < _LEAST_TITLE or says_missing(title)
    if is_message and not files and not full_dates(info) and says_missing(text):
        raise ArticleUnreadable(f"{page.url}: the page says {text[:80]!r}")
    return Article(title, published, source, "".join(str(tag) for tag in body), text, files, family, page.encoding)


def _metas(page: Page) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in tags_in(page.soup, ("meta",), 200):
        name = (attribute(tag, "name") or attribute(tag, "property")).lower()
        if name and (content := attribute(tag, "content").strip()):
            found.setdefault(name, content)
    return found


def _first(meta: dict[str, str], names: Sequence[str]) -> str | None:
    return next((meta[name] for name in names if meta.get(name)), None)


# --- title -----------------------------------------------------------------------------------------------------


def _head(page: Page, named: str | None, head_ids: str | None) -> Tag | None:
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


_HEADS = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "h6", "div", "p", "span", "td", "th", "strong", "b", "font", "center", "dt", "li")
)


def _over_info(page: Page) -> Tag | None:
    """The heading right above the line that labels the day of publication, where the page has such a line."""
    for text in page.soup.find_all(string=_LABELLED, limit=3):
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
        _SCOPE.search(marks(element)) or element.name in ("nav", "footer") for element in (tag, *ancestors(tag, 6))
    )


def _title(page: Page, named: str | None, head: Tag | None) -> str:
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
    for line in _info_inside(head):
        text = text.removesuffix(line).strip()
    return text or said(head)


def _info_inside(head: Tag) -> list[str]:
    lines = [said(tag) for tag in head.find_all(["span", "small", "p", "div", "em", "i"], recursive=False)]
    return [line for line in lines if is_info(line) and full_dates(line)]


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b\ufeff\xa0]+", "", text)


# --- date and source -------------------------------------------------------------------------------------------


def _info(page: Page, head: Tag | None, body: Sequence[Tag]) -> str:
    """The text between title and body, where date and source stand; failing that, what stands right after it."""
    if head is None:
        return ""
    stop = {id(element) for element in body}
    inside = {id(node) for node in head.descendants}
    pieces: list[str] = []
    for node in head.next_elements:
        if id(node) in stop or len(pieces) > 120:
            break
        if type(node) is NavigableString and id(node) not in inside and node.strip():
            pieces.append(node.strip())
    text = " ".join([*_info_inside(head), *pieces])[:1500]
    return text if full_dates(text) else " ".join([_before(head), text])


def _before(head: Tag) -> str:
    """The text just before the title, where some sites put date and source."""
    pieces: list[str] = []
    for node in head.previous_elements:
        if len(pieces) > 12:
            break
        if type(node) is NavigableString and node.strip():
            pieces.append(node.strip())
    return " ".join(reversed(pieces))[-200:]


def _published(page: Page, named: str | None, info: str, head: Tag | None, body: Sequence[Tag]) -> date | None:
    named_date = read_date(named) if named else None
    if isinstance(named_date, date):
        return named_date
    dates = full_dates(info)
    for day, start, _ in dates:
        if _PUBLISHED.search(info[max(0, start - 12) : start]):
            return day
    if dates:
        return dates[0][0]
    found = _carried(head, body) or _labelled(page) or date_in_url(page.url)
    return _in_its_year(found, page, body) if isinstance(found, HalfDate) else found


def _in_its_year(half: HalfDate, page: Page, body: Sequence[Tag]) -> date | None:
    """The day of a head that prints no year, where the article itself prints the same day (under its last line), or
    its address names the year."""
    printed = [day for day, _, _ in full_dates(" ".join(said(tag) for tag in body))]
    same = [day for day in printed if (day.month, day.day) == (half.month, half.day)]
    year = year_in_url(page.url)
    return same[-1] if same else half.in_year(year) if year else None


def _carried(head: Tag | None, body: Sequence[Tag]) -> date | None:
    """The day that an element between title and body carries for a script to print."""
    stop = {id(element) for element in body}
    for node in islice(head.next_elements, 200) if head is not None else ():
        if id(node) in stop:
            break
        if isinstance(node, Tag) and node.attrs and (day := date_of_attributes(node.attrs)):
            return day
    return None


def _labelled(page: Page) -> date | HalfDate | None:
    """A date that follows a label of the day of publication, wherever on the page."""
    for text in page.soup.find_all(string=_LABELLED, limit=5):
        parent = text.parent
        for element in (parent, parent.parent if parent is not None else None):
            if element is None or page.measures.words(element) > 300:
                continue
            line = said(element)
            label = _LABELLED.search(line)
            if label and (day := _first_said(line[label.end() :])):
                return day
    return None


def _first_said(text: str) -> date | HalfDate | None:
    """The date that a text begins with."""
    text = text.lstrip(" :：\xa0")
    if (dates := full_dates(text)) and dates[0][1] <= _MOST_BEFORE:
        return dates[0][0]
    return read_date(text.split(maxsplit=1)[0]) if text else None


def _source(info: str) -> str | None:
    found = _SOURCE.search(info)
    if not found or _NOT_A_SOURCE.match(found.group(1)):
        return None
    return found.group(1).strip(" ：:，,;；") or None


# --- files -----------------------------------------------------------------------------------------------------


def _files(page: Page, head: Tag | None, body: Sequence[Tag]) -> tuple[Attachment, ...]:
    """Files linked from the article: from its body, from the boxes around it up to where title and body meet, and from
    the rest of the page outside menus and boxes of what else is read."""
    roots: list[Tag] = list(body)
    region = _region(page, head, body[0])
    if region is not None:
        roots.append(region)
    if page.soup.body is not None:
        roots.append(page.soup.body)
    skipped = [tag for tag in page.soup.find_all(True) if _SCOPE.search(marks(tag)) or tag.name in ("nav", "footer")]
    found = attachments_in(page, roots, skipped)
    known = {address_key(file.url) for file in found}
    return (*found, *(file for file in attachments_in_scripts(page) if address_key(file.url) not in known))


def _region(page: Page, head: Tag | None, body: Tag) -> Tag | None:
    """The smallest element with title and body, widened while what it gains is not another part of the site."""
    around = list(ancestors(body))
    heads = {id(head), *(id(tag) for tag in ancestors(head))} if head is not None else set()
    region = next((tag for tag in around if id(tag) in heads), around[0] if around else None)
    if region is None or region.name == "body":
        return region
    for wider in ancestors(region, 3):
        if wider.name == "body" or page.measures.words(wider) > page.measures.words(region) + 400:
            break
        if len(wider.find_all("a", limit=60)) > len(region.find_all("a", limit=60)) + 12:
            break
        region = wider
    return region
