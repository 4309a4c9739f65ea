"""DOCX: paragraphs and tables as they are printed, automatic numbers included.

What Word would print counts: inserted text is read, a text box is read once, a merged cell stands once, a picture of
a page is read by OCR. Deleted and hidden text, comments, prompts of forms, tables of contents and running heads are set
aside by name.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from lxml import etree

from monitor.documents.document import Doubt, SetAside
from monitor.documents.errors import Damaged, LimitExceeded
from monitor.documents.pdf.text_layer import Ocr
from monitor.documents.structure.lines import Block, Grid, Held, Line, Page, RawText, said_by
from monitor.documents.word.numbering import Numbers
from monitor.documents.word.pictures import LITTLE_TEXT, Placed, pages_of, placed_in
from monitor.documents.word.wordml import (
    MC,
    PLAIN,
    VML,
    Element,
    Look,
    M,
    W,
    WordFile,
    paragraph_look,
    run_look,
    switched,
    text_in,
    value,
    whole_number,
)

MOST_BLOCKS = 200_000
MOST_COLUMNS = 2_000
_INSIDE = frozenset(
    W + name for name in ("ins", "moveTo", "hyperlink", "smartTag", "customXml", "dir", "bdo", "sdtContent")
)
_SIGNS = {W + "tab": "\t", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-", W + "ptab": "\t"}
_SYMBOLS: tuple[tuple[str, dict[int, str]], ...] = (
    ("wingdings 2", {0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□", 0x30: "□"}),
    ("wingdings", {0xFE: "☑", 0xA8: "□", 0x6F: "□", 0x71: "□", 0xFC: "✓", 0xFB: "×", 0xFD: "☒", 0x6C: "●", 0x6E: "■"}),
    ("symbol", {0xB7: "•", 0xB1: "±", 0xB3: "≥", 0xA3: "≤", 0xB0: "°", 0xB4: "×", 0x6D: "μ", 0x57: "Ω", 0xB9: "≠"}),
)
_CONTENTS = ("contents", "the file says that it is the table of contents")
_DELETED = ("deleted revision", "it was deleted with tracked changes")
_HIDDEN = ("hidden text", "the file says that it is not shown")
_CODE = ("field code", "it is the instruction of a field, not its result")
_PROMPT = ("placeholder", "it asks for a text that nobody has filled in")
_READING = ("reading aid", "it is printed above the text to say how that is read")
_MERGED = ("merged cell", "another cell covers it")
_CONTENTS_STYLE = re.compile(r"^(?:toc|目录|目次|table of figures)\s*\d*$|^toc heading$|^toc 标题")
_HEADING_STYLE = re.compile(r"^(?:heading|标题)\s*([1-9])$")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_WIDE = re.compile(r"[\u2e80-\u9fff\uff00-\uffef]")


def read_docx(data: bytes, kind: str = "docx", ocr: Ocr | None = None) -> RawText:
    """Return the paragraphs and tables of a DOCX file; `kind` is what it was before it was converted.

    Pictures of text are read by `ocr` where they stand.

    Raises:
        Damaged: it is cut off, broken, or has no text.
        Encrypted: a part needs a password.
        LimitExceeded: it is larger or deeper than any rule.
    """
    file = WordFile(data)
    body = file.document.find(W + "body")
    if body is None:
        raise Damaged("the document has no body")
    walk = _Walk(file, Numbers(file.lists.lists), _fields_balance(body))
    try:
        blocks = walk.whole(body)
    except RecursionError:
        raise LimitExceeded("tables or text boxes are nested deeper than in any document") from None
    pages, doubts = pages_of(blocks, walk.pictures, file, ocr, walk.characters)
    if not pages:
        raise Damaged(_why_empty(file))
    beside = [SetAside(*_BESIDE[part], text) for part, text in file.beside if part in _BESIDE]
    held = (*_held(file, body, pages), *(Held(item.where, item.text) for item in beside))
    all_doubts = (*_doubts(file, walk), *doubts)
    return RawText(kind, pages, all_doubts, walk.title, (*walk.set_aside, *beside), held, "".join(walk.made))


_BESIDE = {
    "header": ("running head", "head of pages", "it is printed on every page"),
    "footer": ("running foot", "foot of pages", "it is printed on every page"),
    "comments": ("comment", "margin", "somebody's remark on the text"),
}
"""Parts of a package that are set aside whole: what they hold, where it stands, and why."""


def _held(file: WordFile, body: Element, pages: Sequence[Page]) -> Iterator[Held]:
    """What the XML holds, its notes and drawings too; and what OCR read on its pictures."""
    yield Held("text", text_in(body))
    for kind in ("footnote", "endnote"):
        for note in file.notes(kind).values():
            yield Held(f"{kind}s", text_in(note))
    yield from (Held(part, text) for part, text in file.beside if part not in _BESIDE)
    yield from (Held(f"page {page.number}", "\n".join(map(said_by, page.blocks))) for page in pages if page.ocr)


def _why_empty(file: WordFile) -> str:
    only = ", only pictures, on which nothing can be read" if _pictures(file) else ""
    return f"the document has no text{only}"


def _pictures(file: WordFile) -> int:
    return sum("/media/" in name for name in file.names)


def _doubts(file: WordFile, walk: "_Walk") -> tuple[Doubt, ...]:
    found = []
    if walk.has_tracked:
        found.append(Doubt("tracked changes", "the file has tracked changes; insertions are read, deletions are not"))
    if any(name.lower().endswith("vbaproject.bin") for name in file.names):
        found.append(Doubt("macros", "the file has macros; they were not run"))
    if embedded := [name for name in file.names if "/embeddings/" in name]:
        found.append(Doubt("embedded files", f"{len(embedded)} embedded files were not read"))
    if walk.has_imported:
        found.append(Doubt("imported text", "the file imports text from another part, which was not read"))
    pictures = _pictures(file)
    if pictures and walk.characters < LITTLE_TEXT and not walk.pictures:
        found.append(Doubt("pictures", f"there is little text and {pictures} pictures, which were not read"))
    return tuple(found)


def _fields_balance(body: Element) -> bool:
    """Whether every field that begins also ends; only then can a table of contents be cut out by its field."""
    kinds = [mark.get(W + "fldCharType") for mark in body.iter(W + "fldChar")]
    return kinds.count("begin") == kinds.count("end")


@dataclass(slots=True)
class _Field:
    """A field that is open: its instruction so far, and whether its result has begun."""

    instruction: str = ""
    in_result: bool = False

    @property
    def is_contents(self) -> bool:
        return self.in_result and self.instruction.lstrip().upper().startswith("TOC")

    @property
    def hides(self) -> bool:
        return not self.in_result or self.is_contents


@dataclass(slots=True)
class _Gathered:
    """What the runs of one paragraph say."""

    text: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, Element]] = field(default_factory=list)
    looks: list[tuple[int, Look]] = field(default_factory=list)


class _Walk:
    """One walk through a document, in its order."""

    def __init__(self, file: WordFile, numbers: Numbers, fields_balance: bool) -> None:
        self._styles, self._lists, self._numbers = file.styles, file.lists, numbers
        self._notes = {kind: file.notes(kind) for kind in ("footnote", "endnote")}
        self._fields: list[_Field] = []
        self._fields_balance = fields_balance
        self._carried = ""
        self._noted = 0
        self._blocks = self._in_cell = 0
        self.characters = 0
        self._taken = 0
        self.pictures: list[Placed] = []
        self.set_aside: list[SetAside] = []
        self.made: list[str] = []
        self.title: str | None = None
        self.has_tracked = self.has_imported = False

    def whole(self, body: Element) -> tuple[Block, ...]:
        """Return the blocks of the document; its pictures know after how many of them they stand."""
        blocks = []
        for block in self.blocks(body):
            blocks.append(block)
            self._taken = len(blocks)
        return tuple(blocks)

    def blocks(self, container: Element) -> Iterator[Block]:
        """Yield the paragraphs and tables of a body, a cell, a text box or a note."""
        for child in _children(container):
            if child.tag == W + "p":
                for block in self._paragraph(child):
                    yield self._counted(block)
            elif child.tag == W + "tbl":
                for block in self._table(child):
                    yield self._counted(block)
            elif child.tag in (W + "sdt", W + "sdtContent", W + "customXml", W + "ins", W + "moveTo"):
                if not self._is_left_out(child):
                    yield from self.blocks(child)
            elif child.tag in (W + "del", W + "moveFrom"):
                self._leave_out(_DELETED, child)
            elif child.tag == W + "altChunk":
                self.has_imported = True

    def _is_left_out(self, control: Element) -> bool:
        """Whether a content control holds a table of contents, or only asks for a text that nobody gave."""
        properties = control.find(W + "sdtPr")
        if _is_contents(control):
            self._leave_out(_CONTENTS, control)
        elif properties is not None and switched(properties, "showingPlcHdr"):
            self._leave_out(_PROMPT, control)
        else:
            return False
        return True

    def _leave_out(self, reason: tuple[str, str], element: Element | str) -> None:
        text = element if isinstance(element, str) else text_in(element)
        if text.strip():
            self.set_aside.append(SetAside(reason[0], f"paragraph {self._blocks + 1}", reason[1], text))

    def _counted(self, block: Block) -> Block:
        self._blocks += 1
        if self._blocks > MOST_BLOCKS:
            raise LimitExceeded(f"the document has more than {MOST_BLOCKS} paragraphs")
        if isinstance(block, Line):
            self.characters += len(block.text)
        return block

    # --- paragraphs ---

    def _paragraph(self, element: Element) -> Iterator[Block]:
        properties = element.find(W + "pPr")
        style_id = value(properties, "pStyle")
        own = paragraph_look(properties)
        look = own.over(self._styles.look(style_id))
        gathered = _Gathered()
        self._gather(element, look, gathered)
        text = self._carried + "".join(gathered.text)
        self._carried = ""
        if self._is_mark_deleted(properties):
            self._carried = text
            return
        if any(_CONTENTS_STYLE.match(name) for name in self._styles.names(style_id)[:2]):
            self._leave_out(_CONTENTS, text)
            return
        number = self._number(own, style_id)
        yield from self._lines(text, number, look, gathered, style_id)
        for box in gathered.boxes:
            yield from self.blocks(box)
        for mark, note in gathered.notes:
            said = " ".join(block.text for block in self.blocks(note) if isinstance(block, Line))
            if said:
                self.made.append(f"[{mark}]")
                yield Line(f"[{mark}] {said}", whole=True)

    def _is_mark_deleted(self, properties: Element | None) -> bool:
        marks = properties.find(W + "rPr") if properties is not None else None
        if marks is None or (marks.find(W + "del") is None and marks.find(W + "moveFrom") is None):
            return False
        self.has_tracked = True
        return True

    def _lines(self, text: str, number: str, look: Look, gathered: _Gathered, style_id: str | None) -> Iterator[Line]:
        level = self._heading_level(look, style_id)
        pieces = [piece.strip() for piece in text.split("\n")]
        pieces = [piece for piece in pieces if piece]
        if level is not None and len(pieces) > 1:
            pieces = [_joined(pieces)]
        if not pieces:
            if number and self._in_cell:
                self.made.append(number)
                yield Line(number.strip(), whole=True)
            return
        self.made.append(number)
        if self._styles.name(style_id) in ("title", "标题") and self.title is None:
            self.title = _joined(pieces)
        size, bold = _size_and_weight(gathered.looks, look)
        for position, piece in enumerate(pieces):
            yield Line(
                (number if position == 0 else "") + piece,
                whole=True,
                left=look.indent or 0.0,
                size=size,
                bold=bold,
                centred=bool(look.centred),
                heading_level=level,
            )

    def _heading_level(self, look: Look, style_id: str | None) -> int | None:
        if look.outline is not None:
            return look.outline + 1 if 0 <= look.outline <= 8 else None
        for name in self._styles.names(style_id):
            if found := _HEADING_STYLE.match(name):
                return int(found.group(1))
        return None

    def _number(self, own: Look, style_id: str | None) -> str:
        """The automatic number of a paragraph, by its own properties or those of its style."""
        styled = self._styles.look(style_id)
        list_id = own.list_id if own.list_id is not None else styled.list_id
        if list_id is None or list_id == "0":
            return ""
        linked = self._lists.linked.get((list_id, style_id or ""))
        if own.list_level is not None:
            level = own.list_level
        elif own.list_id is None and linked is not None:
            level = linked
        else:
            level = styled.list_level if styled.list_level is not None else linked or 0
        return self._numbers.next(list_id, level)

    # --- runs ---

    def _gather(self, container: Element, look: Look, into: _Gathered) -> None:
        for child in _children(container):
            if child.tag == W + "r":
                self._run(child, look, into)
            elif child.tag in _INSIDE:
                self.has_tracked = self.has_tracked or child.tag in (W + "ins", W + "moveTo")
                self._gather(child, look, into)
            elif child.tag == W + "sdt":
                if not self._is_left_out(child):
                    self._gather(child, look, into)
            elif child.tag in (W + "del", W + "moveFrom"):
                self.has_tracked = True
                self._leave_out(_DELETED, child)
            elif child.tag == W + "fldSimple":
                if child.get(W + "instr", "").strip().upper().startswith("TOC"):
                    self._leave_out(_CONTENTS, child)
                else:
                    self._gather(child, look, into)
            elif child.tag in (M + "oMath", M + "oMathPara"):
                into.text.append("".join(said.text or "" for said in child.iter(M + "t")))

    def _run(self, run: Element, paragraph: Look, into: _Gathered) -> None:
        properties = run.find(W + "rPr")
        style = self._styles.run_style(value(properties, "rStyle")) if properties is not None else PLAIN
        look = run_look(properties).over(style).over(paragraph)
        before = len(into.text)
        for child in _children(run):
            self._piece(child, paragraph, look, into)
        said = "".join(into.text[before:])
        if look.capitals:
            into.text[before:] = [said.upper()]
        if said.strip():
            into.looks.append((len(said.strip()), look))

    def _piece(self, child: Element, paragraph: Look, look: Look, into: _Gathered) -> None:
        if child.tag == W + "fldChar":
            self._field_mark(child)
        elif child.tag == W + "instrText":
            if self._fields and not self._fields[-1].in_result:
                self._fields[-1].instruction += child.text or ""
        elif any(open_field.hides for open_field in self._fields) or look.hidden:
            shows_contents = any(open_field.is_contents for open_field in self._fields)
            self._leave_out(_CONTENTS if shows_contents else _HIDDEN if look.hidden else _CODE, child)
        elif child.tag == W + "t":
            into.text.append(_INVISIBLE.sub("", child.text or ""))
        elif child.tag == W + "delText":
            self._leave_out(_DELETED, child)
        elif child.tag in _SIGNS:
            self.made.append(_SIGNS[child.tag])
            into.text.append(_SIGNS[child.tag])
        elif child.tag == W + "sym":
            self.made.append(_symbol(child))
            into.text.append(_symbol(child))
        elif child.tag in (W + "footnoteReference", W + "endnoteReference"):
            self._note(child, into)
        elif child.tag == W + "ruby":
            if (base := child.find(W + "rubyBase")) is not None:
                self._gather(base, paragraph, into)
            if (reading := child.find(W + "rt")) is not None:
                self._leave_out(_READING, reading)
        elif child.tag in (W + "drawing", W + "pict", W + "object"):
            into.boxes.extend(_boxes(child))
            into.text += [shape.get("string", "") for shape in child.iter(VML + "textpath")]
            self.pictures.extend(placed_in(child, self._taken))

    def _field_mark(self, mark: Element) -> None:
        kind = mark.get(W + "fldCharType")
        if not self._fields_balance:
            return
        if kind == "begin":
            self._fields.append(_Field())
        elif kind == "separate" and self._fields:
            self._fields[-1].in_result = True
        elif kind == "end" and self._fields:
            self._fields.pop()

    def _note(self, reference: Element, into: _Gathered) -> None:
        kind = reference.tag.removeprefix(W).removesuffix("Reference")
        note = self._notes[kind].get(reference.get(W + "id", ""))
        if note is None:
            return
        self._noted += 1
        into.text.append(f"[{self._noted}]")
        self.made.append(f"[{self._noted}]")
        into.notes.append((str(self._noted), note))

    # --- tables ---

    def _table(self, table: Element) -> Iterator[Block]:
        rows = []
        for row in _rows(table):
            if _is_row_deleted(row):
                self._leave_out(_DELETED, row)
            else:
                rows.append(row)
        cells = [list(self._cells(row)) for row in rows]
        if len(cells) == 1 and len(cells[0]) == 1:
            yield from self.blocks(cells[0][0])
            return
        printed = [self._row(row, own) for row, own in zip(rows, cells, strict=True)]
        width = max((len(row) for row in printed), default=0)
        filled = tuple(tuple(row + [""] * (width - len(row))) for row in printed)
        if any(cell for row in filled for cell in row):
            yield Grid(filled)

    def _row(self, row: Element, cells: list[Element]) -> list[str]:
        printed = [""] * min(whole_number(value(row.find(W + "trPr"), "gridBefore")) or 0, MOST_COLUMNS)
        for cell in cells:
            properties = cell.find(W + "tcPr")
            text = self._cell(cell)
            span = max(1, min(whole_number(value(properties, "gridSpan")) or 1, MOST_COLUMNS))
            printed.append("" if _continues(properties) else text)
            if _continues(properties):
                self._leave_out(_MERGED, text)
            printed.extend([""] * (span - 1))
            if len(printed) > MOST_COLUMNS:
                raise LimitExceeded(f"a table has more than {MOST_COLUMNS} columns")
        return printed

    def _cells(self, row: Element) -> Iterator[Element]:
        for child in _children(row):
            if child.tag == W + "tc":
                properties = child.find(W + "tcPr")
                if properties is None or properties.find(W + "cellDel") is None:
                    yield child
                else:
                    self._leave_out(_DELETED, child)
            elif child.tag in _WRAPPERS:
                yield from self._cells(child)

    def _cell(self, cell: Element) -> str:
        self._in_cell += 1
        said = [_plain(block) for block in self.blocks(cell)]
        self._in_cell -= 1
        return "\n".join(text for text in said if text)


def _children(element: Element) -> Iterator[Element]:
    """The children that Word shows: of alternatives only one, wrappers for content controls opened."""
    for child in element:
        if isinstance(child, etree._Comment | etree._ProcessingInstruction | etree._Entity):
            continue
        if child.tag == MC + "AlternateContent":
            chosen = child.find(MC + "Choice")
            chosen = chosen if chosen is not None and len(chosen) else child.find(MC + "Fallback")
            if chosen is not None:
                yield from _children(chosen)
        else:
            yield child


def _boxes(element: Element) -> Iterator[Element]:
    """The text boxes in a drawing, each once; a box inside a box comes with the outer one."""
    for child in _children(element):
        if child.tag == W + "txbxContent":
            yield child
        else:
            yield from _boxes(child)


def _is_contents(control: Element) -> bool:
    return any("contents" in (item.get(W + "val") or "").lower() for item in control.findall(_GALLERY))


_GALLERY = f"{W}sdtPr/{W}docPartObj/{W}docPartGallery"


def _rows(table: Element) -> Iterator[Element]:
    for child in _children(table):
        if child.tag == W + "tr":
            yield child
        elif child.tag in _WRAPPERS:
            yield from _rows(child)


_WRAPPERS = frozenset(W + name for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))


def _is_row_deleted(row: Element) -> bool:
    properties = row.find(W + "trPr")
    return properties is not None and properties.find(W + "del") is not None


def _continues(properties: Element | None) -> bool:
    """Whether a cell continues a merged one above it or before it."""
    if properties is None:
        return False
    merges = (properties.find(W + name) for name in ("vMerge", "hMerge"))
    return any(merge is not None and merge.get(W + "val", "continue") == "continue" for merge in merges)


def _plain(block: Block) -> str:
    if isinstance(block, Line):
        return block.text
    return "\n".join(" ".join(cell for cell in row if cell) for row in block.rows)


def _joined(pieces: list[str]) -> str:
    """The lines of one heading as one: without a space between Chinese characters."""
    text = pieces[0]
    for piece in pieces[1:]:
        text += ("" if _WIDE.match(text[-1]) or _WIDE.match(piece[0]) else " ") + piece
    return text


def _size_and_weight(looks: list[tuple[int, Look]], paragraph: Look) -> tuple[float, bool]:
    """The size of most of a paragraph's text in points (10 where nothing says), and whether all of it is bold."""
    if not looks:
        return paragraph.size or 10.0, bool(paragraph.bold)
    characters: dict[float, int] = {}
    for count, look in looks:
        characters[look.size or 10.0] = characters.get(look.size or 10.0, 0) + count
    return max(characters, key=characters.__getitem__), all(look.bold for _, look in looks)


def _symbol(symbol: Element) -> str:
    try:
        code = int(symbol.get(W + "char", ""), 16)
    except ValueError:
        return ""
    font = symbol.get(W + "font", "").lower()
    signs = next((signs for name, signs in _SYMBOLS if font.startswith(name)), {})
    return signs.get(code & 0xFF) or (chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE else "")
