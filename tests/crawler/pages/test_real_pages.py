"""The readers on real pages of Chinese public bodies (../shared/data/real_pages), where those are present.

The pages are not ours and no part of one is kept here: what must be read is said as a pattern of each page, written
from looking at it, and as the number of rows counted by eye.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urljoin

import pytest

from crawler.config import AuthoritySettings, CrawlSettings
from crawler.pages.families import read_article, read_list
from crawler.probe import probe

REAL = Path(__file__).parents[4] / "shared" / "data" / "real_pages"
needs_real_pages = pytest.mark.skipif(not REAL.exists(), reason="the real pages are not beside this checkout")


@dataclass(frozen=True)
class RealList:
    """A list page: its pattern of a row (`link`, `title`, `date`), counted rows, the next page, where the rows lie."""

    file: str
    url: str
    family: str
    row: str
    count: int
    next_page: str | None
    encoding: str = "utf-8"
    within: str = r"(?P<all>.*)"

    @property
    def data(self) -> bytes:
        """The page as saved."""
        return (REAL / "lists" / self.file).read_bytes()

    def rows(self, url: str) -> list[tuple[str, date, str]]:
        """Title, day and address of every row, by the pattern of this page."""
        text = self.data.decode(self.encoding)
        found = re.search(self.within, text, re.S)
        assert found is not None
        return [_row(match, url) for match in re.finditer(self.row, found["all"], re.S)]


@dataclass(frozen=True)
class RealArticle:
    """An article: patterns of its title and of the first and last words of its body, the day, how many characters."""

    file: str
    url: str
    family: str
    title: str
    published: date
    first: str
    last: str
    characters: range

    @property
    def data(self) -> bytes:
        """The page as saved."""
        return (REAL / "articles" / self.file).read_bytes()

    def words(self, pattern: str) -> str:
        """What a pattern finds in the page, without tags and white space."""
        found = re.search(pattern, self.data.decode("utf-8"), re.S)
        assert found is not None
        return _bare(found[1])


LISTS = (
    RealList(
        "01.html",
        "/yaopin/ypggtg/index.html",
        "static-shtml",
        r'<li>\s*<a href="(?P<link>[^"]+)"[^>]*>(?P<title>[^<]+)</a>\s*<span>\((?P<date>[\d-]{10})\)</span>',
        20,
        "index_1.html",
    ),
    RealList(
        "03.html",
        "/zdgz/sctg/index.shtml",
        "trs-wcm",
        r'<li><a target="_blank" href="(?P<link>\./2[^"]+)"><span>(?P<date>[\d-]{10})</span>(?P<title>[^<]+)</a></li>',
        20,
        "index_1.shtml",
    ),
    RealList(
        "06.html",
        "/zwgk/zwdt/zwyw/",
        "trs-wcm",
        r'href="(?P<link>\./2017[^"]+)">(?P<title>[^<]+)</A></TD>\s*<TD[^>]*>(?P<date>[\d-]{10})</TD>',
        20,
        "index_1.html",
    ),
    RealList(
        "10.html",
        "/Category_133/Index.aspx",
        "aspnet",
        r'<span class="date">(?P<date>[\d-]{10})</span><a href="(?P<link>[^"]+)"[^>]*>(?P<title>[^<]+)</a>',
        20,
        "Index_2.aspx",
        within=r'<ul class="newsList infoListA">(?P<all>.*?)</ul>',
    ),
    RealList(
        "11.html",
        "/hot/index.shtml",
        "static-shtml",
        r'<dt>.{0,40}?<a href="(?P<link>[^"]+)"[^>]*>(?P<title>[^<]+)</a></dt>.*?</font>(?P<date>[\d/]{10})',
        12,
        None,
        encoding="gb18030",
    ),
    RealList(
        "14.html",
        "/Column.shtml?p5=28",
        "static-shtml",
        r"<a href='(?P<link>News[^']+)' title='(?P<title>[^']+)'[^>]*><font.{1,300}?<font[^>]*>(?P<date>[\d-]{10})",
        15,
        "Column.shtml?p5=28&p7=2",
    ),
)
ARTICLES = (
    RealArticle(
        "06.html",
        "/cggg/t20210610_16401234.htm",
        "trs-wcm",
        r"<title>(.*?)</title>",
        date(2021, 6, 10),
        r"<h5>(.{4})",
        r"(七、其它补充事宜)",
        range(1200, 1600),
    ),
    RealArticle(
        "07.html",
        "/ztbd/xwfbh/201206/t20120624_43188.html",
        "trs-wcm",
        r"<title>(.*?)_",
        date(2012, 6, 24),
        r"ContentStart.{0,400}?<p[^>]*>(.{1,400}?)</p>",
        r"(\w{8}。)</p>\s*<meta name=\"ContentEnd\"",
        range(650, 800),
    ),
    RealArticle(
        "08.html",
        "/yw/sxyw/201909/t20190918_693227.shtml",
        "trs-wcm",
        r"<title>(.*?) - ",
        date(2019, 9, 18),
        r'<font color="#0000ff">(.{4,60}?)</font>',
        r"(\w{4}。（\w{2,4}）)</div></div></div>",
        range(950, 1100),
    ),
    RealArticle(
        "09.html",
        "/art/2016/11/22/art_1621004_30332664.html",
        "static-shtml",
        r"<title>(.*?)</title>",
        date(2016, 11, 22),
        r'<meta name="ContentStart"/?><p>(.{10})',
        r"(（\w{4,8}）)</p>",
        range(230, 270),
    ),
    RealArticle(
        "64.html",
        "/info/1041/1081.htm",
        "static-shtml",
        r"<title>(.*?)-",
        date(2018, 5, 17),
        r"<title>(.*?)-",
        r"(《[^《]{10,20}》同时废止。)",
        range(8800, 9500),
    ),
)


@needs_real_pages
@pytest.mark.parametrize("general", [False, True], ids=["fitting", "general"])
@pytest.mark.parametrize("page", LISTS, ids=lambda page: page.file)
def test_every_row_of_a_real_list_is_read_and_nothing_else(page: RealList, general: bool) -> None:
    url = f"http://www.example.gov.cn{page.url}"
    family = "general" if general else page.family
    read = read_list(page.data, url, family)
    assert read.family == family
    assert len(read.rows) == page.count
    assert [(row.title, row.published, row.url) for row in read.rows] == page.rows(url)
    assert (read.next_page.url if read.next_page else None) == (page.next_page and urljoin(url, page.next_page))


@needs_real_pages
@pytest.mark.parametrize("general", [False, True], ids=["fitting", "general"])
@pytest.mark.parametrize("page", ARTICLES, ids=lambda page: page.file)
def test_a_real_article_is_read_from_its_first_to_its_last_word(page: RealArticle, general: bool) -> None:
    family = "general" if general else page.family
    read = read_article(page.data, f"http://www.example.gov.cn{page.url}", family)
    body = _bare(read.body_text)
    assert read.family == family
    assert _bare(read.title) == page.words(page.title)
    assert read.published == page.published
    assert body.startswith(page.words(page.first))
    assert body.endswith(page.words(page.last))
    assert len(read.body_text) in page.characters


@needs_real_pages
@pytest.mark.parametrize("general", [False, True], ids=["fitting", "general"])
def test_probe_reads_the_real_pages_from_sections_that_stand_only_in_settings(general: bool) -> None:
    with _served() as base:
        sections = [_section(page, general) for page in LISTS]
        settings = AuthoritySettings.model_validate({"base_url": base, "sections": sections})
        crawl = CrawlSettings.model_validate({"delay_seconds": 0, "contact": "mailto:test@example.org"})
        reports = probe(crawl, {"bodies": settings}, "bodies", None)
    assert [report["section"] for report in reports] == [f"list{page.file[:2]}" for page in LISTS]
    for page, report in zip(LISTS, reports, strict=True):
        url = urljoin(base, page.url)
        assert report["family"] == ("general" if general else page.family)
        assert report["encoding"] == page.encoding
        assert _rows_of(report) == [(title, day.isoformat(), link) for title, day, link in page.rows(url)]
        assert report["next_page"] == (page.next_page and urljoin(url, page.next_page))


def _section(page: RealList, general: bool) -> dict[str, str]:
    family = "general" if general else page.family
    return {"name": f"list{page.file[:2]}", "role": "notices", "path": page.url, "family": family}


def _rows_of(report: dict[str, object]) -> list[tuple[str, str, str]]:
    rows = report["rows"]
    assert isinstance(rows, list | tuple)
    return [(row["title"], row["date"], row["url"]) for row in rows]


def _row(match: re.Match[str], url: str) -> tuple[str, date, str]:
    day = date.fromisoformat(match["date"].replace("/", "-"))
    return " ".join(match["title"].split()), day, urljoin(url, match["link"])


def _bare(text: str) -> str:
    return re.sub(r"\s|&nbsp;|　", "", re.sub(r"<[^<>]*>", "", text))


@contextmanager
def _served() -> Iterator[str]:
    """The lists on loopback at their own paths; every other address answers the first article, robots.txt is absent."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _RealPages)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@cache
def _answers() -> dict[str, bytes]:
    return {page.url: page.data for page in LISTS}


class _RealPages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = self.path != "/robots.txt"
        body = _answers().get(self.path, ARTICLES[1].data if known else b"")
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on standard error."""
