"""Make the documents of the golden tests from their known texts: `python -m tests.documents.make`.

DOCX by python-docx in several styles, DOC and PDF from it by LibreOffice, two-column PDF by reportlab.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import docx as python_docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from tests.documents.known import KnownPart, read_known

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Look:
    """How a document is set: numbers typed or made by Word, contents, running heads, fonts, edges."""

    auto_numbers: bool = False
    contents: bool = True
    running: bool = True
    indent: bool = True
    font: str = "Noto Serif CJK SC"
    size: float = 12
    margin_cm: float = 2.8
    spacing: float = 1.25
    heading_styles: bool = True
    split_annex: bool = False


LOOKS = {
    "bare": Look(contents=False, running=False, heading_styles=False, size=16),
    "typed": Look(),
    "auto": Look(auto_numbers=True, font="Noto Sans CJK SC", size=10.5, margin_cm=2.2, spacing=1.0),
    "plain": Look(
        contents=False, running=False, indent=False, heading_styles=False, size=14, margin_cm=3.2, split_annex=True
    ),
}


def make_docx(parts: list[KnownPart], look: Look, path: Path) -> None:
    """Write a known text as DOCX."""
    _Writer(look).write(parts, path)


def convert(source: Path, ending: str, folder: Path) -> Path:
    """Return the file that LibreOffice makes of another."""
    program = shutil.which("soffice")
    assert program, "LibreOffice is needed to make these documents"
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program,
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            ending,
            "--outdir",
            str(folder),
            str(source),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / f"{source.stem}.{ending.split(':')[0]}"


class _Writer:
    def __init__(self, look: Look) -> None:
        self.look = look
        self.docx = python_docx.Document()
        section = self.docx.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(look.margin_cm)
        style = self.docx.styles["Normal"]
        style.font.name, style.font.size = look.font, Pt(look.size)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), look.font)
        style.paragraph_format.line_spacing = look.spacing
        style.paragraph_format.space_after = Pt(0)
        if look.running:
            self._running()
        self._numbering = _numbering(self.docx) if look.auto_numbers else {}
        self._restarts: dict[str, int] = {}
        self._annex: str | None = None

    def write(self, parts: list[KnownPart], path: Path) -> None:
        has_contents = False
        for part in parts:
            if part.role == "cover":
                self._cover(part)
                continue
            if self.look.contents and not has_contents and part.path is not None:
                self._contents(
                    [
                        other
                        for other in parts
                        if other.path is not None and other.heading and not other.path.startswith("表")
                    ]
                )
                has_contents = True
            self._part(part)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.docx.save(path)

    def _running(self) -> None:
        section = self.docx.sections[0]
        section.header.paragraphs[0].text = "CCAP 自愿性产品认证实施规则"
        section.header.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for text, field in (("第 ", "PAGE"), (" 页 共 ", "NUMPAGES"), (" 页", None)):
            foot.add_run(text)
            if field:
                _field(foot, field)

    def _cover(self, part: KnownPart) -> None:
        for line in part.lines:
            paragraph = self.docx.add_paragraph(line)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            paragraph.paragraph_format.space_before = Pt(36)
            for run in paragraph.runs:
                run.font.size, run.bold = Pt(22 if "规则" in line or "总成" in line else 14), True
        self.docx.add_page_break()

    def _contents(self, parts: list[KnownPart]) -> None:
        title = self.docx.add_paragraph("目　录")
        title.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for page, part in enumerate(parts, start=3):
            self.docx.add_paragraph(f"{part.path} {part.heading}" + "." * 40 + f" {page // 3}")
        self.docx.add_page_break()

    def _part(self, part: KnownPart) -> None:
        if part.path is None:
            if part.heading:
                heading = self.docx.add_paragraph(part.heading)
                heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
        elif part.path.startswith("表"):
            caption = self.docx.add_paragraph(f"{part.path} {part.heading}")
            caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
            for table in part.tables:
                self._table(table)
            for line in part.lines:
                self._paragraph(line)
            return
        else:
            self._heading(part)
        lines = list(part.lines)
        if part.path is not None and not part.heading and lines:
            lines.pop(0)
        for line in lines:
            self._paragraph(line)
        for table in part.tables:
            self._table(table)

    def _heading(self, part: KnownPart) -> None:
        text = part.heading or part.lines[0]
        if part.role == "annex":
            self.docx.add_page_break()
            self._annex = part.path
            if self.look.split_annex:
                self.docx.add_paragraph(part.path)
                title = self.docx.add_paragraph(part.heading)
                title.alignment = WD_ALIGN_PARAGRAPH.CENTER
                return
            self._styled(f"{part.path} {text}", 1, part.heading != "")
            return
        if self.look.auto_numbers:
            paragraph = self._styled(text, part.level, part.heading != "")
            self._number(paragraph, part.path.count("."))
        else:
            self._styled(_numbered(part.path, text), part.level, part.heading != "")

    def _styled(self, text: str, level: int, is_heading: bool):
        if is_heading and self.look.heading_styles:
            paragraph = self.docx.add_heading(text, min(level, 4))
            for run in paragraph.runs:
                run.font.name = self.look.font
                run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), self.look.font)
                run.font.size = Pt(self.look.size + 2 if level == 1 else self.look.size)
            return paragraph
        paragraph = self.docx.add_paragraph()
        paragraph.add_run(text).bold = is_heading
        return paragraph

    def _number(self, paragraph, level: int) -> None:
        key = self._annex or ""
        if key not in self._numbering:
            self._numbering[key] = _new_list(self.docx)
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = self._numbering[key]

    def _paragraph(self, text: str) -> None:
        paragraph = self.docx.add_paragraph(text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if self.look.indent:
            paragraph.paragraph_format.first_line_indent = Pt(2 * self.look.size)

    def _table(self, rows: list[list[str]]) -> None:
        table = self.docx.add_table(len(rows), max(len(row) for row in rows))
        table.style = "Table Grid"
        for cells, row in zip(table.rows, rows, strict=True):
            for cell, text in zip(cells.cells, row, strict=True):
                cell.text = text


def _numbered(path: str, text: str) -> str:
    """A heading with its number as people type it: 一、…, （一）…, 3.2 …"""
    if path[0] in "一二三四五六七八九十":
        return f"{path}、{text}"
    return f"{path}{text}" if path[-1] in "）)" else f"{path} {text}"


def _field(paragraph, name: str) -> None:
    for kind in ("begin", None, "end"):
        run = paragraph.add_run()._r
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = f" {name} "
        run.append(mark)


def _numbering(docx) -> dict[str, int]:
    """The multi-level list of the rule itself; each annex gets one of its own."""
    return {"": _new_list(docx)}


def _new_list(docx) -> int:
    """A multi-level list 1, 1.1, 1.1.1 made by Word."""
    root = docx.part.numbering_part.element
    identity = 90 + len(root.findall(qn("w:abstractNum")))
    definition = OxmlElement("w:abstractNum")
    definition.set(qn("w:abstractNumId"), str(identity))
    for level in range(4):
        item = OxmlElement("w:lvl")
        item.set(qn("w:ilvl"), str(level))
        for name, value in (
            ("w:start", "1"),
            ("w:numFmt", "decimal"),
            ("w:suff", "space"),
            ("w:lvlText", ".".join(f"%{n + 1}" for n in range(level + 1))),
        ):
            child = OxmlElement(name)
            child.set(qn("w:val"), value)
            item.append(child)
        definition.append(item)
    root.insert(0, definition)
    return _number_element(docx, identity)


def _number_element(docx, abstract: int) -> int:
    root = docx.part.numbering_part.element
    number = max((int(item.get(qn("w:numId"))) for item in root.findall(qn("w:num"))), default=0) + 1
    item = OxmlElement("w:num")
    item.set(qn("w:numId"), str(number))
    link = OxmlElement("w:abstractNumId")
    link.set(qn("w:val"), str(abstract))
    item.append(link)
    root.append(item)
    return number


SETS = {"rule": ("typed", "auto", "plain"), "notice": ("bare", "plain"), "standard": ("typed", "plain")}
"""Which looks each known text is made in."""


def make_all() -> Iterator[Path]:
    """Make every document; yield each."""
    for folder, looks in SETS.items():
        for name in looks:
            path = HERE / folder / f"{name}.docx"
            make_docx(read_known(HERE / folder / "known.md"), LOOKS[name], path)
            yield path
            for ending in ("pdf", "doc:MS Word 97"):
                yield convert(path, ending, path.parent)


if __name__ == "__main__":
    for made in make_all():
        sys.stdout.write(f"{made}\n")
