"""Terms: what the facts of a text fix for one change: from when, until when, what to do, what happens otherwise.

A text may state dates of several things: of the rule, of the standard behind it, of another rule. Each fact is held
against the sentence it stands in, so that a standard's own day of implementation never passes for the rule's. What
cannot be decided is kept and said (AMBIGUOUS_DATE, CONFLICTING_DATES).
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from monitor.changes.change import ReviewReason
from monitor.changes.sighting import paragraph_of, sentence_of
from monitor.facts.fact import Fact, FactType, StandardChange
from monitor.notation.codes import RuleCode, find_codes
from monitor.notation.standards import find_standards

_RULE_WORD = re.compile(r"规则|细则|本公告|本通知|新版认证")
_CERTIFICATION = re.compile(r"认证|证书|换版|受理|按新版|按照新版")
_PERIOD = re.compile(r"(effective|published)\+(\d+)([dmy])")
_SECTION = re.compile(r"^\s*[（(]?[一二三四五六七八九十]{1,3}[)）、.．]")
_GENTLE = "not_accepted"


@dataclass(frozen=True, slots=True)
class Terms:
    """The fields of a change that facts decide."""

    published: date | None = None
    effective: date | None = None
    deadline: date | None = None
    deadline_note: str | None = None
    accepted_from: date | None = None
    accepted_until: date | None = None
    standards: tuple[StandardChange, ...] = ()
    supersedes: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    consequence: str | None = None
    reasons: tuple[ReviewReason, ...] = ()


def read_terms(facts: Sequence[Fact], text: str, *, of_rule: bool) -> Terms:
    """Return what facts of a text fix; `of_rule` where a rule's own dates are meant, not a standard's."""
    effective, doubt = _effective(facts, text, of_rule)
    deadline, note = _deadline(facts, effective)
    unsure = any(not fact.sure for fact in facts if fact.type in _DATED)
    reasons = [*doubt, *((ReviewReason.AMBIGUOUS_DATE,) if unsure else ())]
    pairs = (fact.value for fact in _of(facts, FactType.STANDARD_CHANGE))
    return Terms(
        published=_first_day(facts, FactType.PUBLISHED),
        effective=effective,
        deadline=deadline,
        deadline_note=note,
        accepted_from=_first_day(facts, FactType.ACCEPTED_FROM),
        accepted_until=_first_day(facts, FactType.ACCEPTED_UNTIL),
        standards=tuple(dict.fromkeys(pair for pair in pairs if isinstance(pair, StandardChange))),
        supersedes=tuple(dict.fromkeys(str(fact.value) for fact in _of(facts, FactType.SUPERSEDES))),
        actions=_actions(facts),
        consequence=_consequence(facts),
        reasons=tuple(dict.fromkeys(reasons)),
    )


def facts_about(
    facts: Sequence[Fact], text: str, family: str, families: Iterable[str], aliases: Iterable[str] = ()
) -> tuple[Fact, ...]:
    """Return the facts that concern one of several families that a text treats.

    A fact belongs to the families named in its sentence, else in its paragraph, else in its numbered section; where
    none is named it belongs to all. `aliases` are families that this one replaces: what is said of them is said of it.
    """
    own = {family, *aliases}
    others = set(families) - own
    if not others:
        return tuple(facts)
    return tuple(fact for fact in facts if _concerns(fact, text, own, others))


def computed(symbol: str, effective: date | None, published: date | None) -> date | None:
    """Return the day that a period such as `effective+6m` ends on, None where its start is not known.

    Civil Code, articles 200 to 204: the corresponding day, or the end of the month where there is none.
    """
    match = _PERIOD.fullmatch(symbol)
    start = {"effective": effective, "published": published}.get(match[1]) if match else None
    if match is None or start is None:
        return None
    if match[3] == "d":
        return start + timedelta(days=int(match[2]))
    months = int(match[2]) * (12 if match[3] == "y" else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def day_of(fact: Fact) -> date | None:
    """Return the day that a fact names, None for a month or a symbol."""
    try:
        return date.fromisoformat(fact.value) if isinstance(fact.value, str) and len(fact.value) == 10 else None
    except ValueError:
        return None


_DATED = frozenset(
    {
        FactType.EFFECTIVE,
        FactType.DEADLINE,
        FactType.ACCEPTED_FROM,
        FactType.ACCEPTED_UNTIL,
        FactType.TRANSITION_START,
        FactType.TRANSITION_END,
    }
)


def _of(facts: Sequence[Fact], wanted: FactType) -> list[Fact]:
    return [fact for fact in facts if fact.type is wanted]


def _effective(facts: Sequence[Fact], text: str, of_rule: bool) -> tuple[date | None, tuple[ReviewReason, ...]]:
    ranked: dict[int, list[Fact]] = {}
    for fact in _of(facts, FactType.EFFECTIVE):
        ranked.setdefault(_rank(fact, text), []).append(fact)
    best = max(ranked, default=None)
    if best is None or (of_rule and best == 0):
        return None, ()
    days = list(dict.fromkeys(day for fact in ranked[best] if (day := day_of(fact))))
    if not days:
        return None, (ReviewReason.AMBIGUOUS_DATE,)
    return days[0], (ReviewReason.CONFLICTING_DATES,) if len(days) > 1 else ()


def _rank(fact: Fact, text: str) -> int:
    """How surely a sentence speaks of the rule: 2 names it, 1 leaves it open, 0 speaks of a standard alone."""
    sentence = sentence_of(fact.quote, text)
    clause = fact.quote if find_standards(fact.quote) or find_codes(fact.quote) else sentence
    if find_codes(clause) or _RULE_WORD.search(clause):
        return 2
    if find_standards(clause) and not _CERTIFICATION.search(clause):
        return 0
    return 1


def _deadline(facts: Sequence[Fact], effective: date | None) -> tuple[date | None, str | None]:
    """The first day by which a holder must do something; a symbol where no day can be named."""
    named = _of(facts, FactType.DEADLINE)
    if not named:
        named = _of(facts, FactType.TRANSITION_END)
    symbols = [str(fact.value) for fact in named if day_of(fact) is None]
    days = [day for fact in named if (day := day_of(fact))]
    days += [day for symbol in symbols if (day := computed(symbol, effective, None))]
    note = symbols[0] if symbols else None
    return (min(days), note) if days else (None, note)


def _first_day(facts: Sequence[Fact], wanted: FactType) -> date | None:
    return min((day for fact in _of(facts, wanted) if (day := day_of(fact))), default=None)


def _actions(facts: Sequence[Fact]) -> tuple[str, ...]:
    """What holders must do, in the order in which they do it; "none" only where nothing else is asked."""
    found = {str(fact.value) for fact in _of(facts, FactType.ACTION)}
    real = tuple(action for action in _STEPS if action in found)
    return real or tuple(found)


def _consequence(facts: Sequence[Fact]) -> str | None:
    """What happens first to the certificate of who does not act."""
    found = [str(fact.value) for fact in _of(facts, FactType.CONSEQUENCE)]
    return next((value for value in found if value != _GENTLE), found[0] if found else None)


_STEPS = ("changeover", "retest", "factory_inspection", "declaration")
_OF_ALL = re.compile(r"(?:上述|以上|前述|本批)[^，。；]{0,8}(?:规则|细则|标准|证书|产品)")


def _concerns(fact: Fact, text: str, own: set[str], others: set[str]) -> bool:
    if _OF_ALL.search(sentence_of(fact.quote, text)):
        return True
    for scope in (
        fact.quote,
        sentence_of(fact.quote, text),
        paragraph_of(fact.quote, text),
        _section_of(fact.quote, text),
    ):
        named = _families(find_codes(scope)) & (own | others)
        if named:
            return bool(own & named)
    return True


def _families(codes: Iterable[RuleCode]) -> set[str]:
    return {str(code.family) for code in codes}


def _section_of(quote: str, text: str) -> str:
    """The numbered section (一、… up to the next) in which a quote stands, "" outside of any."""
    paragraph, inside = paragraph_of(quote, text), False
    section: list[str] = []
    for line in text.split("\n"):
        if _SECTION.match(line):
            if inside:
                break
            section = []
        if section or _SECTION.match(line):
            section.append(line)
        inside = inside or line.strip() == paragraph
    return "\n".join(section) if inside else ""
