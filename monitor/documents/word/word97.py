"""Word 97–2003 binary files without any other program: paragraphs and tables ([MS-DOC]).

The text is put together from the piece table; paragraph properties say which marks end rows. Formatting is left out,
and so is text that Word computes (automatic numbers).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import olefile

from monitor.documents.document import Doubt
from monitor.documents.errors import Damaged, Encrypted
from monitor.documents.structure.lines import Block, Grid, Line, Page, RawText

_FC_CLX, _FC_PAPX, _CCP_TEXT = 0x01A2, 0x0102, 0x004C
_IN_TABLE, _ROW_END, _DEPTH = 0x2416, 0x2417, 0x6649
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
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
        text, ends = _text(main, table), _paragraph_marks(main, table)
    except (struct.error, IndexError, ValueError) as reason:
        raise Damaged(f"the Word file is damaged or cut off ({reason})") from reason
    blocks = tuple(_blocks(text, ends))
    if not blocks:
        raise Damaged("the document has no text")
    return RawText("doc", (Page(1, blocks),), _lost(text))


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


def _text(main: bytes, table: bytes) -> list[_Sign]:
    length = struct.unpack_from("<I", main, _CCP_TEXT)[0]
    signs: list[_Sign] = []
    for piece in _pieces(main, table):
        if len(signs) >= length:
            break
        signs.extend(_signs(main, piece))
    return signs[:length]


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
        yield places[run + 1], _mark(_properties(page, offset)) if offset else _Mark()


def _properties(page: bytes, offset: int) -> bytes:
    size = page[offset]
    if size:
        return page[offset + 1 + 2 : offset + 2 * size]
    return page[offset + 2 + 2 : offset + 2 + 2 * page[offset + 1]]


def _mark(properties: bytes) -> _Mark:
    values = dict(_sprms(properties))
    return _Mark(bool(values.get(_IN_TABLE)), bool(values.get(_ROW_END)), values.get(_DEPTH, 0))


def _sprms(properties: bytes) -> Iterator[tuple[int, int]]:
    """The single property modifiers: opcode and operand (its first bytes as a number)."""
    at = 0
    while at + 2 < len(properties):
        code = struct.unpack_from("<H", properties, at)[0]
        at += 2
        size = _OPERAND.get(code >> 13)
        if size is None:
            size = (
                struct.unpack_from("<H", properties, at)[0] + 1
                if code == 0xD608 and at + 2 <= len(properties)
                else properties[at] + 1
            )
        yield code, int.from_bytes(properties[at : at + min(size, 4)], "little")
        at += size


# Blocks.


def _blocks(signs: list[_Sign], marks: dict[int, _Mark]) -> Iterator[Block]:
    rows: list[list[str]] = []
    cells: list[str] = []
    cell: list[str] = []
    for text, sign, mark in _paragraphs(signs, marks):
        if sign == 0x07 and mark.row_end:
            rows.append(cells)
            cells = []
        elif sign == 0x07:
            cells.append("\n".join((*cell, text)).strip())
            cell = []
        elif mark.in_table:
            cell.append(text)
        else:
            yield from _grid(rows)
            rows = []
            yield from (Line(piece.strip(), whole=True) for piece in text.split("\n") if piece.strip())
    yield from _grid(rows)


def _grid(rows: list[list[str]]) -> Iterator[Block]:
    width = max((len(row) for row in rows), default=0)
    filled = tuple(tuple(row + [""] * (width - len(row))) for row in rows if any(row))
    if filled and width == 1 and len(filled) == 1:
        yield from (Line(piece, whole=True) for piece in filled[0][0].split("\n") if piece.strip())
    elif filled:
        yield Grid(filled)


def _paragraphs(signs: list[_Sign], marks: dict[int, _Mark]) -> Iterator[tuple[str, int, _Mark]]:
    """Each paragraph: its text, the sign that ends it, and what is known of it."""
    said: list[int] = []
    fields: list[bool] = []
    for sign in signs:
        if sign.code in (0x0D, 0x07, 0x0C):
            mark = marks.get(sign.offset + 1) or marks.get(sign.offset + 2) or _Mark()
            yield _said(said), sign.code, mark
            said = []
        elif sign.code == 0x13:
            fields.append(False)
        elif sign.code == 0x14 and fields:
            fields[-1] = True
        elif sign.code == 0x15 and fields:
            fields.pop()
        elif all(fields):
            said.append(sign.code)
    if said:
        yield _said(said), 0x0D, _Mark()


def _said(codes: list[int]) -> str:
    units = [code for code in codes if code >= 0x20 or code in _SIGNS]
    text = struct.pack(f"<{len(units)}H", *units).decode("utf-16-le", "replace")
    for code, sign in _SIGNS.items():
        text = text.replace(chr(code), sign)
    return text.strip()


def _lost(signs: list[_Sign]) -> tuple[Doubt, ...]:
    drawn = sum(sign.code in (0x01, 0x08) for sign in signs)
    return (Doubt("pictures", f"{drawn} pictures or drawings were not read"),) if drawn else ()
