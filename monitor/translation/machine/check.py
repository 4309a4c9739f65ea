"""Is a translation unharmed? Codes, standards, dates, numbers and units must be those of the source.

What differs is named, so that a consultant can see why a translation was refused. A refused translation is not shown
(DESIGN.md, "Numbers survive translation").
"""

import re
from collections import Counter

from monitor.notation.codes import find_other_codes, locate_codes
from monitor.notation.standards import locate_standards
from monitor.notation.text import fold, has_han
from monitor.translation.machine.quantities import Figures, english_figures, source_figures

LONGEST_RATIO = 14
"""English has two to four letters for a Chinese character; beyond this it is no translation."""


def find_harm(source: str, target: str) -> tuple[str, ...]:
    """Return what a translation lost, added or altered, in words; empty where it may be shown."""
    shape = _shape(source, target)
    if shape:
        return (shape,)
    return (*_compare_names(source, target), *_compare_figures(source, target))


def _shape(source: str, target: str) -> str | None:
    if not target.strip():
        return "nothing was translated"
    if has_han(target):
        return "Chinese is left in it"
    if _MARKUP.search(target) and not _MARKUP.search(source):
        return "it contains markup or control characters"
    if len(target) > 60 + LONGEST_RATIO * len(source):
        return "it is much longer than the source"
    if has_han(source) and not re.search(r"[A-Za-z]{2}", target) and not re.fullmatch(r"[\W\d_]*", target):
        return "it is not English"
    return None


def _compare_names(source: str, target: str) -> list[str]:
    before, after = Counter(_names(source)), Counter(_names(target))
    lost = [f"{name} is missing" for name in before - after]
    return lost + [f"{name} is not in the source" for name in after if name not in before]


def _compare_figures(source: str, target: str) -> list[str]:
    return _difference(source_figures(_without_names(source)), english_figures(_without_names(target)))


def _difference(source: Figures, target: Figures) -> list[str]:
    harm = [f"the date {day} is missing" for day in source.dates - target.dates]
    harm += [f"the date {day} is not in the source" for day in target.dates - source.dates]
    lost = source.numbers - target.numbers
    harm += [f"the number {number} is missing" for number in lost if lost[number] > target.spelled[number]]
    added, words = target.numbers - source.numbers, source.spelled + source.ordinals
    harm += [f"the number {number} is not in the source" for number in added if added[number] > words[number]]
    missing = source.spelled - target.numbers - target.spelled
    harm += [f"the number {number} is missing" for number in missing if number != "1"]
    return harm + _unit_harm(source, target)


def _unit_harm(source: Figures, target: Figures) -> list[str]:
    """Name units lost or added; "5 mm to 10 mm" may repeat the unit of 5～10mm, 每年 may be "once in one year"."""
    lost = [(number, unit) for number, unit in source.measures - target.measures if number != "1" or unit != "year"]
    added = [(number, unit) for number, unit in target.measures - source.measures if number != "1"]
    measured = {number for number, _ in source.measures}
    bare = {number for number in source.numbers | source.spelled if number not in measured}
    harm = [f"{number} {unit} is missing" for number, unit in lost]
    return harm + [f"{number} {unit} is not in the source" for number, unit in added if number not in bare]


def _names(text: str) -> list[str]:
    names = [f"{at.code.family}|{at.code.year or ''}{at.code.letter or ''}" for at in locate_codes(text)]
    names += [str(at.standard) for at in locate_standards(text)]
    return names + list(find_other_codes(text))


def _without_names(text: str) -> str:
    """Return the text with a comma in place of each code and standard, so that their digits count as no numbers."""
    spans = [(at.start, at.end) for at in locate_codes(text)] + [(at.start, at.end) for at in locate_standards(text)]
    for other in find_other_codes(text):
        spans += [match.span() for match in re.finditer(re.escape(other), fold(text))]
    pieces, position = [], 0
    for start, end in sorted(spans):
        if start >= position:
            pieces += [text[position:start], " , "]
            position = end
    return "".join([*pieces, text[position:]])


_MARKUP = re.compile(r"</?[A-Za-z][^>]*>|&(?:#\d+|[a-z]+);|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
