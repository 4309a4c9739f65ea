"""facts_of: the one door. A text becomes facts, codes, standards and codes of neighbours."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from monitor.documents.document import Document, Part
from monitor.facts.fact import Fact, FactReading, FactType
from monitor.facts.marks import DATE
from monitor.facts.moments import Known, When, last_day, last_year
from monitor.facts.obligations import read_obligations
from monitor.facts.patterns import ASIDE_TITLE, CHANGE, DUE_HEADING, PLAN_ITEM, POINTS_BACK, RETIMED
from monitor.facts.replacement import read_replacements
from monitor.facts.rows import Table
from monitor.facts.sentences import Sentence, sentences_of
from monitor.facts.signature import read_signature
from monitor.facts.timing import read_row, read_timing
from monitor.notation.codes import find_codes, find_other_codes
from monitor.notation.standards import find_standards

FACTS_VERSION = 3
"""Rises with every change of what is read; facts of an older version are derived again."""


def facts_of(text: str, published: date | None = None) -> FactReading:
    """Return what the text states; `published` is the day of publication where it is known from elsewhere."""
    sentences = sentences_of(text)
    aside = bool(sentences and ASIDE_TITLE.search(sentences[0].text) and not CHANGE.search(sentences[0].text))
    first = Known(published=published, is_aside=aside)
    dated = _dated_facts(sentences, first)
    found = _known(dated, published, aside)
    dated = _dated_facts(sentences, found) if found != first else dated
    facts = (*dated, *read_replacements(sentences), *read_obligations(sentences, aside))
    return FactReading(_once(facts, text), find_codes(text), find_standards(text), find_other_codes(text))


def facts_of_document(document: Document, published: date | None = None) -> FactReading:
    """Return what a document states: its title, its parts with their tables, and its members'."""
    return facts_of(document_text(document), published or document.published)


def document_text(document: Document) -> str:
    """Return the text that facts of a document are read from, and quoted from."""
    return "\n".join(_pieces(document))


def _pieces(document: Document) -> Iterable[str]:
    yield document.title
    for part in document.parts:
        yield _first_line(part)
        yield part.body
        for table in part.tables:
            yield from ("\t".join(cell.replace("\n", "") for cell in row) for row in table)
    for member in document.members:
        yield from _pieces(member)


def _first_line(part: Part) -> str:
    """Number and heading as they are printed, so that a quote is found in the source: 一、适用范围, 1.1 适用范围."""
    if not (part.path and part.heading):
        return part.path or part.heading
    return f"{part.path}{'、' if _HAN_NUMBER.fullmatch(part.path) else ' '}{part.heading}"


_HAN_NUMBER = re.compile("[一二三四五六七八九十]+")


def _dated_facts(sentences: tuple[Sentence, ...], known: Known) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    previous = ""
    before: Sentence | None = None
    table = Table()
    for sentence in sentences:
        if before is not None and POINTS_BACK.search(sentence.text):
            known = replace(known, pointed=last_day(before, known))
        if DATE in sentence.text:
            known = replace(known, years=last_year(sentence, known))
        before = sentence
        table = table.with_row(sentence)
        read = read_row(sentence, known, table) if sentence.is_row else read_timing(sentence, known, previous)
        facts = [*_still_holding(facts, sentence), *read]
        previous = previous if DUE_HEADING.search(previous) and PLAN_ITEM.search(sentence.text) else sentence.text
    facts.extend(read_signature(sentences, known))
    return tuple(facts)


def _still_holding(facts: list[Fact], sentence: Sentence) -> list[Fact]:
    """Drop what a sentence moves to another day without repeating the old one (现将实施日期调整为…)."""
    moved = {
        FactType(name) for pattern, name in RETIMED if pattern.search(sentence.text) and "原定" not in sentence.text
    }
    return [fact for fact in facts if fact.type not in moved] if moved else facts


def _known(facts: tuple[Fact, ...], published: date | None, aside: bool) -> Known:
    """What a second reading can build on: the days that the first one found."""
    found = _only(facts, FactType.PUBLISHED)
    return Known(
        published=published or (found.on if found else None),
        effective=_only(facts, FactType.EFFECTIVE),
        transition_end=_only(facts, FactType.TRANSITION_END),
        is_aside=aside,
    )


def _only(facts: tuple[Fact, ...], fact_type: FactType) -> When | None:
    values = {str(fact.value): fact for fact in facts if fact.type is fact_type}
    if len(values) != 1:
        return None
    value, fact = next(iter(values.items()))
    return When(value, date.fromisoformat(value) if len(value) == 10 and value[:4].isdigit() else None, fact.sure)


def _once(facts: Iterable[Fact], text: str) -> tuple[Fact, ...]:
    """Keep each statement once, surest first said, in the order of the text."""
    kept: dict[tuple[FactType, object], Fact] = {}
    for fact in facts:
        key = fact.type, fact.value.replace(":", "-") if isinstance(fact.value, str) else fact.value
        known = kept.get(key)
        if known is None:
            kept[key] = fact
        elif fact.sure and not known.sure:
            kept[key] = replace(known, sure=True)
    return tuple(sorted(kept.values(), key=lambda fact: text.find(fact.quote)))
