"""An article: its title, day of publication, source, body and files."""

import re
from collections.abc import Sequence

from bs4.element import Tag

from crawler.errors import ArticleUnreadable
from crawler.pages.answers import says_missing
from crawler.pages.articles.attachments import attachments_in, attachments_in_scripts
from crawler.pages.articles.body import KNOWN_BODIES, clean, find_body, text_of
from crawler.pages.articles.head import SCOPE, find_head, title_of
from crawler.pages.articles.published import info_of, published_on, source_of
from crawler.pages.dates import full_dates
from crawler.pages.links import address_key
from crawler.pages.page import Page, ancestors, attribute, marks, tags_in
from crawler.pages.records import Article, Attachment

_LEAST_TITLE = 10
"""Characters under which a title may be that of a message in the article's place."""
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


def read_article(
    page: Page, family: str, selectors: Sequence[str] = KNOWN_BODIES, head_ids: str | None = None
) -> Article:
    """Return what an article page says.

    `selectors` name the bodies of a family, best first; `head_ids` is a pattern of its titles' ids.

    Raises:
        ArticleUnreadable: the page has no title, or nothing under it.
    """
    meta = _metas(page)
    head = find_head(page, _first(meta, _META_TITLE), head_ids)
    title = title_of(page, _first(meta, _META_TITLE), head)
    body = find_body(page, head, selectors)
    if not title or not body:
        raise ArticleUnreadable(f"{page.url}: no {'body' if title else 'title'} found")
    info = info_of(page, head, body)
    files = _files(page, head, body)
    published = published_on(page, _first(meta, _META_DATE), info, head, body)
    source = re.sub(r"^来源\s*[:：]\s*", "", _first(meta, _META_SOURCE) or "") or source_of(info)
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


def _files(page: Page, head: Tag | None, body: Sequence[Tag]) -> tuple[Attachment, ...]:
    """Files linked from the article: from its body, from the boxes around it up to where title and body meet, and from
    the rest of the page outside menus and boxes of what else is read."""
    roots: list[Tag] = list(body)
    region = _region(page, head, body[0])
    if region is not None:
        roots.append(region)
    if page.soup.body is not None:
        roots.append(page.soup.body)
    skipped = [tag for tag in page.soup.find_all(True) if SCOPE.search(marks(tag)) or tag.name in ("nav", "footer")]
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
