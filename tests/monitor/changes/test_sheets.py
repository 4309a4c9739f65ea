"""A list of rules kept as a workbook: its rows fill the register, and later ones are news."""

from datetime import date
from io import BytesIO

from openpyxl import Workbook

from monitor.changes.commands import list_changes, register_at
from storage.engine.database import Database
from tests.monitor.changes.days import Days, corpus
from tests.monitor.changes.site import Page

FIRST = date(2026, 3, 1)
HEADER = ("序号", "规则编号", "规则名称", "发布日期", "备注")
ROWS = [
    ("1", "CQC11-448313-2015", "电动工具安全认证规则", date(2015, 3, 2), ""),
    ("2", "CQC12-331101－2020", "轮胎性能认证规则", date(2020, 6, 1), ""),
    ("3", "CQC16-371103-2012", "汽车安全玻璃认证规则", date(2012, 8, 1), ""),
]


def workbook(rows: list[tuple[object, ...]]) -> bytes:
    """A list of rules under a heading."""
    book, content = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in [("自愿性产品认证规则目录",), HEADER, *rows]:
        sheet.append(row)
    book.save(content)
    return content.getvalue()


def listed(database: Database) -> tuple[Days, Page]:
    """Both sites on the evening of the baseline, one with a workbook that lists its rules."""
    days = Days(database, FIRST)
    days.stand(corpus()["world"])
    site = days.sites["cqc"]
    page = site.article("rules", "自愿性产品认证规则目录", "目录见附件。", None)
    file = site.file(page, "规则目录.xlsx", workbook(ROWS))
    days.crawl()
    return days, file


def test_rows_of_a_workbook_fill_the_register_and_report_nothing(sqlite_database: Database) -> None:
    listed(sqlite_database)
    assert list_changes(sqlite_database) == []
    known = {row["edition"]: row for row in register_at(sqlite_database, FIRST)}
    assert {"CQC11-448313-2015", "CQC12-331101-2020", "CQC16-371103-2012"} <= set(known)
    assert known["CQC12-331101-2020"]["published"] == "2020-06-01"
    assert "轮胎性能认证规则" in known["CQC12-331101-2020"]["title_zh"]


def test_a_later_code_in_a_later_workbook_is_news_once(sqlite_database: Database) -> None:
    days, file = listed(sqlite_database)
    newer = [
        ("1", "CQC11-448313-2026", "电动工具安全认证规则", date(2026, 3, 1), "代替CQC11-448313-2015"),
        *ROWS[1:],
        ("4", "CQC16-999101-2026", "车载充电机认证规则", date(2026, 3, 1), ""),
    ]
    file.data = workbook(newer)
    days.day([])
    said = {(row["kind"], row["old_edition"], row["new_edition"]): row for row in list_changes(sqlite_database)}
    assert set(said) == {
        ("new_edition", "CQC11-448313-2015", "CQC11-448313-2026"),
        ("new_rule", None, "CQC16-999101-2026"),
    }
    assert all(row["reasons"] == ["unreadable_file"] for row in said.values())
    assert all(row["published"] == "2026-03-01" for row in said.values())
    file.data = workbook(newer[:2])
    days.day([])
    assert len(list_changes(sqlite_database)) == 2, "a row that is gone says nothing"


def test_a_rule_that_a_workbook_ends_is_told(sqlite_database: Database) -> None:
    days, file = listed(sqlite_database)
    file.data = workbook([*ROWS[:2], (*ROWS[2][:4], "已废止")])
    days.day([])
    (change,) = list_changes(sqlite_database)
    assert (change["kind"], change["old_edition"]) == ("withdrawal", "CQC16-371103-2012")


def test_a_workbook_under_a_single_rule_is_no_list(sqlite_database: Database) -> None:
    days = Days(sqlite_database, FIRST)
    days.stand(corpus()["world"])
    days.crawl()
    site, page, _, _ = days.known["lining"]
    site.file(page, "相关规则.xlsx", workbook(ROWS))
    days.day([])
    assert {row["family"] for row in list_changes(sqlite_database)} <= {"CQC16-491278"}
