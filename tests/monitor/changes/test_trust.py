"""A visit that is not trusted concludes nothing, also not from its pages and files; a state seen before is no news."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from monitor.changes.trust import LASTING_DAYS, Looks, Standing, is_damaged, is_damaged_file, lost_its_end, standing
from monitor.documents.document import Document
from monitor.documents.reader import read_document, read_page
from tests.crawler.made import FRAME
from tests.monitor.changes.site import article_bytes
from tests.monitor.changes.watched import FIRST, Watched, rule
from tests.servers.web import Page, Site

BODY = "\n".join(
    f"{number}、各获证企业应当按照本通知第{number}条的要求办理换证手续，并提交有关资料。" for number in range(1, 9)
)
TITLE = "关于实施新版认证规则的通知"


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """The small authority on its first day, before anything was visited."""
    with Site() as site:
        yield Watched(tmp_path, site)


def _read(data: bytes) -> Document:
    return read_page(data, "http://a.cn/c/1.shtml", "static-shtml", "text/html")


@pytest.mark.parametrize(
    ("title", "body", "day", "damaged"),
    [
        (TITLE, BODY, date(2026, 3, 2), False),
        (TITLE, BODY.replace("换证", "变更"), date(2026, 3, 9), False),
        (TITLE, BODY, None, True),
        (TITLE, "各获证企业应当按照本通知办理。", date(2026, 3, 2), True),
        ("系统提示", "本网站因设备检修，服务将于近日恢复，感谢您的理解和支持。" * 9, date(2026, 3, 2), True),
    ],
)
def test_article_that_lost_its_date_title_or_body_is_damaged(
    title: str, body: str, day: date | None, damaged: bool
) -> None:
    before = _read(article_bytes(TITLE, BODY, date(2026, 3, 2)))
    assert is_damaged(_read(article_bytes(title, body, day)), before) is damaged


def test_page_or_text_without_the_end_that_it_had_is_cut_off() -> None:
    page = article_bytes(TITLE, BODY, date(2026, 3, 2))
    whole, half = _read(page), _read(page[: len(page) * 2 // 3])
    assert lost_its_end(half, whole)
    assert not lost_its_end(whole, half)
    never_closed = _read(page.replace(b"</body></html>", b""))
    assert not lost_its_end(never_closed, never_closed), "built so"
    text = rule("471263", "充电器")
    cut = read_document(text[: text.index("合格品")].encode())
    assert lost_its_end(cut, read_document(text.encode()))
    assert not lost_its_end(read_document(text[: text.index("4 型式试验")].encode()), read_document(text.encode()))


def test_message_in_the_place_of_a_file_is_damaged_and_another_edition_is_not() -> None:
    before = read_document(rule("471263", "充电器").encode())
    message = FRAME.format(title="温馨提示", body="<p>本站正在搬家，明天见。</p>").encode()
    assert is_damaged_file(read_document(message), before)
    assert is_damaged_file(read_document(rule("471263", "充电器").encode("ascii", "replace")), before)
    assert not is_damaged_file(read_document(rule("471263", "充电器", 2026).encode()), before)
    lines = "".join(f"<p>{line}</p>" for line in rule("471263", "充电器").splitlines())
    assert not is_damaged_file(read_document(f"<html><body>{lines}</body></html>".encode()), before)


def test_new_page_that_is_cut_off_waits_until_it_is_whole(watched: Watched) -> None:
    notice = article_bytes(f"{TITLE}（CQC11-471263-2025）", BODY, date(2025, 3, 20))
    watched.rows.insert(0, (TITLE, "/c/90001.shtml", date(2025, 3, 20)))
    watched.show()
    watched.site.pages["/c/90001.shtml"] = Page(notice[: len(notice) * 2 // 3])
    watched.day(1)
    watched.site.pages["/c/90001.shtml"] = Page(notice)
    watched.day(2)
    watched.day(3)
    assert watched.log() == []


def test_capture_waits_until_a_trusted_visit_has_looked_again() -> None:
    assert standing(Looks(is_trusted=True), False) is Standing.JUDGE
    assert standing(Looks(is_trusted=False), False) is Standing.WAIT
    assert standing(Looks(False, True, True, 1), False) is Standing.JUDGE
    assert standing(Looks(False, False, True, 1), False) is Standing.DROP
    assert standing(Looks(True, True, True, 1), True) is Standing.WAIT
    assert standing(Looks(True, True, True, LASTING_DAYS), True) is Standing.JUDGE


def test_file_of_a_bad_day_is_dropped_and_a_true_change_of_that_day_is_told_the_day_after(watched: Watched) -> None:
    watched.day(1)
    good = watched.site.pages["/f/4712632025.txt"]
    watched.site.pages["/f/4712632025.txt"] = Page(good.body.replace("3件".encode(), "9件".encode()), "text/plain")
    lasting = watched.site.pages["/f/4642132025.txt"]
    watched.site.pages["/f/4642132025.txt"] = Page(lasting.body.replace("3件".encode(), "5件".encode()), "text/plain")
    watched.show(3)
    assert watched.day(2).status == "degraded"
    assert watched.log() == []
    watched.site.pages["/f/4712632025.txt"] = good
    watched.show()
    assert watched.day(3).status == "ok"
    assert watched.log() == [("revision", "CQC11-464213", "CQC11-464213-2025")]
    watched.day(4)
    assert len(watched.log()) == 1


def test_article_that_lost_its_date_for_a_day_is_no_revision(watched: Watched) -> None:
    notice = article_bytes(TITLE + "（CQC11-471263-2025）", BODY, date(2025, 3, 20))
    watched.rows.insert(0, (TITLE, "/c/90001.shtml", date(2025, 3, 20)))
    watched.show()
    watched.site.pages["/c/90001.shtml"] = Page(notice)
    watched.day(1)
    watched.site.pages["/c/90001.shtml"] = Page(
        article_bytes(TITLE + "（CQC11-471263-2025）", BODY.replace("8、", "12、"), None)
    )
    watched.day(2)
    watched.site.pages["/c/90001.shtml"] = Page(notice)
    watched.day(3)
    assert watched.log() == []


def test_text_that_returns_is_told_to_the_operator_and_to_nobody_else(watched: Watched) -> None:
    watched.day(1)
    march = watched.site.pages["/f/4712632025.txt"]
    may = Page(march.body.replace("3件".encode(), "5件".encode()), "text/plain")
    for number, page in enumerate((may, march, may, march), start=2):
        watched.site.pages["/f/4712632025.txt"] = page
        watched.day(number)
    assert watched.log() == [("revision", "CQC11-471263", "CQC11-471263-2025")]
    assert "/f/4712632025.txt shows again what it showed before" in watched.advice()


def test_what_is_dated_after_the_first_visit_is_news_though_no_visit_was_trusted_till_then(watched: Watched) -> None:
    watched.site.pages["/rules/"] = Page(FRAME.format(title="提示", body="<p>系统维护中，请稍后再访问。</p>").encode())
    assert watched.day(1).status == "degraded"
    watched.publish("471263", "电动自行车充电器", 2026, date(2026, 3, 3))
    assert watched.day(3).status == "ok"
    assert watched.log() == [("new_edition", "CQC11-471263", "CQC11-471263-2026")]


def test_one_odd_day_sets_no_expectation(watched: Watched) -> None:
    good = watched.site.pages["/rules/"]
    row = "<li><a href='/m/{0}0001.shtml'>本网站第{0}项升级说明</a><span>2026-03-01</span></li>"
    rows = "".join(row.format(number) for number in range(20))
    watched.site.pages["/rules/"] = Page(FRAME.format(title="系统升级", body=f"<ul>{rows}</ul>").encode())
    for number in range(20):
        watched.site.pages[f"/m/{number}0001.shtml"] = Page(article_bytes(f"本网站第{number}项升级说明", BODY, FIRST))
    watched.day(1)
    watched.site.pages["/rules/"] = good
    assert watched.day(2).status == "degraded"
    assert watched.day(3).status == "ok"
    assert watched.log() == []
    watched.publish("471263", "电动自行车充电器", 2026, date(2026, 3, 5))
    watched.day(4)
    assert watched.log() == [("new_edition", "CQC11-471263", "CQC11-471263-2026")]
