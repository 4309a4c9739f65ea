"""Lists that a script fetches: JSON rows named by JMESPath expressions, asked for by GET or POST, page by page.

Some endpoints answer with rows, some with a block of HTML in a field; both are read. Where the expressions do not
fit, the largest array of objects with a title and an address is taken, and the page is marked as read so.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import jmespath
from jmespath.exceptions import JMESPathError

from crawler.errors import ListUnreadable
from crawler.pages import general
from crawler.pages.charset import decode
from crawler.pages.dates import date_of_value
from crawler.pages.links import absolute
from crawler.pages.page import parse, said
from crawler.pages.records import JsonRows, ListPage, ListRow, PageRequest

FAMILY = "json-list"
_MOST_VALUES = 200_000
_WRAPPED = re.compile(r"^\s*(?:/\*.*?\*/\s*)?[\w$.]{1,80}\s*\(\s*(.*)\s*\)\s*;?\s*$", re.S)
_TITLE_KEYS = (
    "title",
    "doctitle",
    "newstitle",
    "articletitle",
    "name",
    "subject",
    "topic",
    "headline",
    "infotitle",
    "bt",
    "biaoti",
)
_URL_KEYS = (
    "url",
    "link",
    "href",
    "docpuburl",
    "linkurl",
    "pageurl",
    "detailurl",
    "path",
    "puburl",
    "arturl",
    "infourl",
)
_DATE_KEYS = (
    "publishtime", "publishdate", "pubdate", "pubtime", "docreltime", "releasetime", "releasedate", "date", "time",
    "createtime", "createdate", "showdate", "infodate", "writetime", "updatetime", "fbsj", "crtime", "opertime",
)  # fmt: skip


def page_request(rows: JsonRows, base: str, page_number: int) -> PageRequest:
    """Return the request for a page of the list; `{page}` in parameters and body is the page's number."""
    endpoint = absolute(_filled(rows.endpoint, page_number), base) or base
    fields = tuple((name, _filled(value, page_number)) for name, value in rows.params)
    if rows.method.upper() == "GET":
        parts = urlsplit(endpoint)
        query = "&".join(text for text in (parts.query, urlencode(fields)) if text)
        return PageRequest(urlunsplit((parts.scheme, parts.netloc, parts.path, query, "")))
    if rows.body is not None:
        return PageRequest(endpoint, "POST", fields, _filled(rows.body, page_number))
    return PageRequest(endpoint, "POST", fields)


def page_number_of(rows: JsonRows, url: str) -> int | None:
    """Return the number of the page that an address asks for, or None where the address does not say."""
    asked = dict(parse_qsl(urlsplit(url).query))
    declared = [*rows.params, *parse_qsl(urlsplit(rows.endpoint).query)]
    for name, value in declared:
        before, mark, after = value.partition("{page}")
        answer = asked.get(name, "")
        if mark and answer.startswith(before) and answer.endswith(after):
            number = answer[len(before) : len(answer) - len(after)]
            return int(number) if number.isdecimal() and len(number) < 7 else None
    return None


def read_list(
    data: bytes, url: str, content_type: str | None, rows: JsonRows | None, today: date | None, page_number: int | None
) -> ListPage:
    """Return the rows of a JSON answer; `family` is "general" where the expressions did not fit.

    Raises:
        ListUnreadable: not JSON, or nothing in it that could be a list.
    """
    decoded = decode(data, content_type)
    value = _loaded(decoded.text, url)
    found = _declared(value, url, rows, decoded.encoding, today) if rows else None
    if found is None:
        found = _guessed(value, url, decoded.encoding, today)
    if rows is None:
        return _with_way_on(found, value, url)
    number = page_number if page_number is not None else page_number_of(rows, url) or rows.first_page
    said = _page_count(value, rows)
    total = _row_count(value, rows)
    count = _pages_of(total, rows.page_size or len(found.rows)) if said is None else said
    more = (number - rows.first_page + 1 < count) if count is not None else bool(found.rows)
    paged = any("{page}" in text for text in (rows.endpoint, rows.body or "", *(value for _, value in rows.params)))
    following = page_request(rows, url, number + 1) if more and paged else None
    is_guessed = said is None and not rows.page_size
    return ListPage(found.rows, following, found.family, found.encoding, count, total if is_guessed else None)


def _with_way_on(found: ListPage, value: Any, url: str) -> ListPage:
    """An answer of which nothing is declared, as a button "load more" brings it: it goes on at an address beside its
    rows that is built as its own; it ends where a place for one is empty; else it does not say."""
    beside = [one for one in value.values() if not isinstance(one, list | dict)] if isinstance(value, Mapping) else []
    ways = (absolute(one, url) for one in beside if isinstance(one, str) and one.strip())
    following = next((way for way in ways if way and way != url and _build(way) == _build(url)), None)
    if following is not None:
        return replace(found, next_page=PageRequest(following))
    is_end = any(one is None or one is False or one == "" for one in beside)
    return found if is_end else replace(found, unknown_way_on="the answer does not say whether more rows follow")


def _build(url: str) -> tuple[str, str, list[str]]:
    """What the addresses of the pages of one list share: host, page without its number, names of the arguments."""
    parts = urlsplit(url)
    return parts.netloc, re.sub(r"\d+", "", parts.path.rpartition("/")[2]), sorted(dict(parse_qsl(parts.query, True)))


def _filled(text: str, page_number: int) -> str:
    return text.replace("{page}", str(page_number))


def _loaded(text: str, url: str) -> Any:
    stripped = text.strip().lstrip("\ufeff")
    if wrapped := _WRAPPED.match(stripped[:200_000_0]):
        stripped = wrapped.group(1)
    try:
        return json.loads(stripped)
    except (ValueError, RecursionError) as reason:
        raise ListUnreadable(f"{url}: not JSON: {str(reason)[:120]}") from reason


def _declared(value: Any, url: str, rows: JsonRows, encoding: str, today: date | None) -> ListPage | None:
    """What the section's expressions find, or None where they find no row with a title and an address."""
    found = _search(rows.rows, value)
    if isinstance(found, str):
        return _markup(found, url, encoding, today, FAMILY)
    if isinstance(found, list) and found and all(isinstance(item, str) for item in found):
        return _markup("".join(found), url, encoding, today, FAMILY)
    read = [row for item in (found if isinstance(found, list) else []) if (row := _row(item, url, rows))]
    return ListPage(tuple(_once(read)), None, FAMILY, encoding) if read else None


def _row(item: Any, url: str, rows: JsonRows) -> ListRow | None:
    title, address = _search(rows.title, item), _search(rows.url, item)
    published = _search(rows.date, item) if rows.date else None
    return _made(title, address, published, item, url)


def _made(title: Any, address: Any, published: Any, item: Any, url: str) -> ListRow | None:
    link = absolute(str(address), url) if isinstance(address, str | int) and str(address).strip() else None
    text = _plain(title) if isinstance(title, str) else ""
    if not text or link is None:
        return None
    return ListRow(text, link, date_of_value(published), _is_pinned(item))


def _plain(title: str) -> str:
    """A title without the markup that search services put into it."""
    return (
        said(parse(title, "about:title", "utf-8").soup)
        if re.search(r"[<&]", title)
        else " ".join(
            title.split(),
        )
    )


def _is_pinned(item: Any) -> bool:
    if not isinstance(item, Mapping):
        return False
    marks = ("istop", "is_top", "top", "zhiding", "sticky", "pinned", "settop")
    return any(str(key).lower() in marks and value in (1, "1", True, "true", "Y") for key, value in item.items())


def _once(rows: list[ListRow]) -> list[ListRow]:
    return list({row.url: row for row in reversed(rows)}.values())[::-1]


def _page_count(value: Any, rows: JsonRows) -> int | None:
    """How many pages there are, where the answer says so."""
    count = _search(rows.pages, value) if rows.pages else None
    return int(count) if isinstance(count, int | str) and str(count).isdecimal() else None


def _pages_of(total: int | None, size: int) -> int | None:
    return -(-total // size) if total is not None and size else None


def _row_count(value: Any, rows: JsonRows) -> int | None:
    total = _search(rows.total, value) if rows.total else None
    return int(total) if isinstance(total, int | str) and str(total).isdecimal() else None


def _search(expression: str, value: Any) -> Any:
    try:
        return jmespath.search(expression, value)
    except (JMESPathError, RecursionError):
        return None


def _guessed(value: Any, url: str, encoding: str, today: date | None) -> ListPage:
    """The largest array of objects with a title and an address, or a block of HTML, anywhere in the answer."""
    best: list[ListRow] = []
    for array in _arrays(value):
        read = [row for item in array if isinstance(item, Mapping) and (row := _guessed_row(item, url))]
        if len(read) > len(best):
            best = read
    if best:
        return ListPage(tuple(_once(best)), None, general.FAMILY, encoding)
    for text in _texts(value):
        if text.count("<a ") + text.count("<A ") > 0 and (found := _markup(text, url, encoding, today, general.FAMILY)):
            return found
    raise ListUnreadable(f"{url}: JSON without rows that have a title and an address")


def _guessed_row(item: Mapping[str, Any], url: str) -> ListRow | None:
    keys = {re.sub(r"[^a-z]", "", str(key).lower()): value for key, value in item.items()}
    return _made(_picked(keys, _TITLE_KEYS), _picked(keys, _URL_KEYS), _picked(keys, _DATE_KEYS), item, url)


def _picked(keys: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((keys[name] for name in names if isinstance(keys.get(name), str | int) and keys[name] != ""), None)


def _values(value: Any) -> Iterator[Any]:
    """Every value in a JSON document, outermost first, at most 200,000."""
    waiting, seen = [value], 0
    while waiting and seen < _MOST_VALUES:
        current = waiting.pop()
        seen += 1
        yield current
        if isinstance(current, Mapping):
            waiting.extend(current.values())
        elif isinstance(current, list):
            waiting.extend(current)


def _arrays(value: Any) -> Iterator[list[Any]]:
    return (found for found in _values(value) if isinstance(found, list) and found)


def _texts(value: Any) -> Iterator[str]:
    return (found for found in _values(value) if isinstance(found, str) and len(found) > 20)


def _markup(text: str, url: str, encoding: str, today: date | None, family: str) -> ListPage | None:
    try:
        page = parse(text, url, encoding)
        return general.read_list(page, today, family)
    except ListUnreadable:
        return None
