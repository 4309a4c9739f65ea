"""ASP.NET sites: `NewsDetail.aspx?id=3121` in a table or repeater, `?page=2` or `__doPostBack`, headings in spans."""

import re
from datetime import date

from crawler.pages import general
from crawler.pages.articles.article import read_article as _read_article
from crawler.pages.articles.body import KNOWN_BODIES
from crawler.pages.page import Page
from crawler.pages.records import Article, ListPage

FAMILY = "aspnet"
_ARTICLE = re.compile(r"\.aspx\?[^#]*\d|/(?:Item|Info|News|Article|Detail)/?\w*/\d+\.aspx|\.ashx\?", re.I)
_SIGNS = re.compile(r"__VIEWSTATE|__doPostBack|\.aspx\b|aspnetForm|PowerEasy|\.axd\?", re.I)
_HEAD_IDS = (
    r"(?i)(?:^|_)(?:lbl?\w*|lab\w*|lit\w*|txt|sp)?_?(?:news|article|info)?_?(?:title|biaoti|bt"
    r"|subject|heading)\d?$"
)
_BODIES = (
    "#fontzoom",
    "#ContentBody",
    "#NewsContent",
    "#ctl00_ContentPlaceHolder1_lblContent",
    "#lblContent",
    *KNOWN_BODIES,
)


def is_article_address(url: str) -> bool:
    """Whether an address is one of an article of this family."""
    return bool(_ARTICLE.search(url))


def read_list(page: Page, today: date | None) -> ListPage | None:
    """Return the page's list, or None where neither its rows nor the page are ASP.NET's."""
    found = general.read_list(page, today, FAMILY, is_article_address)
    ours = sum(".aspx" in row.url.lower() or ".ashx" in row.url.lower() for row in found.rows)
    return found if ours * 2 >= len(found.rows) or _SIGNS.search(page.text) else None


def read_article(page: Page) -> Article | None:
    """Return the article, or None where the page bears no sign of ASP.NET."""
    if not _SIGNS.search(page.url) and not _SIGNS.search(page.text):
        return None
    return _read_article(page, FAMILY, _BODIES, _HEAD_IDS)
