"""Standard references: GB, GB/T, QC/T and their neighbours, with part, year and amendment.

Lists inherit the prefix but not the year, ranges of parts are written out, two-digit years are 19xx
(FACTS.md, "Codes"). ISO, IEC and UN numbers that stand beside are not ours: they are passed over, and a list
never reaches across them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from monitor.errors import BadInput
from monitor.notation.text import ascii_upper, fold

LONGEST_RANGE = 60
"""Parts that a written-out range may have; a longer one is a misprint and only its ends are taken."""


@dataclass(frozen=True, slots=True)
class StandardRef:
    """One standard as a text cites it. `part` is the digits after the dot; `amendment` the 第N号修改单."""

    prefix: str
    number: str
    part: str | None = None
    year: int | None = None
    amendment: int | None = None
    printed: str = field(default="", compare=False)

    def __str__(self) -> str:
        dated = self.undated if self.year is None else f"{self.undated}-{self.year}"
        return dated if self.amendment is None else f"{dated}/XG{self.amendment}"

    @property
    def undated(self) -> str:
        """The standard over time, without year and amendment: `GB/T 15579.6`."""
        return f"{self.prefix} {self.number}" + (f".{self.part}" if self.part else "")

    def to_json(self) -> dict[str, Any]:
        """Return the standard as `rulewatch facts --json` prints it."""
        return {
            "printed": self.printed,
            "prefix": self.prefix,
            "number": self.number,
            "part": self.part,
            "year": self.year,
            "amendment": self.amendment,
        }


@dataclass(frozen=True, slots=True)
class StandardAt:
    """A standard and where it stands; the members of a range share one place."""

    start: int
    end: int
    standard: StandardRef


def parse_standard(text: str) -> StandardRef:
    """Return the one standard that the text names first. Raises BadInput where it names none."""
    for at in locate_standards(text):
        return at.standard
    raise BadInput(f'"{text}" names no standard (expected something like GB/T 15579.6-2018)')


def find_standards(text: str) -> tuple[StandardRef, ...]:
    """Return the standards that the text cites, each once, in order of appearance."""
    return tuple(dict.fromkeys(at.standard for at in locate_standards(text)))


def locate_standards(text: str) -> Iterator[StandardAt]:
    """Yield every mention of a standard with its place in the text."""
    folded = fold(text).translate(ascii_upper())
    position = 0
    while head := _HEAD.search(folded, position):
        prefix, position = _prefix(head["prefix"]), head.end()
        item = _ITEM.match(folded, position)
        if item is None or not _is_plausible(head, item, folded):
            continue
        start = head.start()
        while item is not None:
            yield from _members(text, folded, prefix, item, start)
            position = _after_amendments(folded, item)
            item = _next_item(folded, position)
            start = item.start("number") if item else position


def _prefix(printed: str) -> str:
    joined = re.sub(r"\s+", "", printed).replace("-", "/")
    return {"GBT": "GB/T", "GBZ": "GB/Z"}.get(joined, joined)


def _is_plausible(head: re.Match[str], item: re.Match[str], folded: str) -> bool:
    if item["year"] or "/" in head["prefix"]:
        return True
    if item["number"] in _SIZES and _AMOUNT.search(folded, max(0, head.start() - 3), head.start()):
        return False
    return len(item["number"]) >= 3 and not _UNIT.match(folded, item.end())


def _members(text: str, folded: str, prefix: str, item: re.Match[str], start: int) -> Iterator[StandardAt]:
    end = item.end()
    year = _year(item["year"])
    printed = text[start:end]
    amendments, amended_end = _amendments(folded, end)
    for part in _parts(item):
        standard = StandardRef(prefix, item["number"], part, year, None, printed)
        if not amendments:
            yield StandardAt(start, end, standard)
        for amendment in amendments:
            amended = replace(standard, amendment=amendment, printed=text[start:amended_end])
            yield StandardAt(start, amended_end, amended)


def _parts(item: re.Match[str]) -> list[str | None]:
    first = re.sub(r"\s", "", item["part"])[1:] if item["part"] else None
    last = item["last"] or item["last_dash"] or item["last_dated"]
    if first is not None and item["slashed"]:
        return [first, *re.findall(r"\d+", item["slashed"])]
    if first is None or last is None or "." in first:
        return [first]
    begin, end = int(first), int(last)
    if not begin < end:
        return [first]
    if end - begin > LONGEST_RANGE:
        return [first, last]
    return [str(part) for part in range(begin, end + 1)]


def _year(digits: str | None) -> int | None:
    if not digits:
        return None
    return int(digits) if len(digits) == 4 else 1900 + int(digits)


def _amendments(folded: str, position: int) -> tuple[tuple[int, ...], int]:
    match = _AMENDMENT.match(folded, position)
    if match is None:
        return (), position
    numbers = re.findall(r"\d+|[一二三四五六七八九十]", match["xg"] or match["numbers"])
    return tuple(int(n) if n.isdigit() else "一二三四五六七八九十".index(n) + 1 for n in numbers), match.end()


def _after_amendments(folded: str, item: re.Match[str]) -> int:
    return _amendments(folded, item.end())[1]


def _next_item(folded: str, position: int) -> re.Match[str] | None:
    link = _LINK.match(folded, position)
    if link is None:
        return None
    item = _ITEM.match(folded, link.end())
    if item is None or len(item["number"]) < 3 or _UNIT.match(folded, item.end()):
        return None
    if not (item["year"] or item["part"]) and len(item["number"]) < 4:
        return None
    return item


_INDUSTRIES = (
    "AQ|BB|CB|CH|CJ|CY|DA|DL|DY|DZ|EJ|FZ|GA|GH|GM|GY|HB|HG|HJ|HS|HY|JB|JC|JG|JR|JT|JY|LB|LD|LS|LY|MH|MT|MZ|NB|"
    "NY|QB|QC|QJ|QX|RB|SB|SC|SF|SH|SJ|SL|SN|SY|TB|TD|TY|WB|WH|WJ|WM|WS|WW|XB|XF|YB|YC|YD|YS|YY|YZ|ZY|JJG|JJF|JGJ|CJJ"
)
_ALWAYS = "GB|GBJ|HJ|QC|JB|YD|SJ|GA|JT|QB|YY|NB|HG|JJG|JJF|JGJ|CJJ|MT|DL|AQ|XF|LD|TB|CB"
"""Prefixes that are standards also without /T (mandatory ones); the others need their /T."""
_HEAD = re.compile(
    rf"""(?<![A-Z0-9/-])(?P<prefix>
        GB\s?/\s?[TZ] | GB[TZ](?=\s?\d) | (?:{_INDUSTRIES})\s?/\s?[TZ]
      | DB\s?\d\d(?:\d\d)?(?:\s?/\s?T)? | T\s?/\s?[A-Z]{{2,10}} | {_ALWAYS}
    )(?:\s{{0,3}}-?\s{{0,3}})(?=\d)""",
    re.VERBOSE,
)
_ITEM = re.compile(
    r"""(?P<number>\d{1,6})
        (?P<part>(?:\.\d{1,3}){1,2}|\.\s?\n\s?\d{1,3}(?=\s?-))?
        (?:\s?(?:~|至|到)\s?(?:(?:GB|GB\s?/\s?[TZ]|[A-Z]{2}\s?/\s?[TZ])\s?)?(?:(?P=number)\s?)?\.?(?P<last>\d{1,2})(?![\d.])
          |(?P<slashed>(?:\s?/\s?\.?\d{1,2}){1,12})(?=\s?[-:]\s?(?:19[5-9]|20)\d)
          |\s?-\s?(?P<last_dash>\d{1,2})(?=\s?-\s?(?:19[5-9]|20)\d)
        )?
        (?:\s{0,3}(?:-{1,2}|:)\s{0,3}(?P<year>(?:19[5-9]\d|20\d\d)(?!\d)|[5-9]\d(?![\d.])))?
        (?:\s?(?:~|至|到)\s?(?:(?:GB|[A-Z]{2}\s?/\s?[TZ])\s?)?(?P=number)\.(?P<last_dated>\d{1,2})\s?[-:]\s?(?P=year)(?!\d))?(?!\d)""",
    re.VERBOSE,
)
_TITLE = r"(?:\s?《[^》]{1,80}》)?"
_ADOPTED = r"(?:\s?[(（][^()（）]{1,60}[)）])?"
_LINK = re.compile(rf"{_TITLE}{_ADOPTED}\s?(?:[、,，;；/]|和|及|与|或|以及)\s?(?=\d)")
_AMENDMENT = re.compile(
    rf"""(?:\s?/\s?XG\s?(?P<xg>\d{{1,2}})(?:\s?-\s?(?:19|20)\d\d)?
      |{_TITLE}\s?[(（]?(?:含|包括|及其|及|的|和|国家标准|、){{0,3}}\s?
       第\s?(?P<numbers>[\d一二三四五六七八九十]{{1,3}}(?:\s?号?\s?(?:、|和|及|,|，)\s?第?\s?[\d一二三四五六七八九十]{{1,3}}){{0,4}})
       \s?号\s?修改单)""",
    re.VERBOSE,
)
_SIZES = frozenset(("128", "256", "512", "1024"))
_AMOUNT = re.compile(r"\d\s?$")
"""Before GB without a year: a size of storage (16 GB 128 GB)."""

_UNIT = re.compile(r"\s?[年月日号个项件家张元份天次期批小时米吨台只套条]")
