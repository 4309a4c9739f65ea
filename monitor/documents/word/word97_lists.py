"""The lists of a Word 97–2003 file: which paragraphs Word numbers by itself ([MS-DOC] 2.9.131, 2.9.147, 2.9.150).

A paragraph, or the style that it has, names a use of a list (LFO) and a level; the list says how that level counts.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.documents.word.numbering import Level, List, gap_after

_STYLES, _LISTS, _USES = 0x00A2, 0x02E2, 0x02EA
IN_LIST, LIST_LEVEL = 0x460B, 0x260A
_OPERAND = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
_MOST_STYLES_DEEP = 11
_FORMATS = (
    "decimal", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "ordinal", "cardinalText",
    "ordinalText", "hex", "chicago", "ideographDigital", "japaneseCounting", "aiueo", "iroha",
    "decimalFullWidth", "decimalHalfWidth", "japaneseLegal", "japaneseDigitalTenThousand",
    "decimalEnclosedCircle", "decimalFullWidth2", "aiueoFullWidth", "irohaFullWidth", "decimalZero", "bullet",
    "ganada", "chosung", "decimalEnclosedFullstop", "decimalEnclosedParen", "decimalEnclosedCircleChinese",
    "ideographEnclosedCircle", "ideographTraditional", "ideographZodiac", "ideographZodiacTraditional",
    "taiwaneseCounting", "ideographLegalTraditional", "taiwaneseCountingThousand", "taiwaneseDigital",
    "chineseCounting", "chineseLegalSimplified", "chineseCountingThousand",
)  # fmt: skip
"""The number formats by their code (MSONFC, [MS-OSHARED] 2.2.1.3), named as in ST_NumberFormat."""


class LevelOf(NamedTuple):
    """What a paragraph says of its number: its style, the use of a list (None: as its style), the level."""

    style: int
    listed: int | None
    level: int | None


@dataclass(frozen=True, slots=True)
class Lists97:
    """The uses of lists by their number from 1, and the use and level that each style names."""

    lists: Mapping[str, List] = field(default_factory=dict)
    styles: Mapping[int, tuple[int | None, int | None]] = field(default_factory=dict)

    def of(self, said: LevelOf) -> tuple[str, int]:
        """Return the use of a list and the level that a paragraph has; empty for none."""
        listed, level = self.styles.get(said.style, (None, None))
        listed = said.listed if said.listed is not None else listed
        level = said.level if said.level is not None else level
        return str(listed) if listed and listed < 0xF801 else "", level or 0


NO_LISTS = Lists97()


def lists_of(main: bytes, table: bytes) -> Lists97:
    """Return the lists of a file; errors of `struct` and IndexError where its tables are damaged."""
    definitions = dict(_definitions(_part(main, table, _LISTS), _tail(main, table, _LISTS)))
    lists = dict(_uses(_tail(main, table, _USES, ends=False), definitions))
    return Lists97(lists, _styles(_part(main, table, _STYLES)))


def _part(main: bytes, table: bytes, at: int) -> bytes:
    offset, size = struct.unpack_from("<II", main, at)
    return table[offset : offset + size]


def _tail(main: bytes, table: bytes, at: int, ends: bool = True) -> bytes:
    offset, size = struct.unpack_from("<II", main, at)
    return table[offset + (size if ends else 0) :] if size else b""


def _definitions(part: bytes, levels: bytes) -> Iterator[tuple[int, dict[int, Level]]]:
    """The lists by their id (LSTF); their levels stand one after another behind the table of lists."""
    count = struct.unpack_from("<H", part)[0] if part else 0
    at = 0
    for index in range(count):
        begin = 2 + 28 * index
        own = {}
        for level in range(1 if part[begin + 26] & 1 else 9):
            own[level], at = _level(levels, at)
        yield struct.unpack_from("<i", part, begin)[0], own


def _level(data: bytes, at: int) -> tuple[Level, int]:
    """One level (LVL), and where the next one begins."""
    start, style, flags = struct.unpack_from("<iBB", data, at)
    follow, characters, paragraph, restart = data[at + 15], data[at + 24], data[at + 25], data[at + 26]
    text_at = at + 28 + paragraph + characters
    length = struct.unpack_from("<H", data, text_at)[0]
    units = struct.unpack_from(f"<{length}H", data, text_at + 2)
    text = "".join(f"%{unit + 1}" if unit < 9 else chr(unit) for unit in units)
    name = _FORMATS[style] if style < len(_FORMATS) else "none" if style == 0xFF else "decimal"
    no_restart = restart if flags & 0x08 else None
    made = Level(start, name, text, no_restart, gap_after(text, follow == 2), bool(flags & 0x04))
    return made, text_at + 2 + 2 * length


def _uses(data: bytes, definitions: Mapping[int, dict[int, Level]]) -> Iterator[tuple[str, List]]:
    """The uses of lists (LFO), each with what it starts or formats anew (LFOLVL)."""
    count = struct.unpack_from("<I", data)[0] if data else 0
    at = 4 + 16 * count
    for index in range(count):
        identity = struct.unpack_from("<i", data, 4 + 16 * index)[0]
        levels, starts = dict(definitions.get(identity, {})), {}
        at += 4
        for _ in range(data[4 + 16 * index + 12]):
            start, flags = struct.unpack_from("<iI", data, at)
            at += 8
            if flags & 0x20:
                levels[flags & 0x0F], at = _level(data, at)
            elif flags & 0x10:
                starts[flags & 0x0F] = start
        yield str(index + 1), List(str(identity), levels, starts)


def _styles(part: bytes) -> dict[int, tuple[int | None, int | None]]:
    """The use of a list and the level of each paragraph style, its own or that of the style below (STSH, STD)."""
    if not part:
        return {}
    head, count, base = struct.unpack_from("<HHH", part)
    at, found = 2 + head, {}
    for style in range(count):
        size = struct.unpack_from("<H", part, at)[0]
        if size:
            found[style] = _style(part[at + 2 : at + 2 + size], base)
        at += 2 + size + size % 2
    return {style: _inherited(style, found) for style in found}


def _style(data: bytes, base: int) -> tuple[int, int | None, int | None]:
    """The style below, and the list and level that a style names itself."""
    kind = struct.unpack_from("<H", data, 2)[0]
    if kind & 0x0F != 1:
        return kind >> 4, None, None
    at = base + 2 + 2 * struct.unpack_from("<H", data, base)[0] + 2
    size = struct.unpack_from("<H", data, at)[0]
    values = dict(sprms(data[at + 4 : at + 2 + size]))
    return kind >> 4, values.get(IN_LIST), values.get(LIST_LEVEL)


def _inherited(style: int, found: Mapping[int, tuple[int, int | None, int | None]]) -> tuple[int | None, int | None]:
    listed = level = None
    for _ in range(_MOST_STYLES_DEEP):
        if style not in found:
            break
        style, own, at = found[style]
        listed = own if listed is None else listed
        level = at if level is None else level
    return listed, level


def sprms(properties: bytes) -> Iterator[tuple[int, int]]:
    """Yield the single property modifiers of a paragraph: opcode, and the first bytes of its operand as a number."""
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
