"""facts_of: the one door. A text becomes facts, what else its dates and codes are, and what is left unread."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from monitor.documents.document import Document
from monitor.facts.discourse import first_known, known_after, remembered
from monitor.facts.doubt.sure import believed, places_of, weighed, weighed_day
from monitor.facts.fact import Fact, FactReading, FactType
from monitor.facts.moments import Known, last_day, last_year
from monitor.facts.obligations import read_obligations
from monitor.facts.rest import Account, accounts_of, named_and_unexplained
from monitor.facts.signature import is_signature, read_signature
from monitor.facts.successions import read_successions
from monitor.facts.tables import Table
from monitor.facts.text.lines import Sentence, sentences_of
from monitor.facts.text.printed import document_text
from monitor.facts.timing import Part, facts_of_part, parts_of
from monitor.notation.codes import find_codes, find_other_codes
from monitor.notation.standards import find_standards

FACTS_VERSION = 5
"""Rises with every change of what is read; facts of an older version are derived again."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a text: each sentence with its moments' parts, and the dated facts of all."""

    sentences: tuple[Sentence, ...]
    parts: tuple[tuple[Part, ...], ...]
    dated: tuple[Fact, ...]


def facts_of(text: str, published: date | None = None) -> FactReading:
    """Return what the text states; `published` is the day of publication where it is known from elsewhere."""
    look, known, facts = _facts(text, published)
    named, unexplained = named_and_unexplained(look.sentences, look.parts, facts, known)
    return FactReading(facts, find_codes(text), find_standards(text), find_other_codes(text), named, unexplained)


def accounted_for(text: str, published: date | None = None) -> tuple[Account, ...]:
    """Return what became of every date, code and standard that the text prints."""
    look, known, facts = _facts(text, published)
    return tuple(accounts_of(look.sentences, look.parts, facts, known))


def _facts(text: str, published: date | None) -> tuple[Look, Known, tuple[Fact, ...]]:
    look, known = look_at(text, published)
    others = (*read_successions(look.sentences), *read_obligations(look.sentences, look.parts, known))
    return look, known, _once((*look.dated, *weighed(others, look.sentences)), text)


def look_at(text: str, published: date | None = None) -> tuple[Look, Known]:
    """Return the last of two looks: the second builds on the days that the first one found."""
    sentences = sentences_of(text)
    first = first_known(sentences, published)
    look = _look(sentences, first)
    found = known_after(look.dated, first)
    return (_look(sentences, found), found) if found != first else (look, found)


def facts_of_document(document: Document, published: date | None = None) -> FactReading:
    """Return what a document states: its title, its parts with their tables, and its members'."""
    return facts_of(document_text(document), published or document.published)


def _look(sentences: tuple[Sentence, ...], known: Known) -> Look:
    facts: list[Fact] = []
    parts: list[tuple[Part, ...]] = []
    table = Table()
    for index, (sentence, place) in enumerate(zip(sentences, places_of(sentences), strict=True)):
        table = table.with_row(sentence)
        read = table.parts(sentence, known) if sentence.is_row else ()
        read = () if is_signature(sentences, index) else read or parts_of(sentence, known)
        read = believed(sentence, read, place, known)
        made = [
            weighed_day(fact, sentence, part, read, place, known)
            for part in read
            for fact in facts_of_part(sentence, part, known)
        ]
        facts = [*remembered(facts, sentence), *_spelled_out(made)]
        parts.append(read)
        pointed = last_day(sentence, known) or known.pointed
        years = last_year(sentence, known)
        if years != known.years or pointed is not known.pointed:
            known = replace(known, years=years, pointed=pointed)
    facts.extend(read_signature(sentences, known))
    return Look(sentences, tuple(parts), tuple(facts))


def _spelled_out(facts: list[Fact]) -> list[Fact]:
    """Of 6个月后…，即2026年12月1日起… only the day is kept."""
    dated = {fact.type for fact in facts if "+" not in str(fact.value)}
    return [fact for fact in facts if "+" not in str(fact.value) or fact.type not in dated]


def _once(facts: Iterable[Fact], text: str) -> tuple[Fact, ...]:
    """Keep each statement once, surest first said, in the order of the text."""
    kept: dict[tuple[object, ...], Fact] = {}
    for fact in facts:
        value = fact.value.replace(":", "-") if isinstance(fact.value, str) else fact.value
        key = (fact.type, value, fact.on if fact.type is FactType.MEASURE else None)
        known = kept.get(key)
        if known is None:
            kept[key] = fact
        elif fact.sure and not known.sure:
            kept[key] = replace(known, sure=True)
    return tuple(sorted(kept.values(), key=lambda fact: text.find(fact.quote)))
