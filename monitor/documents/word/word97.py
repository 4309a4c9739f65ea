"""Word 97–2003 binary files without any other program: paragraphs and tables ([MS-DOC]).

The text is put together from the piece table; paragraph properties say which marks end rows, and with the list tables
which numbers Word makes by itself. Formatting is left out: hidden text and tracked changes are not told apart.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise

import olefile

from monitor.documents.document import Doubt, SetAside
from monitor.documents.errors import Damaged, Encrypted
from monitor.documents.structure.lines import Block, Grid, Held, Line, Page, RawText
from monitor.documents.word.numbering import Numbers
from monitor.documents.word.word97_lists import IN_LIST, LIST_LEVEL, NO_LISTS, LevelOf, Lists97, lists_of, sprms

_FC_CLX, _FC_PAPX, _CCP_TEXT = 0x01A2, 0x0102, 0x004C
_NOTES = ((0x00AA, 0x00B2, "foot"), (0x020A, 0x0212, "end"))
"""Where the file says at which characters notes are referred to, and where the text of each begins."""
_STORIES = ("main", "foot", "head", "macro", "comment", "end", "box", "head box")
"""The texts of a file in their order; the length of each stands at 0x4C and on (FibRgLw97)."""
_BESIDE = {
    "head": ("running head", "head of pages", "it is printed on every page"),
    "head box": ("running head", "head of pages", "it is printed on every page"),
    "comment": ("comment", "margin", "somebody's remark on the text"),
}
_CODE = re.compile("\x13[^\x13\x14\x15]*\x14")
_BARE_CODE = re.compile("\x13[^\x13\x14\x15]*\x15")
_IN_TABLE, _ROW_END, _DEPTH = 0x2416, 0x2417, 0x6649
_SIGNS = {0x1E: "-", 0x1F: "", 0x0B: "\n", 0x0E: "\n", 0xA0: " ", 0x09: "\t"}


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of characters: where it begins in the text, and its bytes' place in the file."""

    start: int
    end: int
    offset: int
    packed: bool


def is_encrypted(data: bytes) -> bool:
    """Return whether a Word file needs a password (FibBase.fEncrypted); False where it is too broken to say."""
    try:
        stream = _streams(data)[0]
    except Damaged:
        return False
    return len(stream) > 12 and bool(struct.unpack_from("<H", stream, 10)[0] & 0x0100)


def read_word97(data: bytes) -> RawText:
    """Return the paragraphs and tables of a Word 97–2003 file.

    Raises:
        Damaged: it is cut off or broken, or has no text.
        Encrypted: it needs a password.
    """
    main, tables = _streams(data)
    try:
        flags = struct.unpack_from("<H", main, 10)[0]
        if flags & 0x0100:
            raise Encrypted("the Word file needs a password")
        table = tables[1 if flags & 0x0200 else 0]
        stories, marks = _stories(main, table), _paragraph_marks(main, table)
    except (struct.error, IndexError, ValueError) as reason:
        raise Damaged(f"the Word file is damaged or cut off ({reason})") from reason
    lists, doubts = _lists(main, table)
    read = _Reading(marks, lists, _notes(main, table, stories))
    blocks = (*read.blocks(stories["main"]), *_boxed(stories["box"]))
    if not blocks:
        raise Damaged("the document has no text")
    set_aside = tuple(SetAside(*_BESIDE[name], _plain(stories[name])) for name in _BESIDE)
    held = tuple(Held(name, _uncoded(signs)) for name, signs in stories.items())
    sure = 1.0 if lists is not NO_LISTS or not read.misses_numbers else 0.5
    page = Page(1, blocks, confidence=sure)
    doubts = (*doubts, *_lost(stories["main"]))
    return RawText("doc", (page,), doubts, set_aside=set_aside, held=held, made="".join(read.made))


def _streams(data: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    try:
        with olefile.OleFileIO(BytesIO(data)) as ole:
            main = ole.openstream("WordDocument").read()
            tables = tuple(ole.openstream(name).read() if ole.exists(name) else b"" for name in ("0Table", "1Table"))
    except Exception as reason:  # foreign parser: olefile raises whatever the damage makes it stumble over
        raise Damaged(f"the Word file is damaged or cut off ({reason})") from reason
    return main, (tables[0], tables[1])


def _pieces(main: bytes, table: bytes) -> Iterator[_Piece]:
    at, size = struct.unpack_from("<II", main, _FC_CLX)
    clx = table[at : at + size]
    place = 0
    while clx[place] == 1:
        place += 3 + int(struct.unpack_from("<H", clx, place + 1)[0])
    if clx[place] != 2:
        raise ValueError("no piece table")
    length = struct.unpack_from("<I", clx, place + 1)[0]
    plc = clx[place + 5 : place + 5 + length]
    count = (len(plc) - 4) // 12
    starts = struct.unpack_from(f"<{count + 1}I", plc)
    for index in range(count):
        code = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * index + 2)[0]
        packed = bool(code & 0x40000000)
        offset = (code & 0x3FFFFFFF) // (2 if packed else 1)
        yield _Piece(starts[index], starts[index + 1], offset, packed)


@dataclass(frozen=True, slots=True)
class _Sign:
    """One character of the main text and its place in the file."""

    code: int
    offset: int


def _stories(main: bytes, table: bytes) -> dict[str, list[_Sign]]:
    """The main text and those beside it: notes, heads, comments, text boxes."""
    lengths = struct.unpack_from(f"<{len(_STORIES)}I", main, _CCP_TEXT)
    signs: list[_Sign] = []
    for piece in _pieces(main, table):
        if len(signs) >= sum(lengths):
            break
        signs.extend(_signs(main, piece))
    stories, at = {}, 0
    for name, length in zip(_STORIES, lengths, strict=True):
        stories[name] = signs[at : at + length]
        at += length
    return stories


def _lists(main: bytes, table: bytes) -> tuple[Lists97, tuple[Doubt, ...]]:
    try:
        return lists_of(main, table), ()
    except (struct.error, IndexError, ValueError):
        return NO_LISTS, (Doubt("numbers", "the list tables of the file are damaged; automatic numbers are missing"),)


def _notes(main: bytes, table: bytes, stories: Mapping[str, list[_Sign]]) -> dict[int, str]:
    """The text of each note by the place of the character that refers to it."""
    found = {}
    for references, texts, name in _NOTES:
        places = _places(main, table, references, 2)
        for place, (begin, end) in zip(places, pairwise(_places(main, table, texts, 0)), strict=False):
            found[place] = _plain(stories[name][begin:end])
    return found


def _places(main: bytes, table: bytes, at: int, data: int) -> tuple[int, ...]:
    """The character positions of a PLC, whose items carry so many bytes of data."""
    offset, size = struct.unpack_from("<II", main, at)
    count = max(0, (size - 4) // (4 + data))
    if not size or offset + size > len(table):
        return ()
    places: tuple[int, ...] = struct.unpack_from(f"<{count + 1}I", table, offset)
    return places[:-1] if data else places


def _plain(signs: list[_Sign]) -> str:
    return _uncoded(signs).strip()


def _uncoded(signs: list[_Sign]) -> str:
    """All characters of a story but the instructions of its fields."""
    text = struct.pack(f"<{len(signs)}H", *(sign.code for sign in signs)).decode("utf-16-le", "replace")
    while (shorter := _BARE_CODE.sub("", _CODE.sub("", text))) != text:
        text = shorter
    return re.sub(r"[\r\x07\x0b-\x0e]", "\n", text).replace("\x1e", "-")


def _boxed(signs: list[_Sign]) -> Iterator[Block]:
    yield from (Line(piece.strip(), whole=True) for piece in _plain(signs).splitlines() if piece.strip())


def _signs(main: bytes, piece: _Piece) -> Iterator[_Sign]:
    width = 1 if piece.packed else 2
    for at in range(piece.offset, min(piece.offset + width * (piece.end - piece.start), len(main) - width + 1), width):
        if piece.packed:
            byte = main[at]
            yield _Sign(ord(bytes((byte,)).decode("cp1252", "replace")) if byte >= 0x80 else byte, at)
        else:
            yield _Sign(struct.unpack_from("<H", main, at)[0], at)


# Which paragraph ends are ends of cells and of rows.


@dataclass(frozen=True, slots=True)
class _Mark:
    in_table: bool = False
    row_end: bool = False
    depth: int = 0
    style: int = 0
    listed: int | None = None
    level: int | None = None


def _paragraph_marks(main: bytes, table: bytes) -> dict[int, _Mark]:
    """What the paragraph properties say, by the place in the file where the paragraph ends."""
    at, size = struct.unpack_from("<II", main, _FC_PAPX)
    plc = table[at : at + size]
    count = (len(plc) - 4) // 8
    found: dict[int, _Mark] = {}
    for index in range(max(count, 0)):
        page = struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * index)[0] & 0x3FFFFF
        found.update(_page_marks(main[page * 512 : page * 512 + 512]))
    return found


def _page_marks(page: bytes) -> Iterator[tuple[int, _Mark]]:
    if len(page) < 512:
        return
    runs = page[511]
    places = struct.unpack_from(f"<{runs + 1}I", page)
    for run in range(runs):
        offset = page[4 * (runs + 1) + 13 * run] * 2
        yield places[run + 1], _mark(*_properties(page, offset)) if offset else _Mark()


def _properties(page: bytes, offset: int) -> tuple[int, bytes]:
    """The style of a paragraph, and what it says itself."""
    size = page[offset]
    begin, end = (offset + 1, offset + 2 * size) if size else (offset + 2, offset + 2 + 2 * page[offset + 1])
    return int.from_bytes(page[begin : begin + 2], "little"), page[begin + 2 : end]


def _mark(style: int, properties: bytes) -> _Mark:
    values = dict(sprms(properties))
    in_table, row_end = bool(values.get(_IN_TABLE)), bool(values.get(_ROW_END))
    return _Mark(in_table, row_end, values.get(_DEPTH, 0), style, values.get(IN_LIST), values.get(LIST_LEVEL))


# Blocks.


class _Reading:
    """One walk through the main text; `made` is what Word would print that the text does not hold."""

    def __init__(self, marks: dict[int, _Mark], lists: Lists97, notes: Mapping[int, str]) -> None:
        self._marks, self._lists, self._notes = marks, lists, notes
        self._numbers = Numbers(lists.lists)
        self._noted = 0
        self.made: list[str] = []
        self.misses_numbers = False

    def blocks(self, signs: list[_Sign]) -> Iterator[Block]:
        """Yield the paragraphs and tables of the main text."""
        rows: list[list[str]] = []
        cells: list[str] = []
        cell: list[str] = []
        for text, sign, mark, notes in self._paragraphs(signs):
            if sign == 0x07 and mark.row_end:
                rows.append(cells)
                cells = []
            elif sign == 0x07:
                cells.append("\n".join((*cell, text, *notes)).strip())
                cell = []
            elif mark.in_table:
                cell += [text, *notes]
            else:
                yield from _grid(rows)
                rows = []
                yield from (Line(piece.strip(), whole=True) for piece in text.split("\n") if piece.strip())
                yield from (Line(note, whole=True) for note in notes)
        yield from _grid(rows)

    def _paragraphs(self, signs: list[_Sign]) -> Iterator[tuple[str, int, _Mark, list[str]]]:
        """Each paragraph: its text, the sign that ends it, what is known of it, the notes to it."""
        said: list[int] = []
        fields: list[bool] = []
        notes: list[str] = []
        for place, sign in enumerate(signs):
            if sign.code in (0x0D, 0x07, 0x0C):
                mark = self._marks.get(sign.offset + 1) or self._marks.get(sign.offset + 2) or _Mark()
                yield self._numbered(_said(said), mark), sign.code, mark, notes
                said, notes = [], []
            elif sign.code == 0x13:
                fields.append(False)
            elif sign.code == 0x14 and fields:
                fields[-1] = True
            elif sign.code == 0x15 and fields:
                fields.pop()
            elif sign.code == 0x02 and place in self._notes:
                notes.append(self._note(self._notes[place]))
                said += map(ord, f"[{self._noted}]")
            elif all(fields):
                said.append(sign.code)
        if said:
            yield _said(said), 0x0D, _Mark(), notes

    def _note(self, text: str) -> str:
        self._noted += 1
        self.made += 2 * [f"[{self._noted}]"]
        return f"[{self._noted}] {' '.join(text.split())}"

    def _numbered(self, text: str, mark: _Mark) -> str:
        """The paragraph with the number that Word makes for it; an empty one counts and shows none outside tables."""
        listed, level = self._lists.of(LevelOf(mark.style, mark.listed, mark.level))
        if not listed:
            return text
        self.misses_numbers = True
        number = self._numbers.next(listed, level)
        if mark.row_end or not (text or mark.in_table):
            return text
        self.made.append(number)
        return (number + text).strip()


def _grid(rows: list[list[str]]) -> Iterator[Block]:
    width = max((len(row) for row in rows), default=0)
    filled = tuple(tuple(row + [""] * (width - len(row))) for row in rows if any(row))
    if filled and width == 1 and len(filled) == 1:
        yield from (Line(piece, whole=True) for piece in filled[0][0].split("\n") if piece.strip())
    elif filled:
        yield Grid(filled)


def _said(codes: list[int]) -> str:
    units = [code for code in codes if code >= 0x20 or code in _SIGNS]
    text = struct.pack(f"<{len(units)}H", *units).decode("utf-16-le", "replace")
    for code, sign in _SIGNS.items():
        text = text.replace(chr(code), sign)
    return text.strip()


def _lost(signs: list[_Sign]) -> tuple[Doubt, ...]:
    drawn = sum(sign.code in (0x01, 0x08) for sign in signs)
    return (Doubt("pictures", f"{drawn} pictures or drawings were not read"),) if drawn else ()
