"""Numbers before a text: 1, 1.1, 一、, （一）, 1）, a）, 第五条, 附件2, A.1, 表3 — as printed and as counted.

Whether a number really opens a clause is not decided here; `outline` asks whether it follows the one before it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from monitor.notation.text import fold


class Style(StrEnum):
    """How a number is written; numbers count on only within one style."""

    BOOK = "编"
    CHAPTER = "章"
    SECTION = "节"
    ARTICLE = "条"
    ANNEX = "附件"
    TABLE = "表"
    LETTERED = "A.1"
    DOTTED = "1.1"
    NUMBER = "1"
    NUMBER_DOT = "1."
    NUMBER_COMMA = "1、"
    HAN = "一、"
    HAN_PAREN = "（一）"
    HAN_CLOSE = "一）"
    NUMBER_CLOSE = "1）"
    NUMBER_PAREN = "（1）"
    LETTER_CLOSE = "a）"
    LETTER_PAREN = "（a）"
    CIRCLED = "①"


NUMBERS = frozenset((Style.NUMBER, Style.NUMBER_DOT, Style.NUMBER_COMMA))
DIVISIONS = (Style.BOOK, Style.CHAPTER, Style.SECTION, Style.ARTICLE)
_DIVISION = {"编": Style.BOOK, "篇": Style.BOOK, "章": Style.CHAPTER, "节": Style.SECTION, "条": Style.ARTICLE}


@dataclass(frozen=True, slots=True)
class Marker:
    """A number at the start of a text.

    `path` is the number as printed, `numbers` what it counts (附录A is 1, A.2.1 is (1, 2, 1)), `rest` the text
    after it. `root` keeps series apart that count on their own: 附件 from 附录, the letter of A.1.
    """

    style: Style
    path: str
    numbers: tuple[int, ...]
    rest: str
    root: str = ""


def read_marker(text: str) -> Marker | None:
    """Return the number that a text starts with, None where it starts with none."""
    stripped = text.strip()
    folded = fold(stripped[:80])
    for pattern, make in _FORMS:
        match = pattern.match(folded)
        if match and (marker := make(match, stripped)) is not None:
            return marker
    return None


def han_value(text: str) -> int | None:
    """Return the number that 一, 十一, 二十, 一百零五 say, None for anything else; up to 9,999."""
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        elif sign in _HAN:
            digit = _HAN.index(sign) % 10 if sign != "两" else 2
        else:
            return None
    return total + digit if text else None


_HAN = "零一二三四五六七八九〇两"
_UNITS = {"十": 10, "百": 100, "千": 1000}
_SPACE_CHARS = re.compile(r"\s+")
_REFERENCE = re.compile(r"[规的所中至～~、和及或与内给列]|以外|以下|以上")
_CITED = re.compile(r"[规的所中至～~、，。和及或与内给列]|以[外下上]|要求[，。的]|第[一二三四五六七八九十\d]")
_UNIT = re.compile(
    r"[年月日号个件次名份项天台只套张元倍层人位种台时分秒周家级条款章支辆批组]|[%‰°℃]|(?:mm|cm|kg|km|Hz|kW|V|A|W|N|m|g|s)\b"
)
_NUMBER = r"(?:[零一二三四五六七八九十百千〇两]{1,7}|\d{1,4})"


def _squeezed(text: str) -> str:
    return _SPACE_CHARS.sub("", text)


def _value(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text)
    if len(text) == 1 and text.isascii() and text.isalpha():
        return ord(text.upper()) - 64
    return han_value(text)


def _after(match: re.Match[str], text: str) -> str:
    return text[match.end() :].lstrip(" \t\u3000:：.．、")


def _division(match: re.Match[str], text: str) -> Marker | None:
    value = _value(_squeezed(match["n"]))
    tail = text[match.end() :]
    if value is None or (tail and not tail[0].isspace() and _CITED.match(tail)):
        return None
    numbers = (value, _value(match["sub"]) or 0) if match["sub"] else (value,)
    path = _squeezed(text[: match.end()])
    return Marker(_DIVISION[match["unit"]], path, numbers, _after(match, text))


def _annex(match: re.Match[str], text: str) -> Marker | None:
    named = match["n"] or ""
    tail = text[match.end() :]
    if tail and not tail[0].isspace() and (_REFERENCE.match(tail) or _CITED.match(tail)):
        return None
    if not named and tail and not re.match(r"\s|[:：（(]", tail):
        return None
    path = _squeezed(text[: match.end()])
    numbers = (_value(named) or 0,) if named else ()
    return Marker(
        Style.ANNEX,
        path,
        numbers,
        _after(match, text),
        match["root"] + ("A" if named.isalpha() and named.isascii() else ""),
    )


def _table(match: re.Match[str], text: str) -> Marker | None:
    tail = text[match.end() :]
    if tail and not tail[0].isspace() and _CITED.match(tail):
        return None
    numbers = tuple(int(n) for n in re.findall(r"\d+", match["n"]))
    path = _squeezed(text[match.start("name") : match.end()])
    return Marker(Style.TABLE, path, numbers, _after(match, text), "续" if match["again"] else "")


def _lettered(match: re.Match[str], text: str) -> Marker:
    numbers = (ord(match["letter"]) - 64, *(int(n) for n in re.findall(r"\d+", match[0])))
    return Marker(
        Style.LETTERED, _squeezed(text[: match.end()]).rstrip(".．"), numbers, _after(match, text), match["letter"]
    )


def _dotted(match: re.Match[str], text: str) -> Marker | None:
    numbers = tuple(int(n) for n in re.findall(r"\d+", match["n"]))
    tail = text[match.end() :]
    if tail[:1].isdigit() or (tail and not tail[0].isspace() and _UNIT.match(tail)):
        return None
    if max(numbers) > 199 or re.match(r"\s*(?:[%‰℃°~～]|(?:mm|cm|kg|Hz|V|mA|kW)\b)", tail):
        return None
    return Marker(Style.DOTTED, _squeezed(text[: match.end("n")]), numbers, _after(match, text))


def _number(match: re.Match[str], text: str) -> Marker | None:
    sign, tail = match["sign"] or "", text[match.end() :]
    style = {".": Style.NUMBER_DOT, "、": Style.NUMBER_COMMA, ",": Style.NUMBER_COMMA}.get(sign, Style.NUMBER)
    if style is Style.NUMBER and (not tail or _UNIT.match(tail.lstrip()) or not _starts_words(tail)):
        return None
    if style is not Style.NUMBER and tail[:1].isdigit():
        return None
    return Marker(style, text[match.start("n") : match.end("n")], (int(match["n"]),), _after(match, text))


def _starts_words(tail: str) -> bool:
    """A bare number opens a clause only before Chinese, or before a space and Latin words."""
    first = tail.lstrip()[:1]
    return "\u4e00" <= first <= "\u9fff" or first in '《“"（(' or (tail[0].isspace() and first.isalpha())


_Make = Callable[[re.Match[str], str], Marker | None]


def _listed(style: Style) -> _Make:
    def make(match: re.Match[str], text: str) -> Marker | None:
        value = _value(match["n"])
        if value is None or (style is Style.HAN and value == 0):
            return None
        end = match.end("n") if style is Style.HAN else match.end()
        return Marker(style, _squeezed(text[:end]), (value,), _after(match, text))

    return make


def _circled(match: re.Match[str], text: str) -> Marker:
    return Marker(Style.CIRCLED, match[0], (ord(match[0]) - 0x245F,), _after(match, text))


_HAN_NUMBER = r"(?P<n>[一二三四五六七八九十百零〇]{1,4})"
_FORMS: tuple[tuple[re.Pattern[str], _Make], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (
            rf"第\s{{0,2}}(?P<n>{_NUMBER})\s{{0,2}}(?P<unit>[编篇章节条])(?:之(?P<sub>[一二三四五六七八九十]))?(?![件例])",
            _division,
        ),
        (
            r"(?P<root>附件|附录|附表|附图)\s{0,2}(?P<n>\d{1,2}(?![\d.])|[A-Z](?![A-Za-z])|[一二三四五六七八九十]{1,3}(?![\u4e00-\u9fff]))?",
            _annex,
        ),
        (r"(?P<again>续)?(?P<name>表)\s{0,2}(?P<n>(?:[A-Z]\s?\.?\s?)?\d{1,3}(?:\s?[-.]\s?\d{1,2}){0,2})(?!\d)", _table),
        (r"(?P<letter>[A-Z])(?:\s?\.\s?\d{1,2}){1,5}\.?(?![\dA-Za-z/-])", _lettered),
        (r"(?P<n>\d{1,3}(?:\s?\.\s?\d{1,3}){1,5})\.?(?![\d/-])", _dotted),
        (r"(?P<n>\d{1,2})\s?\)", _listed(Style.NUMBER_CLOSE)),
        (r"(?P<n>\d{1,2})(?:\s?(?P<sign>[.、])|(?=\s|[\u4e00-\u9fff《“\"(]))", _number),
        (rf"{_HAN_NUMBER}\s?[、.,]", _listed(Style.HAN)),
        (rf"\(\s?{_HAN_NUMBER}\s?\)", _listed(Style.HAN_PAREN)),
        (rf"{_HAN_NUMBER}\s?\)", _listed(Style.HAN_CLOSE)),
        (r"\(\s?(?P<n>\d{1,2})\s?\)", _listed(Style.NUMBER_PAREN)),
        (r"(?P<n>[a-zA-Z])\s?\)", _listed(Style.LETTER_CLOSE)),
        (r"\(\s?(?P<n>[a-zA-Z])\s?\)", _listed(Style.LETTER_PAREN)),
        (r"[①-⑳]", _circled),
    )
)
