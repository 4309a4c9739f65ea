"""Static pages (enorth, Visual SiteBuilder, and their like): dated paths, `index_2.shtml`, an article a file.

The lists and articles of CQC are of this family (SITES.md): `/www/chinese/c/2025-03-18/558213.shtml`.
"""

import re
from datetime import date

from crawler.pages import general
from crawler.pages.articles.article import read_article as _read_article
from crawler.pages.articles.body import KNOWN_BODIES
from crawler.pages.page import Page
from crawler.pages.records import Article, ListPage

FAMILY = "static-shtml"
_ARTICLE = re.compile(r"\.s?html?(?:\?|$)", re.I)
_DATED = re.compile(r"/\d{4}[-/]\d{2}[-/]\d{2}/|\d{5,}\.s?html?$|/info/\d+/\d+\.htm|\.shtml\?\w+=\d+", re.I)


def is_article_address(url: str) -> bool:
    """Whether an address is one of an article of this family."""
    return bool(_DATED.search(_without_parameters(url)))


def read_list(page: Page, today: date | None) -> ListPage | None:
    """Return the page's list, or None where its rows are not static pages."""
    found = general.read_list(page, today, FAMILY, is_article_address)
    static = sum(bool(_ARTICLE.search(_without_parameters(row.url))) for row in found.rows)
    return found if static * 2 >= len(found.rows) else None


def read_article(page: Page) -> Article | None:
    """Return the article, or None where the address is not one of a static page."""
    if not re.search(r"\.s?html?(?:[?#]|$)|/$", _without_parameters(page.url), re.I):
        return None
    return _read_article(page, FAMILY, KNOWN_BODIES)


def _without_parameters(url: str) -> str:
    """An address without the parameters of its path (`;k=…`, RFC 3986 section 3.3), which name no other page."""
    return re.sub(r";[^/?#]*", "", url)
