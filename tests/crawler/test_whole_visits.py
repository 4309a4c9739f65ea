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


def test_notice_that_speaks_of_suspended_use_is_no_maintenance_page(watch: Watch, site: Site) -> None:
    section(site, "news")
    title = "关于未按期换证的获证产品处理要求的通知"
    url = "/news/c/2026-03-02/600000.shtml"
    body = site.pages["/news/"].body.decode().replace("<ul>", f"<ul><li><a href='{url}'>{title}</a></li>")
    site.pages["/news/"] = Page(body.encode())
    text = f"<html><body><h1>{title}</h1><p>逾期未换证的，证书将被暂停使用。</p></body></html>"
    site.pages[url] = Page(text.encode())
    report = watch.visit(site, ["news"])["news"]
    assert (report.status, report.fetched) == ("ok", 7), report.reason


def test_message_in_the_place_of_an_article_is_not_the_article(watch: Watch, site: Site) -> None:
    section(site, "news")
    url = next(url for url in site.pages if "/c/" in url)
    site.pages[url] = Page("<html><body><h1>温馨提示</h1><p>本栏目内容整理中，敬请期待。</p></body></html>".encode())
    report = watch.visit(site, ["news"])["news"]
    assert (report.status, report.fetched) == ("degraded", 5)
    assert "1 articles without a readable body" in (report.reason or "")
