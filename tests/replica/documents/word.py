"""Blocks → a Word file as Chinese authorities type them: cover, 目录, running heads, 第n页 共m页, tables, annexes.

`numbering: auto` gives the headings Word's automatic numbers, so that the digits stand nowhere in the text.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt

from tests.replica.documents.text import Block

ISSUERS = {"ccap": "中汽认证中心有限公司", "cqc": "中国质量认证中心"}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is typeset: nothing in it is content."""

    body: str = "宋体"
    heads: str = "黑体"
    size: float = 12
    margin_cm: float = 2.6
    line: float = 1.5
    running_head: str = "{code}　{title}"


def write(data: Mapping[str, Any], text: list[Block], target: Path, layout: Layout, pages: Mapping[str, int]) -> None:
    """Write the file; `pages` gives the page of each chapter for the table of contents, where it is known."""
    document = Document()
    _styles(document, layout)
    automatic = _numbering(document) if data.get("numbering") == "auto" else None
    _cover(document, data)
    _contents(document, text, pages)
    section = document.add_section(WD_SECTION.NEW_PAGE)
    _running_heads(section, data, layout, pages.get("total", 1))
    for block in text:
        _add(document, block, automatic)
    document.core_properties.author = ISSUERS[data["skeleton"]]
    document.core_properties.title = data["title"]
    document.save(str(target))


def write_lines(title: str, lines: list[str], target: Path) -> None:
    """Write a small file: a title and paragraphs."""
    document = Document()
    _styles(document, Layout(body="Noto Serif CJK SC", heads="Noto Sans CJK SC"))
    _centred(document, title, 18, bold=True)
    for line in lines:
        document.add_paragraph(line, style="Rule Text")
    document.save(str(target))


def _styles(document: Any, layout: Layout) -> None:
    for section in document.sections:
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(layout.margin_cm)
        section.top_margin = section.bottom_margin = Cm(2.5)
    normal = document.styles["Normal"]
    normal.font.size = Pt(layout.size)
    _font(normal, layout.body)
    normal.paragraph_format.line_spacing = layout.line
    normal.paragraph_format.space_after = Pt(2)
    for level, size in ((1, layout.size + 2), (2, layout.size), (3, layout.size)):
        style = document.styles[f"Heading {level}"]
        style.font.size, style.font.bold, style.font.color.rgb = Pt(size), level == 1, None
        style.paragraph_format.space_before = Pt(8 if level == 1 else 4)
        _font(style, layout.heads)
    body = document.styles.add_style("Rule Text", WD_STYLE_TYPE.PARAGRAPH)
    body.base_style = normal
    body.paragraph_format.first_line_indent = Pt(layout.size * 2)


def _font(style: Any, name: str) -> None:
    style.font.name = "Times New Roman"
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)


def _cover(document: Any, data: Mapping[str, Any]) -> None:
    issuer = ISSUERS[data["skeleton"]]
    top = document.add_paragraph()
    top.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _run(top, f"编号：{data['code']}", 14)
    for _ in range(6):
        document.add_paragraph()
    kind = "自愿性产品认证实施规则" if data["skeleton"] == "ccap" else "产品认证实施规则"
    _centred(document, kind, 22)
    _centred(document, data["title"], 26, bold=True)
    for _ in range(9):
        document.add_paragraph()
    dates = document.add_paragraph()
    dates.paragraph_format.tab_stops.add_tab_stop(Cm(15.6), WD_TAB_ALIGNMENT.RIGHT)
    _run(dates, f"{_printed(data['published'], data)}发布\t{_printed(data['effective'], data)}实施", 14)
    _centred(document, issuer, 20, bold=True)
    document.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)


def _printed(day: date, data: Mapping[str, Any]) -> str:
    return f"{day.year}年{day.month:02}月{day.day:02}日" if data["skeleton"] == "cqc" else f"{day} "


def _centred(document: Any, text: str, size: float, bold: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(paragraph, text, size, bold)


def _run(paragraph: Any, text: str, size: float, bold: bool = False) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold


def _contents(document: Any, text: list[Block], pages: Mapping[str, int]) -> None:
    _centred(document, "目　录", 16, bold=True)
    for block in text:
        if (block.kind == "heading" and block.level in (0, 1) and "." not in block.number) or block.kind == "annex":
            if block.kind == "heading" and _inside_annex(text, block):
                continue
            label = f"{block.number} {block.text}".strip()
            line = document.add_paragraph()
            line.paragraph_format.tab_stops.add_tab_stop(Cm(15.6), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
            line.add_run(f"{label}\t{pages.get(label, 1)}")


def _inside_annex(text: list[Block], block: Block) -> bool:
    place = next(i for i, other in enumerate(text) if other is block)
    return any(other.kind == "annex" for other in text[:place])


def _running_heads(section: Any, data: Mapping[str, Any], layout: Layout, total: int) -> None:
    """A head and 第n页 共m页 from the first page of the text on, counted from 1."""
    section.header.is_linked_to_previous = section.footer.is_linked_to_previous = False
    head = section.header.paragraphs[0]
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(head, layout.running_head.format(**data), 9)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(foot, "第 ", 9)
    page = '<w:fldSimple {} w:instr=" PAGE "><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
    foot._p.append(parse_xml(page.format(nsdecls("w"))))
    _run(foot, f" 页　共 {total} 页", 9)
    start = OxmlElement("w:pgNumType")
    start.set(qn("w:start"), "1")
    section._sectPr.append(start)


def _add(document: Any, block: Block, automatic: int | None) -> None:
    if block.kind == "table":
        _table(document, block.rows)
    elif block.kind == "annex":
        document.add_page_break()
        document.add_paragraph(block.text, style="Heading 1")
    elif block.kind == "caption":
        _centred(document, block.text, 10.5, bold=True)
        document.paragraphs[-1].paragraph_format.keep_with_next = True
    elif block.kind == "heading":
        _heading(document, block, automatic)
    else:
        document.add_paragraph(block.text, style="Rule Text")


def _heading(document: Any, block: Block, automatic: int | None) -> None:
    level = max(block.level, 1)
    by_word = automatic is not None and block.number.count(".") == level - 1 and not _annex_began(document)
    shown = block.text if by_word or not block.number else f"{block.number} {block.text}"
    paragraph = document.add_paragraph(shown, style=f"Heading {level}")
    if by_word and block.number:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level - 1
        properties.get_or_add_numId().val = automatic


def _annex_began(document: Any) -> bool:
    return any(p.style.name == "Heading 1" and p.text.startswith("附件") for p in document.paragraphs)


def _table(document: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    width = max(len(row) for row in rows)
    table = document.add_table(rows=0, cols=width, style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for number, row in enumerate(rows):
        line = table.add_row()
        line._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        cells = line.cells
        for cell, text in zip(cells, row, strict=False):
            cell.text = ""
            _run(cell.paragraphs[0], text, 10.5, bold=number == 0)
            shape = cell.paragraphs[0].paragraph_format
            shape.line_spacing, shape.space_before, shape.space_after = 1.15, Pt(2), Pt(2)
    _repeat_head(table.rows[0])
    _widths(table, rows)
    document.add_paragraph().paragraph_format.line_spacing = 0.6


def _repeat_head(row: Any) -> None:
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _widths(table: Any, rows: tuple[tuple[str, ...], ...]) -> None:
    """Share the width of the page among the columns by their longest cells."""
    longest = [max(min(len(row[i]) if i < len(row) else 0, 26) for row in rows) + 2 for i in range(len(table.columns))]
    table.autofit = False
    for column, length in zip(table.columns, longest, strict=True):
        column.width = Cm(15.6 * length / sum(longest))
        for cell in column.cells:
            cell.width = column.width


def _numbering(document: Any) -> int:
    """Add a list of three levels (1, 1.1, 1.1.1) and return its number."""
    part = document.part.numbering_part.element
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="space"/>'
        f'<w:lvlText w:val="{".".join(f"%{n + 1}" for n in range(i + 1))}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for i in range(3)
    )
    opening = f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:multiLevelType w:val="multilevel"/>'
    abstract = parse_xml(f"{opening}{levels}</w:abstractNum>")
    part.insert(0, abstract)
    part.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    return 77
