"""A third authority: by settings alone, and by one file; and what settings may not say."""

import json
import os
import pickle
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from crawler.config import AuthoritySettings, CrawlSettings
from crawler.errors import UnusableSettings
from crawler.probe import probe
from crawler.run import CrawlJob, crawl
from crawler.spiders.configured import authorities_to_visit
from storage.runs import VisitRow
from tests.crawler.made import DAY, Watch, article_page
from tests.servers.web import Door, Page, Site

PROJECT = Path(__file__).parents[2]
ROWS = [{"title": f"认监委2026年第{n}号公告", "url": f"/zwxx/{n}.html", "publishTime": str(DAY - timedelta(days=n))}
        for n in range(25)]  # fmt: skip
SECTION = {
    "name": "notices", "role": "notices", "family": "json-list", "endpoint": "/api/notices", "rows": "data.rows[]",
    "title": "title", "url": "url", "date": "publishTime",
}  # fmt: skip
ONE_FILE = '''
"""CNCA 国家认证认可监督管理委员会: notices on the standards that our rules rest on."""

from crawler.visit.authority import AuthoritySpider
from crawler.pages.records import JsonRows
from crawler.section import Expectation, Role, Section


class CncaSpider(AuthoritySpider):
    """CNCA: notices."""

    name = "cnca"
    base_url = "https://www.cnca.gov.cn"
    sections = (
        Section(
            name="notices", role=Role.NOTICES, path="/zwxx/gg/", family="json-list",
            json=JsonRows(endpoint="/api/notices", rows="data.rows[]", date="publishTime", total="data.total",
                          params=(("pageNo", "{page}"), ("pageSize", "10"))),
            expect=Expectation(rows_at_least=15),
        ),
    )
'''


class Pages:
    """An endpoint with ten rows a page, asked by GET arguments or by a JSON body."""

    def serve(self, door: Door, page: Page) -> None:
        """Answer the page that was asked for."""
        number = int(door.path.partition("pageNo=")[2].partition("&")[0] or 1)
        self._answer(door, number)

    def _answer(self, door: Door, number: int) -> None:
        rows = ROWS[(number - 1) * 10 : number * 10]
        body = json.dumps({"data": {"rows": rows, "total": len(ROWS)}}, ensure_ascii=False).encode()
        door.send(200, body, [("Content-Type", "application/json")])


class PostedPages(Pages):
    """The same, asked by POST: the page's number counts the requests."""

    asked = 0

    def serve(self, door: Door, page: Page) -> None:
        """Answer one page after the other; 405 to anything but POST."""
        if door.command != "POST":
            door.send(405, b"")
            return
        self.asked += 1
        self._answer(door, self.asked)


class PinnedPages(Pages):
    """The same, with pinned rows on the first page that the total leaves out, as is common."""

    pinned = tuple(row | {"url": f"/zwxx/top{number}.html"} for number, row in enumerate(ROWS[-5:]))

    def _answer(self, door: Door, number: int) -> None:
        rows = [*(self.pinned if number == 1 else ()), *ROWS[(number - 1) * 10 : number * 10]]
        body = json.dumps({"data": {"rows": rows, "total": len(ROWS), "pages": 3}}).encode()
        door.send(200, body, [("Content-Type", "application/json")])


@pytest.fixture
def cnca(site: Site) -> Site:
    """A site whose list is fetched by script."""
    site.troubles["/api/notices"] = Pages()
    for row in ROWS:
        site.pages[row["url"]] = article_page(row["title"], DAY)
    return site


def test_third_authority_by_settings_alone(watch: Watch, cnca: Site) -> None:
    section = SECTION | {"params": {"pageNo": "{page}", "pageSize": 10}, "total": "data.total"}
    settings = AuthoritySettings.model_validate({"base_url": cnca.url, "sections": [section]})
    (report,) = crawl(watch.job(DAY, {"cnca": settings}, "cnca"))
    assert (report.authority, report.status, report.listed, report.fetched) == ("cnca", "ok", 25, 25)
    asked = [target for target in cnca.targets() if target.startswith("/api/")]
    assert [target.partition("pageNo=")[2][0] for target in asked] == ["1", "2", "3"]  # though the last page is short


@pytest.mark.parametrize("length", [{"page_size": 10}, {"pages": "data.pages"}], ids=str)
def test_total_without_the_pinned_rows_ends_no_list_early(watch: Watch, cnca: Site, length: dict[str, object]) -> None:
    cnca.troubles["/api/notices"] = PinnedPages()
    for row in PinnedPages.pinned:
        cnca.pages[row["url"]] = article_page(row["title"], DAY)
    section = SECTION | {"params": {"pageNo": "{page}"}, "total": "data.total"} | length
    settings = AuthoritySettings.model_validate({"base_url": cnca.url, "sections": [section]})
    (report,) = crawl(watch.job(DAY, {"cnca": settings}, "cnca"))
    assert (report.status, report.listed, report.fetched) == ("ok", 30, 30), report.reason


def test_json_list_by_post_with_a_body(watch: Watch, cnca: Site) -> None:
    cnca.troubles["/api/notices"] = PostedPages()
    section = SECTION | {"method": "post", "body": {"pageNo": "{page}"}, "total": "data.total", "page_size": 10}
    settings = AuthoritySettings.model_validate({"base_url": cnca.url, "sections": [section]})
    (report,) = crawl(watch.job(DAY, {"cnca": settings}, "cnca"))
    assert (report.status, report.listed) == ("ok", 25)
    posted = [json.loads(asked.body) for asked in cnca.asked if asked.method == "POST"]
    assert posted == [{"pageNo": "1"}, {"pageNo": "2"}, {"pageNo": "3"}]


def test_third_authority_by_one_file(watch: Watch, cnca: Site, tmp_path: Path) -> None:
    house = tmp_path / "house"
    for package in ("crawler", "storage"):
        shutil.copytree(PROJECT / package, house / package)
    (house / "crawler" / "spiders" / "cnca.py").write_text(ONE_FILE.lstrip(), encoding="utf-8")
    job = watch.job(DAY, {"cnca": AuthoritySettings(base_url=cnca.url)}, "cnca")
    code = "import sys, pickle; from crawler.run import crawl; crawl(pickle.loads(sys.stdin.buffer.read()))"
    environment = {**os.environ, "PYTHONPATH": str(house)}
    subprocess.run([sys.executable, "-c", code], input=pickle.dumps(job), cwd=house, env=environment, check=True)
    with watch.database.session() as session:
        (visit,) = session.scalars(select(VisitRow)).all()
    assert (visit.authority, visit.status, visit.listed) == ("cnca", "ok", 25)


def test_probe_of_a_configured_authority_stores_nothing_and_saves_pages(cnca: Site, tmp_path: Path) -> None:
    section = SECTION | {"params": {"pageNo": "{page}", "pageSize": 10}, "total": "data.total"}
    settings = AuthoritySettings.model_validate({"base_url": cnca.url, "sections": [section]})
    (found,) = probe(CrawlSettings(delay_seconds=0), {"cnca": settings}, "cnca", tmp_path / "saved")
    assert (found["status"], found["family"], len(found["rows"])) == ("ok", "json-list", 10)
    assert found["next_page"] == f"{cnca.url}/api/notices?pageNo=2&pageSize=10"
    assert found["sample"]["title"] == ROWS[0]["title"]
    saved = sorted(path.name for path in (tmp_path / "saved" / "notices").iterdir())
    assert saved == ["article.html", "article.html.json", "list.json", "list.json.json"]
    assert (tmp_path / "saved" / "notices" / "article.html").read_bytes() == cnca.pages[ROWS[0]["url"]].body


def test_no_delay_is_refused_for_a_host_that_is_not_this_machine(watch: Watch) -> None:
    with pytest.raises(UnusableSettings, match=r"loopback hosts only, and cqc is at www\.cqc\.com\.cn"):
        crawl(watch.job(DAY, {}, "cqc"))


def test_unknown_authority_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnusableSettings, match="known are ccap, cqc"):
        authorities_to_visit({}, "cnca")


def test_settings_replace_sections_and_keep_the_rest() -> None:
    settings = AuthoritySettings.model_validate(
        {"sections": [{"name": "rules", "role": "rules", "path": "/r/", "family": "trs-wcm"}]}
    )
    ((_, authority),) = authorities_to_visit({"cqc": settings}, "cqc")
    assert authority.base_url == "https://www.cqc.com.cn"
    assert [(section.name, section.path) for section in authority.sections] == [("rules", "/r/")]


@pytest.mark.parametrize(
    ("settings", "what"),
    [
        ({"base_url": "ftp://x"}, "http or https"),
        ({"sections": [{"name": "a", "role": "rules", "family": "json-list"}]}, "needs endpoint and rows"),
        ({"sections": [{"name": "a", "role": "news", "family": "general"}]}, "rules"),
        ({"sections": [{"name": "a", "role": "rules", "family": "general"}] * 2}, "two sections"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_unusable_settings_are_named(settings: dict[str, object], what: str) -> None:
    with pytest.raises(ValidationError, match=what):
        AuthoritySettings.model_validate(settings)


def test_job_without_sections_says_what_is_missing() -> None:
    job = CrawlJob("sqlite://", Path("e"), 1, DAY, CrawlSettings(), {"new": AuthoritySettings()}, "new")
    with pytest.raises(UnusableSettings, match="needs base_url and sections"):
        crawl(job)
