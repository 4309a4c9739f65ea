"""Visits one after the other: only what is needed is asked for, and nothing that changed is missed."""

from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from crawler.items import Kind
from crawler.visit.ground import TRIED_DAILY, Ground, Known, Plan
from storage.captures import AddressRow, CaptureRow, ListingRow
from storage.certificates import CertificateRow, HolderRow
from storage.runs import VisitRow, now
from tests.crawler.made import DAY, PDF, Watch, article_page, list_page, section
from tests.servers.web import FailsThen, Instead, Page, Site, maintenance

TOMORROW = DAY + timedelta(days=1)


def captures(watch: Watch, kind: str) -> list[CaptureRow]:
    with watch.database.session() as session:
        return list(session.scalars(select(CaptureRow).where(CaptureRow.kind == kind).order_by(CaptureRow.id)))


def visits(watch: Watch) -> list[VisitRow]:
    with watch.database.session() as session:
        return list(session.scalars(select(VisitRow).order_by(VisitRow.id)))


def certify(watch: Watch, family: str) -> None:
    """Put a certificate based on a rule family into the register."""
    with watch.database.session() as session:
        holder = HolderRow(name="Supplier")
        session.add(holder)
        session.flush()
        session.add(
            CertificateRow(
                number="CQC1", holder_id=holder.id, rule_printed=family, family=family, product="p", imported_at=now()
            )
        )
        session.commit()


def test_second_visit_of_an_unchanged_site_asks_once_a_section(watch: Watch, site: Site) -> None:
    for name in ("rules", "notices"):
        section(site, name, files=True)
    first = watch.visit(site, ["rules", "notices"])
    site.asked.clear()
    second = watch.visit(site, ["rules", "notices"], TOMORROW)
    assert [report.status for report in first.values()] == ["ok", "ok"]
    assert sorted(site.targets()) == ["/notices/", "/rules/"]
    assert {asked.status for asked in site.asked} == {304, 404}  # 404: robots.txt
    assert [(report.status, report.requests, report.fetched) for report in second.values()] == [
        ("not_modified", 1, 0)
    ] * 2


def test_without_validators_the_rows_are_compared(watch: Watch, site: Site) -> None:
    section(site, "notices", etags=False)
    watch.visit(site, ["notices"])
    site.pages["/notices/"] = Page(site.pages["/notices/"].body.replace(b"</body>", "<i>浏览9次</i></body>".encode()))
    site.asked.clear()
    second = watch.visit(site, ["notices"], TOMORROW)
    assert site.targets() == ["/notices/"]
    assert second["notices"].status == "not_modified"


def test_new_row_costs_its_article_and_its_files(watch: Watch, site: Site) -> None:
    section(site, "notices", files=True)
    watch.visit(site, ["notices"])
    old = [(f"关于发布第{n}号产品认证实施规则（notices）的公告", url, DAY - timedelta(days=n + 1))
           for n, url in enumerate(u for u in site.pages if u.endswith(".shtml"))]  # fmt: skip
    site.pages["/notices/"] = list_page([("关于换版的公告", "/notices/c/2026-03-02/9.shtml", DAY), *old], etag='"m"')
    site.pages["/notices/c/2026-03-02/9.shtml"] = article_page("关于换版的公告", DAY, [("新规则.pdf", "/new.pdf")])
    site.pages["/new.pdf"] = Page(PDF + b"new %%EOF", "application/pdf")
    site.asked.clear()
    second = watch.visit(site, ["notices"], TOMORROW)
    assert sorted(site.targets()) == ["/new.pdf", "/notices/", "/notices/c/2026-03-02/9.shtml"]
    assert (second["notices"].status, second["notices"].fetched) == ("ok", 2)


def test_every_file_is_hashed_again_within_a_rotation(watch: Watch, site: Site) -> None:
    watch.settings = watch.settings.model_copy(update={"rotation_days": 2})
    section(site, "rules", rows=3, files=True)
    watch.visit(site, ["rules"])
    site.pages["/rules/upload/2.pdf"] = Page(PDF + b"exchanged %%EOF", "application/pdf", '"f2"')  # the old ETag
    for day in (1, 2):
        watch.visit(site, ["rules"], DAY + timedelta(days=day))
    chain = [row for row in captures(watch, "file") if row.url.endswith("/2.pdf")]
    assert [row.previous_id for row in chain] == [None, chain[0].id]


def test_file_that_a_certificate_depends_on_is_asked_for_every_run(watch: Watch, site: Site) -> None:
    file = "/rules/upload/1.pdf"
    site.pages["/rules/"] = list_page([("CQC16-491278-2019 制动衬片认证规则", "/rules/c/1.shtml", DAY)], etag='"l"')
    site.pages["/rules/c/1.shtml"] = article_page(
        "CQC16-491278-2019 制动衬片认证规则", DAY, [("规则.pdf", file)], '"a"'
    )
    site.pages[file] = Page(PDF, "application/pdf", '"f"')
    certify(watch, "CQC16-491278")
    watch.visit(site, ["rules"])
    site.asked.clear()
    watch.visit(site, ["rules"], TOMORROW)
    assert [asked.status for asked in site.asked if asked.target == file] == [304]
    site.pages[file] = Page(PDF + b"exchanged %%EOF", "application/pdf", '"g"')
    report = watch.visit(site, ["rules"], TOMORROW)["rules"]
    assert (report.status, report.fetched) == ("ok", 1)
    assert captures(watch, "file")[-1].previous_id == captures(watch, "file")[0].id


def test_certified_file_exchanged_under_its_validators_is_found_within_three_days(watch: Watch, site: Site) -> None:
    section(site, "rules", rows=3, files=True)
    certify(watch, "第1号")
    watch.visit(site, ["rules"])
    for number in (1, 2):
        file = f"/rules/upload/{number}.pdf"
        site.pages[file] = Page(PDF + b"exchanged %%EOF", "application/pdf", site.pages[file].etag)
    assert watch.visit(site, ["rules"], DAY + timedelta(days=2))["rules"].fetched == 0
    assert watch.visit(site, ["rules"], DAY + timedelta(days=3))["rules"].fetched == 1
    assert [row.url[-5:] for row in captures(watch, "file") if row.previous_id] == ["1.pdf"]


@pytest.mark.parametrize("every", [1, 2, 3, 7, 20])
def test_page_that_never_answered_is_asked_for_daily_for_a_week_and_then_on_the_rotation(every: int) -> None:
    """Whatever the days of the visits are: the first behind a turn takes it."""
    for number in range(30):
        asked = _days_asked(f"http://a/{number}.shtml", list(range(0, 200, every)))
        daily = [day for day in range(0, 200, every) if day <= TRIED_DAILY]
        assert asked[: len(daily)] == daily
        rotated = asked[len(daily) :]
        assert all(3 - every < later - earlier < 5 + every for earlier, later in pairwise(rotated))
        assert rotated[-1] > 200 - 5 - every


def test_turn_of_a_page_that_never_answered_is_taken_after_a_night_without_a_visit() -> None:
    whole = _days_asked("http://a/1.shtml", list(range(60)))
    missed = whole[-3]
    assert _days_asked("http://a/1.shtml", [day for day in range(60) if day != missed]) == sorted(
        {*whole, missed + 1} - {missed}
    )


def test_visit_that_read_no_list_takes_no_turn_of_a_page_that_never_answered(watch: Watch, site: Site) -> None:
    section(site, "notices", rows=2)
    article = next(url for url in site.pages if "/c/" in url)
    site.troubles[article] = FailsThen(99)
    watch.settings = watch.settings.model_copy(update={"rotation_days": 1, "retries": 0})  # a turn is a day
    watch.visit(site, ["notices"])
    watch.visit(site, ["notices"], TOMORROW)
    tried = []
    for trouble in (maintenance(), None, None):
        site.troubles |= {"/notices/": trouble} if trouble else {}
        site.asked.clear()
        watch.visit(site, ["notices"], DAY + timedelta(days=TRIED_DAILY + 3))
        tried.append(site.targets().count(article))
        site.troubles.pop("/notices/", None)
    assert tried == [0, 1, 0]


def _days_asked(url: str, days: list[int]) -> list[int]:
    """On which of the days of its visits a page is asked for that never answers."""
    known = Known(url, "notices", Kind.ARTICLE, is_old=True, first_seen_on=DAY)
    asked, last_on = [], None
    for day in days:
        today = DAY + timedelta(days=day)
        ground = Ground(today, rotation_days=5, plans={"notices": Plan(1, is_full=False, last_on=last_on)})
        ground.add(known)
        asked += [day] if list(ground.due("notices")) else []
        last_on = today
    return asked


def test_deep_pages_are_walked_to_known_ground_and_whole_on_the_rotation(watch: Watch, site: Site) -> None:
    section(site, "notices", rows=6)
    rows = [(f"关于第{n}号事项的公告", f"/notices/c/{DAY}/{n}.shtml", DAY - timedelta(days=n)) for n in range(6)]
    for title, url, day in rows:
        site.pages[url] = article_page(title, day, etag='"x"')
    for number, start in ((1, 0), (2, 2), (3, 4)):
        url = "/notices/" if number == 1 else f"/notices/index_{number}.shtml"
        following = f"/notices/index_{number + 1}.shtml" if number < 3 else None
        site.pages[url] = list_page(rows[start : start + 2], following, etag=f'"{number}"')
    assert watch.visit(site, ["notices"])["notices"].listed == 6
    site.asked.clear()
    watch.visit(site, ["notices"], TOMORROW)
    assert site.targets() == ["/notices/"]
    site.asked.clear()
    watch.visit(site, ["notices"], DAY + timedelta(days=7))
    lists = [target for target in site.targets() if "/c/" not in target]
    assert lists == ["/notices/", "/notices/index_2.shtml", "/notices/index_3.shtml"]
    assert [visit.complete for visit in visits(watch)] == [True, False, True]


def test_visit_after_a_bad_one_walks_the_whole_list_and_concludes_nothing_between(watch: Watch, site: Site) -> None:
    section(site, "rules", rows=8)
    watch.visit(site, ["rules"])
    whole = site.pages["/rules/"]
    site.troubles["/rules/"] = maintenance()
    assert watch.visit(site, ["rules"], TOMORROW)["rules"].status == "degraded"
    del site.troubles["/rules/"]
    half = whole.body.split(b"<li>")
    site.pages["/rules/"] = Page(b"<li>".join(half[:4]) + b"</ul></div></body></html>", etag='"h"')
    shrunk = watch.visit(site, ["rules"], DAY + timedelta(days=2))["rules"]
    assert shrunk.status == "degraded"
    assert "shrank from 8 to 3" in (shrunk.reason or "")
    site.pages["/rules/"] = whole
    assert watch.visit(site, ["rules"], DAY + timedelta(days=3))["rules"].status == "ok"
    assert [visit.complete for visit in visits(watch) if visit.status == "ok"] == [True, True]


def test_bytes_that_come_back_are_three_captures(watch: Watch, site: Site) -> None:
    section(site, "rules", rows=1, files=True, etags=False)
    certify(watch, "关于发布第0号")
    first = site.pages["/rules/upload/0.pdf"]
    for day, page in enumerate((first, Page(PDF + b"b %%EOF", "application/pdf"), first)):
        site.pages["/rules/upload/0.pdf"] = page
        watch.visit(site, ["rules"], DAY + timedelta(days=day))
    files = captures(watch, "file")
    assert [row.previous_id for row in files] == [None, files[0].id, files[1].id]
    assert files[0].sha256 == files[2].sha256 != files[1].sha256


def test_transient_error_is_retried_within_the_visit(watch: Watch, site: Site) -> None:
    section(site, "notices", rows=2)
    article = next(url for url in site.pages if "/c/" in url)
    site.troubles[article] = FailsThen(1)
    assert watch.visit(site, ["notices"])["notices"].status == "ok"
    assert site.targets().count(article) == 2


def test_robots_txt_is_obeyed_and_fetched_once(watch: Watch, site: Site) -> None:
    section(site, "notices", rows=2)
    section(site, "private", rows=2)
    site.pages["/robots.txt"] = Page(b"User-agent: *\nDisallow: /private/\n", "text/plain")
    reports = watch.visit(site, ["notices", "private"])
    assert reports["notices"].status == "ok"
    assert reports["private"].status == "degraded"
    assert "robots.txt" in (reports["private"].reason or "")
    assert [asked.target for asked in site.asked].count("/robots.txt") == 1
    assert not [target for target in site.targets() if target.startswith("/private/")]


def test_robots_txt_that_cannot_be_read_forbids_all(watch: Watch, site: Site) -> None:
    section(site, "notices", rows=2)
    site.troubles["/robots.txt"] = FailsThen(99)
    report = watch.visit(site, ["notices"])["notices"]
    assert (report.status, report.reason) == ("unreachable", "robots.txt cannot be read: status 503")
    assert site.targets() == []


def test_error_page_in_place_of_a_robots_txt_that_is_missing_forbids_nothing(watch: Watch, site: Site) -> None:
    section(site, "notices", rows=2)
    site.troubles["/robots.txt"] = Instead("User-agent: *\nDisallow: /\n", 404)
    assert watch.visit(site, ["notices"])["notices"].status == "ok"


def test_address_with_another_version_argument_is_the_same_page(watch: Watch, site: Site) -> None:
    section(site, "notices", rows=3)
    watch.visit(site, ["notices"])
    body = site.pages["/notices/"].body
    site.pages["/notices/"] = Page(body.replace(b'.shtml"', b'.shtml?v=77"'), etag='"v"')
    site.asked.clear()
    watch.visit(site, ["notices"], TOMORROW)
    assert site.targets() == ["/notices/"]
    with watch.database.session() as session:
        assert len(set(session.scalars(select(ListingRow.url)))) == 3
        assert len(session.scalars(select(AddressRow).where(AddressRow.kind == "article")).all()) == 3


def test_aspnet_list_is_paged_by_post_back(watch: Watch, site: Site) -> None:
    rows = [f"<tr><td><a href='/NewsDetail.aspx?id={n}'>关于第{n}号认证规则的通知</a></td><td>2026/2/{n + 1}</td></tr>"
            for n in range(6)]  # fmt: skip
    pager = "<a href=\"javascript:__doPostBack('Pager','2')\">下一页</a>"

    class Paged:
        def serve(self, door, page) -> None:  # type: ignore[no-untyped-def]
            body = _form("".join(rows[:3]), pager) if door.command == "GET" else _form("".join(rows[3:]), "")
            door.send(200, body, [("Content-Type", "text/html; charset=utf-8")])

    site.troubles["/notices/"] = Paged()
    for n in range(6):
        site.pages[f"/NewsDetail.aspx?id={n}"] = article_page(f"关于第{n}号认证规则的通知", DAY)
    report = watch.visit(site, ["notices"], family="aspnet")["notices"]
    assert (report.status, report.listed, report.fetched) == ("ok", 6, 6)
    assert [asked.body for asked in site.asked if asked.method == "POST"] == [
        b"__VIEWSTATE=dDw%3D&__EVENTTARGET=Pager&__EVENTARGUMENT=2"
    ]


def _form(rows: str, pager: str) -> bytes:
    return (
        "<html><body><form id='aspnetForm' method='post' action='/notices/'><input type='hidden' name='__VIEWSTATE' "
        f"value='dDw='><table>{rows}</table><div class='pager'>{pager}</div></form></body></html>"
    ).encode()
