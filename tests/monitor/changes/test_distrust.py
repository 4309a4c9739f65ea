"""Wrong answers in the place of lists and articles: none makes a change, on the day or after; true ones are told."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.crawler.made import FRAME
from tests.monitor.changes.watched import Watched
from tests.servers.web import HTML, Page, Site

Wrong = Callable[[bytes], bytes]


def _message(title: str, text: str) -> bytes:
    return FRAME.format(title=title, body=f"<div class='msg'><h2>{title}</h2><p>{text}</p></div>").encode()


def _rows(count: int) -> bytes:
    row = "<li><a href='/m/{0}0001.shtml'>本网站第{0}项服务升级说明</a><span>2026-03-0{1}</span></li>"
    rows = "".join(row.format(number, number % 9 + 1) for number in range(count))
    return FRAME.format(title="系统升级", body=f"<ul>{rows}</ul>").encode()


ANSWERS: dict[str, Wrong] = {
    "maintenance": lambda page: _message("系统维护中", "系统维护中，请稍后再访问。"),
    "maintenance without its words": lambda page: _message("温馨提示", "本站正在搬家，明天见。"),
    "a long notice of the house": lambda page: _message("公告", "为提供更好的服务，本网站将于近日迁移至新机房。" * 30),
    "not found with 200": lambda page: _message("404", "您访问的页面不存在。"),
    "a program's error": lambda page: _message("系统错误", "java.lang.NullPointerException at com.x.Y"),
    "a login": lambda page: b"<html><title>login</title><form><input type='password' name='p'></form></html>",
    "too often": lambda page: _message("提示", "访问过于频繁，请稍后再试。"),
    "a challenge": lambda page: b"<html><script>document.cookie='a=1';location.reload()</script></html>",
    "nothing": lambda page: b"",
    "white space": lambda page: b" \n \n",
    "an empty frame": lambda page: FRAME.format(title="认证规则", body="<ul></ul>").encode(),
    "the home page": lambda page: FRAME.format(title="某认证中心", body="<p>欢迎访问某认证中心网站。</p>").encode(),
    "the first half": lambda page: page[: len(page) // 2],
    "the first tenth": lambda page: page[: len(page) // 10],
    "twenty rows of the house": lambda page: _rows(20),
    "eight rows of the house": lambda page: _rows(8),
    "no dates": lambda page: page.replace(b"2025-", b"").replace("发布时间：".encode(), b""),
    "no titles": lambda page: page.replace("安全认证规则".encode(), b"").replace(b"CQC11", b""),
    "JSON": lambda page: b'{"code":500,"msg":"error"}',
    "question marks": lambda page: page.decode().encode("ascii", "replace"),
    "all figures nought": lambda page: page.translate(bytes.maketrans(b"123456789", b"0" * 9)),
    "another charset": lambda page: page.decode().encode("utf-16"),
    "the page twice": lambda page: page + page,
    "a robot's riddle": lambda page: _message("安全验证", "请完成滑动验证后继续访问。"),
    "no links": lambda page: page.replace(b"href", b"data-x"),
    "scripts only": lambda page: b"<html><body><div id='app'></div><script src='/app.js'></script></body></html>",
    "a closed site": lambda page: _message("网站关闭", "网站暂时关闭。"),
}
TARGETS = ("list", "article", "all articles")
EDITS = ("no dates", "no titles", "no links", "all figures nought", "the page twice")
"""What would be another text, where a file is only text: nothing tells it from a change."""
KINDS = [(name, target) for name in ANSWERS for target in TARGETS]
KINDS += [(name, "file") for name in ANSWERS if name not in EDITS]
SAMPLE = [
    ("twenty rows of the house", "list"),
    ("no dates", "article"),
    ("the first half", "article"),
    ("the first half", "file"),
    ("question marks", "article"),
    ("a long notice of the house", "all articles"),
]


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """The small authority on its first day, before anything was visited."""
    with Site() as site:
        yield Watched(tmp_path, site)


def _spoil(watched: Watched, name: str, target: str) -> dict[str, Page]:
    """Put a wrong answer in the place of good ones; return the good ones."""
    articles = [url for _, url, _ in watched.rows]
    files = {"file": ["/f/4642132025.txt"]}
    urls = {"list": ["/rules/"], "article": articles[:1], "all articles": articles, **files}[target]
    good = {url: watched.site.pages[url] for url in urls}
    kept = name in ("the first half", "the first tenth", "another charset", "question marks")
    for url, page in good.items():
        watched.site.pages[url] = Page(ANSWERS[name](page.body), page.content_type if kept else HTML)
    return good


def _play(watched: Watched, kinds: list[tuple[str, str]]) -> None:
    day = 1
    watched.day(day)
    for name, target in kinds:
        good = _spoil(watched, name, target)
        watched.day(day + 1)
        watched.site.pages.update(good)
        watched.day(day + 2)
        assert watched.log() == [], (name, target)
        day += 2
    file = watched.site.pages["/f/4712632025.txt"]
    watched.site.pages["/f/4712632025.txt"] = Page(file.body.replace("3件".encode(), "5件".encode()), "text/plain")
    watched.publish("464213", "弧焊设备", 2026, date(2026, 3, 2))
    watched.day(day + 1)
    watched.day(day + 2)
    assert sorted(watched.log()) == [
        ("new_edition", "CQC11-464213", "CQC11-464213-2026"),
        ("revision", "CQC11-471263", "CQC11-471263-2025"),
    ]


def test_wrong_answers_of_some_days_conclude_nothing(watched: Watched) -> None:
    _play(watched, SAMPLE)


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_eighty_kinds_of_wrong_answer_conclude_nothing(watched: Watched) -> None:
    _play(watched, KINDS)
