"""Rule codes: how CQC and CCAP number their voluntary rules, in every printed form.

The same code appears with ASCII or full-width hyphens and colons, en or em dashes, spaces, a line break
inside, a trailing slash, and either separator before the year (DESIGN.md, "Reading rule codes"). All mean one
edition: codes are compared by their parts, and shown as they were printed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import total_ordering
from typing import Any

from monitor.errors import BadInput
from monitor.notation.text import ascii_upper, fold

CCAP_SERIES = ("CAMRA", "SBM", "SB", "GZ")
COLON_SINCE = 2018
"""CCAP prints a colon before the year since its editions of 2018, a hyphen before (`published_codes.csv`)."""


@dataclass(frozen=True, slots=True, order=True)
class RuleFamily:
    """A code without year and letter: what a certificate is based on over time."""

    authority: str
    series: str
    number: str

    def __str__(self) -> str:
        joint = "" if self.authority == "CQC" else "-"
        return f"{self.authority}{joint}{self.series}-{self.number}"


@total_ordering
@dataclass(frozen=True, slots=True)
class RuleCode:
    """One dated issue of a rule, or (year None) the family as a text cites it. `printed` is left out of comparing.

    Editions of a family are ordered by year, then letter, none before A (DESIGN.md).
    """

    family: RuleFamily
    year: int | None = None
    letter: str | None = None
    printed: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.edition

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, RuleCode):
            return NotImplemented
        return self._order < other._order

    @property
    def _order(self) -> tuple[RuleFamily, int, str]:
        return self.family, self.year or 0, self.letter or ""

    @property
    def edition(self) -> str:
        """The code in its authority's usual form: `CCAP-GZ-5830:2021`, `CQC16-464213-2014`."""
        if self.year is None:
            return str(self.family)
        colon = self.family.authority == "CCAP" and self.year >= COLON_SINCE
        return f"{self.family}{':' if colon else '-'}{self.year}{self.letter or ''}"

    def to_json(self) -> dict[str, Any]:
        """Return the code as `rulewatch facts --json` prints it."""
        return {
            "printed": self.printed,
            "authority": self.family.authority,
            "series": self.family.series,
            "number": self.family.number,
            "year": self.year,
            "letter": self.letter,
            "family": str(self.family),
        }


@dataclass(frozen=True, slots=True)
class CodeAt:
    """A code and where it stands in the text: text[start:end] is what was printed."""

    start: int
    end: int
    code: RuleCode


def parse_code(text: str) -> RuleCode:
    """Return the one code that the text is. Raises BadInput where it is none, or more than a code."""
    found = list(locate_codes(text))
    if len(found) == 1 and not fold(text[: found[0].start] + text[found[0].end :]).strip(" \n/.。;《》()"):
        return found[0].code
    raise BadInput(f'"{text}" is not a rule code (expected something like CCAP-SB-3721:2018A or CQC16-464213-2014)')


def find_codes(text: str) -> tuple[RuleCode, ...]:
    """Return the codes of the watched series in running text, each edition once, in order of appearance."""
    return tuple(dict.fromkeys(at.code for at in locate_codes(text)))


def locate_codes(text: str) -> Iterator[CodeAt]:
    """Yield every mention of a watched code with its place, also those that inherit the series in a list."""
    folded = fold(text).translate(ascii_upper())
    position = 0
    while match := _CODE.search(folded, position):
        family = _family(match)
        yield _at(text, match, family)
        position = match.end()
        while item := _LIST_ITEM.match(folded, position):
            family = RuleFamily(family.authority, family.series, item["number"])
            yield _at(text, item, family, start=item.start("number"))
            position = item.end()


def find_other_codes(text: str) -> tuple[str, ...]:
    """Return codes of neighbours (CNCA, CNAS, compulsory scheme, SAMR documents), folded, each once.

    They are kept apart from the watched families and match nothing (FACTS.md, "Codes").
    """
    folded = fold(text).translate(ascii_upper())
    return tuple(dict.fromkeys(_other(match) for match in _OTHER.finditer(folded)))


def _family(match: re.Match[str]) -> RuleFamily:
    if match["cqc"]:
        return RuleFamily("CQC", match["cqc"], match["class"].replace(" ", "").replace("\n", ""))
    return RuleFamily("CCAP", match["ccap"], match["number"])


def _at(text: str, match: re.Match[str], family: RuleFamily, start: int | None = None) -> CodeAt:
    begin = match.start() if start is None else start
    year = int(match["year"]) if match["year"] else None
    letter = (match["letter"] or match["apart"]) if year else None
    return CodeAt(begin, match.end(), RuleCode(family, year, letter, text[begin : match.end()]))


def _other(match: re.Match[str]) -> str:
    joined = re.sub(r"(?<=CTS)(?=\d)", " ", re.sub(r"\s+", "", match[0]))
    return re.sub(r"-{2,}", "-", joined).replace("[", "〔").replace("]", "〕")


_JOINT = r"(?:\s{0,3}[-_]{1,2}\s{0,3}|\s{1,3})"
_YEAR = r"""(?:\s{0,3}(?:-{1,2}|[:_/])\s{0,3}(?P<year>19[89]\d|20\d\d)(?!\d)
    (?:(?P<letter>[A-Z])(?![A-Z0-9])|\s{1,3}(?P<apart>[A-Z])(?=\s*(?:[》）)\]】"]|$)))?)?"""
_CODE = re.compile(
    rf"""(?<![A-Z0-9])(?:
        CCAP{_JOINT}?(?P<ccap>{"|".join(CCAP_SERIES)}){_JOINT}?(?P<number>\d{{3,6}})(?!\d)
      | CQC\s?(?P<cqc>\d\d){_JOINT}(?P<class>\d{{6}}(?:\.\d{{1,2}})?)(?!\d)
    ){_YEAR}""",
    re.VERBOSE,
)
_LIST_ITEM = re.compile(
    r"""\s*(?:[、,，]|和|及|与|以及)\s*(?P<number>\d{4}(?:\d\d)?)\s?[-:]\s?(?P<year>19[89]\d|20\d\d)(?![\d.])
        (?:(?P<letter>[A-Z])(?![A-Z0-9]))?(?P<apart>(?!))?(?![-年/])""",
    re.VERBOSE,
)
_OTHER_YEAR = r"(?:\s?[-:]{1,2}\s{0,2}(?:19|20)\d\d(?!\d)[A-Z]?(?![A-Z0-9]))?"
_OTHER = re.compile(
    rf"""(?<![A-Z0-9])(?:
        CNCA\s?/\s?[A-Z]{{2,4}}\s?\d{{2,4}}{_OTHER_YEAR}
      | CNCA\s?(?:-{{1,2}}\s{{0,2}}(?!(?:19|20)\d\d(?!\d))[A-Z0-9]{{1,6}}){{1,3}}{_OTHER_YEAR}
      | CNAS\s?(?:-{{1,2}}\s{{0,2}}(?!(?:19|20)\d\d(?!\d))[A-Z0-9]{{1,6}}){{1,3}}{_OTHER_YEAR}
      | CCAP\s?-{{1,2}}\s{{0,2}}(?!(?:{"|".join(CCAP_SERIES)})(?![A-Z]))
            (?=[A-Z0-9-]*\d)[A-Z0-9]{{1,6}}(?:-(?!(?:19|20)\d\d(?!\d))[A-Z0-9]{{1,6}}){{0,2}}{_OTHER_YEAR}
      | CQC\s?-{{1,2}}\s{{0,2}}[A-Z]{{1,3}}\s?\d{{2,6}}(?:-(?!(?:19|20)\d\d(?!\d))\d{{1,4}}){{0,2}}{_OTHER_YEAR}
      | CQC\s?\d{{4}}\s?-\s?(?:19|20)\d\d(?!\d)
    )
    | (?:国市监|市监|国认|国质检|认办|国家认监委|认监委|市场监管总局|国家市场监督管理总局|工信部|国家标准委)
      [\u4e00-\u9fff]{{0,6}}\s?[〔\[(（【]\s?(?:19|20)\d\d\s?[〕\])）】]\s?\d{{1,4}}\s?号
    | (?:国家市场监督管理总局|市场监管总局|国家认证认可监督管理委员会|国家认监委|认监委)
      (?:公告\s?(?:19|20)\d\d\s?年\s?第\s?\d{{1,4}}\s?号|\s?(?:19|20)\d\d\s?年\s?第\s?\d{{1,4}}\s?号\s?公告)
    """,
    re.VERBOSE,
)
