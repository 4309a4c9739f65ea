"""What LibreOffice makes of a Word 97 file is held against the file's own text."""

from dataclasses import replace
from pathlib import Path

from monitor.documents.structure.lines import Grid, Line, Page
from monitor.documents.word.doc import checked
from monitor.documents.word.word97 import read_word97

RULE = (Path(__file__).parents[2] / "documents" / "rule" / "typed.doc").read_bytes()
SCAN = Page(2, (Line("扫描页的条款" * 2000),), ocr=True, confidence=0.97)


def test_what_is_whole_is_left_alone() -> None:
    own = read_word97(RULE)
    assert checked(own, RULE) == own


def test_text_that_is_lost_is_told_whatever_was_read_off_pictures() -> None:
    own = read_word97(RULE)
    page = own.pages[0]
    lost = replace(own, pages=(replace(page, blocks=page.blocks[: len(page.blocks) // 2]),))
    told = checked(lost, RULE).doubts
    assert "characters more than LibreOffice showed" in told[-1].why
    assert checked(replace(lost, pages=(*lost.pages, SCAN)), RULE).doubts == told


def test_a_lost_table_is_taken_from_the_file_where_no_picture_was_read() -> None:
    own = read_word97(RULE)
    page = own.pages[0]
    cells = [Line("".join(map("".join, block.rows))) if isinstance(block, Grid) else block for block in page.blocks]
    flat = replace(own, pages=(replace(page, blocks=tuple(cells)),))
    assert flat != own
    assert checked(flat, RULE) == own
    scanned = replace(flat, pages=(*flat.pages, SCAN))
    assert checked(scanned, RULE).pages == scanned.pages
    assert "did not show every table" in checked(scanned, RULE).doubts[-1].why
