"""The replica keeps its own promises: what its days say is what it serves."""

import csv
import hashlib
import json
import re
import socket
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote, unquote, urljoin, urlsplit
from urllib.request import Request, urlopen

import pytest
from bs4 import BeautifulSoup
from docx import Document
from pypdf import PdfReader

from tests.replica import troubles
from tests.replica.answer import Asked
from tests.replica.documents.text import HERE as DOCUMENTS
from tests.replica.documents.text import Block, blocks, product
from tests.replica.folding import day_numbers, world_on
from tests.replica.server import Replica
from tests.replica.sites import ccap, cnca, cqc
from tests.replica.world import FILES, HERE, Article

DAYS = day_numbers()
HEALTHY_DAYS = [day for day in DAYS if not (world_on(day).down or world_on(day).troubles)]
ADDRESS = {"cqc": cqc.address, "ccap": ccap.address, "cnca": cnca.address}
MAGIC = {".pdf": b"%PDF-", ".docx": b"PK\x03\x04", ".doc": bytes.fromhex("d0cf11e0a1b11ae1")}
PRODUCTS = sorted(path.stem for path in (DOCUMENTS / "products").glob("*.yaml"))


def fetched(url: str, data: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    """Return status and body; an address as printed may hold Chinese characters."""
    request = Request(quote(url, safe=":/?&=%#,"), data, headers or {})
    try:
        with urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except HTTPError as refused:
        return refused.code, refused.read()


def text_of(body: bytes) -> str:
    """Return a page's text as its meta tag declares it, GB2312 read as its superset."""
    return body.decode("gb18030" if b"charset=gb2312" in body else "utf-8")


def links(url: str, body: bytes) -> set[str]:
    """Return the addresses of the same site that a page links, scripts left out."""
    soup = BeautifulSoup(text_of(body), "html.parser")
    printed = [str(a.get("href") or a.get("src")) for a in soup.find_all(["a", "link", "img"])]
    whole = {urljoin(url, href) for href in printed if not href.startswith("javascript:")}
    return {link for link in whole if urlsplit(link).netloc == urlsplit(url).netloc}


def walked(start: str) -> dict[str, int]:
    """Follow every link of a site; return each address with its status."""
    seen: dict[str, int] = {}
    waiting = [start]
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen[url], body = fetched(url)
        if b"<html" in body[:400].lower():
            waiting.extend(links(url, body))
    return seen


@pytest.mark.parametrize("day", HEALTHY_DAYS)
@pytest.mark.parametrize("site", ["cqc", "ccap", "cnca"])
def test_every_link_of_a_healthy_day_resolves(site: str, day: int) -> None:
    with Replica(day) as replica:
        seen = walked(replica.url(site) + "/")
        world = replica.world
        files = [f.at for a in world.articles if a.site == site and _linked(a, day) for f in a.files]
    assert {url: status for url, status in seen.items() if status != 200} == {}
    reached = {_target(url) for url in seen}
    assert [at for at in files if at not in reached] == []


def _linked(article: Article, day: int) -> bool:
    """Whether a page leads to the article; those of script-filled lists are reached by their JSON only."""
    world = world_on(day)
    section = world.section(article.site, article.section)
    return section.family != "json-list" and article in world.listed(section)


def _target(url: str) -> str:
    parts = urlsplit(url)
    return unquote(parts.path) + (f"?{parts.query}" if parts.query else "")


@pytest.mark.parametrize("day", HEALTHY_DAYS)
def test_all_pages_of_a_list_show_all_rows_in_order(day: int) -> None:
    with Replica(day) as replica:
        for site in ("cqc", "ccap"):
            for section in replica.world.sections_of(site):
                expected = [ADDRESS[site](article) for article in replica.world.listed(section)]
                assert _rows(replica, site, section.path) == expected


def _rows(replica: Replica, site: str, path: str) -> list[str]:
    """Turn the pages as a reader does, and return the addresses of all rows."""
    url, found, data = replica.url(site) + path, [], None
    while url:
        _, body = fetched(url, data)
        soup = BeautifulSoup(text_of(body), "html.parser")
        box = soup.select_one("ul.list, ul.news-list, table.newslist, table.tb_news")
        assert box is not None
        found += ["/" + str(a["href"]).lstrip("/") for a in box.select("a[href]")]
        href = next((str(a["href"]) for a in soup.select("a[href]") if a.text == "下一页"), "")
        data = None
        if href.startswith("javascript:__doPostBack"):
            data = _posted(soup, href)
        else:
            url = urljoin(url, href) if href else ""
    return found


def _posted(soup: BeautifulSoup, href: str) -> bytes:
    target, argument = re.findall(r"'([^']*)'", href)
    state = soup.select_one("#__VIEWSTATE")
    assert state is not None
    return f"__EVENTTARGET={target}&__EVENTARGUMENT={argument}&__VIEWSTATE={quote(str(state['value']))}".encode()


def test_a_postback_without_view_state_shows_the_first_page() -> None:
    with Replica() as replica:
        url = replica.ccap_url + "/RuleList.aspx"
        _, bare = fetched(url, b"__EVENTTARGET=AspNetPager1&__EVENTARGUMENT=2")
        assert "第1页" in text_of(bare)


def test_day_three_is_broken_as_declared() -> None:
    with Replica(3) as replica:
        with pytest.raises(OSError, match="refused"):
            urlopen(replica.cqc_url + "/", timeout=5)
        status, notices = fetched(replica.ccap_url + "/NoticeList.aspx")
        assert status == 200
        assert "系统维护中" in text_of(notices)
        assert len(_rows(replica, "ccap", "/RuleList.aspx")) == 3


def test_a_site_that_was_down_is_back_under_the_same_address() -> None:
    with Replica(2) as replica:
        before = replica.cqc_url
        replica.set_day(3)
        replica.set_day(4)
        assert replica.cqc_url == before
        assert fetched(before + "/www/chinese/tzgg/")[0] == 200


def test_ccap_sends_gbk_under_a_gb2312_meta_tag_and_cqc_utf8() -> None:
    with Replica() as replica:
        _, body = fetched(replica.ccap_url + "/RuleList.aspx")
        assert b"charset=gb2312" in body
        assert "实施规则" in body.decode("gb18030")
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")
        _, body = fetched(replica.cqc_url + "/www/chinese/tzgg/")
        assert "通知公告" in body.decode("utf-8")


def test_file_names_come_in_the_form_of_their_site() -> None:
    with Replica() as replica:
        gbk = urlopen(replica.ccap_url + "/DownLoad.aspx?fileid=1302").headers["Content-Disposition"]
        assert gbk.encode("latin-1").decode("gb18030").endswith("机动车用喇叭自愿性认证实施规则.doc")
        path = "/www/chinese/contentcore/resource/download?ID=54139"
        named = urlopen(replica.cqc_url + path).headers["Content-Disposition"]
        assert named.encode("latin-1").decode("utf-8").endswith('工业用插头插座和耦合器安全认证规则.docx"')


def test_an_unchanged_page_is_not_sent_again_where_the_site_has_validators() -> None:
    with Replica() as replica:
        url = replica.cqc_url + "/www/chinese/zyxcprz/rzgz/"
        tag = urlopen(url).headers["ETag"]
        assert fetched(url, headers={"If-None-Match": tag})[0] == 304
        file = replica.cqc_url + "/www/chinese/contentcore/resource/download?ID=55871"
        since = urlopen(file).headers["Last-Modified"]
        assert fetched(file, headers={"If-Modified-Since": since})[0] == 304
        replica.set_day(2)
        assert fetched(file, headers={"If-Modified-Since": since})[0] == 200
        assert urlopen(replica.ccap_url + "/NoticeList.aspx").headers["ETag"] is None


def test_a_quiet_day_differs_in_counters_only() -> None:
    quiet = next(day for day in DAYS if "quiet" in world_on(day).says)
    with Replica(quiet - 1) as replica:
        before = _pages_without_counters(replica)
        replica.set_day(quiet)
        assert _pages_without_counters(replica) == before


def _pages_without_counters(replica: Replica) -> dict[str, str]:
    found = {}
    for site in ("cqc", "ccap"):
        for section in replica.world.sections_of(site):
            for path in (section.path, *(ADDRESS[site](a) for a in replica.world.listed(section))):
                page = text_of(fetched(replica.url(site) + path)[1])
                found[site + path] = re.sub(r"(第|点击数：)<span[^>]*>\d+|__VIEWSTATE\"[^>]*", "", page)
    return found


def test_cnca_answers_by_get_and_by_post_and_as_trs() -> None:
    with Replica() as replica:
        listed = json.loads(fetched(replica.cnca_url + "/api/notices?pageNo=2&pageSize=5")[1])["data"]
        assert (len(listed["rows"]), listed["pageNo"]) == (5, 2)
        asked = json.dumps({"pageNo": 1, "pageSize": 50}).encode()
        body = fetched(replica.cnca_url + "/api/search", asked, {"Content-Type": "application/json"})[1]
        rows = json.loads(body)["data"]["rows"]
        assert any("GB 27887-2024" in row["title"] for row in rows)
        assert all(fetched(row["url"])[0] == 200 for row in rows + listed["rows"])
        assert 'createPageHTML(2, 0, "index", "html")' in text_of(fetched(replica.cnca_url + "/zwxx/tz/")[1])
        assert fetched(replica.cnca_url + "/zwxx/tz/index_1.html")[0] == 200


@pytest.mark.parametrize("name", sorted(troubles.ALL))
def test_every_trouble_alters_what_is_served_and_goes_away(name: str) -> None:
    path = "/www/chinese/contentcore/resource/download?ID=55871"
    asked = Asked("cqc", "GET", path, {}, base_url="http://127.0.0.1")
    if issubclass(troubles.ALL[name], _OF_LISTS):
        asked = Asked("cqc", "GET", "/www/chinese/tzgg/", {}, base_url="http://127.0.0.1")
    if issubclass(troubles.ALL[name], _OF_ARTICLES):
        asked = Asked("cqc", "GET", "/www/chinese/c/2019-11-18/547731.shtml", {}, base_url="http://127.0.0.1")
    replica = Replica(2)
    try:
        healthy = replica.answer(asked)
        with replica.troubled(asked.target, troubles.by_name(name)):
            assert replica.answer(asked) != healthy
        assert replica.answer(asked) == healthy
    finally:
        replica.close()


_OF_LISTS = (
    troubles.EmptyTemplate,
    troubles.HalfList,
    troubles.ReorderedList,
    troubles.Redesigned,
    troubles.PinnedNotices,
    troubles.ListWithoutDates,
    troubles.VersionInLinks,
    troubles.SessionIdsInLinks,
    troubles.Gb2312MetaOverGb18030,
    troubles.Utf8HeaderOverGbk,
)
_OF_LETTERS = (troubles.Utf8HeaderOverGbk, troubles.Gb2312MetaOverGb18030)
_OF_ARTICLES = (troubles.EmptyArticle, troubles.NewFileId)


@pytest.mark.parametrize("trouble", _OF_LETTERS)
@pytest.mark.parametrize(("site", "path"), [("cqc", "/www/chinese/tzgg/"), ("ccap", "/NoticeList.aspx")])
def test_letters_are_sent_otherwise_but_stay_the_same(trouble: type[troubles.Trouble], site: str, path: str) -> None:
    with Replica() as replica:
        healthy = fetched(replica.url(site) + path)[1]
        replica.trouble(path, trouble(), site)
        sent = fetched(replica.url(site) + path)[1].decode("gb18030")
    titles = re.findall(r">([^<>]*[\u4e00-\u9fff]{6}[^<>]*)<", healthy.decode("utf-8" if site == "cqc" else "gb18030"))
    assert len(titles) > 5
    assert [title for title in titles if title not in sent] == []


def test_the_rest_of_a_cut_off_file_is_sent_on_demand() -> None:
    path = "/www/chinese/contentcore/resource/download?ID=55871"
    with Replica() as replica:
        whole = fetched(replica.cqc_url + path)[1]
        assert fetched(replica.cqc_url + path, headers={"Range": "bytes=1000-"}) == (206, whole[1000:])


def test_serving_needs_no_package_but_jinja_and_yaml() -> None:
    names = "sorted({n.split('.')[0] for n, m in sys.modules.items() if 'site-packages' in str(getattr(m, '__file__', ''))})"  # noqa: E501
    code = f"import sys, tests.replica.server as s\nwith s.Replica() as r: r.cqc_url\nprint(*{names})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HERE.parents[1])
    assert set(done.stdout.split()) <= {"jinja2", "markupsafe", "yaml", "_yaml"} | _OF_THE_INTERPRETER


def test_the_third_authority_in_settings_names_what_is_served() -> None:
    sections = tomllib.loads((HERE / "cnca.toml").read_text("utf-8"))["authorities"]["cnca"]["sections"]
    served = {(s.name, s.path, s.family) for s in world_on(1).sections_of("cnca")}
    assert {(s["name"], s["path"], s["family"]) for s in sections} == served
    with Replica() as replica:
        assert all(fetched(replica.cnca_url + s["path"])[0] == 200 for s in sections)


_OF_THE_INTERPRETER = {"_distutils_hack", "distutils-precedence", "_virtualenv", "__editable___rulewatch_0_1_0_finder"}


def test_a_hanging_address_never_answers() -> None:
    with Replica(faults={("cqc", "/www/chinese/tzgg/"): troubles.Hang()}) as replica:
        with pytest.raises((TimeoutError, socket.timeout)):
            urlopen(replica.cqc_url + "/www/chinese/tzgg/", timeout=0.3)
        assert fetched(replica.cqc_url + "/www/chinese/bzhb/")[0] == 200


def test_the_log_says_what_was_asked() -> None:
    with Replica() as replica:
        fetched(replica.cqc_url + "/robots.txt")
        assert [(r.site, r.target, r.status) for r in replica.requests] == [("cqc", "/robots.txt", 200)]
        replica.forget()
        assert replica.requests == []


@pytest.mark.parametrize("path", sorted(FILES.iterdir()), ids=lambda path: path.name)
def test_a_file_is_of_its_kind_and_is_served(path: Path) -> None:
    assert path.read_bytes().startswith(MAGIC[path.suffix])
    assert path.name in {f.file for day in DAYS for a in world_on(day).articles for f in a.files}


def test_every_linked_file_exists() -> None:
    linked = {f.path for day in DAYS for a in world_on(day).articles for f in a.files}
    assert [path for path in linked if not path.is_file()] == []


@pytest.mark.parametrize("name", PRODUCTS)
def test_committed_files_say_what_their_data_say(name: str) -> None:
    data = product(name)
    wanted = [_squeezed(f"{b.text}{cell}") for b in blocks(data) for cell in _cells(b) or [""]]
    for file in data["files"]:
        text = _squeezed(_text_of_file(FILES / file["name"], f"{data['code']}{data['title']}"))
        assert [words for words in wanted if words not in text] == []


def _cells(block: Block) -> list[str]:
    return [cell for row in block.rows for cell in row]


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@cache
def _text_of_file(path: Path, running_head: str = "") -> str:
    """Return the text of a file without page numbers and running heads; of a DOC, whatever its bytes hold."""
    if path.suffix == ".docx":
        return "".join(t.text or "" for t in Document(str(path)).element.body.iter("{*}t"))
    if path.suffix == ".doc":
        return path.read_bytes().decode("utf-16-le", "ignore") + path.read_bytes()[1:].decode("utf-16-le", "ignore")
    pages = [_squeezed(page.extract_text()) for page in PdfReader(path).pages]
    return re.sub(r"第\d+页共\d+页", "", "".join(_without_head(page, running_head) for page in pages))


def _without_head(page: str, running_head: str) -> str:
    return re.sub(r"^(CCAP|CQC)[-\dA-Z:]+", "", page.removeprefix(running_head))


def test_the_same_text_typeset_anew_has_other_bytes() -> None:
    for name in ("cqc11-462298-2018", "cqc16-491277-2018", "ccap-gz-1101-2021"):
        first, second = (FILES / file["name"] for file in product(name)["files"])
        assert hashlib.sha256(first.read_bytes()).digest() != hashlib.sha256(second.read_bytes()).digest()


def test_at_least_twelve_rules_have_full_documents_and_forty_are_listed() -> None:
    families = {product(name)["seed"] for name in PRODUCTS}
    assert len(families) >= 12
    rules = [a for a in world_on(1).articles if a.edition]
    assert len(rules) >= 40
    long = [path for path in FILES.glob("c*-*.pdf") if len(PdfReader(path).pages) >= 5]
    assert len(long) >= 8
    assert sum(path.stat().st_size for path in FILES.iterdir()) < 8_000_000


def test_codes_of_the_baseline_are_published_ones() -> None:
    with (HERE.parent / "corpus" / "published_codes.csv").open(encoding="utf-8") as stream:
        known = stream.read()
    assert [a.edition for a in world_on(1).articles if a.edition and a.edition.strip("/") not in known] == []


@pytest.mark.parametrize("day", DAYS)
def test_what_a_day_expects_stands_on_its_pages(day: int) -> None:
    world = world_on(day)
    for change in world.expected["changes"]:
        articles = [_article(day, key) for key in change["articles"]]
        said = "\n".join(f"{a.title}\n{a.body}" for a in articles)
        assert any(change["family"] in (a.edition or "") + a.title + a.body for a in articles)
        for pair in change.get("standards", []):
            assert pair["old"] in said
            assert pair["new"] in said
        for key in ("effective", "deadline"):
            if change.get(key):
                assert _chinese(change[key].isoformat()) in said
        in_files = said + "".join(_text_of_file(f.path) for a in articles for f in a.files)
        assert [words for words in change.get("clauses", []) if _squeezed(words) not in _squeezed(in_files)] == []


def _article(day: int, key: str) -> Article:
    site, _, number = key.partition(":")
    article = world_on(day).article(site, int(number))
    assert article is not None
    return article


def _chinese(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{year}年{int(month)}月{int(day)}日"


@pytest.mark.parametrize("day", DAYS)
def test_news_without_scope_names_no_rule_and_no_standard(day: int) -> None:
    before = set(world_on(day - 1).articles) if day > 1 else set(world_on(1).articles)
    told = {key for d in DAYS for change in world_on(d).expected["changes"] for key in change["articles"]}
    fresh = [a for a in world_on(day).articles if a not in before and a.site != "cnca" and a.edited is None]
    silent = [a for a in fresh if f"{a.site}:{a.number}" not in told and not a.edition]
    assert [a.title for a in silent if re.search(r"CCAP-|CQC\d|GB|QC/T|实施规则", a.title + a.body)] == []


def test_certificates_rest_on_rules_of_the_replica_and_cover_every_revision() -> None:
    with (HERE / "certificates.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    folded = [row["rule"].replace("－", "-").replace("：", "-").replace(":", "-") for row in rows]
    listed = " ".join((a.edition or "").replace(":", "-") for a in world_on(1).articles)
    assert [rule for rule in folded if rule not in listed and rule != "CCAP-SB-5830-2003"] == []
    revised = [c["family"] for d in DAYS for c in world_on(d).expected["changes"] if c["kind"] == "revision"]
    assert all(any(rule.startswith(family) for rule in folded) for family in revised)
    assert len({row["holder"] for row in rows}) >= 7
    assert {row["frequency"] for row in rows} == {"immediate", "daily", "weekly"}
    assert all(re.search(r"@[\w-]+\.example", row["contact_email"]) for row in rows)
