"""What a second reader answered, believed only as far as our own notation finds it in the text.

A quote must stand in the text, letter for letter; a day must be printed in the quote or follow from it by our own
rules; codes and standards must be printed in it; a deed or consequence must be said in it. What passes is compared with
our facts: agreement makes a fact sure, difference makes it unsure, and what only the second reader found is
unexplained. It never becomes a fact, so that a text which instructs the model can neither make, move nor remove one.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from monitor.facts.errors import SecondReaderFailed
from monitor.facts.fact import DECIDING, Fact, FactReading, FactType, StandardChange, Unexplained
from monitor.facts.moments import Known, moments_of
from monitor.facts.text.lexicon import grammar, tokens_of
from monitor.facts.text.lines import sentences_of
from monitor.facts.text.marks import mark
from monitor.notation.codes import find_codes
from monitor.notation.standards import find_standards

MOST_FACTS, LONGEST_QUOTE = 200, 600


@dataclass(frozen=True, slots=True)
class Answer:
    """The facts that stand up to the text, and how many did not."""

    facts: tuple[Fact, ...]
    refused: int


def checked(content: str, text: str, published: date | None) -> Answer:
    """Return what an answer's facts come to.

    Raises:
        SecondReaderFailed: the answer is not the JSON that was asked for.
    """
    items = _items(content)
    facts = [fact for item in items if (fact := _fact(item, text, published))]
    return Answer(tuple(dict.fromkeys(facts)), len(items) - len(facts))


def compared(reading: FactReading, answer: Answer) -> FactReading:
    """Return our reading as it stands beside a second one: no fact more, some surer, some unsure, more unexplained."""
    theirs = {_said(fact): fact for fact in answer.facts}
    ours = {_said(fact) for fact in reading.facts}
    facts = tuple(_weighed(fact, theirs, reading.facts) for fact in reading.facts)
    found = [Unexplained(_printed(fact), fact.quote) for said, fact in theirs.items() if said not in ours]
    return replace(reading, facts=facts, unexplained=tuple(dict.fromkeys((*reading.unexplained, *found))))


def _items(content: str) -> list[Any]:
    try:
        items = json.loads(content)["facts"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SecondReaderFailed("it answered otherwise than in the JSON asked for") from None
    if not isinstance(items, list) or len(items) > MOST_FACTS:
        raise SecondReaderFailed(f"it answered otherwise than with a list of at most {MOST_FACTS} facts")
    return items


def _fact(item: Any, text: str, published: date | None) -> Fact | None:
    name = item.get("type") if isinstance(item, dict) else None
    if not isinstance(name, str) or name not in _TYPES:
        return None
    kind, value, quote = FactType(name), item.get("value"), item.get("quote")
    if not isinstance(quote, str) or not 2 <= len(quote) <= LONGEST_QUOTE or quote not in text:
        return None
    if kind is FactType.STANDARD_CHANGE:
        change = _change(value, quote)
        return Fact(kind, change, quote, sure=False) if change else None
    if not isinstance(value, str) or value not in _readable(kind, quote, published):
        return None
    return Fact(kind, value, quote, sure=False)


def _change(value: Any, quote: str) -> StandardChange | None:
    old, new = (value.get(side) for side in ("old", "new")) if isinstance(value, dict) else (None, None)
    if not (isinstance(old, str) and isinstance(new, str)):
        return None
    printed = {str(standard) for standard in find_standards(quote)}
    return StandardChange(old, new) if old != new and old in printed and new in printed else None


def _readable(kind: FactType, quote: str, published: date | None) -> set[str]:
    """The values that our own notation finds in a quote."""
    if kind is FactType.SUPERSEDES:
        return {code.edition for code in find_codes(quote)}
    if kind in (FactType.ACTION, FactType.CONSEQUENCE):
        classes = tokens_of(mark(quote).text).classes
        return {value for value, said in _SAID[kind].items() if said.search(classes)}
    return set(_days(quote, published))


def _days(quote: str, published: date | None) -> Iterator[str]:
    known = Known(published=published, years=published)
    for sentence in sentences_of(quote):
        for moment in moments_of(sentence, known):
            for when in (moment.first, moment.last):
                if when:
                    yield from (when.value, when.eve().value)


def _weighed(fact: Fact, theirs: dict[Any, Fact], facts: tuple[Fact, ...]) -> Fact:
    if fact.type not in _TYPES:
        return fact
    if _said(fact) not in theirs:
        return replace(fact, sure=False)
    rivals = [one for one in facts if one.type is fact.type and one.quote == fact.quote and one.value != fact.value]
    return fact if rivals else replace(fact, sure=True)


def _said(fact: Fact) -> tuple[str, Any]:
    value = fact.value.replace(":", "-") if isinstance(fact.value, str) else fact.value
    return fact.type.value, value


def _printed(fact: Fact) -> str:
    if isinstance(fact.value, StandardChange):
        return f"{fact.value.old} → {fact.value.new}"
    return f"{fact.type.value} {fact.value}"


_TYPES = frozenset(DECIDING)
_SAID = {
    FactType.ACTION: {
        "changeover": grammar("change|swap|become|obtain"),
        "retest": grammar("test|test_report"),
        "factory_inspection": grammar("inspect|exam|surv"),
        "declaration": grammar("declare"),
        "none": grammar("noneed|no"),
    },
    FactType.CONSEQUENCE: {
        "suspension": grammar("suspend"),
        "withdrawal": grammar("withdraw"),
        "cancellation": grammar("cancel"),
        "not_accepted": grammar("(?:stop|no)(?:zz|if)?take"),
    },
}
