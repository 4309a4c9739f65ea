"""What is left: every date, code and standard that made no fact is named with its role, or is unexplained.

"I did not understand this" is a result; silence is not (DESIGN.md, "Nothing vanishes").
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.facts.doubt.sure import UNLIKELY_MISSED, likeness_in, places_of
from monitor.facts.doubt.traits import Place
from monitor.facts.fact import Fact, FactType, Named, StandardChange, Unexplained
from monitor.facts.moments import Known, replaced_dates
from monitor.facts.text.lexicon import grammar
from monitor.facts.text.lines import Sentence
from monitor.facts.text.marks import CITED, LAW, TITLE
from monitor.facts.timing import DEADLINE_LIKE, FACT_ROLES, Part, makes_fact
from monitor.notation.codes import RuleCode, find_codes, locate_codes
from monitor.notation.dates import PrintedDate, locate_dates
from monitor.notation.standards import StandardRef, locate_standards

TOO_NEAR = 2
"""A day is unexplained where a role that would make a fact is so near behind the role that names it."""


@dataclass(frozen=True, slots=True)
class Account:
    """What became of one printed date, code or standard: text[start:end] is in a fact (None), named or unexplained."""

    start: int
    end: int
    said: Named | Unexplained | None


def accounts_of(
    sentences: tuple[Sentence, ...], parts: tuple[tuple[Part, ...], ...], facts: tuple[Fact, ...], known: Known
) -> Iterator[Account]:
    """Yield what became of every date, code and standard, in the order of the text."""
    published = {str(fact.value) for fact in facts if fact.type is FactType.PUBLISHED}
    signed = {fact.quote for fact in facts if fact.type is FactType.PUBLISHED}
    told = frozenset(_told(facts))
    pairing = {fact.quote for fact in facts if fact.type is FactType.SUPERSEDES}
    for sentence, read, place in zip(sentences, parts, places_of(sentences), strict=True):
        marked = sentence.marked
        for at, thing in enumerate(marked.things):
            if isinstance(thing, PrintedDate):
                said = _date(sentence, at, read, signed, published, known)
                said = _doubted(said, sentence, read, place, known) if isinstance(said, Named) else said
            elif isinstance(thing, RuleCode | StandardRef):
                said = _mention(sentence, at, told, sentence.quote() in pairing)
            else:
                continue
            yield Account(marked.starts[at], marked.ends[at], said)
        yield from _inside(sentence)


def named_and_unexplained(
    sentences: tuple[Sentence, ...], parts: tuple[tuple[Part, ...], ...], facts: tuple[Fact, ...], known: Known
) -> tuple[tuple[Named, ...], tuple[Unexplained, ...]]:
    """Return what is named and what is unexplained, each once, in the order of the text."""
    said = dict.fromkeys(account.said for account in accounts_of(sentences, parts, facts, known))
    named = tuple(one for one in said if isinstance(one, Named))
    return named, tuple(one for one in said if isinstance(one, Unexplained))


def _date(
    sentence: Sentence, place: int, parts: tuple[Part, ...], signed: set[str], published: set[str], known: Known
) -> Named | Unexplained | None:
    marked, thing = sentence.marked, sentence.marked.things[place]
    text = marked.original[marked.starts[place] : marked.ends[place]]
    mine = [part for part in parts if marked.starts[place] in part.moment.dates]
    is_read = any(part.role for part in mine)
    if any(makes_fact(sentence, part, known) for part in mine) or (sentence.quote() in signed and not is_read):
        return None
    if not is_read and isinstance(thing, PrintedDate) and _iso(thing) in published:
        return None
    replaced = replaced_dates(sentence)
    if place in replaced or (place in replaced.values() and not is_read):
        return Named(text, sentence.quote(), "replaced")
    role = next((part.role for part in mine if part.role), "")
    role = _withheld(known) if role in FACT_ROLES else role
    role = role or _business(sentence)
    if role and not any(_is_near_a_fact(part) for part in mine):
        return Named(text, sentence.quote(), _NAMES.get(role, role))
    return Unexplained(text, sentence.quote())


def _iso(printed: PrintedDate) -> str:
    return f"{printed.year}-{printed.month or 0:02}-{printed.day or 0:02}"


def _withheld(known: Known) -> str:
    """What a day is whose role would make a fact in another text: of a draft, of other business, or long past."""
    return "draft" if known.is_draft else "other" if known.is_aside else "history"


def _business(sentence: Sentence) -> str:
    """What a day without a part of its own is most likely of: the other business that its sentence is about."""
    found = (role for role, notation in _BUSINESS if notation.search(sentence.tokens.classes))
    return "other" if sentence.text.endswith("？") else next(found, "")


def _doubted(
    named: Named, sentence: Sentence, parts: tuple[Part, ...], place: Place, known: Known
) -> Named | Unexplained:
    """A day that is named is unexplained all the same where the second look is certain that it states a fact."""
    if known.is_draft or known.is_aside or named.role in _SETTLED:
        return named
    mine = (part for part in parts if sentence.marked.original[slice(*_span(sentence, part))] == named.text)
    likely = (likeness_in(sentence, part, parts, place, known) for part in mine)
    is_missed = any(one.get(kind, 0) >= UNLIKELY_MISSED for one in likely for kind in _NEVER_MISSED)
    return Unexplained(named.text, named.quote) if is_missed else named


def _span(sentence: Sentence, part: Part) -> tuple[int, int]:
    """The stretch of the last date of a moment."""
    marked = sentence.marked
    start = part.moment.dates[-1] if part.moment.dates else -1
    return start, next((marked.ends[at] for at, begin in enumerate(marked.starts) if begin == start), -1)


def _is_near_a_fact(part: Part) -> bool:
    best = part.roles[0].score if part.roles else 0
    return any(scored.role in DEADLINE_LIKE and best - scored.score < TOO_NEAR for scored in part.roles[1:])


def _mention(sentence: Sentence, at: int, told: frozenset[str], is_paired: bool) -> Named | Unexplained | None:
    """A code or standard that made no fact is only mentioned, unless its clause speaks of replacing or joining."""
    thing, marked = sentence.marked.things[at], sentence.marked
    if str(thing) in told if isinstance(thing, StandardRef) else is_paired or _numbers(thing) & told:
        return None
    text = marked.original[marked.starts[at] : marked.ends[at]]
    if _is_moved(sentence, at) and not _DENIED.search(sentence.tokens.classes):
        return Unexplained(text, sentence.quote())
    return Named(text, sentence.quote(), "mention")


def _is_moved(sentence: Sentence, at: int) -> bool:
    classes = sentence.tokens.classes
    index = sentence.tokens.at(at)
    begin = max(classes.rfind(stop, 0, index) for stop in ",;.") + 1
    end = min((found for stop in ",;." if (found := classes.find(stop, index)) >= 0), default=len(classes))
    joins = isinstance(sentence.marked.things[at], StandardRef) and _JOINS.search(classes, begin, end)
    return bool(_MOVED.search(classes, begin, end) or joins)


def _numbers(code: object) -> set[str]:
    """What a code is told by: any edition of its number."""
    return {f"number {code.family.number}"} if isinstance(code, RuleCode) else set()


def _inside(sentence: Sentence) -> Iterator[Account]:
    """What is printed inside a title is the title's: of a law, of another notice, of a rule or standard."""
    marked = sentence.marked
    for at, mark in enumerate(marked.text):
        if mark not in _TITLES:
            continue
        start, end = marked.starts[at], marked.ends[at]
        title = marked.original[start:end]
        if not _PRINTS.search(title):
            continue
        for locate in (locate_dates, locate_codes, locate_standards):
            for found in locate(title):
                text = title[found.start : found.end]
                yield Account(start + found.start, start + found.end, Named(text, sentence.quote(), _TITLES[mark]))


def _told(facts: tuple[Fact, ...]) -> Iterator[str]:
    for fact in facts:
        if isinstance(fact.value, StandardChange):
            yield from (fact.value.old, fact.value.new)
        elif fact.type in _ABOUT_TEXTS:
            yield fact.value
        if fact.type is FactType.SUPERSEDES:
            yield from (f"number {code.family.number}" for code in find_codes(str(fact.value)))


_ABOUT_TEXTS = {FactType.SUPERSEDES, FactType.STANDARD_ADDED, FactType.STANDARD_DROPPED}
_MOVED = grammar("replace|(?:S|C)(?:._){0,4}?become")
_JOINS = grammar("(?:add|drop|disuse)(?:._){0,4}?S|S(?:._){0,3}?(?:add|drop)")
_DENIED = grammar("(?:no|fail|plan) by_whom? replace|right|wrong|stop")
_BUSINESS = tuple(
    (role, grammar(words))
    for role, words in (
        ("outage", "holiday|outage"),
        ("course", "course|tender"),
        ("comment", "comment"),
        ("fee", "fee"),
    )
)
_NAMES = {"force_end": "other", "published": "other", "accepted_from": "other", "applicant": "applicant"}
_NEVER_MISSED = ("deadline", "effective", "accepted_until", "transition_end")
_SETTLED = {"draft", "replaced", "law", "example", "history", "condition", "pending", "consequence", "certificate"}
_TITLES = {CITED: "document", LAW: "law", TITLE: "other"}
_PRINTS = re.compile(r"\d")
