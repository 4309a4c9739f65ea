"""What a visit makes of a page that it understands in part."""

from tests.crawler.made import DAY, Watch, article_page, section
from tests.servers.web import Page, Site

CODED = "CQC11-471263-2026 电动自行车充电器安全认证规则"


def test_coded_row_in_a_menu_is_followed_and_a_row_without_address_is_named(watch: Watch, site: Site) -> None:
    section(site, "news")
    body = site.pages["/news/"].body.decode()
    menu = f"<div class='nav'><a href='/zt/77.shtml'>{CODED}</a></div>"
    lost = "<li><a href='javascript:void(0)' onclick='show(7)'>关于发布新版认证实施规则的公告</a></li>"
    site.pages["/news/"] = Page(body.replace("<ul>", f"<ul>{lost}").replace("</body>", f"{menu}</body>").encode())
    site.pages["/zt/77.shtml"] = article_page(CODED, DAY)
    report = watch.visit(site, ["news"])["news"]
    assert (report.status, report.listed) == ("ok", 6)
    assert "/zt/77.shtml" in site.targets()
    assert report.advice is not None
    assert "关于发布新版认证实施规则的公告" in report.advice


def test_undated_row_among_dated_ones_is_listed_and_followed(watch: Watch, site: Site) -> None:
    section(site, "news")
    new = "<li><a href='/news/c/2026-03-02/600000.shtml'>关于换版的通知</a><span>今天 09:30</span></li>"
    body = site.pages["/news/"].body.decode().replace("<ul>", f"<ul>{new}")
    site.pages["/news/"] = Page(body.encode())
    site.pages["/news/c/2026-03-02/600000.shtml"] = article_page("关于换版的通知", DAY)
    report = watch.visit(site, ["news"])["news"]
    assert (report.status, report.listed) == ("ok", 7)
    assert "/news/c/2026-03-02/600000.shtml" in site.targets()
