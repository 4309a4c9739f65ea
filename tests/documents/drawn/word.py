"""Drawn rules as DOCX: python-docx, and raw WordprocessingML for what it does not write."""

from io import BytesIO

import docx as python_docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt

from tests.documents.drawn import words
from tests.documents.drawn.layout import Laid
from tests.documents.drawn.values import Block, Extra, Rule
from tests.documents.drawn.word_xml import (
    W,
    add_footnotes,
    bookmark,
    deleted,
    entry,
    field_runs,
    inserted,
    new_numbering,
    page_of,
    text_box,
    watermark,
)

COMMENT = "校对：此处请再核实"
DELETED = "（原定3个月的规定不再适用）"
HIDDEN = "内部编号00712"
PLACEHOLDER = "单击或点击此处输入日期。"


def make_docx(rule: Rule) -> tuple[bytes, Laid]:
    """Return the file and what was put round the text (`pages` is empty: Word makes them)."""
    writer = _Writer(rule)
    for block in rule.blocks:
        writer.block(block)
    return writer.saved(), writer.laid


class _Writer:
    def __init__(self, rule: Rule) -> None:
        self.rule, self.look, self.laid = rule, rule.look, Laid([])
        self.docx = python_docx.Document()
        normal = self.docx.styles["Normal"]
        normal.font.name, normal.font.size = "Noto Serif CJK SC", Pt(rule.look.size)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Noto Serif CJK SC")
        self.footnotes: list[str] = []
        self.numbered = new_numbering(self.docx) if rule.look.numbered_by_word else 0
        self.headings = 0
        self.on_cover, self.waiting = True, [name for name in _EXTRAS if name in rule.look.extras]
        self._running()

    def saved(self) -> bytes:
        if self.footnotes:
            add_footnotes(self.docx, self.footnotes)
        buffer = BytesIO()
        self.docx.save(buffer)
        return buffer.getvalue()

    def block(self, block: Block) -> None:
        if self.on_cover and block.path:
            self.on_cover = False
            self._contents()
            self.docx.add_page_break()
        printer = getattr(self, f"_{block.kind}", self._centred if self.on_cover else self._plain)
        printer(block)

    def _running(self) -> None:
        section, look = self.docx.sections[0], self.look
        texts = {"alike": words.ALIKE, "annexes": "第 {n} 版面：共 {of} 面"}
        head = (
            texts.get(look.running, look.running).replace("{title}", self.rule.title).replace("{code}", self.rule.code)
        )
        for place, text in ((section.header, head), (section.footer, look.foot)):
            if text:
                field_runs(place.paragraphs[0], text)
                self.laid.furniture.append(text.replace("{n}", "").replace("{of}", ""))
        if look.watermark:
            section.header.paragraphs[0]._p.append(watermark(look.watermark))
            self.laid.extras.append(Extra("watermark", look.watermark))

    def _contents(self) -> None:
        headings = [f"{block.path} {block.texts[0]}" for block in self.rule.blocks if block.path and block.texts[0]]
        if not self.look.contents or len(headings) < 3:
            return
        self.docx.add_page_break()
        self.docx.add_paragraph("目　录").alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.laid.contents.append("目　录")
        for at, heading in enumerate(headings):
            leader = "\t" if self.look.contents == " " else self.look.contents * 30
            self.docx.add_paragraph(f"{heading}{leader}")._p.append(page_of(at))
            self.laid.contents.append(f"{heading}{leader.strip()}")

    def _centred(self, block: Block) -> None:
        for text in block.texts:
            paragraph = self.docx.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = paragraph.add_run(text)
            run.bold, run.font.size = True, Pt(20 if block.kind in ("title", "spaced") else 13)

    def _plain(self, block: Block) -> None:
        for text in block.texts:
            self._add(text)

    def _add(self, text: str, bold: bool = False):  # type: ignore[no-untyped-def]
        paragraph = self.docx.add_paragraph()
        paragraph.add_run(text).bold = bold
        if self.waiting and not bold and not self.on_cover:
            getattr(self, f"_with_{self.waiting.pop(0)}")(paragraph)
        return paragraph

    def _clause(self, block: Block) -> None:
        heading, *body = block.texts
        first = heading or body.pop(0)
        by_word = bool(self.numbered) and block.path[0] != "第"
        parted = "　" if block.path[0] == "第" else " "
        paragraph = self._add(first if by_word else f"{block.path}{parted}{first}", bold=bool(heading))
        if by_word:
            number = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            number.get_or_add_ilvl().val, number.get_or_add_numId().val = block.level - 1, self.numbered
        self._marked(paragraph, heading)
        for text in body:
            self._add(text).paragraph_format.first_line_indent = Pt(2 * self.look.size)

    def _marked(self, paragraph, heading: str) -> None:  # type: ignore[no-untyped-def]
        """A bookmark at a heading, for the page number that the contents show."""
        if heading:
            bookmark(paragraph, self.headings)
            self.headings += 1

    def _annex(self, block: Block) -> None:
        self.docx.add_page_break()
        self._marked(self._add(f"{block.path} {block.texts[0]}", bold=True), block.texts[0])
        for text in block.texts[1:]:
            self._add(text)

    def _fees(self, block: Block) -> None:
        by_tab = self.look.leader == "."
        for name, amount in block.rows:
            paragraph = self._add(f"{name}\t{amount}" if by_tab else f"{name}{self.look.leader * 20}{amount}")
            if by_tab:
                stop = paragraph.paragraph_format.tab_stops.add_tab_stop(Pt(360))
                stop._tab.set(qn("w:leader"), "dot")

    def _field(self, block: Block) -> None:
        before, value, after = block.texts
        paragraph = self.docx.add_paragraph(before)
        paragraph._p.append(entry(value))
        paragraph.add_run(after)

    def _box(self, block: Block) -> None:
        self.docx.add_paragraph()._p.append(text_box(block.texts[0]))

    def _footnote(self, block: Block) -> None:
        said, note = block.texts
        self.footnotes.append(note)
        paragraph = self.docx.add_paragraph(said)
        paragraph._p.append(
            parse_xml(f'<w:r {W}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
                      f'<w:footnoteReference w:id="{len(self.footnotes) + 1}"/></w:r>')
        )  # fmt: skip

    def _table(self, block: Block) -> None:
        rows = block.rows
        table = self.docx.add_table(len(rows), block.columns)
        table.style = "Table Grid"
        for number, row in enumerate(rows):
            for cell, text in zip(table.rows[number].cells, row, strict=True):
                cell.text = text
        for row, column, down, across in block.spans:
            self._merge(table, row, column, down, across)
        if self.look.repeat_table_heads:
            head = OxmlElement("w:tblHeader")
            table.rows[0]._tr.get_or_add_trPr().append(head)

    def _merge(self, table, row: int, column: int, down: int, across: int) -> None:  # type: ignore[no-untyped-def]
        text = table.cell(row, column).text
        merged = table.cell(row, column).merge(table.cell(row + down - 1, column + across - 1))
        for extra in merged.paragraphs[1:]:
            extra._p.getparent().remove(extra._p)
        merged.paragraphs[0].text = text

    def _with_comment(self, paragraph) -> None:  # type: ignore[no-untyped-def]
        self.docx.add_comment(paragraph.runs, COMMENT, author="校对", initials="J")
        self.laid.extras.append(Extra("comment", COMMENT))

    def _with_deleted(self, paragraph) -> None:  # type: ignore[no-untyped-def]
        paragraph._p.append(deleted(DELETED))
        self.laid.extras.append(Extra("deleted", DELETED))

    def _with_hidden(self, paragraph) -> None:  # type: ignore[no-untyped-def]
        paragraph.add_run(HIDDEN).font.hidden = True
        self.laid.extras.append(Extra("hidden", HIDDEN))

    def _with_placeholder(self, paragraph) -> None:  # type: ignore[no-untyped-def]
        paragraph._p.append(entry(PLACEHOLDER, placeholder=True))
        self.laid.extras.append(Extra("placeholder", PLACEHOLDER))

    def _with_inserted(self, paragraph) -> None:  # type: ignore[no-untyped-def]
        """A part of the sentence that stands there as an insertion not yet accepted."""
        text = paragraph.runs[0].text
        paragraph.runs[0].text = text[:-6]
        paragraph._p.append(inserted(text[-6:]))


_EXTRAS = ("comment", "deleted", "hidden", "placeholder", "inserted")
