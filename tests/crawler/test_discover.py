"""A site of five menus and two hundred pages: the lists worth watching are found, the rest is named."""

import tomllib
from datetime import date, timedelta
from typing import Any

import pytest

from crawler.config import AuthoritySettings, CrawlSettings
from crawler.discover import MOST_REQUESTS, discover
from crawler.pages.records import ListRow
from crawler.pages.scored import score_rows
from monitor.cli.views.discovered import left_out_lines, toml_lines
from tests.crawler.made import DAY, article_page
from tests.servers.web import Page, Site

MENUS = {
    "/rzgz/": ("认证规则", "CQC11-4{n:05}-2024 电动自行车充电器安全认证规则"),
    "/tzgg/": ("通知公告", "关于第{n}号产品认证实施规则有关要求的通知"),
    "/bzhb/": ("标准换版", "关于GB {n}-2025标准换版认证工作安排的通知"),
    "/dqgz/": ("党群工作", "中心党委组织第{n}次主题学习活动"),
    "/xwzx/": ("新闻中心", "中心领导赴第{n}分公司调研座谈"),
}


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """What a look around the site finds."""
    with Site() as site:
        menu = "".join(f"<li><a href='{path}'>{name}</a></li>" for path, (name, _) in MENUS.items())
        head = "<html><head><meta charset='utf-8'><title>{0}</title></head>"
        frame = head + "<body><div class='nav'><ul>{1}</ul></div>{2}</body></html>"
        for order, (path, (name, title)) in enumerate(MENUS.items()):
            rows = ""
            for number in range(40):
                day = DAY - timedelta(days=number)
                url, row = f"{path}{day:%Y%m}/t{day:%Y%m%d}_{order}{number:03}.html", title.format(n=20000 + number)
                site.pages[url] = article_page(row, day)
                rows += f"<li><a href='{url}'>{row}</a><span>{day}</span></li>"
            site.pages[path] = Page(frame.format(name, menu, f"<h2>{name}</h2><ul class='l'>{rows}</ul>").encode())
        site.pages["/"] = Page(frame.format("某认证中心", menu, "<p>欢迎访问某认证中心网站。</p>").encode())
        assert len(site.pages) > 200
        answer = discover(CrawlSettings(delay_seconds=0, timeout_seconds=10), f"{site.url}/", DAY)
        assert len(site.targets()) <= MOST_REQUESTS
        return answer


def test_lists_worth_watching_are_found_and_the_others_named(found: dict[str, Any]) -> None:
    sections = {section["name"]: (section["role"], section["path"]) for section in found["sections"]}
    assert sections == {
        "rules": ("rules", "/rzgz/"),
        "notices": ("notices", "/tzgg/"),
        "changeovers": ("notices", "/bzhb/"),
    }
    left_out = "\n".join(left_out_lines(found))
    assert "/dqgz/" in left_out
    assert "0 of 40 rows speak of rules" in left_out


def test_what_is_proposed_is_toml_that_the_settings_take(found: dict[str, Any]) -> None:
    settings = tomllib.loads("\n".join(toml_lines(found, "made")))["authorities"]["made"]
    assert len(AuthoritySettings.model_validate(settings).sections or ()) == 3


@pytest.mark.parametrize(
    ("titles", "called", "role"),
    [
        (["CQC11-471263-2026 充电器认证规则"] * 5, "规则", "rules"),
        (["关于GB 27887-2024标准换版的通知"] * 5, "标准换版", "notices"),
        (["中心召开年度工作会议"] * 9, "新闻", None),
        (["CQC11-471263-2026 充电器认证规则"] * 2, "规则", None),
    ],
)
def test_a_list_is_scored_by_what_its_rows_say(titles: list[str], called: str, role: str | None) -> None:
    rows = [ListRow(title, f"http://a.cn/{n}", date(2026, 1, 1)) for n, title in enumerate(titles)]
    assert score_rows(rows, called).role == role
