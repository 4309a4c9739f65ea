"""TRS WCM: `./202503/t20250318_558213.html`, `TRS_Editor`, meta tags `ArticleTitle` and `PubDate`, `createPageHTML`."""

import re
from datetime import date

from crawler.pages import general
from crawler.pages.articles.article import read_article as _read_article
from crawler.pages.articles.body import KNOWN_BODIES
from crawler.pages.page import Page
from crawler.pages.records import Article, ListPage

FAMILY = "trs-wcm"
_ARTICLE = re.compile(r"/t\d{8}_\d+(?:_\d+)?\.s?html?|/\d{6}/t\d+|/t\d{8}_\d+", re.I)
_SIGNS = re.compile(
    r"createPage(?:HTML)?\s*\(|countPage|CurrChnlCls|TRS_|trs_|WCM|Produced By TRS"
    r"|PageContext",
    re.I,
)
_BODIES = (".TRS_Editor", ".TRS_UEDITOR", ".trs_editor_view", ".TRS_PreAppend", *KNOWN_BODIES)


def is_article_address(url: str) -> bool:
    """Whether an address is one of an article of this family."""
    return bool(_ARTICLE.search(url))


def read_list(page: Page, today: date | None) -> ListPage | None:
    """Return the page's list, or None where neither its rows nor the page are TRS's."""
    found = general.read_list(page, today, FAMILY, is_article_address)
    ours = sum(is_article_address(row.url) for row in found.rows)
    return found if ours * 2 >= len(found.rows) or _SIGNS.search(page.text) else None


def read_article(page: Page) -> Article | None:
    """Return the article, or None where the page bears no sign of TRS."""
    if not is_article_address(page.url) and not _SIGNS.search(page.text):
        return None
    return _read_article(page, FAMILY, _BODIES)
