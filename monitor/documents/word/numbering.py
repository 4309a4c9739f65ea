"""Automatic numbers of Word, as they are printed (ISO/IEC 29500-1, 17.9).

Word keeps no numbers in its text: a paragraph names a list and a level, and the number is counted while the document
is laid out. `Numbers` counts in document order and prints what Word prints.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_HAN = "零一二三四五六七八九"
_FORMAL = "零壹贰叁肆伍陆柒捌玖"
_FORMAL_TRADITIONAL = "零壹貳參肆伍陸柒捌玖"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_MOST = 100_000
_BULLETS = {"\uf0b7": "•", "\uf06c": "●", "\uf06e": "■", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\uf0a8": "□"}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: where it starts, how it counts, what is printed around the number.

    `text` has %1 … %9 for the numbers of the levels; `restart` is the level (1-based) whose use starts this one
    again, 0 for never, None for any level above; `gap` is what stands between number and text.
    """

    start: int = 1
    style: str = "decimal"
    text: str = "%1."
    restart: int | None = None
    gap: str = " "
    legal: bool = False
    picture: str = ""


def gap_after(text: str, is_none: bool) -> str:
    """Return what stands between a number of this form and its text: a space, unless its own sign ends it."""
    return "" if is_none or text.endswith(("、", "）", "．", "。", "：", "】", "〕")) else " "


@dataclass(frozen=True, slots=True)
class List:
    """One use of a list: the list whose counters it shares, its levels, and where it starts them anew."""

    counters: str
    levels: Mapping[int, Level]
    starts: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Numbers:
    """The counters of one document; ask once a numbered paragraph, in document order."""

    lists: Mapping[str, List]
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def next(self, list_id: str, level: int) -> str:
        """Count one paragraph and return what is printed before its text, gap included; empty for none."""
        used = self.lists.get(list_id)
        if used is None or level not in used.levels:
            return ""
        counts = self._counts.setdefault(used.counters, {})
        self._count(list_id, used, counts, level)
        printed = _printed(used, counts, level)
        return printed + used.levels[level].gap if printed else ""

    def _count(self, list_id: str, used: List, counts: dict[int, int], level: int) -> None:
        first = (list_id, level) not in self._begun
        self._begun.add((list_id, level))
        if first and level in used.starts:
            counts[level] = used.starts[level]
        else:
            counts[level] = counts[level] + 1 if level in counts else _start(used, level)
        for deeper in [key for key in counts if key > level]:
            restart = used.levels[deeper].restart if deeper in used.levels else None
            if restart is None or level < restart:
                del counts[deeper]


def _start(used: List, level: int) -> int:
    return used.starts.get(level, used.levels[level].start if level in used.levels else 1)


def _printed(used: List, counts: Mapping[int, int], level: int) -> str:
    own = used.levels[level]
    if own.style == "none" and "%" not in own.text:
        return own.text
    if own.style == "bullet":
        return "".join(_bullet(char) for char in own.text)
    text = own.text
    for above in range(8, -1, -1):
        if f"%{above + 1}" in text:
            shown = used.levels.get(above, Level())
            style = "decimal" if own.legal and shown.style != "none" else shown.style
            number = counts.get(above, _start(used, above))
            text = text.replace(f"%{above + 1}", formatted(number, style, shown.picture))
    return text


def _bullet(char: str) -> str:
    return _BULLETS.get(char, "•") if "\ue000" <= char <= "\uf8ff" else char


def formatted(number: int, style: str, picture: str = "") -> str:
    """Return a number in one of Word's number formats (ST_NumberFormat); decimal where the format is unknown.

    `picture` is the form of a custom format, such as "001, 002, 003, ...".
    """
    if style == "none":
        return ""
    if style == "custom" and picture:
        return str(number).zfill(len(picture.split(",")[0].strip()))
    make = _STYLES.get(style)
    return make(number) if make and 0 <= number <= _MOST else str(number)


def han_number(number: int, digits: str = _HAN, units: str = "十百千", zero: str = "零") -> str:
    """Return a number below 100,000 in Chinese as it is spoken: 十一, 二十, 一百零五."""
    if number == 0:
        return zero
    ten_thousands, rest = divmod(number, 10_000)
    high = han_number(ten_thousands, digits, units, zero) + "万" if ten_thousands else ""
    gap = zero if high and 0 < rest < 1000 else ""
    spoken = high + gap + _below_ten_thousand(rest, digits, units, zero)
    return spoken[1:] if digits == _HAN and spoken.startswith("一十") else spoken


def _below_ten_thousand(number: int, digits: str, units: str, zero: str) -> str:
    out, pending = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            out += (zero if pending and out else "") + digits[digit] + (units[place - 1] if place else "")
            pending = False
        else:
            pending = True
    return out


def _han_counting(number: int) -> str:
    """chineseCounting: spoken up to ninety-nine, digit by digit above, as Word prints it."""
    return han_number(number) if number < 100 else _digits(number)


def _digits(number: int, digits: str = "〇一二三四五六七八九") -> str:
    return "".join(digits[int(digit)] for digit in str(number))


def _roman(number: int) -> str:
    out = ""
    for value, sign in zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"),
        strict=True,
    ):
        out += sign * (number // value)
        number %= value
    return out


def _letters(number: int) -> str:
    """A … Z, AA, BB …, as Word counts on."""
    return chr(ord("A") + (number - 1) % 26) * ((number - 1) // 26 + 1) if number else ""


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number else ""


def _from(first: str, count: int, start: int = 1) -> Callable[[int], str]:
    """Signs that Unicode has in a row; decimal beyond the last."""
    return lambda number: chr(ord(first) + number - start) if start <= number < start + count else str(number)


def _circled(number: int) -> str:
    if 21 <= number <= 35:
        return chr(0x3251 + number - 21)
    if 36 <= number <= 50:
        return chr(0x32B1 + number - 36)
    return _from("①", 20)(number)


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


_STYLES: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letters,
    "lowerLetter": lambda number: _letters(number).lower(),
    "ordinal": _ordinal,
    "hex": lambda number: f"{number:X}",
    "numberInDash": lambda number: f"- {number} -",
    "decimalFullWidth": lambda number: _digits(number, "０１２３４５６７８９"),
    "decimalFullWidth2": lambda number: _digits(number, "０１２３４５６７８９"),
    "decimalHalfWidth": str,
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalEnclosedFullstop": _from("⒈", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
    "chineseCounting": _han_counting,
    "taiwaneseCounting": _han_counting,
    "chineseCountingThousand": han_number,
    "taiwaneseCountingThousand": han_number,
    "japaneseCounting": han_number,
    "ideographDigital": _digits,
    "japaneseDigitalTenThousand": _digits,
    "taiwaneseDigital": lambda number: _digits(number, "○一二三四五六七八九"),
    "chineseLegalSimplified": lambda number: han_number(number, _FORMAL, "拾佰仟"),
    "ideographLegalTraditional": lambda number: han_number(number, _FORMAL_TRADITIONAL, "拾佰仟"),
    "japaneseLegal": lambda number: han_number(number, "零壱弐参四伍六七八九", "拾百阡"),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": lambda number: _cycle(_STEMS)(number) + _cycle(_BRANCHES)(number),
}
