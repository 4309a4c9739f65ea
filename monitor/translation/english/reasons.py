"""Why a clause matters, in English: `number 3件 → 5件` is "samples: 3 → 5".

A value is said with what binds to it in the clause (context.py). Chinese that the glossary does not know stays in
quotation marks, as the words that were exchanged; it is not glossed.
"""

import re

from monitor.notation.text import fold, has_han
from monitor.translation.english.amounts import say_amount
from monitor.translation.english.context import Place, Side
from monitor.translation.english.days import say_day_parts
from monitor.translation.english.glossary import Glossary
from monitor.translation.english.sentences import say_sentence
from monitor.translation.language import say, say_term

NOWHERE = (Side(), Side())


def say_why(why: str, glossary: Glossary, sides: tuple[Side, Side] = NOWHERE) -> str:
    """Return a reason of the comparison with its Chinese said in English, or kept in quotation marks.

    `sides` are the clause before and after; without them a value is said only where it needs no words around it.
    """
    if in_row := _ROW.fullmatch(why):
        key, column = (_say_value(Place(in_row[group], "", ""), glossary) for group in ("name", "column"))
        reason = say_why(in_row["reason"], glossary, sides)
        return say("row {row}, {column}: {reason}", row=key, column=column, reason=reason)
    if cells := _CELLS.fullmatch(why):
        said = " | ".join(_say_value(Place(cell, "", ""), glossary) for cell in cells[2].split(" | "))
        return f"{_say_label(cells[1])}: {said}"
    parts = _REASON.fullmatch(why)
    what, values = (parts["what"] or "wording", parts["values"]) if parts else ("wording", why)
    return _say_change(what, values.split(" → "), glossary, sides)


def _say_change(what: str, values: list[str], glossary: Glossary, sides: tuple[Side, Side]) -> str:
    """Say `A → B`, or what was added (it stands in the new text) or removed (in the old)."""
    if len(values) != PAIR:
        side = sides[1] if "added" in what else sides[0]
        return f"{_say_label(what)} {_say_places(values[0], glossary, side)}"
    named = _named_count(values, glossary, sides) if what == "number" else None
    said = [_say_places(value, glossary, side) for value, side in zip(values, sides, strict=True)]
    return named or f"{_say_label(what)} {said[0]} → {said[1]}"


def _say_places(value: str, glossary: Glossary, side: Side) -> str:
    return ", ".join(_say_value(side.place(item), glossary) for item in value.split(", "))


def _say_value(place: Place, glossary: Glossary) -> str:
    bare = place.value.strip()
    if not has_han(bare):
        return bare
    if re.fullmatch(r"\d{4}年\d{1,2}月\d{1,2}日", bare):
        return say_day_parts(bare) or f"“{bare}”"
    if amount := say_amount(bare, glossary, place.before, place.after):
        return amount
    said = None if re.match(r"[-−±+]?\d", bare) else _say_words(bare, glossary)
    if said is None:
        return f"“{bare}”"
    return said if re.match(r"\d|[A-Z]{2}", said) else f"“{said[:1].lower()}{said[1:]}” ({bare})"


def _say_words(bare: str, glossary: Glossary) -> str | None:
    """A term or a sentence; of 产品应 → 产品可, whose first sign only shows where it stands, the word after it."""
    said = glossary.find(bare, "wording") or say_sentence(bare, glossary)
    return glossary.find(bare[1:], "wording") if said is None and re.fullmatch("[^不未无非].", bare) else said


def _named_count(values: list[str], glossary: Glossary, sides: tuple[Side, Side]) -> str | None:
    """样品数量为3件 → 5件 is "samples: 3 → 5": the count is named by the term that it stands behind."""
    places = [side.place(value) for value, side in zip(values, sides, strict=True)]
    noun = _noun_before(places[0].before, glossary)
    amounts = [say_amount(place.value, glossary, place.before, place.after) for place in places]
    if noun is None or noun != _noun_before(places[1].before, glossary) or not all(amounts):
        return None
    bare = [
        amount.removesuffix(f" {say_term('pieces')}").removesuffix(f" {say_term('piece')}")
        for amount in amounts
        if amount
    ]
    return f"{say_term(noun)}: {bare[0]} → {bare[1]}"


def _noun_before(before: str, glossary: Glossary) -> str | None:
    words = _COPULA.sub("", fold(before))
    for start in range(max(0, len(words) - LONGEST_NOUN), len(words) - 1):
        term = glossary.entry(words[start:].replace("的", ""), "term")
        if term and term.pos == "noun":
            return term.en.removeprefix("number of ")
    return None


def _say_label(what: str) -> str:
    return say_term(what)


PAIR = 2
LONGEST_NOUN = 10
_COPULA = re.compile(r"\s*(?:应?为|应?是|[:：])?\s*(?:不少于|不大于|不超过|至少)?\s*$")
_ROW = re.compile(r"row (?P<name>.+), (?P<column>[^:]+?): (?P<reason>.+)", re.DOTALL)
_CELLS = re.compile(r"(row (?:added|removed)): (.+)", re.DOTALL)
_REASON = re.compile(r"(?:(?P<what>[a-z][a-z ]*)[: ]\s*)?(?P<values>\S.*)", re.DOTALL)
