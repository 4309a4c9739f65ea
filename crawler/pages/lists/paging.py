"""Turning pages: how a list says that it goes on, in any of the ways that Chinese content systems have.

A link 下一页; a TRS script call `createPageHTML(12, 0, "index", "html")` or its `countPage` script; a script function
that sets the location; `__doPostBack`; numbered links beside the current number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bs4.element import Tag

from crawler.pages.links import address_key
from crawler.pages.page import Page, ancestors, attribute, marks, said
from crawler.pages.records import PageRequest

_NEXT = re.compile(
    r"^[\[(（\s]*(?:下\s?一?\s?页|后\s?一?\s?页|下页|次页|next(?:\s*page)?)\s*[>»›\])）\s]*$", re.IGNORECASE
)
_NEXT_SIGN = re.compile(r"^[>›→]$|^&gt;$")
_MORE = re.compile(
    r"^\s*(?:点击|查看|加载|显示|浏览)?(?:加载|查看|显示)?更多(?:内容|信息|公告)?\s*[.…>》»]*\s*$|^load more$", re.I
)
_SOURCES = ("data-url", "data-href", "data-next", "data-src")
_SENDS = re.compile(r"location|open\s*\(|jump|go", re.I)
_NEXT_PICTURE = re.compile(r"(?:^|[/_-])(?:next|xyy|xiayiye|xia|right|fwd|forward)\w*\.(?:gif|png|jpe?g|svg)", re.I)
_TURNER = re.compile(
    r"上一?页|下一?页|前一?页|后一?页|首页|尾页|末页|共\s*[\d,]+\s*[页条]|createPage|countPage"
    r"|PageContext|Pager\(",
    re.I,
)
_CALL = re.compile(
    r"\b(?:create_?Page(?:HTML)?|createPageHtml|PageContext|showPage"
    r"|create_page\w*)\s*\(\s*([^(){};\n]{1,200})\)",
    re.I,
)
_COUNT = re.compile(
    r"\b(?:countPage|nPageCount|_nPageCount|m_nPageCount|pageCount|totalPages?)\s*=\s*[\"']?(\d+)", re.I
)
_CURRENT = re.compile(
    r"\b(?:currentPage|nCurrIndex|_nCurrIndex|m_nCurrPage|curPage"
    r"|currPage)\s*=\s*[\"']?(\d+)",
    re.I,
)
_NAME = re.compile(
    r"(?:href=\\?[\"']+|^"
    r"|[\"'])([A-Za-z][\w-]*)_?[\"']\s*\+\s*(?:[\"']_[\"']\s*\+\s*)?(?:\(?\s*(?:nextPage|currentPage"
    r"|i|endPage|prevPage)\b)",
    re.M,
)
_EXTENSION = re.compile(r"[\"']\.?(s?html?|jsp|aspx?|php)\b")
_SETTINGS = re.compile(r"\bPager\s*\(\s*\{([^{}]{1,400})\}", re.I)
_PAGE_COUNT = re.compile(
    r"共\s*([\d,]+)\s*页|\d+\s*/\s*([\d,]+)\s*页|第\s*\d+\s*/\s*([\d,]+)\s*页|总共\s*([\d,]+)\s*页"
    r"|页次[:：]?\s*\d+\s*/\s*(\d+)|分\s*(\d+)\s*页|共\s*[\d,]+\s*条(?:记录)?\s*\d+\s*/\s*(\d+)"
)
_POST_BACK = re.compile(r"__doPostBack\s*\(\s*(['\"])(.*?)\1\s*,\s*(['\"])(.*?)\3\s*\)", re.S)
_FUNCTION_CALL = re.compile(
    r"^(?:javascript\s*:)?\s*(?:return\s+)?([\w$\u4e00-\u9fff]{1,60})\s*\(\s*([^()]{0,100})\)", re.I
)


@dataclass(frozen=True, slots=True)
class Turning:
    """How a page turns: the next page, or None on the last; how many there are, if said; where it is done. `unknown` is
    what seems to lead on in a way that is not understood."""

    next_page: PageRequest | None
    page_count: int | None
    place: Tag | None
    unknown: str | None = None


def turning_of(page: Page) -> Turning:
    """Return how this list goes on."""
    place = _place(page)
    count = _said_count(place, page)
    for way in (_by_call, _by_count_script, _by_settings):
        found = way(page)
        if found is not None:
            return Turning(found[0], found[1], place)
    found_page = _by_link(page) or _by_number(page) or _by_choice(page) or _by_more(page)
    return Turning(found_page, count, place, None if found_page else _not_understood(page))


def _request(page: Page, href: str | None) -> PageRequest | None:
    url = page.link(href)
    if url is None or address_key(url) == address_key(page.url):
        return None
    return PageRequest(url)


def _by_choice(page: Page) -> PageRequest | None:
    """The choice after the chosen one, where a menu of pages holds addresses (`location.href=this.value`)."""
    for menu in page.soup.find_all("select", onchange=_SENDS, limit=10):
        options = menu.find_all("option")
        chosen = next((index for index, option in enumerate(options) if option.has_attr("selected")), 0)
        if chosen + 1 < len(options):
            return _request(page, attribute(options[chosen + 1], "value"))
    return None


def _by_more(page: Page) -> PageRequest | None:
    """What a button "load more" loads, where it says from where."""
    for text in page.soup.find_all(string=_MORE, limit=10):
        around = [text.parent, *ancestors(text.parent, 1)] if text.parent is not None else []
        for tag in around:
            for name in _SOURCES:
                if (value := attribute(tag, name)) and (request := _request(page, value)):
                    return request
    return None


def _not_understood(page: Page) -> str | None:
    """Words of an element that would lead on, if scripts ran: "load more" or 下一页 with a call that is not known."""
    for tag in page.soup.find_all(["a", "button", "input"], limit=4000):
        if page.measures.words(tag) > 12 or (tag.name != "input" and not page.measures.words(tag)):
            continue
        text = said(tag) or attribute(tag, "value")
        if len(text) > 12 or re.search(r"(?:^|\s)disabled?(?:$|\s)", marks(tag)) or tag.has_attr("disabled"):
            continue
        code = f"{attribute(tag, 'onclick')} {attribute(tag, 'href')}"
        if _MORE.match(text) and tag.name in ("a", "button") and not _request(page, attribute(tag, "href")):
            return f"“{text}” needs a script"
        if _NEXT.match(text) and re.search(r"\w\s*\([^)]", code) and "void" not in code:
            return f"“{text}” calls a script that is not understood"
    return None


# --- links -----------------------------------------------------------------------------------------------------


def _by_link(page: Page) -> PageRequest | None:
    for tag in page.soup.find_all(["a", "input", "button", "area"]):
        text = said(tag) or attribute(tag, "value") or attribute(tag, "title")
        if len(text) > 12:
            continue
        image = tag.find("img") if not text else None
        if image is not None:
            text = attribute(image, "alt") or attribute(image, "title")
        if not text and image and _NEXT_PICTURE.search(attribute(image, "src")) and _in_turner(tag):
            return _follow(page, tag)
        if _NEXT.match(text) or (_NEXT_SIGN.match(text) and _in_turner(tag)) or "next" in attribute(tag, "rel"):
            return _follow(page, tag)
    return None


def _in_turner(tag: Tag) -> bool:
    around = [tag, *ancestors(tag, 3)]
    if any(re.search(r"page|fenye|pager|turn", marks(element)) for element in around):
        return True
    line = said(tag.parent) if tag.parent is not None else ""
    return len(line) < 120 and bool(re.search(r"共\s*\d+\s*[条页]|(?:^|\s)[\[(]?\d{1,3}[\])]?\s", line))


def _follow(page: Page, tag: Tag) -> PageRequest | None:
    """The request that a link makes: its address, a post back, or a script function that sets the location."""
    if re.search(r"(?:^|\s)disabled?(?:$|\s)", marks(tag)) or tag.has_attr("disabled"):
        return None
    href, code = attribute(tag, "href").strip(), attribute(tag, "onclick")
    for call in (href, code):
        if post := _POST_BACK.search(call):
            return _post_back(page, tag, post.group(2), post.group(4))
    if href and not re.match(r"javascript\s*:|#", href, re.I):
        return _request(page, href)
    for address in (href, f"javascript:{code}", attribute(tag, "data-href"), attribute(tag, "tagname")):
        if found := _request(page, address):
            return found
    for call in (href, code):
        if found := _by_function(page, tag, call):
            return found
    if tag.name in ("input", "button") and tag.get("name"):
        return _submit(page, tag, {attribute(tag, "name"): attribute(tag, "value")})
    return None


def _by_function(page: Page, tag: Tag, call: str) -> PageRequest | None:
    """What a script function of the page makes of a page number: `location = "list.aspx?page=" + n`, or a form."""
    found = _FUNCTION_CALL.match(call)
    if not found:
        return None
    argument = found.group(2).split(",")[0].strip().strip("'\"")
    if not re.fullmatch(r"\d{1,6}", argument):
        return None
    body = _function_body(page.scripts, found.group(1))
    if body is None:
        return None
    name, text = body
    places = re.findall(
        r"(?:location(?:\.href)?\s*=|location\.(?:replace|assign)\(|window\.open\("
        r"|\burl\s*=)\s*([^;\n]{3,400})",
        text,
    )
    for expression in reversed(places):
        if (address := _evaluated(expression, name, argument)) and (request := _request(page, address)):
            return request
    return _form_by_function(page, tag, text, name, argument)


def _function_body(scripts: str, function: str) -> tuple[str, str] | None:
    found = re.search(rf"function\s+{re.escape(function)}\s*\(\s*(\w*)[^)]{{0,100}}\)\s*\{{", scripts)
    if not found:
        return None
    text = scripts[found.end() : found.end() + 1500]
    ends = re.search(r"\n\s*function\s", text)
    return found.group(1), text[: ends.start()] if ends else text


def _evaluated(expression: str, name: str, argument: str) -> str | None:
    """A sum of texts and the page number, added up; None where anything else is in it."""
    total, used = "", False
    for part in re.findall(r"\"[^\"]*\"|'[^']*'|[\w.$()]+|\+", expression.strip().rstrip(");")):
        if part[0] in "\"'":
            total += part[1:-1]
        elif name and re.fullmatch(rf"\(?{re.escape(name)}\)?", part):
            total, used = total + argument, True
        elif part != "+":
            return None
    return total if used else None


def _form_by_function(page: Page, tag: Tag, text: str, name: str, argument: str) -> PageRequest | None:
    if not name or "submit" not in text:
        return None
    field = re.search(rf"([\w$]+)[\"'\])]*(?:\.value\s*=\s*{re.escape(name)}\b|\.val\(\s*{re.escape(name)}\s*\))", text)
    return _submit(page, tag, {field.group(1): argument}) if field else None


# --- forms -----------------------------------------------------------------------------------------------------


def _post_back(page: Page, tag: Tag, target: str, argument: str) -> PageRequest | None:
    return _submit(page, tag, {"__EVENTTARGET": target, "__EVENTARGUMENT": argument}, method="POST")


def _submit(page: Page, tag: Tag, changed: dict[str, str], method: str | None = None) -> PageRequest | None:
    form = tag.find_parent("form") or page.soup.find("form", id=re.compile("form", re.I)) or page.soup.find("form")
    if not isinstance(form, Tag):
        return None
    fields = {**_fields(form), **changed}
    action = page.link(attribute(form, "action")) or page.url
    method = (method or attribute(form, "method") or "GET").upper()
    return PageRequest(action, method, tuple(fields.items()))


def _fields(form: Tag) -> dict[str, str]:
    """What a browser would send of a form without pressing a button: hidden and text inputs, chosen options."""
    fields = {}
    for tag in form.find_all(["input", "select"]):
        kind = attribute(tag, "type").lower()
        if not tag.get("name") or kind in ("submit", "image", "button", "reset", "file"):
            continue
        if kind in ("checkbox", "radio") and not tag.has_attr("checked"):
            continue
        value = attribute(tag, "value")
        if tag.name == "select":
            chosen = tag.find("option", selected=True) or tag.find("option")
            value = attribute(chosen, "value") if isinstance(chosen, Tag) else ""
        fields[attribute(tag, "name")] = value
    return fields


# --- scripts ---------------------------------------------------------------------------------------------------

_Found = tuple[PageRequest | None, int]


def _by_call(page: Page) -> _Found | None:
    """`createPageHTML(12, 0, "index", "html")`, with an element's id before or a count of rows behind."""
    for match in _CALL.finditer(page.scripts):
        numbers = [int(text) for text in re.findall(r"(?<![\"'\w])\d+(?![\"'\w])", match.group(1))]
        texts = [text for text in re.findall(r"[\"']([^\"']*)[\"']", match.group(1)) if text]
        extension = next(
            (text for text in texts if re.fullmatch(r"\.?(?:s?html?|jsp|aspx?|php)", text, re.I)),
            None,
        )
        if len(numbers) < 2 or extension is None or texts.index(extension) == 0:
            continue
        name = texts[texts.index(extension) - 1]
        return _numbered(page, name, extension.lstrip("."), numbers[1], numbers[0])
    return None


def _by_count_script(page: Page) -> _Found | None:
    """TRS pages that print their own links: `var currentPage=0; var countPage=11; … "index"+"_"+nextPage+".shtml"`."""
    count, current = _COUNT.search(page.scripts), _CURRENT.search(page.scripts)
    if not count or not current or "document.write" not in page.scripts:
        return None
    name = _NAME.search(page.scripts, max(0, current.start() - 200))
    extension = _EXTENSION.search(page.scripts, current.end())
    if not extension:
        return None
    return _numbered(
        page,
        name.group(1).rstrip("_") if name else "index",
        extension.group(1),
        int(current.group(1)),
        int(count.group(1)),
    )


def _by_settings(page: Page) -> _Found | None:
    """`Pager({size: 25, current: 0, prefix: 'index', suffix: 'htm'})`."""
    found = _SETTINGS.search(page.scripts)
    if not found:
        return None
    said_there = dict(re.findall(r"(\w+)\s*:\s*[\"']?([\w.-]+)", found.group(1)))
    size, current = said_there.get("size", ""), said_there.get("current", "")
    if not size.isdigit() or not current.isdigit() or "prefix" not in said_there:
        return None
    return _numbered(page, said_there["prefix"], said_there.get("suffix", "html").lstrip("."), int(current), int(size))


def _numbered(page: Page, name: str, extension: str, current: int, count: int) -> _Found:
    following = current + 1
    return (_request(page, f"{name}_{following}.{extension}") if following < count else None), count


# --- numbers ---------------------------------------------------------------------------------------------------


def _place(page: Page) -> Tag | None:
    """The element that turns the pages: the one around 下一页, or around the script that prints it."""
    for text in page.soup.find_all(string=_TURNER, limit=40):
        holder: Tag | None = text.parent
        if holder is None or holder.name in ("title", "option", "style", "head"):
            continue
        if holder.name == "script" and not (_CALL.search(text) or _COUNT.search(text) or _SETTINGS.search(text)):
            continue
        if holder.name == "a" and re.fullmatch(r"\s*首页\s*", text):
            continue
        if len(text) <= 60 or holder.name == "script":
            return holder
    return None


def _said_count(place: Tag | None, page: Page) -> int | None:
    if place is None:
        return None
    for element in (place, *ancestors(place, 3)):
        text = said(element)
        if len(text) < 1500 and (found := _PAGE_COUNT.search(text)):
            return int(next(group for group in found.groups() if group).replace(",", ""))
    return None


def _by_number(page: Page) -> PageRequest | None:
    """The link numbered one more than the number that is no link (or is marked as the current one)."""
    numbered = [tag for tag in page.soup.find_all("a") if re.fullmatch(r"[\[(]?\d{1,4}[\])]?", said(tag))]
    tried: set[int] = set()
    for tag in numbered[:60]:
        for parent in ancestors(tag, 2):
            if id(parent) in tried or page.measures.words(parent) > 400:
                continue
            tried.add(id(parent))
            current = _current_number(parent)
            following = _numbered_link(numbered, parent, current + 1) if current is not None else None
            if following is not None:
                return _follow(page, following)
    return None


def _numbered_link(numbered: Sequence[Tag], parent: Tag, number: int) -> Tag | None:
    wanted = (tag for tag in numbered if int(re.sub(r"\D", "", said(tag))) == number)
    return next((tag for tag in wanted if any(around is parent for around in ancestors(tag, 3))), None)


def _current_number(parent: Tag) -> int | None:
    for text in parent.find_all(string=True, recursive=False):
        if re.fullmatch(r"\s*[\[(]?\d{1,4}[\])]?\s*", text):
            return int(re.sub(r"\D", "", text))
    for tag in parent.find_all(["span", "b", "strong", "em", "a", "li", "font", "td"], limit=60):
        text = said(tag).strip("[]() ")
        if not re.fullmatch(r"\d{1,4}", text):
            continue
        if re.search(r"\b(?:cur\w*|active|on|selected|this|hover|now|thisclass|disabled)\b", marks(tag)):
            return int(text)
        if tag.name not in ("a", "li", "td") and tag.find_parent("a") is None and tag.find("a") is None:
            return int(text)
    return None
