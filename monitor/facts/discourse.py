"""What a notice has said so far: the days that 实施日, 过渡期 and 发布之日 stand for, and what no longer holds."""

import re
from collections.abc import Iterable
from datetime import date

from monitor.facts.fact import Fact, FactType
from monitor.facts.moments import Known, When
from monitor.facts.text.lexicon import grammar
from monitor.facts.text.lines import Sentence


def first_known(sentences: tuple[Sentence, ...], published: date | None) -> Known:
    """Return what is known before the first look: publication, and what the title is about."""
    title = sentences[0].tokens.classes if sentences else ""
    is_aside = bool(_ASIDE.search(title) and not _OURS.search(title))
    return Known(
        published=published, is_aside=is_aside, is_draft=bool(sentences and _DRAFT.search(sentences[0].quote()))
    )


def known_after(facts: tuple[Fact, ...], first: Known) -> Known:
    """Return what a second look can build on."""
    found = _only(facts, FactType.PUBLISHED)
    return Known(
        published=(found.on if found else None) or first.published,
        effective=_effective(facts),
        transition_end=_only(facts, FactType.TRANSITION_END),
        deadline=_only(facts, FactType.DEADLINE),
        is_aside=first.is_aside,
        latest=max(_days(facts), default=None),
        is_draft=first.is_draft,
    )


def remembered(facts: list[Fact], sentence: Sentence) -> list[Fact]:
    """Drop what a sentence moves to another day without repeating the old one (现将实施日期调整为…)."""
    moved = {
        kind
        for kind, notation in _RETIMED
        if notation.search(sentence.tokens.classes) and not _ORIGINAL.search(sentence.tokens.classes)
    }
    return [fact for fact in facts if fact.type not in moved] if moved else facts


def _days(facts: tuple[Fact, ...]) -> list[date]:
    found = (_when(fact).on for fact in facts if fact.type in (FactType.PUBLISHED, FactType.EFFECTIVE))
    return [day for day in found if day is not None]


def _effective(facts: tuple[Fact, ...]) -> dict[str, When]:
    days = [fact for fact in facts if fact.type is FactType.EFFECTIVE and "+" not in str(fact.value)]
    if len({fact.value for fact in days}) == 1:
        return {"": _when(days[0])}
    found: dict[str, When] = {}
    for whose in ("standard", "rule"):
        mine = [fact for fact in days if fact.whose == whose]
        if len({fact.value for fact in mine}) == 1:
            found[whose] = _when(mine[0])
    return found if len(found) == 2 else {}


def _only(facts: Iterable[Fact], fact_type: FactType) -> When | None:
    values = {str(fact.value): fact for fact in facts if fact.type is fact_type}
    return _when(next(iter(values.values()))) if len(values) == 1 else None


def _when(fact: Fact) -> When:
    value = str(fact.value)
    return When(value, date.fromisoformat(value) if len(value) == 10 and value[:4].isdigit() else None, fact.sure)


_ASIDE = grammar("@aside")
_DRAFT = re.compile("征求|征集[^，。]{0,12}意见|草案|送审稿|报批稿")
_ORIGINAL = grammar("original")
_OURS = grammar("change|S|C")
_RETIMED = tuple(
    (kind, grammar(notation + "[^.;D]{0,6}(?:shift|become|moved_to|is) (?:until|is)?D"))
    for kind, notation in (
        (FactType.EFFECTIVE, "(?<!D)force (?:day|zhiri)[^D.;]{0,2}(?=shift|become|moved_to)"),
        (FactType.DEADLINE, "change [^D.;]{0,3}day[^D.;]{0,2}(?=shift|become|moved_to)"),
        (FactType.TRANSITION_END, "window [^D.;]{0,4}(?=shift|become|moved_to)"),
    )
)
"""A day that is moved without saying from where: what stood before in the text no longer holds."""
