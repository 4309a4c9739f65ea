"""OFD files (GB/T 33190-2016) written by hand: known texts set on pages, their tables ruled."""

from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from tests.documents.known import KnownPart

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
WIDTH, HEIGHT, MARGIN, SIZE, STEP = 210.0, 297.0, 25.0, 4.2, 7.0
EMS = int((WIDTH - 2 * MARGIN) / SIZE)


class OfdWriter:
    """Sets text line by line; `package` returns the file."""

    def __init__(self, header: str = "") -> None:
        self.header = header
        self.pages: list[list[str]] = [[]]
        self.y = MARGIN

    def line(self, text: str, left: float = MARGIN, size: float = SIZE) -> None:
        """One line of text at a place of its own."""
        if self.y > HEIGHT - MARGIN:
            self.new_page()
        self.pages[-1].append(text_object(text, left, self.y, size))
        self.y += STEP

    def paragraph(self, text: str) -> None:
        """A text over as many lines as it needs, the first indented."""
        first, rest = taken(text, EMS - 2)
        self.line(first, MARGIN + 2 * SIZE)
        while rest:
            piece, rest = taken(rest, EMS)
            self.line(piece)

    def centred(self, text: str, size: float = SIZE, apart: float = 4) -> None:
        """A line in the middle, with room above and below (in millimetres)."""
        self.y += apart
        self.line(text, (WIDTH - ems(text) * size) / 2, size)
        self.y += apart

    def table(self, rows: list[list[str]]) -> None:
        """A ruled table whose cells wrap; it begins on a page with room for it."""
        columns = list(zip(*rows, strict=True))
        share = [max(4.0, min(24.0, max(ems(cell) for cell in column))) for column in columns]
        lefts = [MARGIN]
        for part in share:
            lefts.append(lefts[-1] + part / sum(share) * (WIDTH - 2 * MARGIN))
        size = SIZE * 0.8
        wrapped = [
            [
                wrapped_lines(cell, (right - left - 3) / size)
                for cell, left, right in zip(row, lefts, lefts[1:], strict=False)
            ]
            for row in rows
        ]
        heights = [max(len(cell) for cell in row) * STEP * 0.8 + 1 for row in wrapped]
        if self.y + sum(heights) > HEIGHT - MARGIN:
            self.new_page()
        tops = [self.y]
        for row, height in zip(wrapped, heights, strict=True):
            for cell, left in zip(row, lefts, strict=False):
                for at, text in enumerate(cell):
                    self.pages[-1].append(text_object(text, left + 1.5, tops[-1] + 0.8 + at * STEP * 0.8, size))
            tops.append(tops[-1] + height)
        self.pages[-1] += [path_object(lefts[0], top, lefts[-1], top) for top in tops]
        self.pages[-1] += [path_object(left, tops[0], left, tops[-1]) for left in lefts]
        self.y = tops[-1] + STEP / 2

    def new_page(self) -> None:
        """Go on on the next page."""
        self.pages.append([])
        self.y = MARGIN

    def package(self) -> bytes:
        """Return the OFD file."""
        template = text_object(self.header, MARGIN, 10, SIZE * 0.8) if self.header else ""
        files = {"OFD.xml": ofd_xml(), "Doc_0/Document.xml": document_xml(len(self.pages), bool(template))}
        files["Doc_0/Tpls/Tpl_0/Content.xml"] = page_xml([template], False)
        for at, objects in enumerate(self.pages):
            files[f"Doc_0/Pages/Page_{at}/Content.xml"] = page_xml(objects, bool(template))
        return packed(files)


def make_ofd(parts: list[KnownPart]) -> bytes:
    """Return a known text as an OFD file."""
    writer = OfdWriter("CCAP 自愿性产品认证实施规则")
    for part in parts:
        if part.role == "cover":
            for line in part.lines:
                writer.centred(line, 1.6 * SIZE, 9)
            writer.new_page()
            continue
        _part(writer, part)
    return writer.package()


def _part(writer: OfdWriter, part: KnownPart) -> None:
    lines = list(part.lines)
    if part.path is None:
        if part.heading:
            writer.centred(part.heading)
        elif part.role == "text" and lines and ems(lines[0]) < EMS:
            writer.centred(lines.pop(0), SIZE, 9)
    elif part.role == "annex":
        writer.new_page()
        writer.line(f"{part.path} {part.heading}")
    elif part.heading or lines:
        gap = "、" if part.path[-1] in "一二三四五六七八九十" else " "
        title = f"{part.path}{gap}{part.heading or lines.pop(0)}"
        for line in wrapped_lines(title, EMS):
            writer.line(line)
    is_table = part.path is not None and part.path.startswith("表")
    for table in part.tables if is_table else []:
        writer.table(table)
    for line in lines:
        writer.paragraph(line)
    for table in part.tables if not is_table else []:
        writer.table(table)


def ems(text: str) -> float:
    """Return how wide a text is in ems."""
    return sum(0.5 if sign.isascii() else 1.0 for sign in text)


def taken(text: str, room: float) -> tuple[str, str]:
    """Return what of a text goes on a line, and the rest; no punctuation begins a line, no word is broken."""
    at, used = 0, 0.0
    while at < len(text) and used + ems(text[at]) <= room:
        used += ems(text[at])
        at += 1
    while 0 < at < len(text) and (text[at] in "，。、；：）》”" or (is_latin(text[at]) and is_latin(text[at - 1]))):
        at -= 1
    return text[:at], text[at:]


def wrapped_lines(text: str, room: float) -> list[str]:
    """Return the lines that a text takes in a cell."""
    lines: list[str] = []
    while text:
        line, text = taken(text, room)
        lines.append(line)
    return lines


def is_latin(sign: str) -> bool:
    """Whether a character belongs to a word that is not broken."""
    return sign.isascii() and sign != " "


def text_object(text: str, left: float, top: float, size: float) -> str:
    """Return a TextObject, with runs of equal steps written short."""
    steps = [0.5 * size if sign.isascii() else size for sign in text[:-1]]
    runs: list[tuple[int, float]] = []
    for step in steps:
        if runs and runs[-1][1] == step:
            runs[-1] = (runs[-1][0] + 1, step)
        else:
            runs.append((1, step))
    delta = " ".join(f"g {count} {step:g}" if count > 2 else " ".join([f"{step:g}"] * count) for count, step in runs)
    return (
        f'<ofd:TextObject ID="9" Boundary="{left:g} {top:g} {ems(text) * size + 1:g} {size * 1.2:g}" Font="1" '
        f'Size="{size:g}"><ofd:TextCode X="0" Y="{size:g}" DeltaX="{delta}">{escape(text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def path_object(x0: float, y0: float, x1: float, y1: float) -> str:
    """Return a PathObject that is one straight line."""
    return (
        f'<ofd:PathObject ID="8" Boundary="{x0:g} {y0:g} {x1 - x0 + 0.1:g} {y1 - y0 + 0.1:g}" LineWidth="0.2">'
        f"<ofd:AbbreviatedData>M 0 0 L {x1 - x0:g} {y1 - y0:g}</ofd:AbbreviatedData></ofd:PathObject>"
    )


def ofd_xml() -> str:
    """Return the entry file."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {NAMESPACE} Version="1.1" DocType="OFD"><ofd:DocBody>'
        "<ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>"
    )


def document_xml(pages: int, template: bool = False, resources: str = "") -> str:
    """Return the document's list of pages."""
    listed = "".join(f'<ofd:Page ID="{100 + at}" BaseLoc="Pages/Page_{at}/Content.xml"/>' for at in range(pages))
    used = '<ofd:TemplatePage ID="2" BaseLoc="Tpls/Tpl_0/Content.xml"/>' if template else ""
    return (
        f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 {WIDTH:g} {HEIGHT:g}"
        f"</ofd:PhysicalBox></ofd:PageArea>{resources}{used}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>"
        "</ofd:Document>"
    )


def page_xml(objects: list[str], template: bool = False) -> str:
    """Return the content of a page."""
    used = '<ofd:Template TemplateID="2" ZOrder="Background"/>' if template else ""
    return (
        f'<ofd:Page {NAMESPACE}>{used}<ofd:Content><ofd:Layer ID="3">{"".join(objects)}</ofd:Layer></ofd:Content>'
        "</ofd:Page>"
    )


def packed(files: dict[str, str | bytes]) -> bytes:
    """Return files in a ZIP."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return buffer.getvalue()
