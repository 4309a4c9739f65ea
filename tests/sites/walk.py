"""A simple walk through a drawn site without a browser: turns pages, opens articles, fetches files.

It knows HTML, forms and a few words of script, and nothing of how a site was drawn: what it reaches can be reached.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPMessage
from urllib.error import HTTPError
from urllib.parse import quote, unquote, urlencode, urljoin
from urllib.request import Request, urlopen

from bs4 import BeautifulSoup, Tag

_MOST_PAGES = 40
_OPENED = re.compile(r"(?:open\(|location\.href=|downFile\()\s*['\"]([^'\"]+)['\"]")
_POSTBACK = re.compile(r"__doPostBack\('([^']*)','([^']*)'\)")


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer: where it came from in the end, its bytes and headers."""

    url: str
    body: bytes
    headers: Message
    status: int = 200

    @property
    def text(self) -> str:
        """The page as text: UTF-8 where it is that, else GB18030, whatever it declares."""
        try:
            return self.body.decode()
        except UnicodeDecodeError:
            return self.body.decode("gb18030")

    @property
    def is_page(self) -> bool:
        """Whether this is HTML."""
        return "html" in (self.headers.get("Content-Type") or "")


def fetch(url: str, form: dict[str, str] | None = None) -> Fetched:
    """Fetch an address as it is printed, following redirects."""
    data = urlencode(form).encode() if form is not None else None
    try:
        with urlopen(Request(quote(url, safe=":/?&=%#,;~.+()$"), data), timeout=10) as answer:
            return Fetched(answer.url, answer.read(), answer.headers)
    except HTTPError as refused:
        return Fetched(url, refused.read(), refused.headers, refused.code)


def links(page: Fetched, soup: BeautifulSoup | None = None) -> Iterator[tuple[str, str]]:
    """The texts and addresses of the links of a page, those behind onclick too."""
    for element in (soup or BeautifulSoup(page.text, "html.parser")).find_all(["a", "span"]):
        way = str(element.get("onclick") or "")
        opened = _OPENED.search(way or str(element.get("href") or ""))
        href = opened[1] if opened else str(element.get("href") or "")
        if href and not href.startswith(("javascript:", "#")):
            text = element.get("title") or element.get_text(" ", strip=True)
            yield str(text), urljoin(page.url, href)


def list_pages(url: str) -> Iterator[Fetched]:
    """The pages of a list from its address: into its frame, then from page to page until rows repeat or end."""
    page: Fetched | None = _within_frame(fetch(url))
    number, seen = 1, set[tuple[str, ...]]()
    while page is not None and number <= _MOST_PAGES:
        shown = tuple(text for text, _ in links(page) if len(text) > 8)
        if shown in seen:
            return
        seen.add(shown)
        yield page
        number += 1
        page = _next(page, number)


def _within_frame(page: Fetched) -> Fetched:
    frames = BeautifulSoup(page.text, "html.parser").select('frame[name="main"], iframe')
    return fetch(urljoin(page.url, str(frames[0]["src"]))) if frames else page


def _next(page: Fetched, number: int) -> Fetched | None:
    """The page after this one by whatever way is shown."""
    if "json" in (page.headers.get("Content-Type") or ""):
        return None
    soup = BeautifulSoup(page.text, "html.parser")
    for way in (_by_button, _by_link, _by_choice, _by_form):
        if (found := way(page, soup, number)) is not None:
            return found
    return None


def _by_button(page: Fetched, soup: BeautifulSoup, number: int) -> Fetched | None:
    button = soup.select_one("[data-url]")
    return _as_page(fetch(urljoin(page.url, str(button["data-url"])))) if button else None


def _as_page(answer: Fetched) -> Fetched:
    """JSON rows written as links, with the button of what comes next."""
    if "json" not in (answer.headers.get("Content-Type") or ""):
        return answer
    content = json.loads(answer.body)
    rows = "".join(f'<a href="{row["href"]}">{row["title"]}</a>' for row in content["list"])
    more = f'<b data-url="{content["next"]}"></b>' if content["next"] else ""
    headers = HTTPMessage()
    headers["Content-Type"] = "text/html"
    return Fetched(answer.url, (rows + more).encode(), headers)


def _by_link(page: Fetched, soup: BeautifulSoup, number: int) -> Fetched | None:
    for anchor in soup.find_all("a"):
        picture = anchor.find("img")
        src = str(picture["src"]) if isinstance(picture, Tag) else ""
        if anchor.get_text(strip=True) in ("下一页", str(number)) or src.endswith("/next.gif"):
            return _followed(page, soup, str(anchor["href"]))
    return None


def _followed(page: Fetched, soup: BeautifulSoup, href: str) -> Fetched | None:
    if posted := _POSTBACK.search(href):
        return _submitted(page, soup, {"__EVENTTARGET": posted[1], "__EVENTARGUMENT": posted[2]})
    if turned := re.search(r"goPage\((\d+)\)", href):
        return _submitted(page, soup, {"pageNo": turned[1]})
    return fetch(urljoin(page.url, href))


def _submitted(page: Fetched, soup: BeautifulSoup, fields: dict[str, str]) -> Fetched:
    form = soup.select_one("form")
    assert form is not None
    hidden = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    return fetch(urljoin(page.url, str(form["action"])), {**hidden, **fields})


def _by_choice(page: Fetched, soup: BeautifulSoup, number: int) -> Fetched | None:
    options = soup.select("select option")
    return fetch(urljoin(page.url, str(options[number - 1]["value"]))) if len(options) >= number else None


def _by_form(page: Fetched, soup: BeautifulSoup, number: int) -> Fetched | None:
    button = soup.select_one('input[name="next"]')
    if button is None or button.has_attr("disabled"):
        return None
    return _submitted(page, soup, {"next": str(button["value"])})


def files(page: Fetched) -> list[Fetched]:
    """The files that an article leads to: by links, viewers, embedded objects, or a page in between."""
    soup = BeautifulSoup(page.text, "html.parser")
    found = [url for _, url in links(page, soup) if _leads_to_file(url)]
    for element in soup.select("iframe[src], embed[src], object[data]"):
        src = unquote(str(element.get("src") or element.get("data")).partition("?file=")[2])
        found.append(urljoin(page.url, src or str(element.get("src") or element.get("data"))))
    answers = [fetch(url) for url in dict.fromkeys(found)]
    return [file for answer in answers for file in ([answer] if not answer.is_page else files(answer))]


def _leads_to_file(url: str) -> bool:
    return any(word in url for word in ("/upload/", "/attachment/", "/down/"))
