"""Lists that a page carries as records of XML, for a script to show: `<record><![CDATA[<li>…</li>]]></record>`.

JPAAS (hanweb) does so, in the page itself or in the answer of its `dataproxy.jsp`; `<nextgroup>` links what follows.
"""

import re
from datetime import date

from bs4.element import Tag

from crawler.errors import ListUnreadable
from crawler.pages import general, static_shtml
from crawler.pages.lists.paging import turning_of
from crawler.pages.page import Page, attribute, parse
from crawler.pages.records import ListPage, PageRequest

_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.S)
_NEXT_GROUP = re.compile(r"<nextgroup>\s*(?:<!\[CDATA\[)?(.{0,2000}?)(?:\]\]>)?\s*</nextgroup>", re.S)
_PAGES = re.compile(r"<totalpage>\s*(\d+)\s*</totalpage>")


def read_list(page: Page, today: date | None, family: str) -> ListPage | None:
    """Return the list that the page's records make, or None where it has none."""
    records = _RECORD.findall(page.text) if "<record>" in page.text else []
    if not records:
        return None
    inner = parse(_as_markup(records), page.url, page.encoding)
    try:
        found = general.read_list(inner, today, family if family == static_shtml.FAMILY else general.FAMILY)
    except ListUnreadable:
        return None
    pages = _PAGES.search(page.text)
    following = _next_group(page) or turning_of(page).next_page
    return ListPage(found.rows, following, found.family, found.encoding, int(pages.group(1)) if pages else None)


def _as_markup(records: list[str]) -> str:
    if all(re.match(r"\s*<tr\b", record, re.I) for record in records):
        return f"<table>{''.join(records)}</table>"
    if all(re.match(r"\s*<li\b", record, re.I) for record in records):
        return f"<ul>{''.join(records)}</ul>"
    return "".join(f"<div class='record'>{record}</div>" for record in records)


def _next_group(page: Page) -> PageRequest | None:
    found = _NEXT_GROUP.search(page.text)
    link = parse(found.group(1), page.url, page.encoding).soup.find("a") if found else None
    url = page.link(attribute(link, "href")) if isinstance(link, Tag) else None
    return PageRequest(url) if url else None
