"""Workbooks: sheets as parts, cells as a person sees them, what is hidden said so."""

import io
import re
from datetime import date, datetime

import openpyxl
import pytest
import xlwt

from monitor.documents.reader import read_document
from monitor.documents.word.doc import office_program

HEAD = ("序号", "规则编号", "规则名称", "实施日期")
ROWS = (
    ("1", "CQC11-464213-2021", "电动自行车用充电器", "2021-11-01"),
    ("2", "CCAP-GZ-5830:2021", "机动车辆及其挂车用\n安全带总成", "2021-07-01"),
)


def xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "现行规则"
    sheet.append(["自愿性产品认证实施规则清单"])
    sheet.merge_cells("A1:D1")
    sheet.append(HEAD)
    sheet.append([1, "CQC11-464213-2021", " 电动自行车用充电器 ", date(2021, 11, 1)])
    sheet.append([2.0, "CCAP-GZ-5830:2021", "机动车辆及其挂车用\n安全带总成", datetime(2021, 7, 1)])
    sheet.append(["注：以网站公布的为准。"])
    sheet.append([])
    sheet.append(["系数", 0.1])
    sheet.append(["限值", 12.5])
    old = book.create_sheet("作废规则")
    old.append(["编号", "作废日期"])
    old.append(["CCAP-SB-5830-2003", datetime(2021, 7, 1, 8, 30)])
    old.sheet_state = "hidden"
    book.create_sheet("空表")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("现行规则")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for column, name in enumerate(HEAD):
        sheet.write(0, column, name)
    for row, (number, code, name, _) in enumerate(ROWS, start=1):
        sheet.write(row, 0, int(number))
        sheet.write(row, 1, code)
        sheet.write(row, 2, name)
        sheet.write(row, 3, date(2021, 13 - 2 * row if row == 1 else 7, 1), day)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_a_rule_list_is_a_table_with_its_title_and_notes() -> None:
    document = read_document(xlsx(), "清单.xlsx")
    part = document.parts[0]
    assert (document.kind, document.title, document.code) == ("sheet", "自愿性产品认证实施规则清单", None)
    assert part.heading == "现行规则"
    assert part.body == "自愿性产品认证实施规则清单\n注：以网站公布的为准。"
    assert part.tables == ((HEAD, *ROWS), (("系数", "0.1"), ("限值", "12.5")))


def test_xls_reads_like_xlsx() -> None:
    document = read_document(xls(), "清单.xls")
    assert document.parts[0].tables == ((HEAD, *ROWS),)


def test_a_hidden_sheet_is_read_and_doubted_and_an_empty_one_left_out() -> None:
    document = read_document(xlsx())
    assert [part.heading for part in document.parts] == ["现行规则", "作废规则"]
    assert document.parts[1].tables[0][1] == ("CCAP-SB-5830-2003", "2021-07-01 08:30")
    assert [(doubt.about, doubt.why) for doubt in document.doubts] == [("sheet 作废规则", "the sheet is hidden")]
    assert document.confidence < 1


def test_hidden_rows_are_said_to_be_hidden() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append(["c", "d"])
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    assert "some rows and columns" in read_document(buffer.getvalue()).doubts[0].why


def test_formulas_give_their_results_only() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a", '=HYPERLINK("http://x","y")'])
    buffer = io.BytesIO()
    book.save(buffer)
    assert "HYPERLINK" not in str(read_document(buffer.getvalue()).parts)


def test_an_xml_spreadsheet_is_read_or_says_what_is_missing() -> None:
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    data = (
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        '<Worksheet ss:Name="规则"><Table><Row><Cell><Data ss:Type="String">编号</Data></Cell>'
        '<Cell><Data ss:Type="Number">5830</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    document = read_document(data.encode())
    if office_program() is None:
        assert "LibreOffice" in (document.reason or "")
    else:
        assert document.parts[0].tables == ((("编号", "5830"),),) or re.search("LibreOffice", document.reason or "")


@pytest.mark.parametrize("data", [xlsx()[:3000], xls()[:2000]], ids=["xlsx", "xls"])
def test_a_cut_workbook_says_so(data: bytes) -> None:
    document = read_document(data)
    assert not document.readable or document.doubts
