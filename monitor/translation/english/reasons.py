"""Why a clause matters, in English: `number 3件 → 5件` is "number 3 pieces → 5 pieces".

Chinese that the glossary does not know stays in quotation marks, as the words that were exchanged; it is not glossed.
"""

import re

from monitor.notation.text import has_han
from monitor.translation.english.days import say_day_parts
from monitor.translation.english.glossary import Glossary
from monitor.translation.english.sentences import say_sentence


def say_why(why: str, glossary: Glossary) -> str:
    """Return a reason of `monitor.changes` with its Chinese said in English, or kept in quotation marks."""
    if not has_han(why):
        return why
    if row := _ROW.fullmatch(why):
        name, column = (_say_value(row[group], glossary) for group in ("name", "column"))
        return f"row {name}, {column}: {say_why(row['reason'], glossary)}"
    if cells := _CELLS.fullmatch(why):
        return f"{cells[1]}: {' | '.join(_say_value(cell, glossary) for cell in cells[2].split(' | '))}"
    reason = _REASON.fullmatch(why)
    what, values = (reason["what"] or "wording", reason["values"]) if reason else ("wording", why)
    return f"{what} {' → '.join(_say_list(value, glossary) for value in values.split(' → '))}"


def _say_list(value: str, glossary: Glossary) -> str:
    return ", ".join(_say_value(item, glossary) for item in value.split(", "))


def _say_value(value: str, glossary: Glossary) -> str:
    bare = value.strip()
    if not has_han(bare):
        return bare
    if re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", bare) and (day := say_day_parts(bare)):
        return day
    said = say_sentence(bare, glossary)
    if said is None:
        return f"“{bare}”"
    return said if re.match(r"\d|[A-Z]{2}", said) else f"“{said[:1].lower()}{said[1:]}” ({bare})"


_ROW = re.compile(r"row (?P<name>.+), (?P<column>[^:]+?): (?P<reason>.+)", re.DOTALL)
_CELLS = re.compile(r"(row (?:added|removed)): (.+)", re.DOTALL)
_REASON = re.compile(r"(?:(?P<what>[a-z][a-z ]*)[: ]\s*)?(?P<values>\S.*)", re.DOTALL)
