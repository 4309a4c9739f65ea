"""The generators themselves are sound: what they call the truth stands on the pages and can be reached."""

import tomllib
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from html import escape
from http.client import HTTPMessage
from typing import Any
from urllib.error import URLError
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from tests.replica.folding import day_numbers, world_on
from tests.replica.sites.common import printed
from tests.replica.world import Article
from tests.sites.addresses import Addresses
from tests.sites.combination import DIMENSIONS, draw
from tests.sites.lists import COUNT, FEATURES, ListPage, make_list
from tests.sites.lists_check import check
from tests.sites.play import Change, Played, judge
from tests.sites.sites import AUTHORITIES, Site
from tests.sites.volatile import KINDS, Moment, Volatile, VolatileReplica
from tests.sites.walk import Fetched, fetch, files, links, list_pages

LISTS = [make_list(seed) for seed in range(COUNT)]


@dataclass
class Kept:
    """A row as a reader would give it."""

    title: str
    date: object
    url: str


# --- lists ---


def test_every_row_of_every_list_stands_on_its_page_in_order() -> None:
    for page in LISTS:
        printed = [url for _, url in _anchors(page)]
        urls = [row.url for row in page.rows]
        last = {url: place for place, url in enumerate(printed)}
        assert sorted(urls, key=last.__getitem__) == urls, page.seed
        assert all(escape(row.title) in page.html for row in page.rows), page.seed


def test_every_link_of_every_list_is_a_row_or_is_named() -> None:
    for page in LISTS:
        known = {row.url for row in page.rows} | {other.url for other in page.others}
        assert {url for _, url in _anchors(page)} == known, page.seed


@cache
def _anchors(page: ListPage) -> list[tuple[str, str]]:
    """The links of a list page, parsed once."""
    soup = BeautifulSoup(page.html, "html.parser")
    base = soup.select_one("base")
    home = str(base["href"]) if base else page.url
    return list(links(Fetched(home, b"", HTTPMessage()), soup))


def test_lists_show_all_that_they_promise() -> None:
    notes = Counter(note for page in LISTS for note in page.notes)
    assert set(FEATURES) <= set(notes)
    assert min(notes[name] for name in FEATURES) >= 10
    assert any(row.date is None for page in LISTS for row in page.rows)


def test_a_perfect_reader_loses_nothing_and_a_poor_one_is_found_out() -> None:
    pages = {(page.html, page.url): page for page in LISTS[:40]}
    rows = {key: [Kept(row.title, row.date, row.url) for row in page.rows] for key, page in pages.items()}
    perfect = check(lambda html, url: (rows[html, url], []), range(40))
    assert (perfect.kept, perfect.lost, perfect.pages_whole) == (perfect.rows, [], 40)
    poor = check(lambda html, url: (rows[html, url][:0:-1], [rows[html, url][0].title]), range(40))
    assert poor.named >= 40 - len(poor.lost)
    assert poor.out_of_order > 0
    silent = check(lambda html, url: (rows[html, url][1:], []), range(40))
    assert len(silent.lost) == 40


# --- volatile addresses ---


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_volatile_address_changes_and_leads_to_the_same(kind: Volatile) -> None:
    for address in ("/a/b.html", "/a/", "/x.aspx?id=3", "/d?ID=5&b=6", "http://h:80/c/file.pdf", "/"):
        dressed = {kind.dress(address, Moment(day, day)) for day in (1, 2, 3)}
        assert len(dressed) == 3
        assert {kind.strip(one) for one in dressed} == {address}
        assert kind.strip(address) == address


@pytest.mark.parametrize("kind", [KINDS[place] for place in (0, 10, 12, 17, 18, 19)], ids=lambda kind: kind.name)
def test_the_replica_can_be_walked_with_volatile_links(kind: Volatile) -> None:
    with VolatileReplica(kind) as replica:
        for start in (replica.cqc_url + "/www/chinese/tzgg/", replica.ccap_url + "/NoticeList.aspx"):
            first, again = (_long_links(start) for _ in range(2))
            assert len(first) >= 10
            assert kind.per_day or not set(first.values()) & set(again.values())
            for title, url in list(first.items())[:4]:
                page = fetch(url)
                assert page.status == 200
                assert title.rstrip("…")[:14] in page.text


def _long_links(start: str) -> dict[str, str]:
    """The links of a page to its own site that have a title for a text."""
    home = start.partition("/www/")[0].partition("/Notice")[0]
    return {text: url for text, url in links(fetch(start)) if len(text) > 12 and url.startswith(home)}


# --- sites ---


def test_eighty_sites_are_all_different_and_show_every_way() -> None:
    drawn = [draw(number) for number in range(80)]
    assert len(set(drawn)) == 80
    for name, ways in DIMENSIONS.items():
        assert {getattr(ways_of, name) for ways_of in drawn} == set(ways)


@pytest.mark.parametrize("seed", range(20))
def test_all_rows_are_reached_and_lead_to_their_articles(seed: int) -> None:
    with Site(seed, day=1 + seed % 2) as site:
        for name, section in _sections(site):
            expected = _listed(site, name, section["name"])
            titles = [_title(site, article) for article in expected]
            rows = _rows(site.url(name) + section["path"], titles)
            assert [title for title, _ in rows] == titles, section
            for (title, url), article in list(zip(rows, expected, strict=True))[seed % 5 :: 9]:
                page = fetch(url)
                assert page.status == 200
                assert title in page.text.replace(" ", "")
                text = BeautifulSoup(page.text, "html.parser").get_text()
                assert article.body.strip().split("\n")[0].strip("| ")[:12] in text


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("day", [2, 8])
def test_every_file_is_reached_and_has_its_bytes(seed: int, day: int) -> None:
    with Site(seed, day=day) as site:
        for name in AUTHORITIES:
            found = [article for article in world_on(day).articles if article.site == name and article.files]
            for article in found[seed % 4 :: 4]:
                page = fetch(site.url(name) + site.address(article))
                assert [file.body for file in files(page)] == [link.path.read_bytes() for link in article.files]


def _sections(site: Site) -> list[tuple[str, dict[str, str]]]:
    authorities = tomllib.loads(site.settings())["authorities"]
    return [(name, section) for name in AUTHORITIES for section in authorities[name]["sections"]]


def _listed(site: Site, name: str, section: str) -> list[Article]:
    world = world_on(site.day)
    return world.listed(world.section(name, section))


def _title(site: Site, article: Article) -> str:
    look = world_on(site.day).looks[article.site]
    return printed(article.row_title or article.title, look).replace(" ", "")


def _rows(url: str, titles: list[str]) -> list[tuple[str, str]]:
    """The rows of all pages of a list: links whose text begins with a title."""
    rows: dict[str, str] = {}
    for page in list_pages(url):
        for text, where in links(page):
            plain = text.replace("【置顶】", "").replace(" ", "")
            if title := next((t for t in titles if plain.startswith(t)), ""):
                rows.setdefault(title, where)
    return list(rows.items())


@pytest.mark.parametrize("charset", DIMENSIONS["charset"])
def test_every_charset_decodes_to_the_same_page(charset: str) -> None:
    plain = draw(0)
    ways = replace(plain, charset=charset, paging="single", frames="none", addresses="static", row_link="href")
    with Site(0, [ways, ways]) as site:
        path = _sections(site)[0][1]["path"]
        page = fetch(site.url("cqc") + path)
        assert "认证规则" in page.text
        assert "\ufffd" not in page.text
        assert (charset in page.headers["Content-Type"]) == (charset in ("utf-8", "gbk"))


def test_chinese_file_names_are_percent_encoded_gbk() -> None:
    ways = replace(draw(0), files="gbk_name")
    link = next(article.files[0] for article in world_on(1).articles if article.site == "ccap" and article.files)
    address = Addresses(ways, "ccap", world_on(1)).file(link)
    assert address.isascii()
    assert unquote(address, "gb18030").endswith(".pdf")
    assert "自愿性认证实施规则" in unquote(address, "gb18030")


def test_addresses_are_renewed_on_their_day_and_old_ones_lead_on_or_end() -> None:
    seeds = [number for number in range(60) if draw(number).addresses in ("new_ids", "moved")]
    for number in seeds[:6]:
        ways = draw(number)
        with Site(0, [ways, ways], day=ways.renewed_on - 1) as site:
            article = _listed(site, "ccap", "rules")[5]
            old = site.address(article)
            site.go_to_day(ways.renewed_on)
            assert site.address(article) != old
            assert fetch(site.url("ccap") + site.address(article)).status == 200
            assert (fetch(site.url("ccap") + old).status == 200) == ways.redirects


def test_the_third_day_is_bad_as_the_replica_says() -> None:
    with Site(1, day=3) as site:
        with pytest.raises(URLError):
            fetch(site.url("cqc") + "/")
        by_name = {section["name"]: section["path"] for name, section in _sections(site) if name == "ccap"}
        assert "系统维护中" in fetch(site.url("ccap") + by_name["notices"]).text
        titles = [_title(site, article) for article in _listed(site, "ccap", "rules")]
        assert len(_rows(site.url("ccap") + by_name["rules"], titles)) == 3


def test_all_addresses_of_a_day_are_different() -> None:
    for number in range(40):
        ways = draw(number)
        for name, day in (("cqc", 2), ("ccap", 8)):
            addresses = Addresses(ways, name, world_on(day))
            articles = [article for article in world_on(day).articles if article.site == name]
            stand = [addresses.article(article) for article in articles]
            assert len(set(stand)) == len(stand)
            of_files = {addresses.file(link): link.file for article in articles for link in article.files}
            assert len(of_files) == len({link.at for article in articles for link in article.files})


# --- the judge ---


def test_the_judge_tells_found_missed_late_false_and_silent() -> None:
    site = Site(0)
    days = day_numbers()
    new: dict[int, list[Change]] = {d: [_as_told(change, d) for change in site.truth[d]] for d in days}
    well = {f"{name}/{section}": {"status": "ok", "reason": None} for name in AUTHORITIES for section in _NAMES}
    right = judge(site, Played(new, dict.fromkeys(days, well)))
    total = sum(len(changes) for changes in site.truth.values())
    assert (right["found"], right["missed"], right["late"], right["false"], right["silent"]) == (total, [], [], [], [])
    assert right["wrong"] == []
    new[4].append(new[2].pop(0))
    new[7].pop()
    new[5].append({**new[8][0], "id": 999, "family": "CQC11-000000"})
    odd = judge(site, Played(new, {**dict.fromkeys(days, well), 7: {}}))
    assert (odd["found"], len(odd["missed"]), len(odd["late"]), len(odd["false"])) == (total - 2, 1, 1, 1)
    assert len(odd["silent"]) == 1
    site.close()


_NAMES = ("rules", "notices", "changeovers")


def _as_told(change: dict[str, Any], day: int) -> dict[str, Any]:
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in change.items()}
    clauses = [{"old": "", "new": words} for words in change.get("clauses", ())]
    numbered: dict[str, Any] = {
        "id": hash((day, change["kind"], change["family"])),
        "reasons": [],
        "title_zh": "",
        **plain,
    }
    return {**numbered, "clauses": clauses}
