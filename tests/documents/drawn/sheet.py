"""Drawn lists as workbooks: fees and standards, a line above each table, notes below; `.xlsx` and `.xls`."""

import random
from datetime import datetime
from io import BytesIO

import openpyxl
import xlwt
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from tests.documents.drawn import words
from tests.documents.drawn.layout import Laid
from tests.documents.drawn.values import Block, Extra, Look, Rule

COMMENT = "财务：待主任签字"
HIDDEN = "旧价目留底"
STAMP = datetime(2026, 1, 5)


def draw_sheets(rule: Rule, seed: int) -> Rule:
    """Return the rule's lists as a workbook has them: two or three sheets."""
    chance = random.Random(f"sheet {seed}")
    blocks: list[Block] = []
    for name in ("收费标准", "依据标准", "样品一览")[: chance.randint(2, 3)]:
        blocks += [Block("sheet", (name,)), Block("caption", (f"{rule.title}{name}",)), _list(chance, name)]
        blocks += [Block("note", (words.sentence(chance, words.NOTE),))] if chance.random() < 0.6 else []
    return Rule(rule.title, rule.code, tuple(blocks), rule.look)


def _list(chance: random.Random, name: str) -> Block:
    cells = ["序号", "项目", "数值", "依据", "自何日起"]
    for number in range(1, chance.randint(4, 40)):
        item = chance.choice(words.FEES) if name == "收费标准" else chance.choice(words.STANDARD_WORDS)
        cells += [str(number), item, str(chance.randint(2, 98) * 50), words.standard(chance), words.day(chance)]
    row = chance.randint(1, len(cells) // 5 - 1)
    spans = ((row, 3, 1, 2),) if chance.random() < 0.3 else ()
    if spans:
        cells[row * 5 + 4] = ""
    return Block("table", tuple(cells), columns=5, fixed=frozenset(range(0, len(cells), 5)), spans=spans)


def make_xlsx(rule: Rule) -> tuple[bytes, Laid]:
    """Return the workbook, and what is in it that no reader of the printed list sees."""
    book, laid = openpyxl.Workbook(), Laid([])
    book.remove(book.active)
    book.properties.created = book.properties.modified = STAMP
    sheet, row = None, 1
    for block in rule.blocks:
        if block.kind == "sheet":
            sheet, row = book.create_sheet(block.texts[0]), 1
            continue
        assert sheet is not None
        row = _write(sheet, row, block)
    assert sheet is not None
    _extras(sheet, row, rule.look, laid)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue(), laid


def _write(sheet: Worksheet, at: int, block: Block) -> int:
    rows = block.rows if block.kind == "table" else (block.texts,)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text:
                sheet.cell(at + row, column + 1, int(text) if text.isdigit() else text)
    if block.kind == "caption":
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=5)
    for row, column, down, across in block.spans:
        sheet.merge_cells(None, at + row, column + 1, at + row + down - 1, column + across)
    return at + len(rows)


def _extras(sheet: Worksheet, row: int, look: Look, laid: Laid) -> None:
    if "comment" in look.extras:
        sheet["A1"].comment = Comment(COMMENT, "财务")
        laid.extras.append(Extra("comment", COMMENT))
    if "hidden" in look.extras:
        sheet.cell(row + 1, 1, HIDDEN)
        sheet.row_dimensions[row + 1].hidden = True
        laid.extras.append(Extra("hidden", HIDDEN))
    if look.foot:
        sheet.oddFooter.center.text = "第 &P 页"
        laid.furniture.append("第 页")


def make_xls(rule: Rule) -> tuple[bytes, Laid]:
    """Return the workbook in the format of Excel 97."""
    book, sheet, at = xlwt.Workbook(encoding="utf-8"), None, 0
    for block in rule.blocks:
        if block.kind == "sheet":
            sheet, at = book.add_sheet(block.texts[0]), 0
            continue
        at = _write_xls(sheet, at, block)
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue(), Laid([])


def _write_xls(sheet, at: int, block: Block) -> int:  # type: ignore[no-untyped-def]
    rows = block.rows if block.kind == "table" else (block.texts,)
    merged = {(row, column): (down, across) for row, column, down, across in block.spans}
    if block.kind == "caption":
        sheet.write_merge(at, at, 0, 4, block.texts[0])
        return at + 1
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            value = int(text) if text.isdigit() else text
            if (row, column) in merged:
                down, across = merged[row, column]
                sheet.write_merge(at + row, at + row + down - 1, column, column + across - 1, value)
            elif text:
                sheet.write(at + row, column, value)
    return at + len(rows)
