"""All five families and what such sites do on bad days (SITES.md): the replica in two crawls, a test a trouble."""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from crawler.config import AuthoritySettings
from crawler.run import SectionReport, crawl
from storage.captures import AddressRow, CaptureRow
from tests.crawler.made import DAY, Watch
from tests.replica import troubles
from tests.replica.server import Replica

CNCA = tomllib.loads((Path(__file__).parents[1] / "replica" / "cnca.toml").read_text("utf-8"))["authorities"]["cnca"]
FAMILIES = {
    "cqc/rules": "static-shtml", "ccap/rules": "aspnet", "cnca/notices": "json-list", "cnca/announcements": "json-list",
    "cnca/letters": "trs-wcm", "cnca/trade": "general",
}  # fmt: skip
QUIET = {
    "cqc/rules": ("/www/chinese/zyxcprz/rzgz/*", troubles.Utf8HeaderOverGbk()),
    "cqc/notices": ("/www/chinese/tzgg/*", troubles.ReorderedList()),
    "cqc/changeovers": ("/www/chinese/bzhb/*", troubles.VersionInLinks()),
    "ccap/rules": ("/RuleList.aspx*", troubles.SessionIdsInLinks()),
    "ccap/notices": ("/NoticeList.aspx*", troubles.PinnedNotices()),
    "cnca/letters": ("/zwxx/tz/*", troubles.Gb2312MetaOverGb18030()),
}
"""Troubles under which nothing has changed; each lies over another list."""
Visits = tuple[Watch, dict[str, SectionReport], dict[str, SectionReport], int]


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visits]:
    """A healthy visit of all three sites, and one the day after on which each list has a trouble of its own."""
    watch = Watch(tmp_path_factory.mktemp("replica"))
    with Replica(day=1) as replica:
        sites = {name: {"base_url": replica.url(name)} for name in ("cqc", "ccap")}
        sites["cnca"] = CNCA | {"base_url": replica.cnca_url}
        authorities = {name: AuthoritySettings.model_validate(values) for name, values in sites.items()}
        first = visit(watch, authorities, 0)
        asked = len(replica.requests)
        for name, (path, trouble) in QUIET.items():
            replica.trouble(path, trouble, name.split("/")[0])
        second = visit(watch, authorities, 1)
        yield watch, first, second, len(replica.requests) - asked
    watch.database.close()


def visit(watch: Watch, authorities: dict[str, AuthoritySettings], day: int) -> dict[str, SectionReport]:
    job = watch.job(DAY + timedelta(days=day), authorities)
    reports = crawl(replace(job, only=None))
    return {f"{report.authority}/{report.section}": report for report in reports}


@pytest.mark.parametrize("name", FAMILIES)
def test_section_of_each_family_is_read_whole(visits: Visits, name: str) -> None:
    watch, first, _, _ = visits
    assert (first[name].status, first[name].reason) == ("ok", None)
    assert first[name].fetched >= first[name].listed > 3
    authority, section = name.split("/")
    with watch.database.session() as session:
        query = select(CaptureRow.family).where(CaptureRow.authority == authority, CaptureRow.section == section)
        assert FAMILIES[name] in set(session.scalars(query))


@pytest.mark.parametrize("name", QUIET, ids=lambda name: type(QUIET[name][1]).__name__)
def test_trouble_under_which_nothing_changed_is_no_change(visits: Visits, name: str) -> None:
    _, first, second, _ = visits
    assert second[name].status in ("ok", "not_modified"), second[name].reason
    assert second[name].fetched == 0
    assert second[name].listed <= first[name].listed


def test_every_request_of_a_visit_is_told(visits: Visits) -> None:
    _, _, second, asked = visits
    assert asked == sum(report.requests for report in second.values()) + 3  # and robots.txt of each site


def test_each_address_is_kept_under_one_name(visits: Visits) -> None:
    with visits[0].database.session() as session:
        urls = list(session.scalars(select(AddressRow.url)))
    assert not [url for url in urls if "jsessionid" in url.lower() or "v=1772" in url]
    assert len(urls) == len(set(urls))


def test_last_modified_that_changes_daily_is_no_change(tmp_path: Path) -> None:
    """Every article is asked for, answers with its old bytes under a new date, and is not kept again."""
    watch = Watch(tmp_path)
    watch.settings = watch.settings.model_copy(update={"rotation_days": 1})
    moments = ("Mon, 02 Mar 2026 01:00:00 GMT", "Tue, 03 Mar 2026 01:00:00 GMT")
    kept = []
    with Replica(day=1) as replica:
        authorities = {"cqc": AuthoritySettings(base_url=replica.cqc_url)}
        for day, moment in enumerate(moments):
            replica.trouble("/www/chinese/c/*", troubles.LastModifiedChangesDaily(moment))
            replica.forget()
            (report,) = [
                report
                for report in crawl(watch.job(DAY + timedelta(days=day), authorities, "cqc"))
                if report.section == "notices"
            ]
            assert report.status in ("ok", "not_modified"), report.reason
            with watch.database.session() as session:
                kept.append(sorted(session.scalars(select(CaptureRow.id).where(CaptureRow.kind == "article"))))
    articles = [path for path in replica.asked_for("cqc") if path.startswith("/www/chinese/c/")]
    with watch.database.session() as session:
        rows = session.scalars(select(AddressRow).where(AddressRow.url.contains("/www/chinese/c/"))).all()
        assert {row.last_modified for row in rows} == {moments[1]}
    watch.database.close()
    assert len(articles) >= len(rows) > 3
    assert kept[1] == kept[0]
    assert report.fetched == 0
