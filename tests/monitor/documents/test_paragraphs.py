"""Lines of a page become paragraphs as Chinese text needs it; pieces of tables become one table."""

import pytest

from monitor.documents.structure.furniture import without_furniture
from monitor.documents.structure.joining import join
from monitor.documents.structure.lines import Grid, Line, Page
from monitor.documents.structure.paragraphs import join_tables, paragraphs


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("认证委托人应", "提交资料", "认证委托人应提交资料"),
        ("GB 14166-", "2013的规定", "GB 14166-2013的规定"),
        ("GB/T 15579.", "6-2018", "GB/T 15579.6-2018"),
        ("CCAP-GZ-5830:", "2021", "CCAP-GZ-5830:2021"),
        ("the factory", "inspection", "the factory inspection"),
        ("应符合GB/T", "9364.1", "应符合GB/T 9364.1"),
        ("不大于", "50mm", "不大于50mm"),
        ("CCAP-GZ-58", "30:2021", "CCAP-GZ-5830:2021"),
        ("", "文字", "文字"),
    ],
)
def test_pieces_join_as_they_were_written(first: str, second: str, whole: str) -> None:
    assert join(first, second) == whole


def line(text: str, row: int, left: float = 90.0, right: float = 510.0, **more: float) -> Line:
    return Line(text, left=left, top=100.0 + 20 * row, width=right - left, height=12.0, size=12.0, **more)


def page(*blocks: Line | Grid, number: int = 1) -> Page:
    return Page(number, blocks, width=600.0, height=840.0)


def texts(*pages: Page) -> list[str]:
    return [block.text for block in paragraphs(pages).blocks if isinstance(block, Line)]


def test_a_full_line_goes_on_and_a_short_one_ends() -> None:
    assert texts(
        page(line("前面的文字很长", 0, 114), line("后面的文字", 1, right=200), line("新的一段", 2, 114, 300))
    ) == [
        "前面的文字很长后面的文字",
        "新的一段",
    ]


def test_an_indented_line_begins_a_paragraph_although_the_one_before_is_full() -> None:
    lines = (
        line("首行缩进", 0, 114),
        line("第二行写满。", 1),
        line("另一段写满一行的", 2, 114),
        line("文字", 3, right=150),
    )
    assert texts(page(*lines)) == ["首行缩进第二行写满。", "另一段写满一行的文字"]


def test_a_paragraph_goes_on_over_the_page() -> None:
    assert texts(page(line("前页的文字", 0, 114)), page(line("后页的文字", 0, right=300), number=2)) == [
        "前页的文字后页的文字"
    ]


def test_a_legal_number_begins_a_paragraph() -> None:
    assert texts(page(line("3.1 上一条写满一行。", 0), line("3.2 下一条", 1, right=300))) == [
        "3.1 上一条写满一行。",
        "3.2 下一条",
    ]


def test_running_heads_and_page_numbers_go_and_are_told() -> None:
    pages = [
        page(
            Line("CCAP-GZ-5830:2021", left=90, top=30, width=100, height=10, size=9),
            line(f"{number} 标题", 3, right=200),
            Line(f"第 {number} 页 共 4 页", left=250, top=800, width=60, height=10, size=9),
            number=number,
        )
        for number in range(1, 5)
    ]
    cleaned = without_furniture(pages)
    assert [len(kept.blocks) for kept in cleaned.pages] == [1, 1, 1, 1]
    assert cleaned.running == ("CCAP-GZ-5830:2021",)


def test_a_row_cut_by_the_page_is_whole_again() -> None:
    first = (("序号", "要求"), ("1", "甲"), ("2", "宽度不小"))
    assert join_tables(first, (("序号", "要求"), ("", "于46mm"), ("3", "丙"))) == (
        ("序号", "要求"), ("1", "甲"), ("2", "宽度不小于46mm"), ("3", "丙"),
    )  # fmt: skip


def test_a_merged_first_column_is_no_cut_row() -> None:
    first = (("类别", "要求", "值"), ("甲", "一", "1"), ("", "二", "2"))
    assert len(join_tables(first, (("", "三", "3"), ("乙", "四", "4")))) == 5


def test_tables_join_only_where_one_ends_a_page_and_the_next_begins_one() -> None:
    grid = Grid((("a", "b"), ("1", "2")))
    joined = paragraphs(
        (page(grid), page(Line("表1（续）", top=60, left=90, width=50, height=10), grid, number=2))
    ).blocks
    assert [block.rows for block in joined if isinstance(block, Grid)] == [(("a", "b"), ("1", "2"), ("1", "2"))]
    apart = paragraphs((page(grid, line("文字。", 9)), page(grid, number=2))).blocks
    assert sum(isinstance(block, Grid) for block in apart) == 2
