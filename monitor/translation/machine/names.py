"""Names that a translation keeps letter by letter: rule codes, standards, codes of neighbours; and days."""

import re

from monitor.notation.codes import find_other_codes, locate_codes
from monitor.notation.standards import locate_standards
from monitor.notation.text import fold
from monitor.translation.english.days import MONTHS


def names_in(text: str) -> list[str]:
    """Return the codes and standards of a text, each in one form."""
    names = [f"{at.code.family}|{at.code.year or ''}{at.code.letter or ''}" for at in locate_codes(text)]
    names += [str(at.standard) for at in locate_standards(text)]
    return names + list(find_other_codes(text))


def without_names(text: str, mark: str = " , ") -> str:
    """Return the text with a mark in place of each code and standard, so that their digits count as no numbers."""
    spans = [(at.start, at.end) for at in locate_codes(text)] + [(at.start, at.end) for at in locate_standards(text)]
    for other in find_other_codes(text):
        spans += [match.span() for match in re.finditer(re.escape(other), fold(text))]
    pieces, position = [], 0
    for start, end in sorted(spans):
        if start >= position:
            pieces += [text[position:start], mark]
            position = end
    return "".join([*pieces, text[position:]])


def without_days(text: str) -> str:
    """Return the text with @ in place of each day, so that no month is read as the verb "may"."""
    return _DAY.sub("@", text)


_MONTH = "|".join(MONTHS[1:])
_DAY = re.compile(
    rf"\d{{4}}年\d{{1,2}}月(?:\d{{1,2}}日)?|\d{{1,2}}月\d{{1,2}}日|\d{{1,2}} (?:{_MONTH})(?:,? \d{{4}})?|"
    rf"(?:{_MONTH}) \d{{1,2}}(?:,? \d{{4}})?(?!\d)|(?:{_MONTH}),? \d{{4}}|\d{{4}}-\d\d-\d\d|(?<=of )(?:{_MONTH})\b"
)
