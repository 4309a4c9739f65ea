"""What happens on such sites (SITES.md), a test for each: all troubles in one crawl, each in a section of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.run import SectionReport
from storage.captures import CaptureRow
from storage.evidence.store import EvidenceStore
from tests.crawler.made import DAY, PDF, Watch, article_page, section
from tests.servers.web import (
    BrokenGzip,
    CutsOff,
    Drips,
    FailsThen,
    GoodGzip,
    Hangs,
    Page,
    RedirectsInCircles,
    RedirectsTo,
    Resets,
    Site,
    SlowAnswer,
    WrongContentLength,
    challenge,
    empty_template,
    login_page,
    maintenance,
    rate_limited,
)

LISTS = {
    "hangs": Hangs(),
    "drips": Drips(),
    "resets": Resets(),
    "slow": SlowAnswer(),
    "circles": RedirectsInCircles(),
    "brokengzip": BrokenGzip(),
    "goodgzip": GoodGzip(),
    "cutlist": CutsOff(after=600),
    "wronglength": WrongContentLength(),
    "maintenance": maintenance(),
    "ratelimited": rate_limited(),
    "challenge412": challenge(412),
    "challenge521": challenge(521),
    "challenge202": challenge(202),
    "login": login_page(),
    "emptytemplate": empty_template(),
    "busyonce": FailsThen(1),
    "busy": FailsThen(99),
}
OTHERS = ("cutonce", "cutfile", "mistyped", "misnamed", "gbkname", "foreignfile", "emptyarticle", "gone", "twice")
ELSEWHERE = ("tomachine", "tohost", "afterretry")


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Site]:
    """Another service of the same machine, which nothing must reach."""
    with Site({"/": Page(b"<html>private</html>")}) as neighbour:
        yield neighbour


Visit = tuple[dict[str, SectionReport], Watch]


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory, neighbour: Site) -> Iterator[Visit]:
    """One crawl of a site on which everything goes wrong at once."""
    watch = Watch(tmp_path_factory.mktemp("troubles"))
    watch.settings = watch.settings.model_copy(update={"timeout_seconds": 3})
    with Site() as site:
        for name in LISTS:
            section(site, name)
            site.troubles[f"/{name}/"] = LISTS[name]
        _lay_others(site, neighbour)
        yield watch.visit(site, [*LISTS, *OTHERS, *ELSEWHERE]), watch
    watch.database.close()


def _lay_others(site: Site, neighbour: Site) -> None:
    for name in (*OTHERS, *ELSEWHERE):
        section(site, name, rows=3, files=True)
    site.troubles["/cutonce/upload/0.pdf"] = CutsOff(times=1)
    site.troubles["/cutfile/upload/0.pdf"] = CutsOff()
    site.pages["/mistyped/upload/0.pdf"] = Page(
        b"<html><body><p>" + "这不是文件".encode() * 200 + b"</p></body></html>"
    )
    site.pages["/misnamed/upload/0.pdf"] = Page(PDF, "text/html")
    named = 'attachment; filename="' + "认证规则.pdf".encode("gb18030").decode("latin-1") + '"'
    site.pages["/gbkname/upload/0.pdf"] = Page(
        PDF, "application/octet-stream", headers=(("Content-Disposition", named),)
    )
    url = "/foreignfile/c/2026-03-01/500000.shtml"
    site.pages[url] = article_page("关于外部文件的公告", DAY, [("规则.pdf", f"{neighbour.url}/rule.pdf")])
    site.pages["/emptyarticle/c/2026-03-01/500000.shtml"] = Page(
        "<html><head><title>关于某规则的公告</title></head><body><h1>关于某规则的公告</h1></body></html>".encode()
    )
    del site.pages["/gone/upload/0.pdf"]
    site.pages["/twice/upload/1.pdf"] = site.pages["/twice/upload/0.pdf"]
    site.troubles["/tomachine/"] = RedirectsTo(f"{neighbour.url}/")
    site.troubles["/tohost/"] = RedirectsTo("http://example.invalid/")
    site.troubles["/afterretry/"] = FailsThen(1, RedirectsTo(f"{neighbour.url}/"))


def report(visit: Visit, name: str) -> SectionReport:
    return visit[0][name]


def captures(visit: Visit, name: str) -> list[CaptureRow]:
    with visit[1].database.session() as session:
        return list(session.scalars(select(CaptureRow).where(CaptureRow.section == name).order_by(CaptureRow.id)))


@pytest.mark.parametrize(
    ("name", "status", "reason"),
    [
        ("hangs", "unreachable", "no answer in time"),
        ("drips", "unreachable", "no answer in time"),
        ("resets", "unreachable", "connection"),
        ("circles", "unreachable", "redirected again and again"),
        ("brokengzip", "degraded", "broken encoding"),
        ("maintenance", "degraded", "maintenance"),
        ("ratelimited", "degraded", "rate limited"),
        ("challenge412", "degraded", "challenge"),
        ("challenge521", "degraded", "challenge"),
        ("challenge202", "degraded", "challenge"),
        ("login", "degraded", "login"),
        ("emptytemplate", "degraded", ""),
        ("busy", "unreachable", "server error"),
        ("cutlist", "degraded", "cut off"),
        ("tomachine", "degraded", "does not own"),
        ("tohost", "degraded", "does not own"),
        ("afterretry", "degraded", "does not own"),
    ],
)
def test_list_that_is_not_the_list_is_not_trusted(visit: Visit, name: str, status: str, reason: str) -> None:
    found = report(visit, name)
    assert (found.status, found.listed) == (status, 0)
    assert found.reason is not None
    assert reason in found.reason
    assert found.advice


@pytest.mark.parametrize("name", ["slow", "goodgzip", "wronglength", "busyonce"])
def test_list_that_is_whole_in_spite_of_trouble_is_read(visit: Visit, name: str) -> None:
    assert (report(visit, name).status, report(visit, name).listed) == ("ok", 6)


def test_nothing_is_fetched_from_another_service_of_this_machine(visit: Visit, neighbour: Site) -> None:
    assert neighbour.asked == []


def test_download_cut_off_once_is_fetched_again(visit: Visit) -> None:
    assert report(visit, "cutonce").status == "ok"
    files = [row for row in captures(visit, "cutonce") if row.kind == "file"]
    assert [row.trouble for row in files] == [None, None, None]


def test_download_cut_off_for_good_is_evidence_but_no_document(visit: Visit) -> None:
    assert report(visit, "cutfile").status == "degraded"
    (cut,) = [row for row in captures(visit, "cutfile") if row.trouble]
    assert cut.size == 100
    assert "cut-off" in (cut.trouble or "")


def test_page_in_place_of_a_pdf_is_mistyped(visit: Visit) -> None:
    (mistyped,) = [row for row in captures(visit, "mistyped") if row.trouble]
    assert "mistyped" in (mistyped.trouble or "")
    assert report(visit, "mistyped").status == "degraded"


def test_pdf_declared_as_html_is_a_file(visit: Visit) -> None:
    assert report(visit, "misnamed").status == "ok"
    assert sum(row.kind == "file" and row.trouble is None for row in captures(visit, "misnamed")) == 3


def test_name_in_raw_gbk_is_read(visit: Visit) -> None:
    assert "认证规则.pdf" in [row.name for row in captures(visit, "gbkname")]


def test_file_on_another_host_is_named_but_not_fetched(visit: Visit) -> None:
    assert report(visit, "foreignfile").status == "ok"
    assert "127.0.0.1" in (report(visit, "foreignfile").advice or "")


def test_article_without_body_degrades_the_section(visit: Visit) -> None:
    assert report(visit, "emptyarticle").status == "degraded"
    assert "without a readable body" in (report(visit, "emptyarticle").reason or "")


def test_file_that_is_gone_is_told_and_does_not_degrade(visit: Visit) -> None:
    assert report(visit, "gone").status == "ok"
    assert "gone" in (report(visit, "gone").advice or "")


def test_same_bytes_under_two_addresses_are_stored_once(visit: Visit) -> None:
    files = [row.sha256 for row in captures(visit, "twice") if row.kind == "file"]
    assert len(files) == 3
    assert len(set(files)) == 2


def test_broken_gzip_is_kept_as_it_came(visit: Visit) -> None:
    (row,) = captures(visit, "brokengzip")
    assert EvidenceStore(Path(visit[1].evidence)).read(row.sha256).startswith(b"\x1f\x8b")
    assert row.headers["Content-Encoding"] == "gzip"
