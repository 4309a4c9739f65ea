"""Family name → reader: the door of this room. Bytes and an address in, records out.

A page is read by the family that its section declares. Where that does not fit, the general reader reads it and the
record's `family` says "general"; where nothing fits, an error says so. An empty list is never returned.
"""

import re
from collections.abc import Callable
from datetime import date

from crawler.errors import ListUnreadable, PageUnreadable
from crawler.pages import aspnet, general, json_list, records_xml, static_shtml, trs_wcm
from crawler.pages.articles.article import read_article as _read_article
from crawler.pages.articles.attachments import files_between as _files_between
from crawler.pages.page import Page, attribute, open_page
from crawler.pages.records import Article, Attachment, JsonRows, ListPage

_LISTS: dict[str, Callable[[Page, date | None], ListPage | None]] = {
    static_shtml.FAMILY: static_shtml.read_list,
    trs_wcm.FAMILY: trs_wcm.read_list,
    aspnet.FAMILY: aspnet.read_list,
}
_ARTICLES: dict[str, Callable[[Page], Article | None]] = {
    static_shtml.FAMILY: static_shtml.read_article,
    trs_wcm.FAMILY: trs_wcm.read_article,
    aspnet.FAMILY: aspnet.read_article,
}
_CONTENT = re.compile(r"main|list|content|right|body|news|data", re.I)
_MENU = re.compile(r"top|left|menu|nav|head|foot|banner|bottom", re.I)
FAMILIES = (*_LISTS, json_list.FAMILY, general.FAMILY)


def read_list(
    data: bytes,
    url: str,
    family: str,
    content_type: str | None = None,
    json_rows: JsonRows | None = None,
    today: date | None = None,
    page_number: int | None = None,
) -> ListPage:
    """Return one page of a list, read by its family or by the general reader.

    `json_rows` says where the rows of a json-list are; `page_number` which page was asked for, where the address
    does not say (POST). `today` completes dates that lack a year.

    Raises:
        ListUnreadable: nothing in the page is a list, or the page is beyond all limits.
    """
    if family not in FAMILIES:
        raise ValueError(f"{family!r} is not a page family; known are {', '.join(FAMILIES)}")
    if data.lstrip()[:1] in (b"{", b"[") or (family == json_list.FAMILY and data.lstrip()[:1] != b"<"):
        return json_list.read_list(data, url, content_type, json_rows, today, page_number)
    page = _opened(data, url, content_type)
    if (records := records_xml.read_list(page, today, family)) is not None:
        return records
    declared = _LISTS.get(family)
    found = declared(page, today) if declared else None
    return found if found is not None else general.read_list(page, today)


def frames_of(data: bytes, url: str, content_type: str | None = None) -> tuple[str, ...]:
    """Return the addresses that a page shows in frames, the likeliest first: those whose name or address speaks of the
    page's content, then in their order."""
    try:
        page = open_page(data, url, content_type)
    except PageUnreadable:
        return ()
    found = []
    for tag in page.soup.find_all(["frame", "iframe"], limit=30):
        if address := page.link(attribute(tag, "src")):
            said_of = f"{attribute(tag, 'name')} {attribute(tag, 'id')} {attribute(tag, 'src')}"
            found.append((not _CONTENT.search(said_of), bool(_MENU.search(said_of)), address))
    return tuple(address for *_, address in sorted(found, key=lambda one: one[:2]))


def files_between(data: bytes, url: str, content_type: str | None = None) -> tuple[Attachment, ...]:
    """Return the files that a page between an article and its file links; none where it cannot be read."""
    try:
        return _files_between(open_page(data, url, content_type))
    except PageUnreadable:
        return ()


def read_article(data: bytes, url: str, family: str, content_type: str | None = None) -> Article:
    """Return an article, read by its family or by the general reader.

    Raises:
        ArticleUnreadable: the page has no title, or nothing under it.
        PageUnreadable: the page is beyond all limits.
    """
    if family not in FAMILIES:
        raise ValueError(f"{family!r} is not a page family; known are {', '.join(FAMILIES)}")
    page = open_page(data, url, content_type)
    declared = _ARTICLES.get(family)
    found = declared(page) if declared else None
    return found if found is not None else _read_article(page, general.FAMILY)


def _opened(data: bytes, url: str, content_type: str | None) -> Page:
    try:
        return open_page(data, url, content_type)
    except PageUnreadable as reason:
        raise ListUnreadable(str(reason)) from reason
