"""A page of which its bytes say that it links no file: the full reader finds none in it, either."""

from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import urlopen

import pytest
from bs4 import BeautifulSoup

from crawler.errors import PageUnreadable
from crawler.pages.families import read_article
from crawler.visit.hints import READ_AT_LEAST, Sample, may_link_files
from tests.crawler.made import DAY, article_page
from tests.crawler.pages.saved import ROOT
from tests.replica.folding import day_numbers
from tests.replica.server import Replica

FAMILIES = ("static-shtml", "trs-wcm", "aspnet", "general")
ADDRESS = "http://example.org/n/c/2026-03-02/1.shtml"


def files_of(body: bytes, url: str = ADDRESS) -> list[str]:
    found = []
    for family in FAMILIES:
        try:
            found += [file.url for file in read_article(body, url, family).attachments]
        except PageUnreadable:
            continue
    return found


def replica_pages(day: int) -> Iterator[tuple[str, bytes]]:
    """Every page that can be reached on a day, the way a browser goes."""
    with Replica(day=day) as replica:
        waiting = [replica.cqc_url + "/", replica.ccap_url + "/", replica.cnca_url + "/"]
        met = set(waiting)
        while waiting:
            url = waiting.pop()
            try:
                body = urlopen(quote(url, safe=":/?&=%#,")).read()
            except (HTTPError, OSError):
                continue
            if not body.lstrip().startswith(b"<"):
                continue
            yield url, body
            hrefs = [str(tag["href"]) for tag in BeautifulSoup(body, "lxml").find_all("a", href=True)]
            for link in (urljoin(url, href) for href in hrefs):
                if urlsplit(link).netloc == urlsplit(url).netloc and link not in met:
                    met.add(link)
                    waiting.append(link)


def test_no_saved_page_without_a_hint_links_a_file() -> None:
    pages = [path.read_bytes() for path in sorted(ROOT.rglob("*.html"))]
    without = [page for page in pages if not may_link_files(page)]
    assert len(without) > 20
    assert [files_of(page) for page in without] == [[]] * len(without)


@pytest.mark.parametrize("day", day_numbers())
def test_no_page_of_the_replica_without_a_hint_links_a_file(day: int) -> None:
    pages = list(replica_pages(day))
    assert len(pages) > 5
    assert [url for url, body in pages if not may_link_files(body, url) and files_of(body, url)] == []


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/upload/a.pdf">规则</a>',
        '<a href="/upload/a.PDF">规则</a>',
        "<a href=/x/resource/download?ID=63712>规则</a>",
        '<a href="DownLoad.aspx?fileid=7">规则</a>',
        '<a href="/down.asp?id=3">规则</a>',
        "<a href='/xxgk/ShowFile.ashx?id=3'>规则</a>",
        '<a href="/a/b?id=1">规则.<b>docx</b></a>',
        '<a href="/a/b?id=1"><span>附</span>件1：规则</a>',
        '<a href="/a/b?id=1">&#38468;件1：规则</a>',
        '<a href="/a/b&#46;pdf">规则</a>',
        '<a href="/a/b.p\ndf">规则</a>',
        '<div class="fj_list"><a href="/a/b?id=1">规则</a></div>',
        "<p id=attachments><a href='/a/b?id=1'>规则</a></p>",
        '<iframe src="/viewer?file=%2Fa%2Eofd"></iframe>',
        "<script>var appendix = \"<a href='./P020250318.wps'>附件</a>\"</script>",
        "<a onclick=\"down('/upload/a.xlsx')\">规则</a>",
        '<a href="down.asp?id=3">规则</a>',
        '<a href="./down.php?id=3">规则</a>',
        '<a href="showfile.ashx?id=3">规则</a>',
        "<a href=dl.jsp?id=1>规则</a>",
        '<a href="accessory/12">规则</a>',
        '<a href="\\down.asp?id=3">规则</a>',
        '<a href="\\accessory\\12">规则</a>',
        "<a onclick=\"x('down.asp?id=3')\">规则</a>",
        '<a href="/a/b&#46doc">规则</a>',
        '<a href="/a/b?id=1">规则.<b title="a>b">docx</b></a>',
        "<a href='/a/b?id=1'>规则.<b title='a>b'>docx</b></a>",
        '<a href="/a/b?id=1">规则.<!-- a>b --><!-- <i>c</i> -->docx</a>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_link_of_a_file_is_a_hint_however_it_is_written(link: str, encoding: str) -> None:
    page = article_page("关于发布产品认证实施规则的公告", DAY).body.decode().replace("</p>", f"</p>{link}", 1)
    assert files_of(page.encode())  # else the link would be no reason to read the page
    assert may_link_files(page.encode(encoding))


def test_section_is_sampled_before_a_page_goes_unread() -> None:
    title = "关于发布产品认证实施规则的公告"
    plain, linking = article_page(title, DAY).body, article_page(title, DAY, [("规则.pdf", "/a.pdf")]).body
    sample = Sample()
    for _ in range(READ_AT_LEAST):
        assert not sample.speaks_for(plain, ADDRESS, title)
        sample.add(plain, is_readable=True)
    assert sample.speaks_for(plain, ADDRESS, title)
    assert not sample.speaks_for(linking, ADDRESS, title)
    assert not sample.speaks_for(plain, ADDRESS, "关于另一件事的通知")
    assert not sample.speaks_for(plain[: len(plain) // 2], ADDRESS, title)
    sample.add(plain, is_readable=False)
    assert not sample.speaks_for(plain, ADDRESS, title)


def framed(link: str, article: str = "") -> bytes:
    """A page of a site that shows a link in its menu and in its foot, with another link in the article."""
    page = article_page("关于发布产品认证实施规则的公告", DAY).body.decode()
    page = page.replace("首页</a>", f"首页</a>{link}").replace("版权所有", f"{link} 版权所有")
    return page.replace("</p>", f"</p>{article}", 1).encode()


def sample_of(pages: list[bytes]) -> Sample:
    sample = Sample()
    for page in pages:
        sample.add(page, is_readable=True)
    return sample


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/download/">下载</a>',
        "<a class='fj' href=http://example.org/upload/guide.pdf><b>附件</b>下载</a>",
        '<script src="/js/attachment.js"></script>',
        '<link rel="stylesheet" href="/css/download.css">',
    ],
)
def test_links_of_a_frame_do_not_have_every_page_read(link: str) -> None:
    title = "关于发布产品认证实施规则的公告"
    sample = sample_of([framed(link)] * READ_AT_LEAST)
    assert may_link_files(framed(link))
    assert sample.speaks_for(framed(link), ADDRESS, title)
    assert not sample.speaks_for(framed(link, "<a href='/download/?id=7'>规则</a>"), ADDRESS, title)


@pytest.mark.parametrize(
    "link",
    [
        '<a href="download.html">下载</a>',
        '<a href="#" onclick="download()">下载</a>',
        '<a href="javascript:download()">下载</a>',
        "<iframe src='/viewer'></iframe>",
    ],
)
def test_link_that_may_lead_elsewhere_from_each_page_is_not_of_the_frame(link: str) -> None:
    assert not sample_of([framed(link)] * READ_AT_LEAST).speaks_for(
        framed(link), ADDRESS, "关于发布产品认证实施规则的公告"
    )


def test_link_that_one_article_of_the_sample_lacks_is_not_of_the_frame() -> None:
    link = '<a href="/download/">下载</a>'
    sample = sample_of([*[framed(link)] * READ_AT_LEAST, framed("")])
    assert not sample.speaks_for(framed(link), ADDRESS, "关于发布产品认证实施规则的公告")
