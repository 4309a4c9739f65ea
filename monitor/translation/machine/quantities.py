"""The figures of a Chinese or English text in one form: dates, numbers, and numbers with their units.

2026年7月1日, `2026-07-01` and "July 1, 2026" are one date; 六个月 and "six months" one measure.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from monitor.notation.text import fold
from monitor.translation.english.days import MONTHS
from monitor.translation.machine.units import CHINESE_UNIT, CHINESE_UNITS, ENGLISH_UNIT, ENGLISH_UNITS


@dataclass(slots=True)
class Figures:
    """What a text counts.

    `spelled` are numbers in words: they must be answered, but may be so in words or digits. `ordinals` (第五条, 一、)
    may be answered by a digit and need not be.
    """

    dates: Counter[str] = field(default_factory=Counter)
    numbers: Counter[str] = field(default_factory=Counter)
    spelled: Counter[str] = field(default_factory=Counter)
    ordinals: Counter[str] = field(default_factory=Counter)
    measures: Counter[tuple[str, str]] = field(default_factory=Counter)


def source_figures(text: str) -> Figures:
    """Return the figures of a Chinese text."""
    figures = Figures()
    folded = _take_dates(_digits(fold(text)), _CHINESE_DATES, figures)
    for match in _CHINESE_NUMBER.finditer(folded):
        count = str(_chinese_number(match["count"] or match["hundredths"]))
        figures.spelled[count] += 1
        _measure(figures, count, "%" if match["hundredths"] else CHINESE_UNITS.get(match["unit"]))
    figures.ordinals.update(str(_chinese_number(match[1] or match[2])) for match in _ORDINAL.finditer(folded))
    return _take_numbers(folded, figures, CHINESE_UNIT, CHINESE_UNITS)


def english_figures(text: str) -> Figures:
    """Return the figures of an English text."""
    figures = Figures()
    folded = _take_dates(fold(text), _ENGLISH_DATES, figures)
    for match in _ENGLISH_NUMBER.finditer(folded):
        count = str(_WORDS.index(match["word"].lower()) + 1)
        figures.spelled[count] += 1
        _measure(figures, count, _english_unit(match["unit"]))
    figures.spelled["2"] += len(re.findall(r"\bboth\b", folded))
    return _take_numbers(re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", folded), figures, ENGLISH_UNIT, ENGLISH_UNITS)


def _take_dates(text: str, patterns: tuple[re.Pattern[str], ...], figures: Figures) -> str:
    for pattern in patterns:
        for match in pattern.finditer(text):
            figures.dates[_date(match.groupdict())] += 1
        text = pattern.sub(" , ", text)
    return text


def _date(parts: dict[str, str | None]) -> str:
    month = parts.get("m") or parts.get("name") or ""
    number = int(month) if month.isdigit() else _MONTH_NUMBERS[month.lower()[:3]]
    return "-".join((parts.get("y") or "????", f"{number:02}", f"{int(parts.get('d') or 0):02}"))


def _take_numbers(text: str, figures: Figures, unit: re.Pattern[str], names: dict[str, str]) -> Figures:
    for match in _NUMBER.finditer(text):
        number = match["sign"] + match["number"]
        figures.numbers[number] += 1
        behind = None if _YEAR_NUMBER.fullmatch(number) else unit.match(text, match.end())
        _measure(figures, number, names.get(behind["unit"].lower(), behind["unit"]) if behind else None)
    return figures


def _measure(figures: Figures, number: str, unit: str | None) -> None:
    if unit:
        figures.measures[number, unit] += 1


def _english_unit(printed: str | None) -> str | None:
    return ENGLISH_UNITS.get(re.sub(r"\s+", " ", printed.lower())) if printed else None


def _digits(text: str) -> str:
    """Return the text with years written 二〇二六年 as digits, so that dates are found."""
    return _HAN_DATE.sub(_date_digits, text)


def _date_digits(match: re.Match[str]) -> str:
    year = "".join(str(_HAN_DIGITS.index(character) % 10) for character in match["y"].replace("零", "〇"))
    day = f"{_chinese_number(match['d'])}日" if match["d"] else ""
    return f"{year}年" + (f"{_chinese_number(match['m'])}月{day}" if match["m"] else "")


def _chinese_number(text: str) -> int:
    text = text.replace("两", "二")
    if "百" in text:
        hundreds, _, rest = text.partition("百")
        return (_chinese_number(hundreds) if hundreds else 1) * 100 + (_chinese_number(rest) if rest else 0)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_HAN_DIGITS.index(tens) if tens else 1) * 10 + (_HAN_DIGITS.index(ones) if ones else 0)
    return int("".join(str(_HAN_DIGITS.index(character)) for character in text))


_HAN_DIGITS = "〇一二三四五六七八九"
_HAN_COUNT = r"[一二两三四五六七八九十百]{1,5}"
_HAN_DATE = re.compile(
    r"(?P<y>[二一][〇零一二三四五六七八九]{3})年(?:(?P<m>[一二三四五六七八九十]{1,2})月(?:(?P<d>[一二三四五六七八九十]{1,3})[日号])?)?"
)
_CHINESE_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?年\s?(?P<m>1[0-2]|0?[1-9])\s?月(?:份)?\s?(?:(?P<d>3[01]|[12]\d|"
        r"0?[1-9])\s?[日号])?",
        r"(?<![\d.-])(?P<y>(?:19|20)\d\d)([-./])(?P<m>1[0-2]|0?[1-9])\2(?P<d>3[01]|[12]\d|0?[1-9])(?!-|\.?\d)",
        r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])\s?月\s?(?:(?P<d>3[01]|[12]\d|0?[1-9])\s?[日号])?(?!以上|以内)",
    )
)
_NAMES = "|".join([*MONTHS[1:], *(f"{name[:3]}\\.?" for name in MONTHS[1:] if len(name) > 3), "Sept\\.?"])
_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_YEAR = r"(?P<y>(?:19|20)\d\d)(?!\d)"
_ENGLISH_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\b{_DAY}\s(?:of\s)?(?P<name>{_NAMES})(?:,?\s{_YEAR})",
        rf"\b(?P<name>{_NAMES})\s{_DAY}(?:,?\s{_YEAR})",
        r"(?<![\d.-])(?P<y>(?:19|20)\d\d)([-./])(?P<m>1[0-2]|0?[1-9])\2(?P<d>3[01]|[12]\d|0?[1-9])(?!-|\.?\d)",
        rf"\b(?P<name>{_NAMES}),?\s(?:of\s)?{_YEAR}",
        rf"\b{_DAY}\s(?:of\s)?(?P<name>{_NAMES})\b",
        rf"\b(?P<name>{_NAMES})\s{_DAY}\b",
        rf"\b(?P<name>{'|'.join(name for name in MONTHS[1:] if name != 'May')}|(?<=in )May|(?<=of )May)\b",
    )
)
_MONTH_NUMBERS = {name.lower()[:3]: number for number, name in enumerate(MONTHS) if name}
_NUMBER = re.compile(r"(?P<sign>(?<![0-9A-Za-z)%°℃.-])-|)(?P<number>\d+(?:\.\d+)*)")
_YEAR_NUMBER = re.compile(r"(?:19|20)\d\d")
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ENGLISH_NUMBER = re.compile(
    rf"\b(?P<word>{'|'.join(_WORDS)})\b(?:[\s-](?:consecutive |successive |full )?(?P<unit>years?|months?|"
    rf"weeks?|(?:working|work|business|calendar)\sdays?|days?|hours?|minutes?|seconds?))?",
    re.IGNORECASE,
)
_CHINESE_NUMBER = re.compile(
    rf"(?<![第一二三四五六七八九十百])(?P<count>{_HAN_COUNT})(?P<unit>个工作日|个月|周年|年|周|天|小时|分钟|人日|件|次|台|套|只|个)"
    rf"|百分之(?P<hundredths>{_HAN_COUNT})"
)
_ORDINAL = re.compile(rf"第({_HAN_COUNT})|(?:^|\n|[(（])({_HAN_COUNT})(?=[、)）])")
